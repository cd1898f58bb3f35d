//===- MoveShuffles.cpp - Channel shuffles down to what absorbs them ------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout/Layout.h"

#include "ChannelShuffle.h"
#include "Common.h"
#include "edgec/Dialect/Edge/Depthwise.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"

using namespace mlir;

namespace edgec {
namespace {

/// An operation that treats each channel on its own: what it computes of
/// shuffled channels is the shuffle of what it computes.
struct Channelwise {
  /// Operands with an entry for each channel along dimension 0, constants.
  SmallVector<unsigned> perChannel;
};

std::optional<Channelwise> channelwiseConv(edge::ConvOp op) {
  if (op.getLayout() != edge::Layout::nhwc || !hasFilterPerChannel(op))
    return std::nullopt;
  Channelwise result{{1}};
  if (op.getBias())
    result.perChannel.push_back(2);
  return result;
}

/// Scales and zero points of one element, or one for each channel.
template <typename Op> std::optional<Channelwise> channelwiseScale(Op op) {
  Channelwise result;
  int64_t rank = tensorType(op.getInput()).getRank();
  for (unsigned i = 1; i < op->getNumOperands(); ++i) {
    RankedTensorType type = tensorType(op->getOperand(i));
    if (type.getNumElements() == 1)
      continue;
    int64_t axis = op.getAxis();
    if ((axis < 0 ? axis + rank : axis) != rank - 1 || type.getRank() != 1)
      return std::nullopt;
    result.perChannel.push_back(i);
  }
  return result;
}

std::optional<Channelwise> matchChannelwise(Operation *op) {
  if (auto conv = dyn_cast<edge::ConvOp>(op))
    return channelwiseConv(conv);
  if (auto quantize = dyn_cast<edge::QuantizeOp>(op))
    return channelwiseScale(quantize);
  if (auto dequantize = dyn_cast<edge::DequantizeOp>(op))
    return dequantize.getBlockSize() == 0 ? channelwiseScale(dequantize)
                                          : std::nullopt;
  if (isa<edge::ElementwiseOpInterface>(op) && op->getNumOperands() == 1)
    return Channelwise{};
  return std::nullopt;
}

/// op(shuffle(x)) to shuffle(op'(x)), where op' has its constants in the order
/// of x's channels.
struct MoveShuffleDown : RewritePattern {
  // Before a pattern can take the operation in between the shuffle's parts.
  explicit MoveShuffleDown(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/2, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    std::optional<Channelwise> channelwise = matchChannelwise(op);
    if (!channelwise || !op->getOperand(0).hasOneUse())
      return rewriter.notifyMatchFailure(op, "mixes channels");
    auto shuffle = matchChannelShuffle(op->getOperand(0));
    if (!shuffle)
      return rewriter.notifyMatchFailure(op, "its input is not shuffled");
    for (unsigned i : channelwise->perChannel)
      if (!isConstantTensor(op->getOperand(i)))
        return rewriter.notifyMatchFailure(op, "would move at run time");

    Location loc = op->getLoc();
    Operation *copy = rewriter.clone(*op);
    rewriter.setInsertionPoint(copy);
    SmallVector<Value> operands(op->getOperands());
    operands[0] = shuffle->source;
    for (unsigned i : channelwise->perChannel)
      operands[i] = unshuffle(rewriter, loc, operands[i], /*dim=*/0, *shuffle);
    rewriter.modifyOpInPlace(copy, [&] { copy->setOperands(operands); });
    rewriter.setInsertionPointAfter(copy);
    rewriter.replaceOp(
        op, shuffleChannels(rewriter, loc, copy->getResult(0), *shuffle));
    return success();
  }
};

/// A convolution of all channels takes the shuffle into its filter.
struct ShuffleFilter : OpRewritePattern<edge::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::ConvOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getLayout() != edge::Layout::nhwc || op.getGroups() != 1 ||
        !isConstantTensor(op.getFilter()))
      return rewriter.notifyMatchFailure(op, "its filter is not one constant");
    if (hasScalesAlong(op.getFilter(), /*dim=*/1))
      return rewriter.notifyMatchFailure(op, "blocks of channels have scales");
    auto shuffle = matchChannelShuffle(op.getInput());
    if (!shuffle)
      return rewriter.notifyMatchFailure(op, "its input is not shuffled");
    Value filter = unshuffleWeights(rewriter, op.getLoc(), op.getFilter(),
                                    /*dim=*/1, *shuffle);
    rewriter.modifyOpInPlace(op, [&] {
      op.getInputMutable().assign(shuffle->source);
      op.getFilterMutable().assign(filter);
    });
    return success();
  }
};

} // namespace

void populateMoveShufflesPatterns(RewritePatternSet &patterns) {
  patterns.add<MoveShuffleDown, ShuffleFilter>(patterns.getContext());
}

} // namespace edgec
