//===- FuseAttention.cpp - Contraction, rows, contraction as one ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attention.h"
#include "Vectorizers.h"
#include "edgec/Codegen/Passes.h"
#include "edgec/Codegen/TargetOption.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace edgec {
#define GEN_PASS_DEF_FUSEATTENTION
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;
using kernel::AttentionOp;
using kernel::ContractOp;
using kernel::RowwiseOp;

namespace {

/// The operations of one attention.
struct Chain {
  ContractOp scores;
  RowwiseOp rows;
  ContractOp result;
};

/// One row and one contracted dimension, floats and a b that is read as it is,
/// or bytes that are packed in groups.
LogicalResult checkContract(ContractOp op, PatternRewriter &rewriter) {
  auto isFloat = [](Value value) {
    return isa<FloatType>(getElementTypeOrSelf(value.getType()));
  };
  if (op.getBBits() || op.getAFlipped())
    return rewriter.notifyMatchFailure(op, "its operands are no plain bytes");
  if (op.getNumRows() != 1 || op.getNumContracted() != 1)
    return rewriter.notifyMatchFailure(op, "not one row or one contracted "
                                           "dimension");
  if (op.getAccumulator().isInteger(32) &&
      packedDepth(op.getBMap(), op.getColumnDim()) != 0)
    return success();
  if (!isFloat(op.getA()) || !isFloat(op.getB()) ||
      !isa<FloatType>(op.getAccumulator()))
    return rewriter.notifyMatchFailure(op, "not of floats or groups of bytes");
  if (packedColumns(op.getBMap(), op.getColumnDim()) != 0)
    return rewriter.notifyMatchFailure(op, "b is packed");
  return success();
}

/// The rows are those of the scores, which nobody else reads.
LogicalResult checkRows(Chain chain, PatternRewriter &rewriter) {
  RowwiseOp rows = chain.rows;
  Value scores = rows.getInputs().front();
  if (!scores.hasOneUse() || !rows.getResult(0).hasOneUse())
    return rewriter.notifyMatchFailure(rows, "has other readers");
  auto map = cast<AffineMapAttr>(rows.getInputMaps()[0]).getValue();
  if (!map.isIdentity() || !rows.getInitMap().isIdentity())
    return rewriter.notifyMatchFailure(rows, "permutes the scores");
  Type score = getElementTypeOrSelf(scores.getType());
  if (!isa<FloatType>(score) ||
      (isa<FloatType>(chain.result.getAccumulator()) &&
       score != getElementTypeOrSelf(rows.getInit().getType())))
    return rewriter.notifyMatchFailure(rows, "changes the scores' type");
  Block *block = chain.result->getBlock();
  if (rows->getBlock() != block || chain.scores->getBlock() != block)
    return rewriter.notifyMatchFailure(rows, "in another block");
  return success();
}

/// For each dimension of `result` which one of kernel.attention it is; nothing
/// where it reads the scores otherwise than `scores` writes them.
std::optional<SmallVector<AffineExpr>> alignDims(ContractOp scores,
                                                 ContractOp result) {
  MLIRContext *context = scores.getContext();
  unsigned numBatch = scores.getNumBatch();
  AffineMap written = scores.getCMap(), read = result.getAMap();
  if (result.getNumBatch() != numBatch ||
      written.getNumResults() != read.getNumResults())
    return std::nullopt;
  SmallVector<AffineExpr> dims(result.getExtents().size());
  for (auto [to, from] : llvm::zip(written.getResults(), read.getResults())) {
    if (isa<AffineConstantExpr>(to) && to == from)
      continue;
    auto ours = dyn_cast<AffineDimExpr>(to);
    auto theirs = dyn_cast<AffineDimExpr>(from);
    if (!ours || !theirs || dims[theirs.getPosition()] ||
        scores.getExtents()[ours.getPosition()] !=
            result.getExtents()[theirs.getPosition()])
      return std::nullopt;
    dims[theirs.getPosition()] = ours;
  }
  // The batch stays the batch, the row the row, and columns are contracted.
  unsigned column = result.getColumnDim();
  for (unsigned dim = 0; dim < numBatch; ++dim)
    if (!dims[dim] || cast<AffineDimExpr>(dims[dim]).getPosition() >= numBatch)
      return std::nullopt;
  if (dims[numBatch] != getAffineDimExpr(numBatch, context) ||
      dims[column + 1] != getAffineDimExpr(numBatch + 1, context))
    return std::nullopt;
  dims[column] = getAffineDimExpr(numBatch + 3, context);
  return dims;
}

AttentionShape shapeOf(Chain chain) {
  ArrayRef<int64_t> extents = chain.scores.getExtents().take_back(3);
  int64_t columns = chain.result.getExtents()[chain.result.getColumnDim()];
  auto elementOf = [](Value value) {
    return getElementTypeOrSelf(value.getType());
  };
  return {{extents[0], extents[1], extents[2], columns},
          elementOf(chain.scores.getA()),
          elementOf(chain.scores.getB()),
          chain.scores.getAccumulator(),
          elementOf(chain.scores.getInit()),
          chain.scores.getAUnsigned(),
          chain.scores.getBUnsigned()};
}

AttentionOp createAttention(PatternRewriter &rewriter, Chain chain,
                            ArrayRef<AffineExpr> dims) {
  ContractOp scores = chain.scores, result = chain.result;
  RowwiseOp rows = chain.rows;
  unsigned numDims = scores.getExtents().size() + 1;
  auto widen = [&](AffineMap map) {
    return AffineMap::get(numDims, 0, map.getResults(), map.getContext());
  };
  auto align = [&](AffineMap map) {
    return map.replaceDimsAndSymbols(dims, {}, numDims, 0);
  };
  SmallVector<Attribute> extraMaps;
  for (auto map : scores.getExtraMaps().getAsValueRange<AffineMapAttr>())
    extraMaps.push_back(AffineMapAttr::get(widen(map)));
  SmallVector<int64_t> extents(scores.getExtents());
  extents.push_back(result.getExtents()[result.getColumnDim()]);
  Location loc =
      rewriter.getFusedLoc({scores.getLoc(), rows.getLoc(), result.getLoc()});
  auto op = rewriter.create<AttentionOp>(
      loc, result->getResultTypes(), scores.getA(), scores.getB(),
      result.getB(), scores.getExtras(), result.getInit(),
      widen(scores.getAMap()), widen(scores.getBMap()), align(result.getBMap()),
      align(result.getCMap()), rewriter.getArrayAttr(extraMaps), extents,
      scores.getNumBatch(), rows.getCombiners(), scores.getAUnsigned(),
      scores.getBUnsigned(), result.getAUnsigned(), result.getBUnsigned(),
      rows.getBodies().size());
  auto copy = [&](Region &from, Region &to) {
    rewriter.cloneRegionBefore(from, to, to.end());
  };
  copy(scores.getEpilogue(), op.getScore());
  copy(result.getEpilogue(), op.getEpilogue());
  for (auto [from, to] : llvm::zip(rows.getBodies(), op.getBodies()))
    copy(from, to);
  return op;
}

struct FuseChain : OpRewritePattern<ContractOp> {
  FuseChain(MLIRContext *context, const TargetDescription &target)
      : OpRewritePattern(context), target(target) {}

