//===- Scalars.cpp - Scalar arithmetic of edge element types --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Scalars.h"
#include "Common.h"

using namespace mlir;

namespace edgec {

Scalars::Scalars(OpBuilder &builder, Location loc, Type element)
    : b(loc, builder), computed(toSignless(element)),
      isUnsignedElement(element.isUnsignedInteger() || element.isInteger(1)) {
  if (element.isF16() || element.isBF16())
    computed = b.getF32Type();
}

Value Scalars::load(Value stored) {
  if (stored.getType().isF16() || stored.getType().isBF16())
    return b.create<arith::ExtFOp>(b.getF32Type(), stored);
  return stored;
}

Value Scalars::store(Value value, Type stored) {
  if (value.getType() == stored)
    return value;
  return b.create<arith::TruncFOp>(stored, value);
}

Value Scalars::constant(double value) {
  return scalarConstant(b, b.getLoc(), computed, value);
}

Value Scalars::integer(int64_t value) {
  return b.create<arith::ConstantOp>(b.getIntegerAttr(computed, value));
}

Value Scalars::infinity(bool negative) {
  auto type = cast<FloatType>(computed);
  return b.create<arith::ConstantOp>(b.getFloatAttr(
      type, APFloat::getInf(type.getFloatSemantics(), negative)));
}

Value Scalars::extreme(bool negative) {
  if (isFloat())
    return infinity(negative);
  unsigned width = computed.getIntOrFloatBitWidth();
  APInt value = isUnsigned() ? (negative ? APInt::getMinValue(width)
                                         : APInt::getMaxValue(width))
                             : (negative ? APInt::getSignedMinValue(width)
                                         : APInt::getSignedMaxValue(width));
  return b.create<arith::ConstantOp>(b.getIntegerAttr(computed, value));
}

Value Scalars::add(Value x, Value y) {
  return arithmetic<arith::AddFOp, arith::AddIOp>(x, y);
}
Value Scalars::sub(Value x, Value y) {
  return arithmetic<arith::SubFOp, arith::SubIOp>(x, y);
}
Value Scalars::mul(Value x, Value y) {
  return arithmetic<arith::MulFOp, arith::MulIOp>(x, y);
}

Value Scalars::neg(Value x) {
  if (isFloat())
    return b.create<arith::NegFOp>(x);
  return sub(integer(0), x);
}

Value Scalars::abs(Value x) {
  if (isFloat())
    return call<math::AbsFOp>(x);
  return isUnsigned() ? x : call<math::AbsIOp>(x);
}

Value Scalars::max(Value x, Value y) {
  if (isFloat())
    return b.create<arith::MaximumFOp>(x, y);
  if (isUnsigned())
    return b.create<arith::MaxUIOp>(x, y);
  return b.create<arith::MaxSIOp>(x, y);
}

Value Scalars::min(Value x, Value y) {
  if (isFloat())
    return b.create<arith::MinimumFOp>(x, y);
  if (isUnsigned())
    return b.create<arith::MinUIOp>(x, y);
  return b.create<arith::MinSIOp>(x, y);
}

Value Scalars::select(Value condition, Value x, Value y) {
  return b.create<arith::SelectOp>(condition, x, y);
}

// The machine traps, or the result is undefined, for a zero divisor and for
// the smallest number divided by -1: these are computed without dividing.
Value Scalars::div(Value x, Value y) {
  if (isFloat())
    return b.create<arith::DivFOp>(x, y);
  Value zero = integer(0), one = integer(1);
  Value isZero = equal(y, zero);
  Value divisor = select(isZero, one, y);
  if (isUnsigned())
    return select(isZero, zero, b.create<arith::DivUIOp>(x, divisor));
  Value isMinusOne = equal(y, integer(-1));
  divisor = select(isMinusOne, one, divisor);
  Value quotient = b.create<arith::DivSIOp>(x, divisor);
  quotient = select(isMinusOne, neg(x), quotient);
  return select(isZero, zero, quotient);
}

Value Scalars::rem(Value x, Value y) {
  if (isFloat())
    return floatRemainder(x, y);
  Value zero = integer(0);
  return select(equal(y, zero), zero, sub(x, mul(div(x, y), y)));
}

// In f64, so that quotients below 2^29 leave an exact remainder; f64 itself
// may use the C library.
Value Scalars::floatRemainder(Value x, Value y) {
  if (computed.isF64())
    return b.create<arith::RemFOp>(x, y);
  Type wide = b.getF64Type();
  Value dividend = b.create<arith::ExtFOp>(wide, x);
  Value divisor = b.create<arith::ExtFOp>(wide, y);
  Value quotient = b.create<math::TruncOp>(
      b.create<arith::DivFOp>(dividend, divisor).getResult());
  Value product = b.create<arith::MulFOp>(quotient, divisor);
  Value remainder = b.create<arith::SubFOp>(dividend, product);
  Value narrow = b.create<arith::TruncFOp>(computed, remainder);
  // A finite number modulo an infinity is itself.
  Value isFinite = less(abs(x), infinity(false));
  Value isDivisorInfinite = equal(abs(y), infinity(false));
  Value isDividend = b.create<arith::AndIOp>(isFinite, isDivisorInfinite);
  return select(isDividend, x, narrow);
}

Value Scalars::compare(arith::CmpFPredicate floats,
                       arith::CmpIPredicate signedIntegers,
                       arith::CmpIPredicate unsignedIntegers, Value x,
                       Value y) {
  if (isFloat())
    return b.create<arith::CmpFOp>(floats, x, y);
  return b.create<arith::CmpIOp>(
      isUnsigned() ? unsignedIntegers : signedIntegers, x, y);
}

Value Scalars::equal(Value x, Value y) {
  return compare(arith::CmpFPredicate::OEQ, arith::CmpIPredicate::eq,
                 arith::CmpIPredicate::eq, x, y);
}
Value Scalars::notEqual(Value x, Value y) {
  return compare(arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne,
                 arith::CmpIPredicate::ne, x, y);
}
Value Scalars::less(Value x, Value y) {
  return compare(arith::CmpFPredicate::OLT, arith::CmpIPredicate::slt,
                 arith::CmpIPredicate::ult, x, y);
}
Value Scalars::lessEqual(Value x, Value y) {
  return compare(arith::CmpFPredicate::OLE, arith::CmpIPredicate::sle,
                 arith::CmpIPredicate::ule, x, y);
}

} // namespace edgec
