//===- PackedWeights.cpp - Weights of few bits to kernels -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel has the integers in a byte each until they are packed in panels: the
// order of a panel, and with it that of the bits, is the target's.
//
//===----------------------------------------------------------------------===//

#include "Common.h"
#include "Contraction.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Reference/Interpreter.h"

using namespace mlir;

namespace edgec {

/// The bytes that `op` computes from a constant; null if it computes them from
/// anything else.
static Value unpack(OpBuilder &builder, edge::UnpackOp op) {
  auto packed = op.getInput().getDefiningOp<edge::ConstantOp>();
  if (!packed)
    return Value();
  FailureOr<Tensor> bytes = toTensor(packed.getValue());
  if (failed(bytes))
    return Value();
  FailureOr<std::vector<Tensor>> integers = interpretOperation(op, {*bytes});
  if (failed(integers))
    return Value();
  return builder.create<edge::ConstantOp>(
      packed.getLoc(),
      toAttribute(integers->front(), "unpacked", builder.getContext()));
}

/// Finds the scales in `op`; whether kernels know how to use them.
static bool matchScales(OpBuilder &builder, edge::DequantizeOp op,
                        AffineMap bMap, unsigned columnDim,
                        PackedWeights &weights) {
  auto scale = op.getScale().getDefiningOp<edge::ConstantOp>();
  auto zero = op.getZeroPoint().getDefiningOp<edge::ConstantOp>();
  RankedTensorType type = tensorType(op.getScale());
  if (!scale || !zero || !type.getElementType().isF32())
    return false;
  FailureOr<Tensor> zeroPoints = toTensor(zero.getValue());
  if (failed(zeroPoints))
    return false;
  for (int64_t i = 0; i < zeroPoints->size(); ++i)
    if (zeroPoints->asInt(i) != 0)
      return false;
  unsigned numDims = bMap.getNumDims(), last = numDims - 1;
  if (type.getNumElements() == 1) {
    weights.scale =
        reshape(builder, op.getLoc(), op.getScale(), ArrayRef<int64_t>{});
    weights.scaleMap = AffineMap::get(numDims, 0, builder.getContext());
    return true;
  }
  AffineExpr index = bMap.getResult(op.getAxis());
  if (op.getBlockSize() == 0) {
    // Sums are what is multiplied.
    for (unsigned dim = columnDim + 1; dim < numDims; ++dim)
      if (index.isFunctionOfDim(dim))
        return false;
    weights.scale = op.getScale();
    weights.scaleMap = AffineMap::get(numDims, 0, index);
    return true;
  }
  weights.groupScales = scale.getValue();
  weights.group = op.getBlockSize();
  return index == builder.getAffineDimExpr(last);
}

std::optional<PackedWeights> matchPackedWeights(OpBuilder &builder, Value b,
                                                AffineMap bMap,
                                                unsigned columnDim,
                                                Type accumulator) {
  PackedWeights weights;
  auto dequantize = b.getDefiningOp<edge::DequantizeOp>();
  Value integers = dequantize ? dequantize.getInput() : b;
  auto unpacked = integers.getDefiningOp<edge::UnpackOp>();
  bool areBytes = dequantize && integers.getDefiningOp<edge::ConstantOp>();
  if (!(unpacked || areBytes) ||
      !tensorType(integers).getElementType().isSignlessInteger(8))
    return std::nullopt;
  if (dequantize &&
      (!accumulator.isF32() ||
       !matchScales(builder, dequantize, bMap, columnDim, weights)))
    return std::nullopt;
  weights.bits = unpacked ? unpacked.getBits() : 8;
  weights.integers = unpacked ? unpack(builder, unpacked) : integers;
  if (!weights.integers)
    return std::nullopt;
  return weights;
}

} // namespace edgec
