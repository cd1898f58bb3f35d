//===- Gather.cpp - Picking slices by index -------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace edgec {
namespace {

/// An index known at compile time selects one slice: nothing is looked up.
struct GatherOneSlice : OpConversionPattern<edge::GatherOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::GatherOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    DenseElementsAttr indices;
    if (!matchPattern(op.getIndices(), m_Constant(&indices)) ||
        indices.getNumElements() != 1)
      return rewriter.notifyMatchFailure(op, "more than one index");
    Value input = adaptor.getInput();
    int64_t extent = shapeOf(input)[op.getAxis()];
    int64_t index = (*indices.value_begin<APInt>()).getSExtValue();
    index =
        std::clamp<int64_t>(index < 0 ? index + extent : index, 0, extent - 1);
    SmallVector<int64_t> offsets(tensorType(input).getRank(), 0);
    SmallVector<int64_t> strides(offsets.size(), 1), sizes(shapeOf(input));
    offsets[op.getAxis()] = index;
    sizes[op.getAxis()] = 1;
    auto attrs = [&](ArrayRef<int64_t> values) {
      return getAsIndexOpFoldResult(rewriter.getContext(), values);
    };
    Value slice = rewriter.create<tensor::ExtractSliceOp>(
        op.getLoc(), input, attrs(offsets), attrs(sizes), attrs(strides));
    rewriter.replaceOp(op, buildReshape(rewriter, op.getLoc(), slice,
                                        shapeOf(op.getResult())));
    return success();
  }
};

struct GatherLowering : OpConversionPattern<edge::GatherOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::GatherOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = signlessType(op.getResult());
    Value input = adaptor.getInput();
    int64_t axis = op.getAxis();
    int64_t numIndexDims = tensorType(op.getIndices()).getRank();
    int64_t extent = shapeOf(input)[axis];
    if (extent == 0)
      return reject(op, "its input has no element to pick");

    SmallVector<AffineExpr> indexDims;
    for (int64_t i = 0; i < numIndexDims; ++i)
      indexDims.push_back(rewriter.getAffineDimExpr(axis + i));
    AffineMap map =
        AffineMap::get(type.getRank(), 0, indexDims, rewriter.getContext());
    auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
      ImplicitLocOpBuilder b(loc, builder);
      SmallVector<Value> position;
      for (int64_t dim = 0; dim < tensorType(input).getRank(); ++dim) {
        if (dim == axis)
          position.push_back(clampIndex(b, x[0], extent));
        else
          position.push_back(b.create<linalg::IndexOp>(
              dim < axis ? dim : dim + numIndexDims - 1));
      }
      return b.create<tensor::ExtractOp>(input, position).getResult();
    };
    rewriter.replaceOp(op, buildParallel(rewriter, op.getLoc(), type,
                                         adaptor.getIndices(), map, body));
    return success();
  }

private:
  /// Negative indices count from the end; the rest is clamped.
  static Value clampIndex(ImplicitLocOpBuilder &b, Value index,
                          int64_t extent) {
    index = b.create<arith::IndexCastOp>(b.getIndexType(), index);
    Value zero = b.create<arith::ConstantIndexOp>(0);
    Value isNegative =
        b.create<arith::CmpIOp>(arith::CmpIPredicate::slt, index, zero);
    Value fromEnd = b.create<arith::AddIOp>(
        index, b.create<arith::ConstantIndexOp>(extent).getResult());
    index = b.create<arith::SelectOp>(isNegative, fromEnd, index);
    index = b.create<arith::MaxSIOp>(index, zero);
    return b.create<arith::MinSIOp>(
        index, b.create<arith::ConstantIndexOp>(extent - 1).getResult());
  }
};

} // namespace

void populateGatherToLinalgPatterns(const TypeConverter &converter,
                                    RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<GatherLowering>(converter, context);
  patterns.add<GatherOneSlice>(converter, context, /*benefit=*/2);
}

} // namespace edgec
