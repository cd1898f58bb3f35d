//===- AbsorbTransposes.cpp - What becomes of the transposes that are left ===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Layout/Layout.h"

#include "Common.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;

namespace edgec {
namespace {

/// A transpose whose dimensions other than 1 keep their order.
struct UnitTransposeToReshape : OpRewritePattern<edge::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    int64_t last = -1;
    for (int64_t dim : op.getPermutation()) {
      if (shapeOf(op.getInput())[dim] == 1)
        continue;
      if (dim < last)
        return rewriter.notifyMatchFailure(op, "elements move");
      last = dim;
    }
    rewriter.replaceOp(op, reshape(rewriter, op.getLoc(), op.getInput(),
                                   shapeOf(op.getResult())));
    return success();
  }
};

struct ComposeReshapes : OpRewritePattern<edge::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::ReshapeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<edge::ReshapeOp>();
    if (!inner && op.getInput().getType() != op.getResult().getType())
      return rewriter.notifyMatchFailure(op, "a single reshape");
    Value source = inner ? inner.getInput() : op.getInput();
    rewriter.replaceOp(
        op, reshape(rewriter, op.getLoc(), source, shapeOf(op.getResult())));
    return success();
  }
};

/// An image that is flattened for a matrix product in another order than it
/// is stored: [n, y, x, c] transposed to [n, c, y, x], reshaped to [n, k].
/// `first` is the first dimension that goes into k.
struct Flattened {
  edge::TransposeOp transposeOp;
  int64_t first;
};

std::optional<Flattened> matchFlattened(Value value) {
  auto reshapeOp = value.getDefiningOp<edge::ReshapeOp>();
  if (!reshapeOp)
    return std::nullopt;
  auto transposeOp = reshapeOp.getInput().getDefiningOp<edge::TransposeOp>();
  if (!transposeOp)
    return std::nullopt;
  ArrayRef<int64_t> shape = shapeOf(transposeOp.getResult());
  ArrayRef<int64_t> flat = shapeOf(value);
  if (flat.empty())
    return std::nullopt;
  int64_t first = shape.size();
  for (int64_t extent = 1; first > 0 && extent < flat.back();)
    extent *= shape[--first];
  int64_t product = 1;
  for (int64_t extent : shape.drop_front(first))
    product *= extent;
  ArrayRef<int64_t> permutation = transposeOp.getPermutation();
  // The dimensions before k keep their order.
  if (product != flat.back() ||
      !isIdentityPermutation(permutation.take_front(first)))
    return std::nullopt;
  return Flattened{transposeOp, first};
}

/// The rows of a constant right operand move instead of the image's elements.
struct TransposeRowsOfWeights : OpRewritePattern<edge::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(edge::MatMulOp op,
                                PatternRewriter &rewriter) const override {
    RankedTensorType weights = tensorType(op.getRhs());
    if (op.getTransposeLhs() || weights.getRank() != 2 ||
        !isFreeToTranspose(op.getRhs(), {1, 0}))
      return rewriter.notifyMatchFailure(op, "no constant matrix");
    auto flattened = matchFlattened(op.getLhs());
    if (!flattened)
      return rewriter.notifyMatchFailure(op, "no flattened image");

    // Kernels read weights of few bits as they are stored.
    auto dequantize = op.getRhs().getDefiningOp<edge::DequantizeOp>();
    if (dequantize && dequantize.getBlockSize() != 0)
      return rewriter.notifyMatchFailure(op, "neighbouring rows share scales");
    bool movesIntegers =
        dequantize && (tensorType(dequantize.getScale()).getRank() == 0 ||
                       dequantize.getAxis() == (op.getTransposeRhs() ? 0 : 1));

    Location loc = op.getLoc();
    auto [transposeOp, first] = *flattened;
    Value image =
        reshape(rewriter, loc, transposeOp.getInput(), shapeOf(op.getLhs()));
    Value rows = movesIntegers ? dequantize.getInput() : op.getRhs();
    Value moved = moveRows(rewriter, op, rows, transposeOp, first);
    if (movesIntegers)
      moved = rewriter.create<edge::DequantizeOp>(
          loc, dequantize.getType(), moved, dequantize.getScale(),
          dequantize.getZeroPoint(), dequantize.getAxis());
    rewriter.modifyOpInPlace(op, [&] {
      op.getLhsMutable().assign(image);
      op.getRhsMutable().assign(moved);
    });
    return success();
  }

private:
  /// [k, n] seen as [c, y, x, n], transposed to [y, x, c, n]; with a
  /// transposed right operand n comes first.
  static Value moveRows(OpBuilder &builder, edge::MatMulOp op, Value matrix,
                        edge::TransposeOp transposeOp, int64_t first) {
    ArrayRef<int64_t> image =
        shapeOf(transposeOp.getResult()).drop_front(first);
    SmallVector<int64_t> rows = invertPermutationVector(
        llvm::map_to_vector(transposeOp.getPermutation().drop_front(first),
                            [first](int64_t dim) { return dim - first; }));
    ArrayRef<int64_t> extents = shapeOf(matrix);
    SmallVector<int64_t> shape(image), permutation(rows);
    if (op.getTransposeRhs()) {
      shape.insert(shape.begin(), extents[0]);
      permutation = {0};
      for (int64_t dim : rows)
        permutation.push_back(dim + 1);
    } else {
      shape.push_back(extents[1]);
      permutation.push_back(rows.size());
    }
    Location loc = op.getLoc();
    Value split = reshape(builder, loc, matrix, shape);
    return reshape(builder, loc, transpose(builder, loc, split, permutation),
                   extents);
  }
};

/// An elementwise operation between the flattening and the product goes first.
struct FlattenLater : RewritePattern {
  explicit FlattenLater(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    bool isUnary =
        isa<edge::ElementwiseOpInterface>(op) && op->getNumOperands() == 1;
    bool isPerTensor = isa<edge::QuantizeOp, edge::DequantizeOp>(op) &&
                       tensorType(op->getOperand(1)).getNumElements() == 1;
    if ((!isUnary && !isPerTensor) || !matchFlattened(op->getOperand(0)))
      return rewriter.notifyMatchFailure(op, "nothing flattened");
    auto reshapeOp = op->getOperand(0).getDefiningOp<edge::ReshapeOp>();
    auto transposeOp = reshapeOp.getInput().getDefiningOp<edge::TransposeOp>();
    if (!reshapeOp->hasOneUse() || !transposeOp->hasOneUse())
      return rewriter.notifyMatchFailure(op, "others read it flattened");

    Operation *copy = rewriter.clone(*op);
    RankedTensorType type = tensorType(op->getResult(0));
    rewriter.modifyOpInPlace(copy, [&] {
      copy->setOperand(0, transposeOp.getInput());
      copy->getResult(0).setType(type.clone(shapeOf(transposeOp.getInput())));
    });
    Value ordered = transpose(rewriter, op->getLoc(), copy->getResult(0),
                              transposeOp.getPermutation());
    rewriter.replaceOp(
        op, reshape(rewriter, op->getLoc(), ordered, type.getShape()));
    return success();
  }
};

} // namespace

void populateAbsorbTransposesPatterns(RewritePatternSet &patterns) {
  patterns.add<UnitTransposeToReshape, ComposeReshapes, TransposeRowsOfWeights,
               FlattenLater>(patterns.getContext());
}

} // namespace edgec
