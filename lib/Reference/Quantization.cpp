//===- Quantization.cpp - Between float and quantized tensors -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX's QuantizeLinear and DequantizeLinear, computed in single precision one
// rounding a step (double precision for f64), as ONNX Runtime does: the same
// bits. And tables of functions between them.
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

/// Which element of the scales or zero points belongs to an element of the
/// tensor.
struct ParameterIndex {
  int64_t inner = 1, count = 1;

  ParameterIndex(const Tensor &parameter, const Tensor &tensor, int64_t axis) {
    if (parameter.size() == 1)
      return;
    inner = product(Extents(tensor.shape()).drop_front(axis + 1));
    count = parameter.size();
  }
  int64_t operator()(int64_t element) const { return element / inner % count; }
};

/// Rounds to the nearest, ties to even, and saturates; a NaN gives the lowest
/// value. Exact: quotients are clamped long before they leave int64_t's range,
/// and a zero point is added to an integer.
template <typename T> T saturate(double quotient, int64_t zeroPoint) {
  constexpr double bound = 1e15;
  if (!(quotient >= -bound))
    quotient = -bound;
  if (quotient > bound)
    quotient = bound;
  int64_t rounded = std::llrint(quotient) + zeroPoint;
  using Limits = std::numeric_limits<T>;
  if constexpr (sizeof(T) < 8) {
    if (rounded < static_cast<int64_t>(Limits::lowest()))
      return Limits::lowest();
    if (rounded > static_cast<int64_t>(Limits::max()))
      return Limits::max();
  }
  return static_cast<T>(rounded);
}

void quantize(QuantizeOp op, Operands operands, Tensor &result) {
  const Tensor &input = operands[0], &scale = operands[1], &zero = operands[2];
  ParameterIndex scaleAt(scale, input, op.getAxis());
  ParameterIndex zeroAt(zero, input, op.getAxis());
  dispatchFloat(input.type(), [&](auto fromType) {
    using From = decltype(fromType);
    using Real = Arithmetic<From>;
    dispatchInteger(result.type(), [&](auto toType) {
      using To = decltype(toType);
      const From *from = input.data<From>();
      To *to = result.mutableData<To>();
      for (int64_t i = 0, count = result.size(); i < count; ++i) {
        auto step = static_cast<Real>(scale.asDouble(scaleAt(i)));
        to[i] = saturate<To>(load(from[i]) / step, zero.asInt(zeroAt(i)));
      }
    });
  });
}

void dequantize(DequantizeOp op, Operands operands, Tensor &result) {
  const Tensor &input = operands[0], &scale = operands[1], &zero = operands[2];
  ParameterIndex scaleAt(scale, input, op.getAxis());
  ParameterIndex zeroAt(zero, input, op.getAxis());
  dispatchInteger(input.type(), [&](auto fromType) {
    using From = decltype(fromType);
    dispatchFloat(result.type(), [&](auto toType) {
      using To = decltype(toType);
      using Real = Arithmetic<To>;
      const From *from = input.data<From>();
      To *to = result.mutableData<To>();
      for (int64_t i = 0, count = result.size(); i < count; ++i) {
        int64_t difference =
            subtract(static_cast<int64_t>(from[i]), zero.asInt(zeroAt(i)));
        auto step = static_cast<Real>(scale.asDouble(scaleAt(i)));
        to[i] = store<To>(static_cast<Real>(difference) * step);
      }
    });
  });
}

void lookup(LookupOp op, Operands operands, Tensor &result) {
  llvm::ArrayRef<int8_t> table = op.getTable();
  const char *from = operands[0].bytes();
  char *to = result.mutableBytes();
  for (int64_t i = 0, count = result.size(); i < count; ++i)
    to[i] = table[static_cast<uint8_t>(from[i])];
}

} // namespace

void reference::addQuantizationKernels(KernelTable &table) {
  table.add<QuantizeOp, quantize>();
  table.add<DequantizeOp, dequantize>();
  table.add<LookupOp, lookup>();
}
