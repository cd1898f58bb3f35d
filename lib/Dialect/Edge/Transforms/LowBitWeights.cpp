//===- LowBitWeights.cpp - Weights that kernels take as integers ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LowBitWeights.h"

#include "Quantized.h"
#include "Resources.h"
#include "edgec/Dialect/Edge/Depthwise.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace edgec::edge {

namespace {

/// The dimensions of weights that scales may depend on.
struct WeightAxes {
  int64_t output = 0;     ///< Of output channels.
  int64_t contracted = 0; ///< The last one that is contracted.
};

/// Nothing where `operand` is no operand with weights.
std::optional<WeightAxes> axesOf(OpOperand &operand) {
  auto type = cast<RankedTensorType>(operand.get().getType());
  if (operand.getOperandNumber() != 1)
    return std::nullopt;
  if (auto conv = dyn_cast<ConvOp>(operand.getOwner()))
    return isDepthwise(conv) ? std::nullopt : std::optional(WeightAxes{0, 1});
  auto product = dyn_cast<MatMulOp>(operand.getOwner());
  int64_t rank = type.getRank();
  if (!product || rank < 2)
    return std::nullopt;
  if (product.getTransposeRhs())
    return WeightAxes{rank - 2, rank - 1};
  return WeightAxes{rank - 1, rank - 2};
}

bool isOneElement(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.hasStaticShape() && type.getNumElements() == 1;
}

/// Whether a kernel can multiply by the scales. Blocks must end where bytes do,
/// in 2 bits as in 4, and a panel have more than one step.
bool hasKernelScales(DequantizeOp op, const WeightAxes &axes) {
  constexpr int64_t mostInByte = 4;
  if (isOneElement(op.getScale()))
    return true;
  int64_t axis = op.getAxis();
  if (op.getBlockSize() == 0)
    return axis == axes.output;
  auto shape = cast<RankedTensorType>(op.getType()).getShape();
  return axis == axes.contracted && op.getBlockSize() % mostInByte == 0 &&
         shape[axis] > 1;
}

std::optional<Tensor> constantTensor(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant || !canExpand(constant))
    return std::nullopt;
  FailureOr<Tensor> tensor = toTensor(constant.getValue());
  if (failed(tensor))
    return std::nullopt;
  return std::move(*tensor);
}

/// The bits that hold all of `values`.
int64_t neededBits(const Tensor &values) {
  int64_t low = 0, high = 0;
  const int8_t *data = values.data<int8_t>();
  for (int64_t i = 0, size = values.size(); i < size; ++i) {
    low = std::min<int64_t>(low, data[i]);
    high = std::max<int64_t>(high, data[i]);
  }
  for (int64_t bits : {2, 4})
    if (low >= -(1 << (bits - 1)) && high < (1 << (bits - 1)))
      return bits;
  return 8;
}

/// The integers that `op` multiplies by its scales; nothing where they are not
/// i8.
std::optional<Tensor> shiftedValues(DequantizeOp op) {
  auto values = constantTensor(op.getInput());
  auto zeroPoints = constantTensor(op.getZeroPoint());
  if (!values || !zeroPoints)
    return std::nullopt;
  if (values->type() == ElementType::I8 &&
      commonInteger(op.getZeroPoint()) == 0)
    return values;
  // As a dequantization by one, whose results are exact.
  Tensor ones(ElementType::F32, zeroPoints->shape());
  std::fill_n(ones.mutableData<float>(), ones.size(), 1.0f);
  Tensor shifted(ElementType::I8, values->shape());
  auto floats = interpretOperation(op, {*values, ones, *zeroPoints});
  if (failed(floats))
    return std::nullopt;
  const float *from = floats->front().data<float>();
  int8_t *to = shifted.mutableData<int8_t>();
  for (int64_t i = 0, size = shifted.size(); i < size; ++i) {
    if (from[i] < -128 || from[i] > 127)
      return std::nullopt;
    to[i] = static_cast<int8_t>(from[i]);
  }
  return shifted;
}

} // namespace

std::optional<LowBitWeights> matchLowBitWeights(OpOperand &operand) {
  std::optional<WeightAxes> axes = axesOf(operand);
  if (!axes)
    return std::nullopt;
  LowBitWeights weights;
  Value integers = operand.get();
  weights.dequantize = integers.getDefiningOp<DequantizeOp>();
  if (weights.dequantize)
    integers = weights.dequantize.getInput();
  weights.source = integers.getDefiningOp<ConstantOp>();
  if (!weights.source)
    return std::nullopt;
  Type element = getElementTypeOrSelf(integers.getType());
  std::optional<Tensor> values;
  if (DequantizeOp op = weights.dequantize) {
    if (getElementTypeOrSelf(op.getType()).isF32() &&
        element.getIntOrFloatBitWidth() == 8 && hasKernelScales(op, *axes) &&
        constantTensor(op.getScale()))
      values = shiftedValues(op);
  } else if (element.isInteger(8) && !element.isUnsignedInteger()) {
    values = constantTensor(integers);
  }
  if (!values || values->size() == 0)
    return std::nullopt;
  weights.bits = neededBits(*values);
  // Products of bytes need nothing special.
  if (weights.bits == 8 && !weights.dequantize)
    return std::nullopt;
  weights.values = std::move(*values);
  return weights;
}

std::optional<LowBitRows> matchLowBitRows(GatherOp op) {
  /// A line of the cache: less would be no smaller to read.
  constexpr int64_t smallestTable = 64;
  auto source = op.getInput().getDefiningOp<ConstantOp>();
  auto type = cast<RankedTensorType>(op.getInput().getType());
  auto result = cast<RankedTensorType>(op.getType());
  if (!source || op.getAxis() != 0 || type.getRank() < 2 ||
      !type.getElementType().isSignlessInteger(8) || !result.hasStaticShape() ||
      result.getNumElements() == 0 || storedBytes(source) < smallestTable)
    return std::nullopt;
  std::optional<Tensor> values = constantTensor(op.getInput());
  if (!values)
    return std::nullopt;
  int64_t elements = ShapedType::getNumElements(type.getShape().drop_front());
  // Of fewer bits, or as many as rows allow.
  for (int64_t bits = neededBits(*values); bits < 8; bits *= 2)
    if (elements * bits % 8 == 0)
      return LowBitRows{bits, std::move(*values), source};
  return std::nullopt;
}

} // namespace edgec::edge
