//===- Normalization.cpp - Normalisations ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every step is rounded in the element type (f16 and bf16: in f32), in the
// order of the operation's formula.
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"
#include "edgec/Reference/CanonicalReduction.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

void batchNorm(BatchNormOp op, Operands operands, Tensor &result) {
  int64_t axis = op.getAxis();
  Extents shape = result.shape();
  int64_t outer = product(shape.take_front(axis)), channels = shape[axis];
  int64_t inner = product(shape.drop_front(axis + 1));
  dispatchFloat(result.type(), [&](auto type) {
    using T = decltype(type);
    using Real = Arithmetic<T>;
    Real epsilon = static_cast<Real>(op.getEpsilon().convertToDouble());
    const T *from = operands[0].data<T>();
    T *to = result.mutableData<T>();
    auto parameter = [&](size_t operand, int64_t channel) {
      return load(operands[operand].data<T>()[channel]);
    };
    for (int64_t i = 0; i < outer * channels; ++i) {
      int64_t channel = i % channels;
      Real scale = parameter(1, channel), bias = parameter(2, channel);
      Real mean = parameter(3, channel);
      Real deviation = std::sqrt(parameter(4, channel) + epsilon);
      for (int64_t j = 0; j < inner; ++j, ++from, ++to)
        *to = store<T>((load(*from) - mean) / deviation * scale + bias);
    }
  });
}

void layerNorm(LayerNormOp op, Operands operands, Tensor &result) {
  Extents normalised = Extents(result.shape()).drop_front(op.getAxis());
  int64_t count = product(normalised);
  if (result.size() == 0)
    return;
  llvm::SmallVector<int64_t> scaleAt =
      offsetsOf(normalised, broadcastStrides(operands[1].shape(), normalised));
  llvm::SmallVector<int64_t> biasAt;
  if (op.getBias())
    biasAt = offsetsOf(normalised,
                       broadcastStrides(operands[2].shape(), normalised));
  dispatchFloat(result.type(), [&](auto type) {
    using T = decltype(type);
    using Real = Arithmetic<T>;
    Real epsilon = static_cast<Real>(op.getEpsilon().convertToDouble());
    const T *scale = operands[1].data<T>();
    const T *bias = op.getBias() ? operands[2].data<T>() : nullptr;
    const T *from = operands[0].data<T>();
    T *to = result.mutableData<T>();
    for (int64_t row = 0; row < result.size(); row += count) {
      const T *x = from + row;
      Real mean =
          canonicalSum<Real>(count, [&](int64_t i) { return load(x[i]); }) /
          Real(count);
      Real variance = canonicalSum<Real>(count,
                                         [&](int64_t i) {
                                           Real difference = load(x[i]) - mean;
                                           return difference * difference;
                                         }) /
                      Real(count);
      // One division a row; the product with it rounds once more.
      Real factor = Real(1) / std::sqrt(variance + epsilon);
      for (int64_t i = 0; i < count; ++i) {
        Real y = (load(x[i]) - mean) * factor * load(scale[scaleAt[i]]);
        to[row + i] = store<T>(bias ? y + load(bias[biasAt[i]]) : y);
      }
    }
  });
}

/// base to the power of beta. Frequent exponents are square roots in the
/// arithmetic's type, as in generated code: both then quantize alike.
template <typename Real> Real lrnDivisor(Real base, double beta) {
  Real root = std::sqrt(base);
  if (beta == 0.5)
    return root;
  if (beta == 0.75)
    return root * std::sqrt(root);
  return static_cast<Real>(std::pow(static_cast<double>(base), beta));
}

void lrn(LrnOp op, Operands operands, Tensor &result) {
  int64_t axis = op.getAxis(), size = op.getSize();
  Extents shape = result.shape();
  int64_t channels = shape[axis];
  int64_t outer = product(shape.take_front(axis));
  int64_t inner = product(shape.drop_front(axis + 1));
  double beta = op.getBeta().convertToDouble();
  dispatchFloat(result.type(), [&](auto type) {
    using T = decltype(type);
    using Real = Arithmetic<T>;
    Real slope = static_cast<Real>(op.getAlpha().convertToDouble() / size);
    Real bias = static_cast<Real>(op.getBias().convertToDouble());
    for (int64_t i = 0; i < outer * channels * inner; ++i) {
      int64_t channel = i / inner % channels;
      int64_t first = std::max<int64_t>(channel - (size - 1) / 2, 0);
      int64_t last = std::min(channel + size / 2, channels - 1);
      const T *x = operands[0].data<T>() + i;
      Real squares = 0;
      for (int64_t c = first; c <= last; ++c) {
        Real value = load(x[(c - channel) * inner]);
        squares += value * value;
      }
      Real divisor = lrnDivisor(bias + slope * squares, beta);
      result.mutableData<T>()[i] = store<T>(load(*x) / divisor);
    }
  });
}

} // namespace

void reference::addNormalizationKernels(KernelTable &table) {
  table.add<BatchNormOp, batchNorm>();
  table.add<LayerNormOp, layerNorm>();
  table.add<LrnOp, lrn>();
}
