//===- ExpandFunctions.cpp - exp, erf and tanh of f32 --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExpandFunctions.h"

#include "edgec/Reference/Approximations.h"
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
    x = choose(arith::CmpFPredicate::OLT, x, constant(low));
    return choose(arith::CmpFPredicate::OGT, x, constant(high));
  }
  Value shiftToExponent(Value x) {
    Value integers = b.create<arith::BitcastOp>(bits, x);
    Value places = splat(bits, b.getI32IntegerAttr(23));
    Value shifted = b.create<arith::ShLIOp>(integers, places);
    return b.create<arith::BitcastOp>(type, shifted);
  }

private:
  Value splat(Type type, TypedAttr value) {
    if (auto vector = dyn_cast<VectorType>(type))
      value = DenseElementsAttr::get(vector, cast<Attribute>(value));
    return b.create<arith::ConstantOp>(value);
  }
  Value choose(arith::CmpFPredicate predicate, Value x, Value bound) {
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
               ExpandFunction<math::TanhOp, approximateTanh>>(
      patterns.getContext());
}
