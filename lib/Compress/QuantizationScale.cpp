//===- QuantizationScale.cpp - Scales and rounded values -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/QuantizationScale.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <cmath>

using namespace edgec;
using namespace llvm;

ActivationScale edgec::chooseActivationScale(float low, float high,
                                             unsigned bits) {
  const int64_t steps = (int64_t(1) << bits) - 1;
  // Wider than f32's range: the difference of its ends.
  double width = static_cast<double>(high) - low;
  float scale = static_cast<float>(width / steps);
  if (!std::isnormal(scale))
    return {1, 0};
  double zeroPoint = std::nearbyint(-static_cast<double>(low) / scale);
  return {scale,
          std::clamp<int64_t>(static_cast<int64_t>(zeroPoint), 0, steps)};
}

ScaleLayout ScaleLayout::perChannel(ArrayRef<int64_t> shape, int64_t axis) {
  ScaleLayout layout;
  layout.scaleAxis = axis;
  layout.extent = shape[axis];
  for (int64_t size : shape.drop_front(axis + 1))
    layout.inner *= size;
  layout.scaleShape = {layout.extent};
  return layout;
}

ScaleLayout ScaleLayout::blocked(ArrayRef<int64_t> shape, int64_t axis,
                                 int64_t block) {
  ScaleLayout layout = perChannel(shape, axis);
  layout.block = block;
  layout.isBlocked = true;
  layout.scaleShape.assign(shape.begin(), shape.end());
  layout.scaleShape[axis] = divideCeil(shape[axis], block);
  return layout;
}

int64_t ScaleLayout::count() const {
  int64_t count = 1;
  for (int64_t size : scaleShape)
    count *= size;
  return count;
}

FailureOr<QuantizedWeights>
edgec::quantizeWeightsToNearest(const Tensor &weights, ScaleLayout layout,
                                unsigned bits,
                                llvm::ArrayRef<float> leastScales) {
  llvm::ArrayRef values(weights.data<float>(),
                        static_cast<size_t>(weights.size()));
  // Two bits have three levels; a fourth, -2, would have no counterpart.
  const float largest = static_cast<float>((1 << (bits - 1)) - 1);
  SmallVector<float> scales(layout.count(), 0);
  for (auto [element, value] : llvm::enumerate(values)) {
    if (!std::isfinite(value))
      return failure();
    float &magnitude = scales[layout.scaleOf(element)];
    magnitude = std::max(magnitude, std::abs(value));
  }
  for (auto [index, scale] : llvm::enumerate(scales)) {
    scale /= largest;
    if (!std::isnormal(scale))
      scale = 1;
    if (!leastScales.empty())
      scale = std::max(scale, leastScales[index]);
  }
  QuantizedWeights result{Tensor(ElementType::I8, weights.shape()),
                          std::move(scales), std::move(layout)};
  auto *integers = result.integers.mutableData<int8_t>();
  for (auto [element, value] : llvm::enumerate(values)) {
    float rounded = std::nearbyint(value / result.scaleOf(element));
    integers[element] =
        static_cast<int8_t>(std::clamp(rounded, -largest, largest));
  }
  return result;
}

unsigned edgec::fewestRowBits(int64_t elements) {
  for (unsigned bits : {2U, 4U})
    if (elements * bits % 8 == 0)
      return bits;
  return 8;
}
