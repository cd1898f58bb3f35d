//===- EdgeFuse.cpp - Fusion of elementwise operations --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Conversion/Passes.h"

#include "Fusion/Fusion.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace edgec {
#define GEN_PASS_DEF_EDGEFUSE
#include "edgec/Conversion/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

/// Inputs of one loop nest beyond which its pointers no longer stay in
/// registers.
constexpr int64_t maxInputs = 8;

/// Operations of one loop body beyond which it is left as it is: a longer body
/// gains nothing, and to build one from a chain of n takes n^2 steps.
constexpr size_t maxOperations = 256;

size_t operationsOf(linalg::GenericOp op) {
  return op.getBody()->getOperations().size();
}

/// Whether the loops of `consumer` read an element of the operand more than
/// once: a loop does not appear in its map, or indices overlap as in windows.
bool readsRepeatedly(linalg::GenericOp consumer, OpOperand *operand) {
  AffineMap map = consumer.getMatchingIndexingMap(operand);
  llvm::SmallBitVector used(map.getNumDims());
  for (AffineExpr result : map.getResults()) {
    if (isa<AffineConstantExpr>(result))
      continue;
    auto dim = dyn_cast<AffineDimExpr>(result);
    if (!dim)
      return true;
    used.set(dim.getPosition());
  }
  for (auto [dim, extent] : llvm::enumerate(consumer.getStaticLoopRanges()))
    if (extent != 1 && !used.test(dim))
      return true;
  return false;
}

bool looksUp(linalg::GenericOp op) {
  return !op.getBody()->getOps<kernel::LookupOp>().empty();
}

/// Whether `op` widens elements of at most 16 bits with a few instructions, as
/// a dequantization by one scale does.
bool dequantizes(linalg::GenericOp op) {
  constexpr unsigned widestBits = 16;
  constexpr size_t fewOperations = 6;
  if (op.getNumDpsInputs() != 1 || op->getNumResults() != 1)
    return false;
  Type from = getElementTypeOrSelf(op.getDpsInputOperand(0)->get());
  Type to = getElementTypeOrSelf(op->getResult(0));
  return from.isInteger() && from.getIntOrFloatBitWidth() <= widestBits &&
         to.getIntOrFloatBitWidth() > widestBits &&
         operationsOf(op) <= fewOperations;
}

/// Whether every reader of a dequantized tensor can compute it again from the
/// bytes: nothing then stores the floats. A sum over windows would compute each
/// of them too often.
bool allCanDequantize(Value floats) {
  return llvm::all_of(floats.getUses(), [](OpOperand &use) {
    Operation *owner = use.getOwner();
    if (isa<tensor::ExtractOp>(owner))
      return true;
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(owner))
      return allCanDequantize(owner->getResult(0));
    auto reader = dyn_cast<linalg::GenericOp>(owner);
    return reader && reader.getNumReductionLoops() == 0 &&
           reader.isDpsInput(&use);
  });
}

/// The producer's elements are computed at most once after fusion, or cost
/// little to compute.
bool shouldFuse(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer)
    return false;
  if (producer.getNumDpsInputs() + consumer.getNumDpsInputs() - 1 > maxInputs)
    return false;
  if (operationsOf(producer) + operationsOf(consumer) > maxOperations)
    return false;
  bool onlyMoves = llvm::hasSingleElement(*producer.getBody());
  // A register of bytes is looked up at once, a quarter beside computed floats.
  if ((looksUp(producer) && !llvm::hasSingleElement(*consumer.getBody())) ||
      (looksUp(consumer) && !onlyMoves))
    return false;
  // Rows that are read at looked up indices must stay rows.
  if (producer.hasIndexSemantics() &&
      !consumer.getMatchingIndexingMap(operand).isIdentity())
    return false;
  // A copy of what has other readers is read again, not computed again.
  if (onlyMoves && producer.getNumDpsInputs() == 1)
    return producer->hasOneUse() || !readsRepeatedly(consumer, operand);
  if (dequantizes(producer) && allCanDequantize(operand->get()))
    return true;
  return producer->hasOneUse() && !readsRepeatedly(consumer, operand);
}

/// A reshape between a kernel and an elementwise operation moves behind it, so
/// that the kernel can take that operation into its epilogue.
bool separatesKernel(OpOperand *operand) {
  Operation *reshape = operand->get().getDefiningOp();
  if (!isa<linalg::GenericOp>(operand->getOwner()) ||
      !isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(
          reshape) ||
      !reshape->hasOneUse())
    return false;
  Operation *source = reshape->getOperand(0).getDefiningOp();
  return isa_and_nonnull<kernel::ContractOp, kernel::DepthwiseOp>(source) &&
         source->hasOneUse();
}

