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
/// tensor: to an index of `axis`, or with blocks to one of the elements before
/// the axis, a block, and one of those after it.
struct ParameterIndex {
  int64_t inner = 1, extent = 1, block = 1;
  int64_t innerCount = 1, count = 1, outerStep = 0;

  ParameterIndex(const Tensor &parameter, const Tensor &tensor, int64_t axis,
                 int64_t blockSize = 0) {
    if (parameter.size() == 1)
      return;
    inner = product(Extents(tensor.shape()).drop_front(axis + 1));
    extent = count = tensor.dim(axis);
    if (blockSize == 0)
      return;
    block = blockSize;
    count = (extent + block - 1) / block;
    innerCount = inner;
    outerStep = count * inner;
  }
  int64_t operator()(int64_t element) const {
    int64_t index = element / inner;
    return index / extent * outerStep + index % extent / block * innerCount +
           element % innerCount;
  }
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
  ParameterIndex scaleAt(scale, input, op.getAxis(), op.getBlockSize());
  ParameterIndex zeroAt(zero, input, op.getAxis(), op.getBlockSize());
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

void unpack(UnpackOp op, Operands operands, Tensor &result) {
  auto bits = static_cast<unsigned>(op.getBits());
  const uint8_t *bytes = operands[0].data<uint8_t>();
  bool isUnsigned = result.type() == ElementType::U8;
  unsigned high = 8 - bits;
  char *to = result.mutableBytes();
  for (int64_t i = 0, count = result.size(); i < count; ++i) {
    unsigned place = i * bits % 8;
    auto raised = static_cast<uint8_t>(bytes[i * bits / 8] >> place << high);
    to[i] = static_cast<char>(isUnsigned ? raised >> high
                                         : static_cast<int8_t>(raised) >> high);
  }
}

} // namespace

void reference::addQuantizationKernels(KernelTable &table) {
  table.add<QuantizeOp, quantize>();
  table.add<DequantizeOp, dequantize>();
  table.add<LookupOp, lookup>();
  table.add<UnpackOp, unpack>();
}
