//===- NoiseSourceTest.cpp - Made samples
//--------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/NoiseSource.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>

using namespace edgec;

namespace {

llvm::ArrayRef<float> valuesOf(const Tensor &tensor) {
  return {tensor.data<float>(), static_cast<size_t>(tensor.size())};
}

TEST(NoiseSamples, FillTheRange) {
  for (std::vector<int64_t> shape : {std::vector<int64_t>{3, 17, 32},
                                     {1, 28, 28},
                                     {40, 10},
                                     {64},
                                     {9, 9, 3}})
    for (uint64_t index = 0; index < 8; ++index) {
      Tensor sample = makeNoiseSample(shape, index, {-2, 5});
      ASSERT_EQ(sample.shape(), shape);
      auto [least, greatest] =
          std::minmax_element(valuesOf(sample).begin(), valuesOf(sample).end());
      EXPECT_GE(*least, -2);
      EXPECT_LE(*greatest, 5);
      EXPECT_GT(*greatest - *least, 5);
    }
}

TEST(NoiseSamples, AreTheSameForTheSameIndex) {
  Tensor first = makeNoiseSample({3, 8, 8}, 4, {0, 255});
  EXPECT_EQ(valuesOf(first), valuesOf(makeNoiseSample({3, 8, 8}, 4, {0, 255})));
  EXPECT_NE(valuesOf(first), valuesOf(makeNoiseSample({3, 8, 8}, 8, {0, 255})));
}

/// How much of the variance is between neighbours along a stride.
double roughness(const Tensor &sample, int64_t stride) {
  llvm::ArrayRef<float> values = valuesOf(sample);
  double mean = 0, variance = 0, difference = 0;
  for (float value : values)
    mean += value / static_cast<double>(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    variance += std::pow(values[i] - mean, 2);
    difference += std::pow(values[i] - values[(i + stride) % values.size()], 2);
  }
  return difference / (2 * variance);
}

TEST(NoiseSamples, AreSmoothAndOfOneColour) {
  // White noise has 1 for both.
  Tensor first = makeNoiseSample({3, 64, 64}, 0, {0, 1});
  EXPECT_LT(roughness(first, 1), 0.5);
  EXPECT_LT(roughness(first, 64 * 64), 0.5);
  EXPECT_GT(roughness(first, 1), 0.02);
  // With the channels last, the neighbour is another colour.
  Tensor last = makeNoiseSample({64, 64, 3}, 0, {0, 1});
  EXPECT_LT(roughness(last, 1), 0.5);
  EXPECT_LT(roughness(last, 3), 0.5);
}

TEST(NoiseSamples, OfNoOrOneElementAreThere) {
  EXPECT_EQ(makeNoiseSample({0, 4}, 0, {0, 1}).size(), 0);
  Tensor scalar = makeNoiseSample({}, 3, {0, 1});
  EXPECT_EQ(scalar.data<float>()[0], 0.5f);
}

} // namespace
