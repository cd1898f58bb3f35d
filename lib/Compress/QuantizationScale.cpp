//===- QuantizationScale.cpp - Scales and rounded values
//-------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/QuantizationScale.h"
#include <algorithm>
#include <cmath>

using namespace edgec;
using namespace llvm;

ActivationScale edgec::chooseActivationScale(float low, float high) {
  constexpr int64_t steps = 255;
  // Wider than f32's range: the difference of its ends.
  double width = static_cast<double>(high) - low;
  float scale = static_cast<float>(width / steps);
  if (!std::isnormal(scale))
    return {1, 0};
  double zeroPoint = std::nearbyint(-static_cast<double>(low) / scale);
  return {scale,
          std::clamp<int64_t>(static_cast<int64_t>(zeroPoint), 0, steps)};
}

namespace {

/// Where the elements of one index of an axis are.
struct AxisView {
  AxisView(const Tensor &tensor, std::optional<int64_t> axis) {
    if (!axis) {
      inner = tensor.size();
      return;
    }
    channels = tensor.dim(*axis);
    for (int64_t dim = 0; dim < tensor.rank(); ++dim)
      (dim < *axis ? outer : dim > *axis ? inner : unused) *= tensor.dim(dim);
  }
  template <typename Visit> void forEach(int64_t channel, Visit visit) const {
    for (int64_t i = 0; i < outer; ++i)
      for (int64_t j = 0; j < inner; ++j)
        visit((i * channels + channel) * inner + j);
  }

  int64_t outer = 1, channels = 1, inner = 1, unused = 1;
};

} // namespace

FailureOr<QuantizedWeights>
edgec::quantizeWeightsToNearest(const Tensor &weights,
                                std::optional<int64_t> axis, unsigned bits,
                                llvm::ArrayRef<float> leastScales) {
  const float *values = weights.data<float>();
  QuantizedWeights result{Tensor(ElementType::I8, weights.shape()), {}};
  auto *integers = result.integers.mutableData<int8_t>();
  // Two bits have three levels; a fourth, -2, would have no counterpart.
  const float largest = static_cast<float>((1 << (bits - 1)) - 1);
  AxisView view(weights, axis);
  for (int64_t channel = 0; channel < view.channels; ++channel) {
    float magnitude = 0;
    bool isFinite = true;
    view.forEach(channel, [&](int64_t i) {
      isFinite &= std::isfinite(values[i]);
      magnitude = std::max(magnitude, std::abs(values[i]));
    });
    if (!isFinite)
      return failure();
    float scale = magnitude / largest;
    if (!std::isnormal(scale))
      scale = 1;
    if (!leastScales.empty())
      scale = std::max(scale, leastScales[channel]);
    result.scales.push_back(scale);
    view.forEach(channel, [&](int64_t i) {
      float rounded = std::nearbyint(values[i] / scale);
      integers[i] = static_cast<int8_t>(std::clamp(rounded, -largest, largest));
    });
  }
  return result;
}
