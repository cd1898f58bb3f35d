//===- Elementwise.cpp - Maps over elements -------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/Matchers.h"
#include <cmath>

using namespace mlir;

namespace edgec {
namespace {

using Operands = ArrayRef<Value>;
/// Computes one element of an operation's result from its operands' elements.
using ScalarLowering = Value (*)(Scalars &s, Operation *op, Operands x);

//===----------------------------------------------------------------------===//
// Bodies of more than one line
//===----------------------------------------------------------------------===//

Value sign(Scalars &s, Operation *, Operands x) {
  // A NaN compares false twice and stays.
  Value negative = s.isUnsigned() ? x[0]
                                  : s.select(s.less(x[0], s.constant(0)),
                                             s.constant(-1), x[0]);
  return s.select(s.greater(x[0], s.constant(0)), s.constant(1), negative);
}

Value sigmoid(Scalars &s, Value x) {
  Value one = s.constant(1);
  return s.div(one, s.add(one, s.exp(s.neg(x))));
}

/// log(1 + x) for x >= 0: the logarithm of the sum as it is rounded, times what
/// x is of that sum less 1 (Goldberg, "What every computer scientist should
/// know about floating-point arithmetic", 1991, theorem 4).
Value logOfOnePlus(Scalars &s, Value x) {
  Value one = s.constant(1), sum = s.add(one, x);
  Value quotient = s.div(x, s.sub(sum, one));
  return s.select(s.greater(sum, one), s.mul(s.log(sum), quotient), x);
}

/// log(1 + exp(x)) as max(x, 0) + log(1 + exp(-|x|)), which does not overflow.
Value softplus(Scalars &s, Value x) {
  Value small = s.exp(s.neg(s.abs(x)));
  return s.add(s.max(x, s.constant(0)), logOfOnePlus(s, small));
}

/// alpha * (exp(x) - 1) for x <= 0, else x.
Value elu(Scalars &s, Value x, double alpha) {
  Value curve = s.mul(s.constant(alpha), s.sub(s.exp(x), s.constant(1)));
  return s.select(s.greater(x, s.constant(0)), x, curve);
}

Value celu(Scalars &s, Operation *op, Operands x) {
  double alpha = cast<edge::CeluOp>(op).getAlpha().convertToDouble();
  Value zero = s.constant(0), scale = s.constant(alpha);
  Value curve = s.sub(s.exp(s.div(x[0], scale)), s.constant(1));
  return s.add(s.max(x[0], zero), s.min(zero, s.mul(scale, curve)));
}

Value gelu(Scalars &s, Operation *op, Operands x) {
  Value half = s.mul(s.constant(0.5), x[0]), bell;
  if (cast<edge::GeluOp>(op).getApproximateTanh()) {
    Value cube = s.mul(s.mul(x[0], x[0]), x[0]);
    Value inner = s.add(x[0], s.mul(s.constant(0.044715), cube));
    bell = s.tanh(s.mul(s.constant(std::sqrt(2 / M_PI)), inner));
  } else {
    bell = s.call<math::ErfOp>(s.mul(x[0], s.constant(M_SQRT1_2)));
  }
  return s.mul(half, s.add(s.constant(1), bell));
}

/// x clipped to [low, high]; infinite bounds do not bind.
Value clamp(Scalars &s, Value x, double low, double high) {
  if (!std::isinf(low))
    x = s.max(x, s.constant(low));
  if (!std::isinf(high))
    x = s.min(x, s.constant(high));
  return x;
}

Value modulo(Scalars &s, Operation *op, Operands x) {
  Value remainder = s.rem(x[0], x[1]);
  if (cast<edge::ModOp>(op).getFmod() || s.isUnsigned())
    return remainder;
  // Python's: the sign of the divisor.
  Value zero = s.constant(0);
  Value signsDiffer = s.builder().create<arith::XOrIOp>(s.less(remainder, zero),
                                                        s.less(x[1], zero));
  Value isAdjusted = s.builder().create<arith::AndIOp>(
      s.notEqual(remainder, zero), signsDiffer);
  return s.select(isAdjusted, s.add(remainder, x[1]), remainder);
}

Value isInf(Scalars &s, Operation *op, Operands x) {
  auto isInfOp = cast<edge::IsInfOp>(op);
  Value isNegative = s.equal(x[0], s.infinity(true));
  Value isPositive = s.equal(x[0], s.infinity(false));
  if (!isInfOp.getDetectNegative() && !isInfOp.getDetectPositive())
    return s.builder().create<arith::ConstantOp>(
        s.builder().getBoolAttr(false));
  if (!isInfOp.getDetectNegative())
    return isPositive;
  if (!isInfOp.getDetectPositive())
    return isNegative;
  return s.builder().create<arith::OrIOp>(isNegative, isPositive);
}

Value compare(Scalars &s, Operation *op, Operands x) {
  switch (cast<edge::CompareOp>(op).getPredicate()) {
  case edge::ComparePredicate::eq:
    return s.equal(x[0], x[1]);
  case edge::ComparePredicate::ne:
    return s.notEqual(x[0], x[1]);
  case edge::ComparePredicate::lt:
    return s.less(x[0], x[1]);
  case edge::ComparePredicate::le:
    return s.lessEqual(x[0], x[1]);
  case edge::ComparePredicate::gt:
    return s.greater(x[0], x[1]);
  case edge::ComparePredicate::ge:
    return s.greaterEqual(x[0], x[1]);
  }
  llvm_unreachable("all predicates are handled");
}

Value complement(Scalars &s, Operation *, Operands x) {
  return s.builder().create<arith::XOrIOp>(x[0], s.integer(-1));
}

/// Of bits; a count that is not below their number, which no instruction
/// defines, gives zero.
template <typename OpTy> Value shift(Scalars &s, Operation *, Operands x) {
  ImplicitLocOpBuilder &b = s.builder();
  Value width = s.integer(s.type().getIntOrFloatBitWidth());
  Value isInside =
      b.create<arith::CmpIOp>(arith::CmpIPredicate::ult, x[1], width);
  Value zero = s.integer(0);
  Value count = s.select(isInside, x[1], zero);
  return s.select(isInside, b.create<OpTy>(x[0], count), zero);
}

//===----------------------------------------------------------------------===//
// Powers
//===----------------------------------------------------------------------===//

/// The exponent, if it is the same known number for every element.
std::optional<double> constantExponent(edge::PowOp op) {
  DenseElementsAttr value;
  if (!matchPattern(op.getExponent(), m_Constant(&value)) || !value.isSplat())
    return std::nullopt;
  if (isa<FloatType>(value.getElementType())) {
    APFloat number = value.getSplatValue<APFloat>();
    bool loses = false;
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &loses);
    return number.convertToDouble();
  }
  APInt number = value.getSplatValue<APInt>();
  return elementOf(op.getExponent()).isUnsignedInteger()
             ? static_cast<double>(number.getZExtValue())
             : static_cast<double>(number.getSExtValue());
}

/// x multiplied with itself; `exponent` is positive.
Value repeatedProduct(Scalars &s, Value x, int64_t exponent) {
  Value result;
  for (; exponent != 0; exponent >>= 1) {
    if (exponent & 1)
      result = result ? s.mul(result, x) : x;
    if (exponent > 1)
      x = s.mul(x, x);
  }
  return result;
}

/// Powers that need no logarithm: whole ones up to 8 and halves.
Value simplePower(Scalars &s, Value x, double exponent) {
  constexpr double largestProduct = 8;
  if (exponent == 0)
    return s.constant(1);
  if (exponent > 0 && exponent <= largestProduct &&
      exponent == std::floor(exponent))
    return repeatedProduct(s, x, static_cast<int64_t>(exponent));
  if (!s.isFloat())
    return {};
  if (exponent == 0.5)
    return s.sqrt(x);
  if (exponent == -0.5)
    return s.div(s.constant(1), s.sqrt(x));
  if (exponent == -1 || exponent == -2)
    return s.div(s.constant(1), repeatedProduct(s, x, -exponent));
  return {};
}

/// Wraps, as multiplication does; negative exponents give zero but for bases
/// whose reciprocal is whole.
Value integerPower(Scalars &s, Value base, Value exponent, bool isUnsigned) {
  Value zero = s.integer(0), one = s.integer(1);
  Value result = one, square = base, rest = exponent;
  ImplicitLocOpBuilder &b = s.builder();
  unsigned width = s.type().getIntOrFloatBitWidth();
  for (unsigned bit = 0; bit < width; ++bit) {
    Value isSet = s.equal(b.create<arith::AndIOp>(rest, one), one);
    result = s.select(isSet, s.mul(result, square), result);
    square = s.mul(square, square);
    rest = b.create<arith::ShRUIOp>(rest, one);
  }
  if (isUnsigned)
    return result;
  Value isOdd = s.equal(b.create<arith::AndIOp>(exponent, one), one);
  Value ofMinusOne = s.select(isOdd, s.integer(-1), one);
  Value ofNegative =
      s.select(s.equal(base, one), one,
               s.select(s.equal(base, s.integer(-1)), ofMinusOne, zero));
  Value isNegative =
      b.create<arith::CmpIOp>(arith::CmpIPredicate::slt, exponent, zero);
  return s.select(isNegative, ofNegative, result);
}

Value toFloat(Scalars &s, Value x, bool isUnsigned, Type type) {
  ImplicitLocOpBuilder &b = s.builder();
  if (isa<IntegerType>(x.getType())) {
    if (isUnsigned)
      return b.create<arith::UIToFPOp>(type, x);
    return b.create<arith::SIToFPOp>(type, x);
  }
  unsigned from = x.getType().getIntOrFloatBitWidth();
  unsigned to = type.getIntOrFloatBitWidth();
  if (from < to)
    return b.create<arith::ExtFOp>(type, x);
  if (from > to)
    return b.create<arith::TruncFOp>(type, x);
  return x;
}

Value power(Scalars &s, Operation *op, Operands x) {
  auto powOp = cast<edge::PowOp>(op);
  if (std::optional<double> exponent = constantExponent(powOp))
    if (Value result = simplePower(s, x[0], *exponent))
      return result;

  ImplicitLocOpBuilder &b = s.builder();
  bool isExponentUnsigned = elementOf(powOp.getExponent()).isUnsignedInteger();
  if (s.isFloat()) {
    Value exponent = toFloat(s, x[1], isExponentUnsigned, s.type());
    return b.create<math::PowFOp>(x[0], exponent);
  }
  if (isa<IntegerType>(x[1].getType())) {
    unsigned from = x[1].getType().getIntOrFloatBitWidth();
    unsigned to = s.type().getIntOrFloatBitWidth();
    Value exponent = x[1];
    if (from > to)
      exponent = b.create<arith::TruncIOp>(s.type(), exponent);
    else if (from < to && isExponentUnsigned)
      exponent = b.create<arith::ExtUIOp>(s.type(), exponent);
    else if (from < to)
      exponent = b.create<arith::ExtSIOp>(s.type(), exponent);
    return integerPower(s, x[0], exponent, isExponentUnsigned);
  }
  Type wide = b.getF64Type();
  Value result = b.create<math::PowFOp>(toFloat(s, x[0], s.isUnsigned(), wide),
                                        toFloat(s, x[1], false, wide));
  if (s.isUnsigned())
    return b.create<arith::FPToUIOp>(s.type(), result);
  return b.create<arith::FPToSIOp>(s.type(), result);
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

using Table = llvm::DenseMap<TypeID, ScalarLowering>;

template <typename Op> double alphaOf(Operation *op) {
  return cast<Op>(op).getAlpha().convertToDouble();
}

// NOLINTBEGIN(readability-function-size): one line for each operation.
#define EDGEC_SCALAR(OP, EXPRESSION)                                           \
  table[TypeID::get<edge::OP>()] =                                             \
      [](Scalars &s, [[maybe_unused]] Operation *op, Operands x) -> Value {    \
    return EXPRESSION;                                                         \
  };

void addArithmetic(Table &table) {
  EDGEC_SCALAR(AbsOp, s.abs(x[0]))
  EDGEC_SCALAR(NegOp, s.neg(x[0]))
  table[TypeID::get<edge::SignOp>()] = sign;
  EDGEC_SCALAR(FloorOp, s.call<math::FloorOp>(x[0]))
  EDGEC_SCALAR(CeilOp, s.call<math::CeilOp>(x[0]))
  EDGEC_SCALAR(RoundOp, s.call<math::RoundEvenOp>(x[0]))
  EDGEC_SCALAR(ReciprocalOp, s.div(s.constant(1), x[0]))
  EDGEC_SCALAR(SqrtOp, s.sqrt(x[0]))
  EDGEC_SCALAR(ExpOp, s.exp(x[0]))
  EDGEC_SCALAR(LogOp, s.log(x[0]))
  EDGEC_SCALAR(ErfOp, s.call<math::ErfOp>(x[0]))
  EDGEC_SCALAR(SinOp, s.call<math::SinOp>(x[0]))
  EDGEC_SCALAR(CosOp, s.call<math::CosOp>(x[0]))
  EDGEC_SCALAR(TanhOp, s.tanh(x[0]))
  EDGEC_SCALAR(AsinOp, s.call<math::AsinOp>(x[0]))
  EDGEC_SCALAR(AcosOp, s.call<math::AcosOp>(x[0]))
  EDGEC_SCALAR(AtanOp, s.call<math::AtanOp>(x[0]))
  EDGEC_SCALAR(SinhOp, s.call<math::SinhOp>(x[0]))
  EDGEC_SCALAR(CoshOp, s.call<math::CoshOp>(x[0]))
  EDGEC_SCALAR(AsinhOp, s.call<math::AsinhOp>(x[0]))
  EDGEC_SCALAR(AcoshOp, s.call<math::AcoshOp>(x[0]))
  EDGEC_SCALAR(AtanhOp, s.call<math::AtanhOp>(x[0]))
  EDGEC_SCALAR(AddOp, s.add(x[0], x[1]))
  EDGEC_SCALAR(SubOp, s.sub(x[0], x[1]))
  EDGEC_SCALAR(MulOp, s.mul(x[0], x[1]))
  EDGEC_SCALAR(DivOp, s.div(x[0], x[1]))
  table[TypeID::get<edge::ModOp>()] = modulo;
  table[TypeID::get<edge::PowOp>()] = power;
  EDGEC_SCALAR(MaximumOp, s.max(x[0], x[1]))
  EDGEC_SCALAR(MinimumOp, s.min(x[0], x[1]))
}

void addLogic(Table &table) {
  table[TypeID::get<edge::NotOp>()] = complement;
  EDGEC_SCALAR(AndOp, s.builder().create<arith::AndIOp>(x[0], x[1]))
  EDGEC_SCALAR(OrOp, s.builder().create<arith::OrIOp>(x[0], x[1]))
  EDGEC_SCALAR(XorOp, s.builder().create<arith::XOrIOp>(x[0], x[1]))
  table[TypeID::get<edge::ShiftLeftOp>()] = shift<arith::ShLIOp>;
  table[TypeID::get<edge::ShiftRightOp>()] = shift<arith::ShRUIOp>;
  EDGEC_SCALAR(IsNanOp, s.notEqual(x[0], x[0]))
  table[TypeID::get<edge::IsInfOp>()] = isInf;
  table[TypeID::get<edge::CompareOp>()] = compare;
  EDGEC_SCALAR(SelectOp, s.select(x[0], x[1], x[2]))
}

void addActivations(Table &table) {
  EDGEC_SCALAR(ReluOp, s.max(x[0], s.constant(0)))
  EDGEC_SCALAR(SigmoidOp, sigmoid(s, x[0]))
  EDGEC_SCALAR(SoftplusOp, softplus(s, x[0]))
  EDGEC_SCALAR(SoftsignOp, s.div(x[0], s.add(s.constant(1), s.abs(x[0]))))
  EDGEC_SCALAR(
      HardSwishOp,
      s.mul(x[0],
            clamp(s, s.add(s.mul(x[0], s.constant(1.0 / 6)), s.constant(0.5)),
                  0, 1)))
  EDGEC_SCALAR(MishOp, s.mul(x[0], s.tanh(softplus(s, x[0]))))
  EDGEC_SCALAR(
      LeakyReluOp,
      s.select(s.greaterEqual(x[0], s.constant(0)), x[0],
               s.mul(s.constant(alphaOf<edge::LeakyReluOp>(op)), x[0])))
  EDGEC_SCALAR(EluOp, elu(s, x[0], alphaOf<edge::EluOp>(op)))
  EDGEC_SCALAR(
      SeluOp,
      s.mul(s.constant(cast<edge::SeluOp>(op).getGamma().convertToDouble()),
            elu(s, x[0], alphaOf<edge::SeluOp>(op))))
  table[TypeID::get<edge::CeluOp>()] = celu;
  EDGEC_SCALAR(
      ThresholdedReluOp,
      s.select(
          s.greater(x[0], s.constant(alphaOf<edge::ThresholdedReluOp>(op))),
          x[0], s.constant(0)))
  EDGEC_SCALAR(
      HardSigmoidOp,
      clamp(
          s,
          s.add(s.mul(s.constant(alphaOf<edge::HardSigmoidOp>(op)), x[0]),
                s.constant(
                    cast<edge::HardSigmoidOp>(op).getBeta().convertToDouble())),
          0, 1))
  table[TypeID::get<edge::GeluOp>()] = gelu;
  EDGEC_SCALAR(ClampOp,
               clamp(s, x[0],
                     cast<edge::ClampOp>(op).getMin().convertToDouble(),
                     cast<edge::ClampOp>(op).getMax().convertToDouble()))
  EDGEC_SCALAR(PReluOp, s.select(s.greaterEqual(x[0], s.constant(0)), x[0],
                                 s.mul(x[1], x[0])))
}
#undef EDGEC_SCALAR
// NOLINTEND(readability-function-size)

/// The operand whose element type the arithmetic is done in.
Type arithmeticElement(Operation *op) {
  if (auto selectOp = dyn_cast<edge::SelectOp>(op))
    return elementOf(selectOp.getOnTrue());
  return elementOf(op->getOperand(0));
}

struct ElementwiseLowering
    : OpInterfaceConversionPattern<edge::ElementwiseOpInterface> {
  ElementwiseLowering(const TypeConverter &converter, MLIRContext *context)
      : OpInterfaceConversionPattern(converter, context) {
    addArithmetic(table);
    addLogic(table);
    addActivations(table);
  }

  LogicalResult
  matchAndRewrite(edge::ElementwiseOpInterface op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    ScalarLowering lowering = table.lookup(op->getName().getTypeID());
    if (!lowering)
      return rewriter.notifyMatchFailure(op, "not in the table");
    RankedTensorType type = signlessType(op->getResult(0));
    auto body = [&](OpBuilder &builder, Location loc, ValueRange elements) {
      Scalars s(builder, loc, arithmeticElement(op));
      auto loaded = llvm::map_to_vector(
          elements, [&](Value element) { return s.load(element); });
      return s.store(lowering(s, op, loaded), type.getElementType());
    };
    rewriter.replaceOp(
        op, buildElementwise(rewriter, op.getLoc(), type, operands, body));
    return success();
  }

  Table table;
};

} // namespace

void populateElementwiseToLinalgPatterns(const TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<ElementwiseLowering>(converter, patterns.getContext());
}

} // namespace edgec
