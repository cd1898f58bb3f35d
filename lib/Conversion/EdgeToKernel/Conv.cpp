//===- Conv.cpp - Convolutions to kernels ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Common.h"
#include "Contraction.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;

namespace edgec {
namespace {

/// The input, channels last and padded with zeros; signedness is kept.
Value prepareInput(OpBuilder &builder, edge::ConvOp op) {
  Location loc = op.getLoc();
  Value input = op.getInput();
  int64_t rank = tensorType(input).getRank();
  if (op.getLayout() == edge::Layout::nchw)
    input = transpose(builder, loc, input, toChannelsLast(rank));
  ArrayRef<int64_t> pads = op.getPads();
  if (llvm::all_of(pads, [](int64_t extent) { return extent == 0; }))
    return input;

  int64_t numSpatial = rank - 2;
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  llvm::copy(pads.take_front(numSpatial), low.begin() + 1);
  llvm::copy(pads.drop_front(numSpatial), high.begin() + 1);
  Type type = tensorType(input).getElementType();
  Value zero = scalarConstant(builder, loc, toSignless(type), 0);
  Value padded =
      pad(builder, loc, castToSignless(builder, loc, input), low, high, zero);
  return castSign(builder, loc, padded, tensorType(padded).clone(type));
}

RankedTensorType channelsLastResult(edge::ConvOp op) {
  auto type = cast<RankedTensorType>(op.getResult().getType());
  if (op.getLayout() == edge::Layout::nhwc)
    return type;
  return type.clone(
      applyPermutation(type.getShape(), toChannelsLast(type.getRank())));
}

void replaceConv(PatternRewriter &rewriter, edge::ConvOp op, Value result) {
  if (op.getLayout() == edge::Layout::nchw)
    result = transpose(rewriter, op.getLoc(), result,
                       toChannelsSecond(tensorType(result).getRank()));
  rewriter.replaceOp(op, result);
}

bool isDepthwise(edge::ConvOp op) {
  ArrayRef<int64_t> filter = shapeOf(op.getFilter());
  int64_t groups = op.getGroups();
  return groups > 1 && filter[0] == groups && filter[1] == 1;
}

/// One filter for each channel.
struct DepthwiseToKernel : OpRewritePattern<edge::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::ConvOp op,
                                PatternRewriter &rewriter) const override {
    if (!isDepthwise(op))
      return rewriter.notifyMatchFailure(op, "channels share filters");
    Location loc = op.getLoc();
    RankedTensorType type = channelsLastResult(op);
    auto signless = cast<RankedTensorType>(toSignless(type));
    Value input = prepareInput(rewriter, op);
    Value filter = filterChannelsLast(rewriter, loc, op.getFilter());
    bool isInputUnsigned = isUnsigned(tensorType(input).getElementType());
    bool isFilterUnsigned = isUnsigned(tensorType(filter).getElementType());

    SmallVector<Value, 1> extras;
    SmallVector<Attribute, 1> extraMaps;
    if (op.getBias()) {
      extras.push_back(castToSignless(rewriter, loc, op.getBias()));
      AffineExpr channel = rewriter.getAffineDimExpr(type.getRank() - 1);
      extraMaps.push_back(
          AffineMapAttr::get(AffineMap::get(type.getRank(), 0, channel)));
    }
    Type accumulator = accumulatorFor(type.getElementType());
    Value init = rewriter.create<tensor::EmptyOp>(loc, type.getShape(),
                                                  signless.getElementType());
    auto kernel = rewriter.create<kernel::DepthwiseOp>(
        loc, TypeRange{signless}, castToSignless(rewriter, loc, input),
        castToSignless(rewriter, loc, filter), extras, init,
        op.getStridesAttr(), op.getDilationsAttr(),
        rewriter.getArrayAttr(extraMaps), TypeAttr::get(accumulator),
        isInputUnsigned ? rewriter.getUnitAttr() : UnitAttr(),
        isFilterUnsigned ? rewriter.getUnitAttr() : UnitAttr(),
        /*window=*/DenseI64ArrayAttr(), /*tile_rows=*/IntegerAttr(),
        /*input_flipped=*/UnitAttr());
    buildBiasEpilogue(rewriter, loc, kernel.getEpilogue(), accumulator,
                      op.getBias(), signless.getElementType());
    replaceConv(rewriter, op,
                castSign(rewriter, loc, kernel.getResult(0), type));
    return success();
  }

private:
  /// [C, 1, k...] to [k..., C].
  static Value filterChannelsLast(OpBuilder &builder, Location loc,
                                  Value filter) {
    SmallVector<int64_t> shape(shapeOf(filter));
    shape.erase(shape.begin() + 1);
    Value squeezed = reshape(builder, loc, filter, shape);
    auto permutation = llvm::to_vector(llvm::seq<int64_t>(1, shape.size()));
    permutation.push_back(0);
    return transpose(builder, loc, squeezed, permutation);
  }
};

