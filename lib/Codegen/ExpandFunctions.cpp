//===- ExpandFunctions.cpp - transcendental functions of f32 --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExpandFunctions.h"

#include "edgec/Reference/Trigonometry.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec;

namespace {

/// The arithmetic of Approximations.h as operations on scalars or vectors.
class OpArithmetic {
public:
  using Value = mlir::Value;

  OpArithmetic(OpBuilder &builder, Location loc, Type type)
      : b(loc, builder), type(type), bits(b.getI32Type()) {
    if (auto vector = dyn_cast<VectorType>(type))
      bits = vector.clone(b.getI32Type());
  }

  Value constant(float value) { return splat(type, b.getF32FloatAttr(value)); }
  Value add(Value x, Value y) { return b.create<arith::AddFOp>(x, y); }
  Value sub(Value x, Value y) { return b.create<arith::SubFOp>(x, y); }
  Value mul(Value x, Value y) { return b.create<arith::MulFOp>(x, y); }
  Value div(Value x, Value y) { return b.create<arith::DivFOp>(x, y); }
  Value fma(Value x, Value y, Value z) {
    return b.create<math::FmaOp>(x, y, z);
  }
  /// Comparisons and selections are single instructions where minimumf, which
  /// must pass on NaN from either side, is several.
  Value clamp(Value x, float low, float high) {
    x = limit(arith::CmpFPredicate::OLT, x, constant(low));
    return limit(arith::CmpFPredicate::OGT, x, constant(high));
  }
  Value shiftToExponent(Value x) {
    Value integers = b.create<arith::BitcastOp>(bits, x);
    Value places = splat(bits, b.getI32IntegerAttr(23));
    Value shifted = b.create<arith::ShLIOp>(integers, places);
    return b.create<arith::BitcastOp>(type, shifted);
  }
  Value abs(Value x) { return b.create<math::AbsFOp>(x); }
  Value sqrt(Value x) { return b.create<math::SqrtOp>(x); }
  Value copySign(Value magnitude, Value sign) {
    return b.create<math::CopySignOp>(magnitude, sign);
  }
  Value isBelow(Value x, Value y) {
    return b.create<arith::CmpFOp>(arith::CmpFPredicate::OLT, x, y);
  }
  Value choose(Value condition, Value x, Value y) {
    return b.create<arith::SelectOp>(condition, x, y);
  }
  Value binaryExponent(Value x) {
    Value places = splat(bits, b.getI32IntegerAttr(23));
    Value exponent = b.create<arith::ShRSIOp>(sinceSqrtHalf(x), places);
    return b.create<arith::SIToFPOp>(type, exponent);
  }
  Value significand(Value x) {
    Value mask = integers(ScalarArithmetic::exponentMask);
    Value exponent = b.create<arith::AndIOp>(sinceSqrtHalf(x), mask);
    Value integers = b.create<arith::BitcastOp>(bits, x);
    Value rest = b.create<arith::SubIOp>(integers, exponent);
    return b.create<arith::BitcastOp>(type, rest);
  }

  QuarterTurns<Value, Value> quarterTurns(Value x, int shift) {
    Type wideType = ofElement(b.getF64Type());
    auto real = [&](double value) {
      return splat(wideType, b.getF64FloatAttr(value));
    };
    Value wide = b.create<arith::ExtFOp>(wideType, x);
    Value shifted = b.create<math::FmaOp>(wide, real(edgec::detail::twoOverPi),
                                          real(edgec::detail::doubleShifter));
    Value n =
        b.create<arith::SubFOp>(shifted, real(edgec::detail::doubleShifter));
    Value minus = b.create<arith::NegFOp>(n);
    Value rest =
        b.create<math::FmaOp>(minus, real(edgec::detail::halfPiOfDouble), wide);
    rest = b.create<math::FmaOp>(minus, real(edgec::detail::halfPiOfDoubleRest),
                                 rest);
    rest = clamp(b.create<arith::TruncFOp>(type, rest),
                 -edgec::detail::largestRest, edgec::detail::largestRest);
    Type wideBits = ofElement(b.getI64Type());
    auto integer = [&](int64_t value) {
      return splat(wideBits, b.getI64IntegerAttr(value));
    };
    Value turns = b.create<arith::AddIOp>(
        b.create<arith::BitcastOp>(wideBits, shifted), integer(shift));
    auto isSet = [&](int64_t bit) -> Value {
      Value masked = b.create<arith::AndIOp>(turns, integer(bit));
      return b.create<arith::CmpIOp>(arith::CmpIPredicate::ne, masked,
                                     integer(0));
    };
    return {rest, isSet(1), isSet(2)};
  }

private:
  /// The type that has `element` where ours has f32.
  Type ofElement(Type element) {
    if (auto vector = dyn_cast<VectorType>(type))
      return vector.clone(element);
    return element;
  }
  Value splat(Type type, TypedAttr value) {
    if (auto vector = dyn_cast<VectorType>(type))
      value = DenseElementsAttr::get(vector, cast<Attribute>(value));
    return b.create<arith::ConstantOp>(value);
  }
  Value integers(uint32_t value) {
    return splat(bits, b.getI32IntegerAttr(static_cast<int32_t>(value)));
  }
  /// The bits of x less those of the square root of a half.
  Value sinceSqrtHalf(Value x) {
    return b.create<arith::SubIOp>(b.create<arith::BitcastOp>(bits, x),
                                   integers(ScalarArithmetic::sqrtHalfBits));
  }
  Value limit(arith::CmpFPredicate predicate, Value x, Value bound) {
    Value isBeyond = b.create<arith::CmpFOp>(predicate, x, bound);
    return b.create<arith::SelectOp>(isBeyond, bound, x);
  }

  ImplicitLocOpBuilder b;
  Type type;
  Type bits;
};

using Function = Value (*)(OpArithmetic &, Value);

template <typename Op, Function function>
struct ExpandFunction : OpRewritePattern<Op> {
  /// Above MLIR's own expansions.
  explicit ExpandFunction(MLIRContext *context)
      : OpRewritePattern<Op>(context, /*benefit=*/10) {}

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF32())
      return rewriter.notifyMatchFailure(op, "not of f32");
    OpArithmetic arithmetic(rewriter, op.getLoc(), type);
    rewriter.replaceOp(op, function(arithmetic, op.getOperand()));
    return success();
  }
};

} // namespace

void edgec::populateExpandFunctionPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandFunction<math::ExpOp, approximateExp>,
               ExpandFunction<math::ErfOp, approximateErf>,
               ExpandFunction<math::TanhOp, approximateTanh>,
               ExpandFunction<math::SinOp, approximateSin>,
               ExpandFunction<math::CosOp, approximateCos>,
               ExpandFunction<math::AsinOp, approximateAsin>,
               ExpandFunction<math::AcosOp, approximateAcos>,
               ExpandFunction<math::AtanOp, approximateAtan>,
               ExpandFunction<math::SinhOp, approximateSinh>,
               ExpandFunction<math::CoshOp, approximateCosh>,
               ExpandFunction<math::AsinhOp, approximateAsinh>,
               ExpandFunction<math::AcoshOp, approximateAcosh>,
               ExpandFunction<math::AtanhOp, approximateAtanh>>(
      patterns.getContext());
}
