//===- ExpandPow.cpp - f32 powers by logarithm and exponential ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExpandPow.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace {

/// f32 arithmetic on scalars or vectors.
class FloatBuilder {
public:
  FloatBuilder(OpBuilder &builder, Location loc, Type type)
      : b(loc, builder), type(type) {}

  Value constant(float value) {
    TypedAttr attribute = b.getF32FloatAttr(value);
    if (auto shaped = dyn_cast<ShapedType>(type))
      attribute = DenseElementsAttr::get(shaped, value);
    return b.create<arith::ConstantOp>(attribute);
  }
  Value compare(arith::CmpFPredicate predicate, Value x, Value y) {
    return b.create<arith::CmpFOp>(predicate, x, y);
  }
  Value select(Value condition, Value x, Value y) {
    return b.create<arith::SelectOp>(condition, x, y);
  }
  template <typename Op, typename... Operands>
  Value create(Operands... operands) {
    return b.create<Op>(operands...);
  }

private:
  ImplicitLocOpBuilder b;
  Type type;
};

/// |x|^y is e^(y log |x|); the sign is that of x where y is odd, and a negative
/// x has only powers to whole y. Zeros, infinities and NaN as in C99's powf
/// (F.9.4.4).
struct ExpandPow : OpRewritePattern<math::PowFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::PowFOp op,
                                PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "f64 powers are libm's");
    FloatBuilder b(rewriter, op.getLoc(), op.getType());
    Value x = op.getLhs(), y = op.getRhs();
    Value zero = b.constant(0), one = b.constant(1);
    Value magnitude = b.create<math::AbsFOp>(x);
    Value power = b.create<math::ExpOp>(
        b.create<arith::MulFOp>(y, b.create<math::LogOp>(magnitude)));

    // 1 to any power, any number to the power of 0: also NaN and infinities.
    Value isOne = b.create<arith::OrIOp>(
        b.compare(arith::CmpFPredicate::OEQ, magnitude, one),
        b.compare(arith::CmpFPredicate::OEQ, y, zero));
    power = b.select(isOne, one, power);

    Value half = b.create<arith::MulFOp>(y, b.constant(0.5f));
    Value isWhole =
        b.compare(arith::CmpFPredicate::OEQ, y, b.create<math::FloorOp>(y));
    Value isHalfWhole = b.compare(arith::CmpFPredicate::OEQ, half,
                                  b.create<math::FloorOp>(half));
    Value withSign = b.create<math::CopySignOp>(power, x);
    Value signedPower = b.select(isHalfWhole, power, withSign);
    // x < 0, but not an infinity.
    constexpr float infinity = std::numeric_limits<float>::infinity();
    Value isNegative = b.create<arith::AndIOp>(
        b.compare(arith::CmpFPredicate::OLT, x, zero),
        b.compare(arith::CmpFPredicate::OLT, magnitude, b.constant(infinity)));
    Value nan = b.constant(std::numeric_limits<float>::quiet_NaN());
    Value ofFraction = b.select(isNegative, nan, power);
    rewriter.replaceOp(op, b.select(isWhole, signedPower, ofFraction));
    return success();
  }
};

} // namespace

void edgec::populateExpandPowPattern(RewritePatternSet &patterns) {
  patterns.add<ExpandPow>(patterns.getContext());
}
