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

/// The producer's elements are computed at most once after fusion, or cost
/// nothing to compute.
bool shouldFuse(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer)
    return false;
  if (producer.getNumDpsInputs() + consumer.getNumDpsInputs() - 1 > maxInputs)
    return false;
  bool onlyMoves = llvm::hasSingleElement(*producer.getBody());
  // A copy of what has other readers is read again, not computed again.
  if (onlyMoves && producer.getNumDpsInputs() == 1)
    return producer->hasOneUse() || !readsRepeatedly(consumer, operand);
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

struct EdgeFusePass : edgec::impl::EdgeFuseBase<EdgeFusePass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    linalg::populateElementwiseOpsFusionPatterns(set, shouldFuse);
    linalg::populateFoldReshapeOpsByExpansionPatterns(set, separatesKernel);
    linalg::populateFoldReshapeOpsByCollapsingPatterns(set, separatesKernel);
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
