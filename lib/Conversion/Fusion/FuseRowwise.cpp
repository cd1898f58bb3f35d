//===- FuseRowwise.cpp - Elementwise readers into kernel.rowwise ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fusion/Fusion.h"

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using edgec::kernel::RowwiseOp;

namespace edgec {
namespace {

/// The reader's body, a quantization for example, goes to the end of the last
/// region; its other inputs become inputs of all regions.
struct FuseReader : OpRewritePattern<RowwiseOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RowwiseOp op,
                                PatternRewriter &rewriter) const override {
    OpOperand *use = findElementwiseReader(op, rewriter);
    if (!use)
      return failure();
    auto generic = cast<linalg::GenericOp>(use->getOwner());
    AffineMap read = generic.getMatchingIndexingMap(use);
    AffineMap store = inversePermutation(read).compose(op.getInitMap());
    SmallVector<Attribute> maps(op.getInputMaps().begin(),
                                op.getInputMaps().end());
    SmallVector<Value> inputs(op.getInputs());
    for (OpOperand *input : generic.getDpsInputOperands()) {
      if (input == use)
        continue;
      AffineMap map = generic.getMatchingIndexingMap(input).compose(store);
      if (!map.isProjectedPermutation(/*allowZeroInResults=*/true))
        return rewriter.notifyMatchFailure(op, "an input is read in steps");
      inputs.push_back(input->get());
      maps.push_back(AffineMapAttr::get(map));
    }
    rewriter.setInsertionPoint(generic);
    fuse(rewriter, op, *use, inputs, maps, store);
    return success();
  }

private:
  static void fuse(PatternRewriter &rewriter, RowwiseOp op, OpOperand &use,
                   ArrayRef<Value> inputs, ArrayRef<Attribute> maps,
                   AffineMap store) {
    auto generic = cast<linalg::GenericOp>(use.getOwner());
    Location loc = rewriter.getFusedLoc({op.getLoc(), generic.getLoc()});
    auto type = cast<RankedTensorType>(generic.getResult(0).getType());
    Value init = rewriter.create<tensor::EmptyOp>(loc, type.getShape(),
                                                  type.getElementType());
    auto fused = rewriter.create<RowwiseOp>(
        loc, TypeRange{type}, inputs, init, rewriter.getArrayAttr(maps),
        AffineMapAttr::get(store), op.getExtentsAttr(), op.getCombinersAttr(),
        op.getBodies().size());
    unsigned first = op.getInputs().size();
    for (auto [from, to] : llvm::zip(op.getBodies(), fused.getBodies())) {
      to.takeBody(from);
      for (unsigned i = first; i < inputs.size(); ++i)
        to.front().insertArgument(i, getElementTypeOrSelf(inputs[i]), loc);
    }
    appendBody(rewriter, fused.getBodies().back().front(), generic, use, first);
    rewriter.replaceOp(generic, fused.getResults());
    rewriter.eraseOp(op);
  }

  /// Replaces the yield of `block` by the generic's body; the arguments from
  /// `first` on are the elements of its other inputs.
  static void appendBody(PatternRewriter &rewriter, Block &block,
                         linalg::GenericOp generic, OpOperand &use,
                         unsigned first) {
    OpBuilder::InsertionGuard guard(rewriter);
    Operation *yield = block.getTerminator();
    rewriter.setInsertionPoint(yield);
    Block &body = *generic.getBody();
    IRMapping mapping;
    for (OpOperand *input : generic.getDpsInputOperands()) {
      Value element = input == &use ? yield->getOperand(0)
                                    : Value(block.getArgument(first++));
      mapping.map(body.getArgument(input->getOperandNumber()), element);
    }
    for (Operation &inner : body.without_terminator())
      rewriter.clone(inner, mapping);
    Value result = mapping.lookupOrDefault(body.getTerminator()->getOperand(0));
    rewriter.create<kernel::YieldOp>(generic.getLoc(), result);
    rewriter.eraseOp(yield);
  }
};

} // namespace

void populateFuseRowwisePatterns(RewritePatternSet &patterns) {
  patterns.add<FuseReader>(patterns.getContext());
}

} // namespace edgec
