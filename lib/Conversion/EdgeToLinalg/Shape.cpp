//===- Shape.cpp - Reshape, transpose, broadcast, concat and slice --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

SmallVector<OpFoldResult> indexAttrs(Builder &builder,
                                     ArrayRef<int64_t> values) {
  return getAsIndexOpFoldResult(builder.getContext(), values);
}

Value copyElement(OpBuilder &, Location, ValueRange elements) {
  return elements[0];
}

struct ReshapeLowering : OpConversionPattern<edge::ReshapeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ReshapeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op,
                       buildReshape(rewriter, op.getLoc(), adaptor.getInput(),
                                    shapeOf(op.getResult())));
    return success();
  }
};

struct TransposeLowering : OpConversionPattern<edge::TransposeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::TransposeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = signlessType(op.getResult());
    SmallVector<AffineExpr> results(type.getRank());
    for (auto [to, from] : llvm::enumerate(op.getPermutation()))
      results[from] = rewriter.getAffineDimExpr(to);
    AffineMap map =
        AffineMap::get(type.getRank(), 0, results, rewriter.getContext());
    rewriter.replaceOp(op, buildParallel(rewriter, op.getLoc(), type,
                                         adaptor.getInput(), map, copyElement));
    return success();
  }
};

struct BroadcastLowering : OpConversionPattern<edge::BroadcastOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::BroadcastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, buildElementwise(rewriter, op.getLoc(),
                                            signlessType(op.getResult()),
                                            adaptor.getInput(), copyElement));
    return success();
  }
};

struct ConcatLowering : OpConversionPattern<edge::ConcatOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ConcatOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = signlessType(op.getResult());
    int64_t axis = op.getAxis();
    SmallVector<int64_t> offsets(type.getRank(), 0);
    SmallVector<int64_t> strides(type.getRank(), 1);
    Value result = rewriter.create<tensor::EmptyOp>(loc, type.getShape(),
                                                    type.getElementType());
    for (Value input : adaptor.getInputs()) {
      if (tensorType(input).getNumElements() == 0)
        continue;
      result = rewriter.create<tensor::InsertSliceOp>(
          loc, input, result, indexAttrs(rewriter, offsets),
          indexAttrs(rewriter, shapeOf(input)), indexAttrs(rewriter, strides));
      offsets[axis] += shapeOf(input)[axis];
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct SliceLowering : OpConversionPattern<edge::SliceOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::SliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = signlessType(op.getResult());
    auto isNegative = [](int64_t step) { return step < 0; };
    if (llvm::none_of(op.getSteps(), isNegative)) {
      rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
          op, type, adaptor.getInput(), indexAttrs(rewriter, op.getStarts()),
          indexAttrs(rewriter, op.getSizes()),
          indexAttrs(rewriter, op.getSteps()));
      return success();
    }
    Value input = adaptor.getInput();
    auto body = [&](OpBuilder &builder, Location nested, ValueRange) {
      ImplicitLocOpBuilder b(nested, builder);
      SmallVector<Value> indices;
      for (int64_t dim = 0; dim < type.getRank(); ++dim) {
        Value step = b.create<arith::ConstantIndexOp>(op.getSteps()[dim]);
        Value start = b.create<arith::ConstantIndexOp>(op.getStarts()[dim]);
        Value offset = b.create<arith::MulIOp>(
            b.create<linalg::IndexOp>(dim).getResult(), step);
        indices.push_back(b.create<arith::AddIOp>(offset, start));
      }
      return b.create<tensor::ExtractOp>(input, indices).getResult();
    };
    rewriter.replaceOp(op, buildParallel(rewriter, loc, type, {}, {}, body));
    return success();
  }
};

} // namespace

void populateShapeToLinalgPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<ReshapeLowering, TransposeLowering, BroadcastLowering,
               ConcatLowering, SliceLowering>(converter, patterns.getContext());
}

} // namespace edgec
