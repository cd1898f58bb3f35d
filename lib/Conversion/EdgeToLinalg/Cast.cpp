//===- Cast.cpp - Conversions between element types -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace edgec {
namespace {

/// f64 as f32, rounded to odd: what is not exact gets a last bit of one, so
/// that rounding once more, to f16 or bf16, gives the f64's own rounding. (No
/// x86 instruction converts f64 to these, and the run-time library that would
/// is not linked.)
Value roundToOdd(OpBuilder &builder, Location loc, Value value) {
  Type f32 = builder.getF32Type(), i32 = builder.getI32Type();
  ImplicitLocOpBuilder b(loc, builder);
  Value nearest = b.create<arith::TruncFOp>(f32, value);
  Value back = b.create<arith::ExtFOp>(value.getType(), nearest);
  // Ordered comparisons: a NaN is left as it is.
  Value isInexact =
      b.create<arith::CmpFOp>(arith::CmpFPredicate::ONE, back, value);
  Value isAway = b.create<arith::CmpFOp>(arith::CmpFPredicate::OGT,
                                         b.create<math::AbsFOp>(back),
                                         b.create<math::AbsFOp>(value));
  Value bits = b.create<arith::BitcastOp>(i32, nearest);
  Value one = b.create<arith::ConstantOp>(b.getI32IntegerAttr(1));
  Value towardsZero = b.create<arith::SelectOp>(
      isAway, b.create<arith::SubIOp>(bits, one), bits);
  Value odd = b.create<arith::SelectOp>(
      isInexact, b.create<arith::OrIOp>(towardsZero, one), bits);
  return b.create<arith::BitcastOp>(f32, odd);
}

Value resizeFloat(OpBuilder &builder, Location loc, Value value, Type type) {
  unsigned from = value.getType().getIntOrFloatBitWidth();
  unsigned to = type.getIntOrFloatBitWidth();
  if (value.getType() == type)
    return value;
  if (from < to)
    return builder.create<arith::ExtFOp>(loc, type, value);
  if (value.getType().isF64() && to < 32)
    value = roundToOdd(builder, loc, value);
  if (from > to)
    return builder.create<arith::TruncFOp>(loc, type, value);
  // Between f16 and bf16.
  Value wide = builder.create<arith::ExtFOp>(loc, builder.getF32Type(), value);
  return builder.create<arith::TruncFOp>(loc, type, wide);
}

/// Sign or zero extension, or truncation.
Value resizeInteger(OpBuilder &builder, Location loc, Value value,
                    bool isUnsignedSource, Type type) {
  unsigned from = value.getType().getIntOrFloatBitWidth();
  unsigned to = type.getIntOrFloatBitWidth();
  if (from == to)
    return value;
  if (from > to)
    return builder.create<arith::TruncIOp>(loc, type, value);
  if (isUnsignedSource)
    return builder.create<arith::ExtUIOp>(loc, type, value);
  return builder.create<arith::ExtSIOp>(loc, type, value);
}

/// Truncates towards zero into i64, saturating there; NaN gives zero. Machines
/// differ on what they make of the rest, so it never reaches them.
Value floatToI64(OpBuilder &builder, Location loc, Value value) {
  if (value.getType().getIntOrFloatBitWidth() < 32)
    value = resizeFloat(builder, loc, value, builder.getF32Type());
  constexpr double two63 = 9223372036854775808.0;
  Scalars s(builder, loc, value.getType());
  Value zero = s.constant(0);
  Value number = s.select(s.notEqual(value, value), zero, value);
  Value isAbove = s.greaterEqual(number, s.constant(two63));
  Value inRange = s.select(isAbove, zero, s.max(number, s.constant(-two63)));
  Type i64 = builder.getI64Type();
  Value converted = builder.create<arith::FPToSIOp>(loc, i64, inRange);
  Value largest = builder.create<arith::ConstantOp>(
      loc, builder.getI64IntegerAttr(std::numeric_limits<int64_t>::max()));
  return s.select(isAbove, largest, converted);
}

Value convert(OpBuilder &builder, Location loc, Value value, Type from,
              Type to) {
  Scalars source(builder, loc, from);
  Type target = toSignless(to);
  bool isUnsignedSource = from.isUnsignedInteger() || from.isInteger(1);
  if (to.isInteger(1)) {
    value = source.load(value);
    return source.notEqual(value, source.constant(0));
  }
  if (isa<FloatType>(from) && isa<FloatType>(to))
    return resizeFloat(builder, loc, value, target);
  if (isa<FloatType>(from))
    return resizeInteger(builder, loc, floatToI64(builder, loc, value),
                         /*isUnsignedSource=*/false, target);
  if (isa<IntegerType>(to))
    return resizeInteger(builder, loc, value, isUnsignedSource, target);
  Type computed =
      target.getIntOrFloatBitWidth() < 32 ? builder.getF32Type() : target;
  Value number =
      isUnsignedSource
          ? builder.create<arith::UIToFPOp>(loc, computed, value).getResult()
          : builder.create<arith::SIToFPOp>(loc, computed, value).getResult();
  return resizeFloat(builder, loc, number, target);
}

struct CastLowering : OpConversionPattern<edge::CastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::CastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type from = elementOf(op.getInput()), to = elementOf(op.getResult());
    RankedTensorType type = signlessType(op.getResult());
    if (adaptor.getInput().getType() == type && !to.isInteger(1)) {
      rewriter.replaceOp(op, adaptor.getInput());
      return success();
    }
    auto body = [&](OpBuilder &builder, Location loc, ValueRange elements) {
      return convert(builder, loc, elements[0], from, to);
    };
    rewriter.replaceOp(op, buildElementwise(rewriter, op.getLoc(), type,
                                            adaptor.getInput(), body));
    return success();
  }
};

} // namespace

void populateCastToLinalgPatterns(const TypeConverter &converter,
                                  RewritePatternSet &patterns) {
  patterns.add<CastLowering>(converter, patterns.getContext());
}

} // namespace edgec
