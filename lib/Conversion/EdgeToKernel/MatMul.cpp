//===- MatMul.cpp - Matrix products to kernels ----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Common.h"
#include "Contraction.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "llvm/ADT/SmallVector.h"

using namespace mlir;

namespace edgec {
namespace {

/// An operand of a matrix product: where its dimensions are.
struct Side {
  Value value;
  std::optional<int64_t> outerDim; ///< Rows or columns; none for a vector.
  int64_t contractedDim;

  int64_t outerExtent() const {
    return outerDim ? shapeOf(value)[*outerDim] : 1;
  }
  int64_t contractedExtent() const { return shapeOf(value)[contractedDim]; }
  int64_t numBatch() const {
    return std::max<int64_t>(tensorType(value).getRank() - 2, 0);
  }
  /// Extent of the batch dimension that is `fromEnd` dimensions before the
  /// matrix; 1 where there is none.
  int64_t batchExtent(int64_t fromEnd) const {
    return fromEnd < numBatch() ? shapeOf(value)[numBatch() - 1 - fromEnd] : 1;
  }
};

Side leftSide(edge::MatMulOp op) {
  int64_t rank = tensorType(op.getLhs()).getRank();
  if (rank == 1)
    return {op.getLhs(), std::nullopt, 0};
  if (op.getTransposeLhs())
    return {op.getLhs(), rank - 1, rank - 2};
  return {op.getLhs(), rank - 2, rank - 1};
}

Side rightSide(edge::MatMulOp op) {
  int64_t rank = tensorType(op.getRhs()).getRank();
  if (rank == 1)
    return {op.getRhs(), std::nullopt, 0};
  if (op.getTransposeRhs())
    return {op.getRhs(), rank - 2, rank - 1};
  return {op.getRhs(), rank - 1, rank - 2};
}

/// A constant left operand times a single column: with the roles swapped the
/// rows become the column dimension, along which code is vectorised, and
/// packing the operand costs nothing.
bool shouldSwap(const Side &left, const Side &right) {
  return right.outerExtent() == 1 && left.outerExtent() > 1 &&
         lookThroughWidening(left.value).getDefiningOp<edge::ConstantOp>();
}

/// Builds the iteration space (g..., i..., j, k) of a product: batch dimensions
/// of b are g, those of a alone are rows.
class MatMulBuilder {
public:
  MatMulBuilder(Side a, Side b, MLIRContext *context)
      : a(a), b(b), context(context),
        numBatch(std::max(a.numBatch(), b.numBatch())) {}

  Contraction build(Type resultElement) {
    addDims();
    Contraction contraction;
    contraction.extents = extents;
    contraction.numBatch = numGroups;
    contraction.numRows = extents.size() - 2 - numGroups;
    AffineExpr column = dim(extents.size() - 2);
    AffineExpr contracted = dim(extents.size() - 1);
    std::tie(contraction.a, contraction.aMap) =
        operand(a, rowDim ? dim(*rowDim) : zero(), contracted);
    std::tie(contraction.b, contraction.bMap) = operand(b, column, contracted);

    SmallVector<AffineExpr> results;
    SmallVector<int64_t> shape;
    for (int64_t i = numBatch - 1; i >= 0; --i) {
      results.push_back(batchDims[i] ? dim(*batchDims[i]) : zero());
      shape.push_back(std::max(a.batchExtent(i), b.batchExtent(i)));
    }
    if (rowDim) {
      results.push_back(dim(*rowDim));
      shape.push_back(a.outerExtent());
    }
    results.push_back(column);
    shape.push_back(b.outerExtent());
    contraction.cMap = map(results);
    contraction.resultType = RankedTensorType::get(shape, resultElement);
    return contraction;
  }

private:
  AffineExpr dim(int64_t position) {
    return getAffineDimExpr(position, context);
  }
  AffineExpr zero() { return getAffineConstantExpr(0, context); }
  AffineMap map(ArrayRef<AffineExpr> results) {
    return AffineMap::get(extents.size(), 0, results, context);
  }

  void addDims() {
    batchDims.resize(numBatch);
    for (bool inGroups : {true, false})
      for (int64_t i = numBatch - 1; i >= 0; --i) {
        int64_t extent = std::max(a.batchExtent(i), b.batchExtent(i));
        if (extent == 1 || (b.batchExtent(i) != 1) != inGroups)
          continue;
        batchDims[i] = extents.size();
        extents.push_back(extent);
        numGroups += inGroups;
      }
    if (a.outerDim) {
      rowDim = extents.size();
      extents.push_back(a.outerExtent());
    }
    extents.push_back(b.outerExtent());
    extents.push_back(a.contractedExtent());
  }

  /// The operand and its map, looking through transposes.
  std::pair<Value, AffineMap> operand(const Side &side, AffineExpr outer,
                                      AffineExpr contracted) {
    SmallVector<AffineExpr> results(tensorType(side.value).getRank());
    for (int64_t i = 0; i < side.numBatch(); ++i)
      results[side.numBatch() - 1 - i] =
          side.batchExtent(i) != 1 ? dim(*batchDims[i]) : zero();
    if (side.outerDim)
      results[*side.outerDim] = outer;
    results[side.contractedDim] = contracted;

    Value value = side.value;
    while (auto transposeOp = value.getDefiningOp<edge::TransposeOp>()) {
      SmallVector<AffineExpr> permuted(results.size());
      for (auto [i, from] : llvm::enumerate(transposeOp.getPermutation()))
        permuted[from] = results[i];
      results = permuted;
      value = transposeOp.getInput();
    }
    return {value, map(results)};
  }

  Side a;
  Side b;
  MLIRContext *context;
  int64_t numBatch;
  int64_t numGroups = 0;
  SmallVector<int64_t> extents;
  SmallVector<std::optional<int64_t>> batchDims; ///< Last dimension first.
  std::optional<int64_t> rowDim;
};

struct MatMulToContract : OpRewritePattern<edge::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::MatMulOp op,
                                PatternRewriter &rewriter) const override {
    Side a = leftSide(op), b = rightSide(op);
    if (shouldSwap(a, b))
      std::swap(a, b);
    auto type = cast<RankedTensorType>(op.getResult().getType());
    Contraction contraction =
        MatMulBuilder(a, b, rewriter.getContext()).build(type.getElementType());
    Value result = buildContraction(rewriter, op.getLoc(), contraction);
    rewriter.replaceOp(op,
                       reshape(rewriter, op.getLoc(), result, type.getShape()));
    return success();
  }
};

} // namespace

void populateMatMulToKernelPatterns(RewritePatternSet &patterns) {
  patterns.add<MatMulToContract>(patterns.getContext());
}

} // namespace edgec
