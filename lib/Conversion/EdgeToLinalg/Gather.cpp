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

/// Negative indices count from the end; the rest is clamped.
Value clampIndex(ImplicitLocOpBuilder &b, Value index, int64_t extent) {
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

/// One index selects one slice, which is read where it lies: nothing is looked
/// up, and a loop over slices copies none.
struct GatherOneSlice : OpConversionPattern<edge::GatherOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::GatherOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value input = adaptor.getInput();
    int64_t extent = shapeOf(input)[op.getAxis()];
    if (tensorType(op.getIndices()).getNumElements() != 1 || extent == 0)
      return rewriter.notifyMatchFailure(op, "not exactly one index");
    SmallVector<int64_t> zeros(tensorType(input).getRank(), 0);
    SmallVector<int64_t> ones(zeros.size(), 1), sizes(shapeOf(input));
    sizes[op.getAxis()] = 1;
    auto attrs = [&](ArrayRef<int64_t> values) {
      return getAsIndexOpFoldResult(rewriter.getContext(), values);
    };
    SmallVector<OpFoldResult> offsets = attrs(zeros);
    offsets[op.getAxis()] = findIndex(rewriter, op, adaptor.getIndices());
    Value slice = rewriter.create<tensor::ExtractSliceOp>(
        op.getLoc(), input, offsets, attrs(sizes), attrs(ones));
    rewriter.replaceOp(op, buildReshape(rewriter, op.getLoc(), slice,
                                        shapeOf(op.getResult())));
    return success();
  }

private:
  /// The only index, in [0, extent).
  static OpFoldResult findIndex(OpBuilder &builder, edge::GatherOp op,
                                Value indices) {
    int64_t extent = shapeOf(op.getInput())[op.getAxis()];
    DenseElementsAttr known;
    if (matchPattern(op.getIndices(), m_Constant(&known))) {
      int64_t index = (*known.value_begin<APInt>()).getSExtValue();
      index = index < 0 ? index + extent : index;
      return builder.getIndexAttr(std::clamp<int64_t>(index, 0, extent - 1));
    }
    ImplicitLocOpBuilder b(op.getLoc(), builder);
    Value zero = b.create<arith::ConstantIndexOp>(0);
    SmallVector<Value> position(tensorType(indices).getRank(), zero);
    Value index = b.create<tensor::ExtractOp>(indices, position);
    return clampIndex(b, index, extent);
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
};

} // namespace

void populateGatherToLinalgPatterns(const TypeConverter &converter,
                                    RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<GatherLowering>(converter, context);
  patterns.add<GatherOneSlice>(converter, context, /*benefit=*/2);
}

} // namespace edgec
