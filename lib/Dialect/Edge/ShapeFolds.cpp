//===- ShapeFolds.cpp - Folders and canonicalisations of shape operations -===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Folding.h"
#include "Inference.h"

#include "mlir/IR/PatternMatch.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace edgec::edge;

static bool isAll(ArrayRef<int64_t> values, int64_t number) {
  return llvm::all_of(values, [&](int64_t value) { return value == number; });
}

/// The input where input and result have the same type, for operations that
/// then do nothing.
template <typename OpTy> static OpFoldResult inputIfSameType(OpTy op) {
  return op.getInput().getType() == op.getType() ? OpFoldResult(op.getInput())
                                                 : OpFoldResult();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (OpFoldResult same = inputIfSameType(*this))
    return same;
  auto type = cast<RankedTensorType>(getType());
  if (type.hasStaticShape() && adaptor.getInput())
    return reshapeConstant(adaptor.getInput(), type);
  // reshape(reshape(x)) reads x.
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return {};
}

OpFoldResult BroadcastOp::fold(FoldAdaptor) { return inputIfSameType(*this); }

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  return getInputs().size() == 1 ? OpFoldResult(getInputs().front())
                                 : OpFoldResult();
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  if (isAll(getLow(), 0) && isAll(getHigh(), 0))
    return inputIfSameType(*this);
  return {};
}

//===----------------------------------------------------------------------===//
// TransposeOp
//===----------------------------------------------------------------------===//

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  ArrayRef<int64_t> permutation = getPermutation();
  if (llvm::equal(permutation, llvm::seq<int64_t>(0, permutation.size())))
    return getInput();
  auto inner = getInput().getDefiningOp<TransposeOp>();
  if (!inner)
    return {};
  // Dimension i of the result is dimension permutation[i] of the inner result.
  SmallVector<int64_t> composed;
  for (int64_t dim : permutation)
    composed.push_back(inner.getPermutation()[dim]);
  setPermutation(composed);
  getInputMutable().assign(inner.getInput());
  return getResult();
}

namespace {
/// A transpose that keeps the order of all dimensions longer than 1 moves no
/// element: it is a reshape.
struct TransposeOfUnitDims : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto input = cast<RankedTensorType>(op.getInput().getType());
    if (!input.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "dynamic shape");
    int64_t previous = -1;
    for (int64_t dim : op.getPermutation()) {
      if (input.getDimSize(dim) == 1)
        continue;
      if (dim < previous)
        return rewriter.notifyMatchFailure(op, "moves elements");
      previous = dim;
    }
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), op.getInput());
    return success();
  }
};
} // namespace

void TransposeOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *context) {
  patterns.add<TransposeOfUnitDims>(context);
}

//===----------------------------------------------------------------------===//
// SliceOp
//===----------------------------------------------------------------------===//

/// slice(slice(x)) as one slice of x; fails where a number would overflow,
/// which the starts of empty slices may bring about.
static LogicalResult composeSlices(SliceOp inner, SliceOp outer,
                                   SmallVectorImpl<int64_t> &starts,
                                   SmallVectorImpl<int64_t> &steps) {
  for (auto [innerStart, innerStep, start, step] :
       llvm::zip(inner.getStarts(), inner.getSteps(), outer.getStarts(),
                 outer.getSteps())) {
    auto composedStart = llvm::checkedMulAdd(start, innerStep, innerStart);
    auto composedStep = llvm::checkedMul(step, innerStep);
    if (!composedStart || !composedStep)
      return failure();
    starts.push_back(*composedStart);
    steps.push_back(*composedStep);
  }
  return success();
}

OpFoldResult SliceOp::fold(FoldAdaptor) {
  if (isAll(getStarts(), 0) && isAll(getSteps(), 1))
    if (OpFoldResult same = inputIfSameType(*this))
      return same;
  auto inner = getInput().getDefiningOp<SliceOp>();
  SmallVector<int64_t> starts, steps;
  if (!inner || failed(composeSlices(inner, *this, starts, steps)))
    return {};
  setStarts(starts);
  setSteps(steps);
  getInputMutable().assign(inner.getInput());
  return getResult();
}
