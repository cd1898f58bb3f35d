//===- Conv.cpp - Convolutions to kernels ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChannelShuffle.h"
#include "Common.h"
#include "Contraction.h"

#include "edgec/Dialect/Edge/Depthwise.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

/// The input, channels last and padded with zeros; signedness is kept.
Value prepareInput(OpBuilder &builder, edge::ConvOp op, Value input) {
  return channelsLastInput(builder, op.getLoc(), input, op.getLayout(),
                           op.getPads());
}

RankedTensorType channelsLastResult(edge::ConvOp op) {
  return channelsLastType(tensorType(op.getResult()), op.getLayout());
}

void replaceConv(PatternRewriter &rewriter, edge::ConvOp op, Value result) {
  rewriter.replaceOp(
      op, fromChannelsLast(rewriter, op.getLoc(), result, op.getLayout()));
}

/// One filter for each channel.
struct DepthwiseToKernel : OpRewritePattern<edge::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::ConvOp op,
                                PatternRewriter &rewriter) const override {
    if (!hasFilterPerChannel(op))
      return rewriter.notifyMatchFailure(op, "channels share filters");
    Location loc = op.getLoc();
    RankedTensorType type = channelsLastResult(op);
    auto signless = cast<RankedTensorType>(toSignless(type));
    Value input = prepareInput(rewriter, op, op.getInput());
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
                      /*scale=*/Value(), op.getBias(),
                      signless.getElementType());
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

/// The channels of its shuffled input that a grouped convolution reads: group q
/// of them has `size` neighbours in each of the groups that were interleaved,
/// from start(q) on.
struct GroupWindow {
  ChannelShuffle shuffle;
  int64_t size = 0;
  /// Of start(q) = q * step / steps.
  int64_t step = 0, steps = 1;

  int64_t start(int64_t group) const { return group * step / steps; }

  /// The first and the last of the neighbours that a group needs.
  std::pair<int64_t, int64_t> needed(int64_t group, int64_t perGroup) const {
    return {group * perGroup / shuffle.groups,
            ((group + 1) * perGroup - 1) / shuffle.groups};
  }
  bool holds(int64_t group, int64_t perGroup) const {
    auto [first, last] = needed(group, perGroup);
    return start(group) <= first && last < start(group) + size &&
           start(group) + size <= shuffle.groupChannels();
  }
};

/// So many elements of few bits are taken out of bytes at once to be multiplied
/// by bytes; 1 where elements are taken one by one.
int64_t neighboursOf(Value filter) {
  constexpr int64_t bytesTogether = 4;
  auto unpack = filter.getDefiningOp<edge::UnpackOp>();
  return unpack ? bytesTogether * 8 / int64_t(unpack.getBits()) : 1;
}

/// Nothing where the shuffle is cheaper than the zeros that windows add.
std::optional<GroupWindow> findGroupWindow(edge::ConvOp op) {
  constexpr double maxGrowth = 1.3; // Of the multiplications.
  auto shuffle = matchChannelShuffle(op.getInput());
  if (!shuffle || op.getLayout() != edge::Layout::nhwc || op.getGroups() == 1 ||
      !isConstantTensor(op.getFilter()) || hasScalesAlong(op.getFilter(), 1))
    return std::nullopt;
  int64_t perGroup = shapeOf(op.getFilter())[1], groups = op.getGroups();
  auto suits = [&](const GroupWindow &window) {
    return window.size * shuffle->groups <= maxGrowth * perGroup &&
           llvm::all_of(llvm::seq(groups), [&](int64_t group) {
             return window.holds(group, perGroup);
           });
  };
  GroupWindow window{*shuffle};
  for (int64_t group = 0; group < groups; ++group) {
    auto [first, last] = window.needed(group, perGroup);
    window.size = std::max(window.size, last + 1 - first);
  }
  // Spread from the first to the last channel, wider windows stay within them.
  GroupWindow wide = window;
  wide.size = llvm::alignTo(window.size, neighboursOf(op.getFilter()));
  wide.step = shuffle->groupChannels() - wide.size;
  wide.steps = groups - 1;
  if (wide.size != window.size && suits(wide))
    return wide;
  window.step = perGroup;
  window.steps = shuffle->groups;
  return suits(window) ? std::optional(window) : std::nullopt;
}

