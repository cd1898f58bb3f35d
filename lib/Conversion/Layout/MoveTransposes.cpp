//===- MoveTransposes.cpp - Transposes down the graph ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout/Layout.h"

#include "Common.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;

namespace edgec {
namespace {

SmallVector<int64_t> inverse(ArrayRef<int64_t> permutation) {
  return invertPermutationVector(permutation);
}

bool isTransposeBy(Operation *op, ArrayRef<int64_t> permutation) {
  auto transposeOp = dyn_cast_or_null<edge::TransposeOp>(op);
  return transposeOp && transposeOp.getPermutation() == permutation;
}

/// `value`, which broadcasts to `rank` dimensions, before the transpose.
Value before(OpBuilder &builder, Location loc, Value value,
             ArrayRef<int64_t> permutation) {
  if (isTransposeBy(value.getDefiningOp(), permutation))
    return value.getDefiningOp()->getOperand(0);
  SmallVector<int64_t> shape(permutation.size() - tensorType(value).getRank(),
                             1);
  llvm::append_range(shape, shapeOf(value));
  return transpose(builder, loc, reshape(builder, loc, value, shape),
                   inverse(permutation));
}

/// Replaces the operation by its relayout and a transpose of the result.
void apply(RewriterBase &rewriter, Operation *op, const Relayout &relayout,
           ArrayRef<int64_t> permutation) {
  Location loc = op->getLoc();
  SmallVector<Value> operands;
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    bool stays = i < relayout.stays.size() && relayout.stays[i];
    operands.push_back(stays ? operand
                             : before(rewriter, loc, operand, permutation));
  }
  RankedTensorType type = tensorType(op->getResult(0));
  SmallVector<int64_t> shape =
      applyPermutation(type.getShape(), inverse(relayout.resultPermutation));
  Operation *copy = rewriter.clone(*op);
  rewriter.modifyOpInPlace(copy, [&] {
    copy->setOperands(operands);
    copy->getResult(0).setType(type.clone(shape));
    relayout.update(copy);
  });
  rewriter.replaceOp(op, transpose(rewriter, loc, copy->getResult(0),
                                   relayout.resultPermutation));
}

/// Transposes that an operation's operands and result have now, and those they
/// would have if it were computed before the transpose by `permutation`. Each
/// use counts: a transpose of several readers moves past each of them.
struct Balance {
  int64_t now = 0;
  int64_t then = 0;
  int64_t added = 0; ///< Of `then`, those before operands.
};

Balance balance(Operation *op, const Relayout &relayout,
                ArrayRef<int64_t> permutation) {
  Balance result;
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    if (i < relayout.stays.size() && relayout.stays[i])
      continue;
    if (isTransposeBy(operand.getDefiningOp(), permutation))
      ++result.now;
    else if (!isFreeToTranspose(operand, inverse(permutation)))
      ++result.added;
  }
  SmallVector<int64_t> undoing = inverse(relayout.resultPermutation);
  bool isReadAsItIs = false;
  for (Operation *user : op->getResult(0).getUsers()) {
    if (isTransposeBy(user, undoing))
      ++result.now;
    else
      isReadAsItIs = true;
  }
  result.then = result.added + isReadAsItIs;
  return result;
}

/// op(transpose(x)) to transpose(op(x)), where no transpose is added.
struct PushDown : RewritePattern {
  explicit PushDown(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (op->getNumResults() != 1 || op->getNumRegions() != 0)
      return rewriter.notifyMatchFailure(op, "not a plain operation");
    for (Value operand : op->getOperands()) {
      auto transposeOp = operand.getDefiningOp<edge::TransposeOp>();
      // That of a constant vanishes where it is.
      if (!transposeOp || isFreeToTranspose(transposeOp.getInput(),
                                            transposeOp.getPermutation()))
        continue;
      SmallVector<int64_t> permutation(transposeOp.getPermutation());
      std::optional<Relayout> change = relayout(op, permutation);
      if (!change)
        continue;
      Balance cost = balance(op, *change, permutation);
      bool isMove = cost.then == cost.now && cost.added == 0;
      if (cost.then > cost.now || (cost.then == cost.now && !isMove))
        continue;
      apply(rewriter, op, *change, permutation);
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no transpose to move");
  }
};

struct ComposeTransposes : OpRewritePattern<edge::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    if (isIdentityPermutation(op.getPermutation())) {
      rewriter.replaceOp(op, op.getInput());
      return success();
    }
    auto inner = op.getInput().getDefiningOp<edge::TransposeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "a single transpose");
    SmallVector<int64_t> composed =
        applyPermutation(inner.getPermutation(), op.getPermutation());
    rewriter.replaceOp(
        op, transpose(rewriter, op.getLoc(), inner.getInput(), composed));
    return success();
  }
};

/// transpose(reshape(transpose(x))) to reshape(transpose(x)), as in a channel
/// shuffle, whose inner transpose alone cannot move down.
struct PullUpThroughReshape : OpRewritePattern<edge::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto reshapeOp = op.getInput().getDefiningOp<edge::ReshapeOp>();
    if (!reshapeOp || !reshapeOp->hasOneUse())
      return rewriter.notifyMatchFailure(op, "not between two transposes");
    auto inner = reshapeOp.getInput().getDefiningOp<edge::TransposeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "not between two transposes");
    // The reshape the other way round, from what the transpose gives.
    auto after = permutationAfterReshape(shapeOf(reshapeOp.getResult()),
                                         shapeOf(reshapeOp.getInput()),
                                         inverse(op.getPermutation()));
    if (!after)
      return rewriter.notifyMatchFailure(op, "the reshape merges dimensions "
                                             "that the transpose separates");
    // Composed at once: between two transposes the reshape could go back.
    SmallVector<int64_t> composed =
        applyPermutation(inner.getPermutation(), inverse(*after));
    Value ordered =
        transpose(rewriter, op.getLoc(), inner.getInput(), composed);
    rewriter.replaceOp(op, reshape(rewriter, reshapeOp.getLoc(), ordered,
                                   shapeOf(op.getResult())));
    return success();
  }
};

} // namespace

void populateMoveTransposesPatterns(RewritePatternSet &patterns) {
  patterns.add<PushDown, ComposeTransposes, PullUpThroughReshape>(
      patterns.getContext());
}

} // namespace edgec