/// Dimensions (g, n, e..., j, k..., c), g with more than one group only.
struct ConvToContract : OpRewritePattern<edge::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::ConvOp op,
                                PatternRewriter &rewriter) const override {
    if (isDepthwise(op))
      return rewriter.notifyMatchFailure(op, "a depthwise convolution");
    Contraction contraction;
    contraction.a = prepareInput(rewriter, op);
    contraction.b = op.getFilter();
    contraction.bias = op.getBias();
    contraction.resultType = channelsLastResult(op);
    setIterationSpace(op, contraction);
    replaceConv(rewriter, op,
                buildContraction(rewriter, op.getLoc(), contraction));
    return success();
  }

private:
  static void setIterationSpace(edge::ConvOp op, Contraction &contraction) {
    ArrayRef<int64_t> result = contraction.resultType.getShape();
    ArrayRef<int64_t> filter = shapeOf(op.getFilter());
    int64_t numSpatial = filter.size() - 2;
    int64_t groups = op.getGroups();
    int64_t groupOutputs = filter[0] / groups;

    auto &extents = contraction.extents;
    if (groups > 1)
      extents.push_back(groups);
    contraction.numBatch = extents.size();
    contraction.numRows = numSpatial + 1;
    llvm::append_range(extents, result.drop_back());
    extents.push_back(groupOutputs);
    llvm::append_range(extents, filter.drop_front(2));
    extents.push_back(filter[1]);

    MLIRContext *context = op.getContext();
    auto dim = [&](int64_t position) {
      return getAffineDimExpr(position, context);
    };
    int64_t batchDim = contraction.numBatch;
    int64_t columnDim = batchDim + contraction.numRows;
    AffineExpr inputChannel = dim(extents.size() - 1);
    AffineExpr outputChannel = dim(columnDim);
    if (groups > 1) {
      inputChannel = dim(0) * filter[1] + inputChannel;
      outputChannel = dim(0) * groupOutputs + outputChannel;
    }

    SmallVector<AffineExpr> a{dim(batchDim)}, c{dim(batchDim)};
    SmallVector<AffineExpr> b{outputChannel, dim(extents.size() - 1)};
    for (int64_t i = 0; i < numSpatial; ++i) {
      AffineExpr row = dim(batchDim + 1 + i), tap = dim(columnDim + 1 + i);
      a.push_back(row * op.getStrides()[i] + tap * op.getDilations()[i]);
      b.push_back(tap);
      c.push_back(row);
    }
    a.push_back(inputChannel);
    c.push_back(outputChannel);
    int64_t numDims = extents.size();
    contraction.aMap = AffineMap::get(numDims, 0, a, context);
    contraction.bMap = AffineMap::get(numDims, 0, b, context);
    contraction.cMap = AffineMap::get(numDims, 0, c, context);
    contraction.biasMap = AffineMap::get(numDims, 0, outputChannel);
  }
};

} // namespace

void populateConvToKernelPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvToContract, DepthwiseToKernel>(patterns.getContext());
}

} // namespace edgec
