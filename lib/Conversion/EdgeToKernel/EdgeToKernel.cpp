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
#include "edgec/Reference/Interpreter.h"
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
      if (isa<edge::ConvOp, edge::ConvTransposeOp, edge::MatMulOp>(op) &&
          !isEmpty(op->getResult(0)))
        contractions.push_back(op);
    });
    llvm::erase_if(contractions, replaceEmptySum);
    // Only these: the driver would otherwise look at every operation, and drop
    // what seems dead before its users are lowered.
    GreedyRewriteConfig config;
    config.strictMode = GreedyRewriteStrictness::ExistingOps;
    (void)applyOpPatternsAndFold(contractions, patterns, config);
    eraseUnused(function);
  }

  static bool isEmpty(Value value) {
    return tensorType(value).getNumElements() == 0;
  }

  /// Sums of no products are zero: a kernel has at least one. What is added to
  /// them stays.
  static bool replaceEmptySum(Operation *op) {
    if (!isEmpty(op->getOperand(0)) && !isEmpty(op->getOperand(1)))
      return false;
    OpBuilder builder(op);
    RankedTensorType type = tensorType(op->getResult(0));
    Value sums;
    if (op->getNumOperands() == 3) {
      auto layout = op->getAttrOfType<edge::LayoutAttr>("layout");
      bool isFirst = !layout || layout.getValue() == edge::Layout::nchw;
      SmallVector<int64_t> shape(type.getRank(), 1);
      int64_t channel = isFirst ? 1 : type.getRank() - 1;
      shape[channel] = type.getDimSize(channel);
      Value bias = reshape(builder, op->getLoc(), op->getOperand(2), shape);
      sums = builder.create<edge::BroadcastOp>(op->getLoc(), type, bias);
    } else {
      sums = builder.create<edge::ConstantOp>(
          op->getLoc(),
          toAttribute(Tensor(*toElementType(type.getElementType()),
                             type.getShape().vec()),
                      "zeros", op->getContext()));
    }
    op->getResult(0).replaceAllUsesWith(sums);
    op->erase();
    return true;
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
