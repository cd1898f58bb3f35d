//===- PerChannel.cpp - Scales and shifts by channel after contractions --===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PerChannel.h"
#include "Resources.h"

#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;

namespace edgec::edge {

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

std::optional<SmallVector<double>> constantValues(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant || !canExpand(constant) ||
      !isa<FloatType>(getElementTypeOrSelf(value.getType())))
    return std::nullopt;
  FailureOr<Tensor> tensor = toTensor(constant.getValue());
  if (failed(tensor))
    return std::nullopt;
  SmallVector<double> values;
  values.reserve(tensor->size());
  for (int64_t i = 0, size = tensor->size(); i < size; ++i)
    values.push_back(tensor->asDouble(i));
  return values;
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

static std::optional<Contraction> matchConv(ConvOp op, ConstantOp filter) {
  if (op.getBias() && !op.getBias().getDefiningOp<ConstantOp>())
    return std::nullopt;
  auto type = cast<RankedTensorType>(filter.getResult().getType());
  int64_t rank = type.getRank();
  int64_t axis = op.getLayout() == Layout::nchw ? 1 : rank - 1;
  return Contraction{op, filter, 0, axis, type.getDimSize(0)};
}

static std::optional<Contraction> matchMatMul(MatMulOp op, ConstantOp filter) {
  auto type = cast<RankedTensorType>(filter.getResult().getType());
  auto result = cast<RankedTensorType>(op.getType());
  if (type.getRank() != 2)
    return std::nullopt;
  int64_t axis = op.getTransposeRhs() ? 0 : 1;
  return Contraction{op, filter, axis, result.getRank() - 1,
                     type.getDimSize(axis)};
}

std::optional<Contraction> matchContraction(Operation *op) {
  if (op->getNumOperands() < 2 ||
      !isa<FloatType>(getElementTypeOrSelf(op->getOperand(1).getType())))
    return std::nullopt;
  auto filter = op->getOperand(1).getDefiningOp<ConstantOp>();
  if (!filter || !canExpand(filter))
    return std::nullopt;
  if (auto conv = dyn_cast<ConvOp>(op))
    return matchConv(conv, filter);
  if (auto matmul = dyn_cast<MatMulOp>(op))
    return matchMatMul(matmul, filter);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Scales and shifts
//===----------------------------------------------------------------------===//

PerChannelAffine PerChannelAffine::identity(int64_t channels) {
  return {SmallVector<double>(channels, 1.0),
          SmallVector<double>(channels, 0.0)};
}

PerChannelAffine PerChannelAffine::after(const PerChannelAffine &first) const {
  PerChannelAffine composed = first;
  for (size_t c = 0; c != scale.size(); ++c) {
    composed.scale[c] = scale[c] * first.scale[c];
    composed.shift[c] = scale[c] * first.shift[c] + shift[c];
  }
  return composed;
}

std::optional<PerChannelAffine> affineOf(BatchNormOp op) {
  auto scale = constantValues(op.getScale());
  auto bias = constantValues(op.getBias());
  auto mean = constantValues(op.getMean());
  auto variance = constantValues(op.getVariance());
  if (!scale || !bias || !mean || !variance)
    return std::nullopt;
  PerChannelAffine affine = PerChannelAffine::identity(scale->size());
  double epsilon = op.getEpsilon().convertToDouble();
  for (size_t c = 0; c != scale->size(); ++c) {
    affine.scale[c] = (*scale)[c] / std::sqrt((*variance)[c] + epsilon);
    affine.shift[c] = (*bias)[c] - (*mean)[c] * affine.scale[c];
  }
  return affine;
}

/// The values of a constant that broadcasts along `axis` of a tensor of rank
/// `rank` only, one a channel.
static std::optional<SmallVector<double>>
channelValues(Value constant, int64_t rank, int64_t axis, int64_t channels) {
  auto type = cast<RankedTensorType>(constant.getType());
  // Aligned at the last dimension, all extents but the channels' are 1.
  int64_t missing = rank - type.getRank();
  if (missing < 0)
    return std::nullopt;
  for (auto [dim, extent] : llvm::enumerate(type.getShape()))
    if (extent != 1 && static_cast<int64_t>(dim) + missing != axis)
      return std::nullopt;
  auto values = constantValues(constant);
  if (values && values->size() == 1)
    values->resize(channels, values->front());
  if (!values || static_cast<int64_t>(values->size()) != channels)
    return std::nullopt;
  return values;
}

/// The scale and shift of x + v, x - v, v - x, x * v or x / v.
static std::optional<PerChannelAffine> affineOf(Operation *op, bool inputIsLhs,
                                                ArrayRef<double> values) {
  PerChannelAffine affine = PerChannelAffine::identity(values.size());
  for (auto [value, scale, shift] :
       llvm::zip(values, affine.scale, affine.shift)) {
    if (isa<AddOp>(op)) {
      shift = value;
    } else if (isa<SubOp>(op)) {
      scale = inputIsLhs ? 1 : -1;
      shift = inputIsLhs ? -value : value;
    } else if (isa<MulOp>(op)) {
      scale = value;
    } else if (isa<DivOp>(op) && inputIsLhs) {
      scale = 1 / value;
    } else {
      return std::nullopt;
    }
  }
  return affine;
}

std::optional<PerChannelAffine> matchAffine(Operation *op, Value input,
                                            int64_t axis, int64_t channels) {
  if (op->getNumResults() != 1 || op->getResult(0).getType() != input.getType())
    return std::nullopt;
  if (auto norm = dyn_cast<BatchNormOp>(op)) {
    bool matches = norm.getInput() == input &&
                   static_cast<int64_t>(norm.getAxis()) == axis;
    return matches ? affineOf(norm) : std::nullopt;
  }
  if (!isa<AddOp, SubOp, MulOp, DivOp>(op))
    return std::nullopt;
  bool inputIsLhs = op->getOperand(0) == input;
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  auto values = channelValues(op->getOperand(inputIsLhs), rank, axis, channels);
  return values ? affineOf(op, inputIsLhs, *values) : std::nullopt;
}

} // namespace edgec::edge
