//===- ApproximateMath.cpp - No calls for f32 functions ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExpandFunctions.h"
#include "ExpandLookup.h"
#include "ExpandPow.h"
#include "SimplifyQuantization.h"

#include "edgec/Codegen/Passes.h"
#include "edgec/Codegen/TargetOption.h"

#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace edgec {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

struct ApproximateMathPass
    : edgec::impl::ApproximateMathBase<ApproximateMathPass> {
  using ApproximateMathBase::ApproximateMathBase;

  LogicalResult initialize(MLIRContext *context) override {
    return resolveTargetOption(context, target, cpu, features, description);
  }

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateMathPolynomialApproximationPatterns(patterns);
    populateExpandFunctionPatterns(patterns);
    // Not MLIR's: it gives negative numbers powers to fractions.
    populateExpandPowPattern(patterns);
    populateExpandFPowIPattern(patterns);
    populateExpandExp2FPattern(patterns);
    populateExpandRsqrtPattern(patterns);
    populateExpandTanPattern(patterns);
    // No x86 instruction rounds halves away from zero.
    populateExpandRoundFPattern(patterns);
    populateRoundToIntegerPattern(patterns, description);
    populateExpandLookupPattern(patterns, description);
    if (!description.hasFma)
      populateExpandFmaFPattern(patterns);
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }

  TargetDescription description;
};

} // namespace
