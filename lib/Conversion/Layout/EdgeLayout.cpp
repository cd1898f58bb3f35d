//===- EdgeLayout.cpp - The pass that moves channels last -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Conversion/Passes.h"

#include "Common.h"
#include "Layout/Layout.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace edgec {
#define GEN_PASS_DEF_EDGELAYOUT
#include "edgec/Conversion/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

struct EdgeLayoutPass : edgec::impl::EdgeLayoutBase<EdgeLayoutPass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet moving(context), absorbing(context);
    populateMoveTransposesPatterns(moving);
    populateAbsorbTransposesPatterns(absorbing);
    move = std::move(moving);
    absorb = std::move(absorbing);
    return success();
  }

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (failed(requireStaticTypes(function)))
      return signalPassFailure();
    setChannelsLast(function);
    GreedyRewriteConfig config;
    config.useTopDownTraversal = true;
    (void)applyPatternsAndFoldGreedily(function, move, config);
    // Each success leaves fewer transposes.
    while (hoistTransposes(function))
      (void)applyPatternsAndFoldGreedily(function, move, config);
    (void)applyPatternsAndFoldGreedily(function, absorb, config);
  }

  FrozenRewritePatternSet move;
  FrozenRewritePatternSet absorb;
};

} // namespace
