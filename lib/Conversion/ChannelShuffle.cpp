//===- ChannelShuffle.cpp - Channels in interleaved groups ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChannelShuffle.h"

#include "Common.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"

using namespace mlir;

namespace edgec {

std::optional<ChannelShuffle> matchChannelShuffle(Value value) {
  auto merge = value.getDefiningOp<edge::ReshapeOp>();
  auto swap =
      merge ? merge.getInput().getDefiningOp<edge::TransposeOp>() : nullptr;
  auto split =
      swap ? swap.getInput().getDefiningOp<edge::ReshapeOp>() : nullptr;
  if (!split)
    return std::nullopt;
  ArrayRef<int64_t> shape = shapeOf(split.getInput());
  ArrayRef<int64_t> grouped = shapeOf(split.getResult());
  size_t rank = shape.size();
  if (rank < 2 || grouped.size() != rank + 1 || shapeOf(value) != shape ||
      grouped.drop_back(2) != shape.drop_back())
    return std::nullopt;
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, rank + 1));
  std::swap(permutation[rank - 1], permutation[rank]);
  if (swap.getPermutation() != ArrayRef<int64_t>(permutation))
    return std::nullopt;
  return ChannelShuffle{split.getInput(), grouped[rank - 1], shape.back()};
}

/// Dimension `dim` of `value` seen as [outer, inner] and transposed.
static Value interleave(OpBuilder &builder, Location loc, Value value,
                        int64_t dim, int64_t outer, int64_t inner) {
  SmallVector<int64_t> shape(shapeOf(value)), split(shape);
  split[dim] = outer;
  split.insert(split.begin() + dim + 1, inner);
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, split.size()));
  std::swap(permutation[dim], permutation[dim + 1]);
  Value swapped =
      transpose(builder, loc, reshape(builder, loc, value, split), permutation);
  return reshape(builder, loc, swapped, shape);
}

Value shuffleChannels(OpBuilder &builder, Location loc, Value value,
                      const ChannelShuffle &shuffle) {
  return interleave(builder, loc, value, tensorType(value).getRank() - 1,
                    shuffle.groups, shuffle.groupChannels());
}

Value unshuffle(OpBuilder &builder, Location loc, Value value, int64_t dim,
                const ChannelShuffle &shuffle) {
  return interleave(builder, loc, value, dim, shuffle.groupChannels(),
                    shuffle.groups);
}

bool hasScalesAlong(Value weights, int64_t dim) {
  auto dequantize = weights.getDefiningOp<edge::DequantizeOp>();
  return dequantize && int64_t(dequantize.getAxis()) == dim &&
         tensorType(dequantize.getScale()).getNumElements() != 1;
}

Value unshuffleWeights(OpBuilder &builder, Location loc, Value weights,
                       int64_t dim, const ChannelShuffle &shuffle) {
  assert(!hasScalesAlong(weights, dim) && "scales would change places too");
  auto dequantize = weights.getDefiningOp<edge::DequantizeOp>();
  if (!dequantize)
    return unshuffle(builder, loc, weights, dim, shuffle);
  Value integers = unshuffle(builder, loc, dequantize.getInput(), dim, shuffle);
  return builder.create<edge::DequantizeOp>(
      dequantize.getLoc(), dequantize.getType(), integers,
      dequantize.getScale(), dequantize.getZeroPoint(), dequantize.getAxis(),
      dequantize.getBlockSize());
}

bool isConstantTensor(Value value) {
  Operation *op = value.getDefiningOp();
  while (op && isa<edge::TransposeOp, edge::ReshapeOp, edge::UnpackOp,
                   edge::DequantizeOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return op &&
         (op->hasTrait<OpTrait::ConstantLike>() || isa<edge::ParameterOp>(op));
}

} // namespace edgec