/// Dimensions (g, n, e..., j, k..., c), g with more than one group only.
struct ConvToContract : OpRewritePattern<edge::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::ConvOp op,
                                PatternRewriter &rewriter) const override {
    if (hasFilterPerChannel(op))
      return rewriter.notifyMatchFailure(op, "a depthwise convolution");
    Contraction contraction;
    std::optional<GroupWindow> window = findGroupWindow(op);
    contraction.a = prepareInput(
        rewriter, op, window ? window->shuffle.source : op.getInput());
    contraction.b = op.getFilter();
    contraction.bias = op.getBias();
    contraction.resultType = channelsLastResult(op);
    setIterationSpace(op, contraction);
    if (window)
      absorbShuffle(rewriter, op, *window, contraction);
    replaceConv(rewriter, op,
                buildContraction(rewriter, op.getLoc(), contraction));
    return success();
  }

private:
  /// The same sums, read from the source of the shuffle: the group q reads, of
  /// each interleaved group, a window of channels. Filters get zeros for
  /// channels that lie in the window but belong to the next group; those of few
  /// bits get them as integers.
  static void absorbShuffle(OpBuilder &builder, edge::ConvOp op,
                            const GroupWindow &window,
                            Contraction &contraction) {
    auto &extents = contraction.extents;
    std::optional<PackedWeights> &packed = contraction.packed;
    packed = matchPackedWeights(
        builder, contraction.b, contraction.bMap,
        contraction.numBatch + contraction.numRows,
        accumulatorFor(contraction.resultType.getElementType()));
    Value filter = packed ? packed->integers : contraction.b;
    Value windows = windowFilters(builder, op, filter, window);
    (packed ? packed->integers : contraction.b) = windows;
    extents.back() = window.shuffle.groups;
    extents.push_back(window.size);

    MLIRContext *context = op.getContext();
    unsigned numDims = extents.size();
    AffineExpr group = getAffineDimExpr(0, context);
    AffineExpr interleaved = getAffineDimExpr(numDims - 2, context);
    AffineExpr channel = getAffineDimExpr(numDims - 1, context);
    SmallVector<AffineExpr> a(contraction.aMap.getResults()),
        b(contraction.bMap.getResults());
    a.back() = interleaved * window.shuffle.groupChannels() +
               (group * window.step).floorDiv(window.steps) + channel;
    b[1] = interleaved * window.size + channel;
    contraction.aMap = AffineMap::get(numDims, 0, a, context);
    contraction.bMap = AffineMap::get(numDims, 0, b, context);
    auto widen = [&](AffineMap map) {
      return AffineMap::get(numDims, 0, map.getResults(), context);
    };
    contraction.cMap = widen(contraction.cMap);
    contraction.biasMap = widen(contraction.biasMap);
    if (packed && packed->scale)
      packed->scaleMap = widen(packed->scaleMap);
  }

  /// [OC, K, k...] to [OC, groups * size, k...], by group of filters.
  static Value windowFilters(OpBuilder &builder, edge::ConvOp op, Value filter,
                             const GroupWindow &window) {
    Location loc = op.getLoc();
    RankedTensorType type = tensorType(filter);
    int64_t interleaved = window.shuffle.groups, rank = type.getRank();
    int64_t perGroup = type.getDimSize(1), groups = op.getGroups();
    SmallVector<int64_t> shape(type.getShape());
    shape[0] /= groups;
    SmallVector<Value> parts;
    for (int64_t group = 0; group < groups; ++group) {
      SmallVector<int64_t> starts(rank, 0), steps(rank, 1);
      starts[0] = group * shape[0];
      Value part = builder.create<edge::SliceOp>(loc, type.clone(shape), filter,
                                                 starts, shape, steps);
      // The shuffled channels that the windows show, in their order.
      int64_t first = window.start(group) * interleaved;
      int64_t count = window.size * interleaved;
      SmallVector<int64_t> low(rank, 0), high(rank, 0), padded(shape);
      low[1] = group * perGroup - first;
      high[1] = count - low[1] - perGroup;
      padded[1] = count;
      part = builder.create<edge::PadOp>(loc, type.clone(padded), part, Value(),
                                         low, high, edge::PadMode::constant);
      parts.push_back(unshuffle(
          builder, loc, part, /*dim=*/1,
          ChannelShuffle{Value(), interleaved, window.size * interleaved}));
    }
    shape[0] = type.getDimSize(0);
    shape[1] = window.size * interleaved;
    return builder.create<edge::ConcatOp>(loc, type.clone(shape), parts,
                                          /*axis=*/0);
  }

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
