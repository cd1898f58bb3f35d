//===- Quantized.cpp - What stands behind a dequantized value ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quantized.h"

#include "Resources.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;

namespace edgec::edge {

static std::optional<Tensor> constantTensor(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant || !canExpand(constant))
    return std::nullopt;
  FailureOr<Tensor> tensor = toTensor(constant.getValue());
  if (failed(tensor))
    return std::nullopt;
  return std::move(*tensor);
}

std::optional<SmallVector<float>> floatValues(Value value) {
  if (!getElementTypeOrSelf(value.getType()).isF32())
    return std::nullopt;
  auto tensor = constantTensor(value);
  if (!tensor)
    return std::nullopt;
  const float *data = tensor->data<float>();
  return SmallVector<float>(data, data + tensor->size());
}

std::optional<int64_t> commonInteger(Value value) {
  if (!isIntegerElement(getElementTypeOrSelf(value.getType())))
    return std::nullopt;
  auto tensor = constantTensor(value);
  if (!tensor || tensor->size() == 0)
    return std::nullopt;
  for (int64_t i = 1, size = tensor->size(); i < size; ++i)
    if (tensor->asInt(i) != tensor->asInt(0))
      return std::nullopt;
  return tensor->asInt(0);
}

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

bool QuantizedActivation::isUnsigned() const {
  return getElementTypeOrSelf(quantized.getType()).isUnsignedInteger();
}

Value QuantizedActivation::integers(OpBuilder &builder) const {
  Value value = quantized;
  auto element = getElementTypeOrSelf(value.getType());
  for (Operation *move : llvm::reverse(moves)) {
    IRMapping mapping;
    mapping.map(move->getOperand(0), value);
    Operation *copy = builder.clone(*move, mapping);
    auto type = cast<RankedTensorType>(copy->getResult(0).getType());
    copy->getResult(0).setType(type.clone(element));
    value = copy->getResult(0);
  }
  return value;
}

std::optional<QuantizedActivation> matchActivation(Value value) {
  QuantizedActivation activation;
  Operation *op = value.getDefiningOp();
  for (; isa_and_nonnull<ReshapeOp, TransposeOp>(op);
       op = op->getOperand(0).getDefiningOp())
    activation.moves.push_back(op);
  auto source = dyn_cast_or_null<DequantizeOp>(op);
  if (!source || source.getBlockSize() != 0 ||
      !getElementTypeOrSelf(source.getType()).isF32() ||
      !getElementTypeOrSelf(source.getInput().getType()).isInteger(8) ||
      source.getInput().getDefiningOp<ConstantOp>())
    return std::nullopt;
  auto scale = floatValues(source.getScale());
  auto zeroPoint = commonInteger(source.getZeroPoint());
  if (!scale || scale->size() != 1 || !zeroPoint)
    return std::nullopt;
  activation.quantized = source.getInput();
  activation.scale = scale->front();
  activation.zeroPoint = *zeroPoint;
  return activation;
}

//===----------------------------------------------------------------------===//
// Filters
//===----------------------------------------------------------------------===//

/// Whether a scale or zero point is one for all or one for each index of
/// `axis` of the tensor that `op` dequantizes.
static bool isPerChannel(DequantizeOp op, Value parameter, int64_t axis) {
  auto type = cast<RankedTensorType>(parameter.getType());
  return (type.hasStaticShape() && type.getNumElements() == 1) ||
         static_cast<int64_t>(op.getAxis()) == axis;
}

/// values - zeroPoints as i8; nothing where a difference is no i8.
static std::optional<Tensor> subtractZeroPoints(const Tensor &values,
                                                const Tensor &zeroPoints,
                                                int64_t axis) {
  Tensor shifted(ElementType::I8, values.shape());
  int8_t *to = shifted.mutableData<int8_t>();
  int64_t inner = 1;
  for (int64_t dim = axis + 1; dim < values.rank(); ++dim)
    inner *= values.dim(dim);
  for (int64_t i = 0, size = values.size(); i < size; ++i) {
    int64_t channel = zeroPoints.size() == 1 ? 0 : i / inner % values.dim(axis);
    int64_t difference = values.asInt(i) - zeroPoints.asInt(channel);
    if (difference != static_cast<int8_t>(difference))
      return std::nullopt;
    to[i] = static_cast<int8_t>(difference);
  }
  return shifted;
}

std::optional<QuantizedFilter> matchFilter(Value value, int64_t axis) {
  auto op = value.getDefiningOp<DequantizeOp>();
  if (!op || op.getBlockSize() != 0 ||
      !getElementTypeOrSelf(op.getType()).isF32() ||
      !getElementTypeOrSelf(op.getInput().getType()).isInteger(8) ||
      !isPerChannel(op, op.getScale(), axis) ||
      !isPerChannel(op, op.getZeroPoint(), axis))
    return std::nullopt;
  QuantizedFilter filter;
  filter.source = op.getInput();
  filter.axis = axis;
  auto scales = floatValues(op.getScale());
  auto values = constantTensor(op.getInput());
  auto zeroPoints = constantTensor(op.getZeroPoint());
  if (!scales || !values || !zeroPoints || values->size() == 0)
    return std::nullopt;
  filter.scales = std::move(*scales);
  if (commonInteger(op.getZeroPoint()) == 0) {
    filter.values = std::move(*values);
    return filter;
  }
  auto shifted = subtractZeroPoints(*values, *zeroPoints, axis);
  if (!shifted)
    return std::nullopt;
  filter.values = std::move(*shifted);
  filter.isShifted = true;
  return filter;
}

bool selectsElements(Operation *op) {
  if (auto reduce = dyn_cast<ReduceOp>(op))
    return reduce.getKind() == ReduceKind::max ||
           reduce.getKind() == ReduceKind::min;
  if (auto resize = dyn_cast<ResizeOp>(op))
    return resize.getMode() == ResizeMode::nearest && !resize.getRoi();
  return isa<ReshapeOp, TransposeOp, SliceOp, GatherOp, BroadcastOp, MaxPoolOp,
             PadOp>(op);
}

bool selectsFromOperands(Operation *op) {
  return isa<ConcatOp>(op) || selectsElements(op);
}

ValueRange selectedOperands(Operation *op) {
  return isa<ConcatOp>(op) ? op->getOperands() : op->getOperands().take_front();
}

std::optional<Tensor> matchBias(Value value, ArrayRef<float> scales) {
  // Quantizers compute the product in single or in double precision.
  constexpr float tolerance = 1e-5f;
  auto op = value.getDefiningOp<DequantizeOp>();
  if (!op || op.getBlockSize() != 0 ||
      !getElementTypeOrSelf(op.getInput().getType()).isInteger(32) ||
      commonInteger(op.getZeroPoint()) != 0)
    return std::nullopt;
  auto own = floatValues(op.getScale());
  if (!own || own->empty())
    return std::nullopt;
  for (size_t c = 0; c != scales.size(); ++c) {
    float scale = own->size() == 1 ? own->front() : (*own)[c % own->size()];
    if (!(std::abs(scale - scales[c]) <= tolerance * scales[c]))
      return std::nullopt;
  }
  return constantTensor(op.getInput());
}

} // namespace edgec::edge
