//===- ActivationProduct.cpp - Products of two activations ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// sum((a - za) * (b - zb)) = sum(a * b) - zb * sum(a) - za * sum(b) + k * za *
// zb
//
// The first sum is a product of bytes. The others are one for each row of a and
// for each column of b, computed at run time, as neither is a constant.
//
//===----------------------------------------------------------------------===//

#include "ActivationProduct.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace edgec::edge {

static Value scalarOf(OpBuilder &builder, Location loc, IntegerType element,
                      int64_t value) {
  auto type = RankedTensorType::get({}, element);
  APInt bits(element.getWidth(), value, /*isSigned=*/true);
  return builder.create<ConstantOp>(loc, DenseElementsAttr::get(type, bits));
}

/// `factor` times the sums of a matrix along `axis`, of shape (rows, 1) or
/// (1, columns).
static Value scaledSums(OpBuilder &builder, Location loc, Value matrix,
                        int64_t axis, bool ofRows, int64_t factor) {
  auto type = cast<RankedTensorType>(matrix.getType());
  IntegerType i32 = builder.getI32Type();
  Value wide = builder.create<CastOp>(loc, type.clone(i32), matrix);
  SmallVector<int64_t> shape(type.getShape());
  shape[axis] = 1;
  Value sums = builder.create<ReduceOp>(
      loc, RankedTensorType::get(shape, i32), wide, ReduceKind::sum,
      ArrayRef<int64_t>(axis), /*keep_dims=*/true);
  // Of a transposed matrix they stand across.
  bool isColumn = axis == type.getRank() - 1;
  if (isColumn != ofRows) {
    std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
    sums =
        builder.create<ReshapeOp>(loc, RankedTensorType::get(shape, i32), sums);
  }
  return builder.create<MulOp>(loc, sums.getType(), sums,
                               scalarOf(builder, loc, i32, factor));
}

/// Whether no sum of `depth` products leaves i32, whatever the order in which
/// the terms are added.
static bool fitsSums(const QuantizedActivation &lhs,
                     const QuantizedActivation &rhs, int64_t depth) {
  auto largest = [](const QuantizedActivation &activation) {
    return (activation.isUnsigned() ? 255 : 128) +
           std::abs(activation.zeroPoint);
  };
  return depth <=
         std::numeric_limits<int32_t>::max() / (largest(lhs) * largest(rhs));
}

Value multiplyActivations(OpBuilder &builder, MatMulOp op,
                          const QuantizedActivation &lhs,
                          const QuantizedActivation &rhs) {
  auto left = cast<RankedTensorType>(op.getLhs().getType());
  auto right = cast<RankedTensorType>(op.getRhs().getType());
  int64_t lhsAxis = left.getRank() - (op.getTransposeLhs() ? 2 : 1);
  int64_t rhsAxis = right.getRank() - (op.getTransposeRhs() ? 1 : 2);
  int64_t depth = left.getDimSize(lhsAxis);
  if (!fitsSums(lhs, rhs, depth))
    return Value();

  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(op.getType()).clone(builder.getI32Type());
  Value a = lhs.integers(builder), b = rhs.integers(builder);
  Value sums = builder.create<MatMulOp>(loc, a, b, op.getTransposeLhs(),
                                        op.getTransposeRhs());
  auto add = [&](Value term) {
    sums = builder.create<AddOp>(loc, type, sums, term);
  };
  if (rhs.zeroPoint != 0)
    add(scaledSums(builder, loc, a, lhsAxis, /*ofRows=*/true, -rhs.zeroPoint));
  if (lhs.zeroPoint != 0)
    add(scaledSums(builder, loc, b, rhsAxis, /*ofRows=*/false, -lhs.zeroPoint));
  if (lhs.zeroPoint != 0 && rhs.zeroPoint != 0)
    add(scalarOf(builder, loc, builder.getI32Type(),
                 depth * lhs.zeroPoint * rhs.zeroPoint));
  return sums;
}

} // namespace edgec::edge