  LogicalResult matchAndRewrite(ContractOp result,
                                PatternRewriter &rewriter) const override {
    Chain chain;
    chain.result = result;
    chain.rows = result.getA().getDefiningOp<RowwiseOp>();
    if (!chain.rows || chain.rows.getInputs().size() != 1)
      return rewriter.notifyMatchFailure(result, "a is not computed by rows");
    chain.scores = chain.rows.getInputs().front().getDefiningOp<ContractOp>();
    if (!chain.scores || !chain.scores.coversInit())
      return rewriter.notifyMatchFailure(result, "rows are not of scores");
    if (failed(checkContract(chain.scores, rewriter)) ||
        failed(checkContract(result, rewriter)) ||
        failed(checkRows(chain, rewriter)))
      return failure();
    if (!result.getExtras().empty())
      return rewriter.notifyMatchFailure(result, "the epilogue has operands");
    auto dims = alignDims(chain.scores, result);
    if (!dims)
      return rewriter.notifyMatchFailure(result, "reads scores differently");

    if (attentionRows(shapeOf(chain), target) == 0)
      return rewriter.notifyMatchFailure(result, "too many keys");
    AttentionOp attention = createAttention(rewriter, chain, *dims);
    rewriter.replaceOp(result, attention);
    rewriter.eraseOp(chain.rows);
    rewriter.eraseOp(chain.scores);
    return success();
  }

  const TargetDescription &target;
};

struct FuseAttentionPass : edgec::impl::FuseAttentionBase<FuseAttentionPass> {
  using FuseAttentionBase::FuseAttentionBase;

  LogicalResult initialize(MLIRContext *context) override {
    return resolveTargetOption(context, target, cpu, features, description);
  }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseChain>(&getContext(), description);
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }

  TargetDescription description;
};

} // namespace