bool mapsIdentically(linalg::GenericOp op) {
  return llvm::all_of(op.getIndexingMapsArray(),
                      [](AffineMap map) { return map.isIdentity(); });
}

/// reshape(dequantize(x)) = dequantize(reshape(x)), so that the reader of the
/// floats can compute them.
template <typename Reshape> struct ReshapeBytes : OpRewritePattern<Reshape> {
  using OpRewritePattern<Reshape>::OpRewritePattern;

  LogicalResult matchAndRewrite(Reshape op,
                                PatternRewriter &rewriter) const override {
    auto generic = op.getSrc().template getDefiningOp<linalg::GenericOp>();
    if (!generic || !dequantizes(generic) || !mapsIdentically(generic) ||
        !allCanDequantize(op->getResult(0)))
      return rewriter.notifyMatchFailure(op, "not of a dequantized tensor");
    Value bytes = generic.getDpsInputOperand(0)->get();
    Operation *source = bytes.getDefiningOp();
    if (isa_and_nonnull<kernel::ContractOp, kernel::DepthwiseOp>(source))
      return rewriter.notifyMatchFailure(op, "a kernel computes its bytes");
    auto type = cast<RankedTensorType>(op.getType());
    Type element = getElementTypeOrSelf(bytes.getType());
    Value reshaped = rewriter.create<Reshape>(
        op.getLoc(), cast<RankedTensorType>(type.clone(element)), bytes,
        op.getReassociationIndices());
    Value init = rewriter.create<tensor::EmptyOp>(op.getLoc(), type.getShape(),
                                                  type.getElementType());
    int64_t rank = type.getRank();
    SmallVector<AffineMap> maps(2, rewriter.getMultiDimIdentityMap(rank));
    SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);
    auto copy = rewriter.create<linalg::GenericOp>(generic.getLoc(), type,
                                                   reshaped, init, maps, loops);
    rewriter.cloneRegionBefore(generic.getRegion(), copy.getRegion(),
                               copy.getRegion().begin());
    rewriter.replaceOp(op, copy);
    return success();
  }
};

/// What resampling reads of a dequantized tensor is dequantized there.
struct ExtractBytes : OpRewritePattern<tensor::ExtractOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::ExtractOp op,
                                PatternRewriter &rewriter) const override {
    auto generic = op.getTensor().getDefiningOp<linalg::GenericOp>();
    if (!generic || !dequantizes(generic) || !mapsIdentically(generic) ||
        !allCanDequantize(op.getTensor()))
      return rewriter.notifyMatchFailure(op, "not of a dequantized tensor");
    IRMapping mapping;
    Block &body = *generic.getBody();
    mapping.map(body.getArgument(0),
                rewriter.create<tensor::ExtractOp>(
                    op.getLoc(), generic.getDpsInputOperand(0)->get(),
                    op.getIndices()));
    for (Operation &inner : body.without_terminator())
      rewriter.clone(inner, mapping);
    rewriter.replaceOp(
        op, mapping.lookupOrDefault(body.getTerminator()->getOperand(0)));
    return success();
  }
};

struct EdgeFusePass : edgec::impl::EdgeFuseBase<EdgeFusePass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    linalg::populateElementwiseOpsFusionPatterns(set, shouldFuse);
    linalg::populateFoldReshapeOpsByExpansionPatterns(set, separatesKernel);
    linalg::populateFoldReshapeOpsByCollapsingPatterns(set, separatesKernel);
    set.add<ExtractBytes, ReshapeBytes<tensor::ExpandShapeOp>,
            ReshapeBytes<tensor::CollapseShapeOp>>(context);
    linalg::GenericOp::getCanonicalizationPatterns(set, context);
    tensor::ExpandShapeOp::getCanonicalizationPatterns(set, context);
    tensor::CollapseShapeOp::getCanonicalizationPatterns(set, context);
    context->getLoadedDialect<linalg::LinalgDialect>()
        ->getCanonicalizationPatterns(set);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    GreedyRewriteConfig config;
    // Fuse chains from their beginning: a consumer then sees all of its
    // producer's inputs.
    config.useTopDownTraversal = true;
    if (failed(applyPatternsAndFoldGreedily(getOperation(), patterns, config)))
      return signalPassFailure();
    sinkScalarConstants(getOperation());
  }

  FrozenRewritePatternSet patterns;
};

} // namespace
