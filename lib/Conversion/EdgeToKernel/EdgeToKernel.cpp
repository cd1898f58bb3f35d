//===- EdgeToKernel.cpp - Contractions to kernels -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Conversion/Passes.h"

#include "Common.h"
#include "Contraction.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace edgec {
#define GEN_PASS_DEF_EDGETOKERNEL
#include "edgec/Conversion/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

struct EdgeToKernelPass : edgec::impl::EdgeToKernelBase<EdgeToKernelPass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet set(context);
    populateConvToKernelPatterns(set);
    populateConvTransposeToKernelPatterns(set);
    populateMatMulToKernelPatterns(set);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (failed(requireStaticTypes(function)))
      return signalPassFailure();
    SmallVector<Operation *> contractions;
    function.walk([&](Operation *op) {
      if (isa<edge::ConvOp, edge::ConvTransposeOp, edge::MatMulOp>(op))
        contractions.push_back(op);
    });
    // Only these: the driver would otherwise look at every operation, and drop
    // what seems dead before its users are lowered.
    GreedyRewriteConfig config;
    config.strictMode = GreedyRewriteStrictness::ExistingOps;
    (void)applyOpPatternsAndFold(contractions, patterns, config);
    eraseUnused(function);
  }

  /// Transposes and reshapes that went into maps, and conversions of weights
  /// that kernels do.
  static void eraseUnused(func::FuncOp function) {
    SmallVector<Operation *> candidates;
    function.walk([&](Operation *op) {
      if (isa<edge::TransposeOp, edge::ReshapeOp, edge::CastOp, edge::UnpackOp,
              edge::DequantizeOp>(op))
        candidates.push_back(op);
    });
    for (Operation *op : llvm::reverse(candidates))
      if (op->use_empty())
        op->erase();
  }

  FrozenRewritePatternSet patterns;
};

} // namespace
