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
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace edgec {
#define GEN_PASS_DEF_EDGELAYOUT
#include "edgec/Conversion/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

/// Rewrites per operation after which the driver stops, whatever the graph: a
/// transpose passes each operation once, and few models keep more than a
/// handful of transposes apart.
constexpr int64_t maxRewritesPerOp = 64;

struct EdgeLayoutPass : edgec::impl::EdgeLayoutBase<EdgeLayoutPass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet moving(context), absorbing(context);
    populateMoveTransposesPatterns(moving);
    populateAbsorbTransposesPatterns(absorbing);
    populateMoveShufflesPatterns(absorbing);
    move = std::move(moving);
    absorb = std::move(absorbing);
    return success();
  }

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (failed(requireStaticTypes(function)))
      return signalPassFailure();
    setChannelsLast(function);
    int64_t numOps = 0;
    function.walk([&](Operation *) { ++numOps; });
    GreedyRewriteConfig config;
    config.useTopDownTraversal = true;
    config.maxNumRewrites = maxRewritesPerOp * numOps;
    (void)applyPatternsAndFoldGreedily(function, move, config);
    (void)applyPatternsAndFoldGreedily(function, absorb, config);
    // A value of several readers was transposed for each.
    IRRewriter rewriter(&getContext());
    DominanceInfo dominance(function);
    eliminateCommonSubExpressions(rewriter, dominance, function);
  }

  FrozenRewritePatternSet move;
  FrozenRewritePatternSet absorb;
};

} // namespace
