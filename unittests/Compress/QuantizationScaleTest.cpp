//===- QuantizationScaleTest.cpp - Scales and rounded values --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/QuantizationScale.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>

using namespace edgec;

namespace {

Tensor weightsOf(std::vector<int64_t> shape, std::vector<float> values) {
  Tensor tensor(ElementType::F32, std::move(shape));
  std::copy(values.begin(), values.end(), tensor.mutableData<float>());
  return tensor;
}

TEST(ActivationScale, RepresentsTheRangeAndZero) {
  for (auto [low, high] : {std::pair(-1.0f, 1.55f), std::pair(0.0f, 6.0f),
                           std::pair(-3.0f, 0.0f), std::pair(-1e-3f, 1e3f)}) {
    for (unsigned bits : {8u, 16u}) {
      ActivationScale chosen = chooseActivationScale(low, high, bits);
      int64_t largest = (1 << bits) - 1;
      EXPECT_GE(chosen.zeroPoint, 0);
      EXPECT_LE(chosen.zeroPoint, largest);
      double step = chosen.scale;
      EXPECT_NEAR(-chosen.zeroPoint * step, low, 0.51 * step);
      EXPECT_NEAR((largest - chosen.zeroPoint) * step, high, 0.51 * step);
    }
  }
}

TEST(ActivationScale, HasOneForEveryRange) {
  EXPECT_EQ(chooseActivationScale(0, 0).scale, 1.0f);
  EXPECT_EQ(chooseActivationScale(-1e-44f, 1e-44f).scale, 1.0f);
  float largest = std::numeric_limits<float>::max();
  ActivationScale widest = chooseActivationScale(-largest, largest);
  EXPECT_TRUE(std::isfinite(widest.scale));
  EXPECT_EQ(widest.zeroPoint, 128);
}

TEST(QuantizedWeights, RoundToTheNearest) {
  Tensor weights = weightsOf({2, 2}, {1.0f, -0.5f, 0.25f, 127.0f});
  auto result = quantizeWeightsToNearest(weights, ScaleLayout(), 8);
  ASSERT_TRUE(succeeded(result));
  ASSERT_EQ(result->scales.size(), 1u);
  EXPECT_EQ(result->scales[0], 1.0f);
  const auto *integers = result->integers.data<int8_t>();
  EXPECT_EQ(integers[0], 1);
  EXPECT_EQ(integers[1], 0); // Halves go to the even neighbour.
  EXPECT_EQ(integers[2], 0);
  EXPECT_EQ(integers[3], 127);
}

TEST(QuantizedWeights, HaveAScaleForEachIndexOfTheAxis) {
  std::mt19937 engine(3);
  std::uniform_real_distribution<float> distribution(-1, 1);
  for (unsigned bits : {8u, 4u, 2u})
    for (int64_t axis : {0, 1, 2}) {
      Tensor weights(ElementType::F32, {3, 4, 5});
      for (int64_t i = 0; i < weights.size(); ++i)
        weights.mutableData<float>()[i] = distribution(engine);
      auto result = quantizeWeightsToNearest(
          weights, ScaleLayout::perChannel(weights.shape(), axis), bits);
      ASSERT_TRUE(succeeded(result));
      ASSERT_EQ(static_cast<int64_t>(result->scales.size()), weights.dim(axis));
      int largest = 0;
      for (int64_t i = 0; i < weights.size(); ++i) {
        int64_t index[] = {i / 20, i / 5 % 4, i % 5};
        float scale = result->scales[index[axis]];
        int integer = result->integers.data<int8_t>()[i];
        largest = std::max(largest, std::abs(integer));
        EXPECT_LE(std::abs(weights.data<float>()[i] - integer * scale),
                  0.501f * scale);
      }
      EXPECT_EQ(largest, (1 << (bits - 1)) - 1);
    }
}

TEST(QuantizedWeights, HaveAScaleForEachBlock) {
  // Blocks of 2 and 1 along the middle dimension.
  Tensor weights = weightsOf({2, 3, 2}, {1, 10, -127, 20, 127, 6.35f, //
                                         0.5f, 127, -1.27f, 1, 254, -12.7f});
  auto result = quantizeWeightsToNearest(
      weights, ScaleLayout::blocked(weights.shape(), 1, 2), 8);
  ASSERT_TRUE(succeeded(result));
  EXPECT_EQ(result->layout.shape(), llvm::ArrayRef<int64_t>({2, 2, 2}));
  EXPECT_EQ(result->layout.axis(), 1);
  EXPECT_EQ(result->layout.blockSize(), 2);
  std::vector<float> expected = {1, 20 / 127.f, 1, 0.05f, 0.01f, 1, 2, 0.1f};
  ASSERT_EQ(result->scales.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_FLOAT_EQ(result->scales[i], expected[i]) << i;
  std::vector<int> integers(result->integers.data<int8_t>(),
                            result->integers.data<int8_t>() + 12);
  EXPECT_EQ(integers, (std::vector<int>{1, 64, -127, 127, 127, 127, //
                                        50, 127, -127, 1, 127, -127}));
}

TEST(QuantizedWeights, OfZerosAreZeros) {
  auto result = quantizeWeightsToNearest(weightsOf({1, 2}, {0.0f, 0.0f}),
                                         ScaleLayout::perChannel({1, 2}, 0), 8);
  ASSERT_TRUE(succeeded(result));
  EXPECT_EQ(result->scales[0], 1.0f);
  EXPECT_EQ(result->integers.data<int8_t>()[1], 0);
}

TEST(QuantizedWeights, HaveScalesAsLargeAsAskedFor) {
  auto result = quantizeWeightsToNearest(weightsOf({2, 1}, {1.27f, 1.27f}),
                                         ScaleLayout::perChannel({2, 1}, 0), 8,
                                         {0.001f, 0.1f});
  ASSERT_TRUE(succeeded(result));
  EXPECT_FLOAT_EQ(result->scales[0], 0.01f);
  EXPECT_EQ(result->scales[1], 0.1f);
  EXPECT_EQ(result->integers.data<int8_t>()[0], 127);
  EXPECT_EQ(result->integers.data<int8_t>()[1], 13);
}

TEST(QuantizedWeights, HaveToBeFinite) {
  EXPECT_TRUE(failed(quantizeWeightsToNearest(
      weightsOf({2}, {1.0f, std::numeric_limits<float>::infinity()}),
      ScaleLayout::perChannel({2}, 0), 8)));
  EXPECT_TRUE(failed(quantizeWeightsToNearest(
      weightsOf({2}, {1.0f, std::nanf("")}), ScaleLayout(), 8)));
}

TEST(RowBits, AreTheFewestWithWholeBytes) {
  for (int64_t elements = 1; elements <= 64; ++elements) {
    unsigned bits = fewestRowBits(elements);
    EXPECT_EQ(elements * bits % 8, 0) << elements;
    for (unsigned fewer = 2; fewer < bits; fewer *= 2)
      EXPECT_NE(elements * fewer % 8, 0) << elements;
  }
  EXPECT_EQ(fewestRowBits(256), 2u);
  EXPECT_EQ(fewestRowBits(6), 4u);
  EXPECT_EQ(fewestRowBits(9), 8u);
}

TEST(Weights, HaveAScaleARow) {
  Tensor table =
      weightsOf({3, 2, 2}, {127, -1, 0, 64, 0.5f, 0, 0, -0.25f, 0, 0, 0, 0});
  auto rows = quantizeWeightsToNearest(
      table, ScaleLayout::perChannel(table.shape(), /*axis=*/0), 8);
  ASSERT_TRUE(succeeded(rows));
  ASSERT_EQ(rows->scales.size(), 3u);
  EXPECT_EQ(rows->scales[0], 1.0f);
  EXPECT_EQ(rows->scales[1], 0.5f / 127);
  EXPECT_EQ(rows->scales[2], 1.0f); // Of zeros, any.
  EXPECT_EQ(rows->integers.data<int8_t>()[3], 64);
  EXPECT_EQ(rows->integers.data<int8_t>()[7], -64);
  EXPECT_EQ(rows->integers.data<int8_t>()[11], 0);
}

} // namespace
