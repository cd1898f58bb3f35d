//===- PreprocessingTest.cpp - From a sample to an input ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Preprocessing.h"
#include "TestData.h"
#include <gtest/gtest.h>
#include <limits>

using namespace edgec;

namespace {

using Values = std::vector<double>;

Values stored(ElementType type, const Tensor &sample,
              const Preprocessing &preprocessing,
              ChannelLayout layout = ChannelLayout::First,
              bool hasBatch = false) {
  Tensor input(type, {sample.size()});
  storeSample(input, 0, sample, preprocessing, layout, hasBatch);
  return valuesOf(input);
}

Preprocessing normalisation(double scale, Values mean, Values deviation) {
  Preprocessing preprocessing;
  preprocessing.scale = scale;
  preprocessing.mean = std::move(mean);
  preprocessing.deviation = std::move(deviation);
  return preprocessing;
}

TEST(StoreSample, NormalisesEachChannel) {
  Tensor sample = tensorOf<uint8_t>({2, 1, 2}, {8, 10, 12, 14});
  EXPECT_EQ(
      stored(ElementType::F32, sample, normalisation(0.5, {1, 2}, {2, 4})),
      (Values{1.5, 2, 1, 1.25}));
}

TEST(StoreSample, FindsTheChannelsLast) {
  Tensor sample = tensorOf<uint8_t>({1, 2, 2}, {8, 10, 12, 14});
  EXPECT_EQ(stored(ElementType::F32, sample, normalisation(0.5, {1, 2}, {2, 4}),
                   ChannelLayout::Last),
            (Values{1.5, 0.75, 2.5, 1.25}));
}

TEST(StoreSample, PassesOverTheBatch) {
  Tensor sample = tensorOf<uint8_t>({1, 2, 2}, {8, 10, 12, 14});
  EXPECT_EQ(stored(ElementType::F32, sample, normalisation(0.5, {1, 2}, {2, 4}),
                   ChannelLayout::First,
                   /*hasBatch=*/true),
            (Values{1.5, 2, 1, 1.25}));
}

TEST(StoreSample, WritesToItsPlace) {
  Tensor input(ElementType::F32, {2, 2});
  storeSample(input, 2, tensorOf<int8_t>({2}, {5, -6}), {},
              ChannelLayout::First, false);
  EXPECT_EQ(valuesOf(input), (Values{0, 0, 5, -6}));
}

TEST(StoreSample, RoundsAndSaturatesForIntegerInputs) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  Tensor sample = tensorOf<float>({5}, {0.5f, 1.5f, 300, -3, nan});
  EXPECT_EQ(stored(ElementType::U8, sample, {}), (Values{0, 2, 255, 0, 0}));
  EXPECT_EQ(stored(ElementType::U8, sample, normalisation(2, {0}, {1})),
            (Values{1, 3, 255, 0, 0}));
}

TEST(StoreSample, KeepsIntegersExact) {
  // 2^53 + 1 has no double, 2^24 + 1 no float.
  int64_t large = (int64_t(1) << 53) + 1;
  Tensor sample = tensorOf<int64_t>({2}, {large, 16777217});
  Tensor input(ElementType::I64, {2});
  storeSample(input, 0, sample, {}, ChannelLayout::First, false);
  EXPECT_EQ(input.data<int64_t>()[0], large);
  EXPECT_EQ(stored(ElementType::I32, sample, {}),
            (Values{2147483647, 16777217}));
  EXPECT_EQ(stored(ElementType::U8, tensorOf<int32_t>({2}, {-1, 256}), {}),
            (Values{0, 255}));
}

TEST(Preprocessing, WantsOneValueOrOneForEachChannel) {
  auto accepts = [](Values mean, Values deviation) {
    return !llvm::errorToBool(
        normalisation(1, std::move(mean), std::move(deviation)).check(3));
  };
  EXPECT_TRUE(accepts({0}, {1}));
  EXPECT_TRUE(accepts({0, 0, 0}, {1, 1, 1}));
  EXPECT_FALSE(accepts({0, 0}, {1}));
  EXPECT_FALSE(accepts({0}, {1, 1}));
  EXPECT_FALSE(accepts({0}, {1, 0, 1}));
}

TEST(ChannelsOf, LooksAtTheAxisOfTheLayout) {
  EXPECT_EQ(channelsOf({3, 5, 7}, ChannelLayout::First, false), 3);
  EXPECT_EQ(channelsOf({3, 5, 7}, ChannelLayout::Last, false), 7);
  EXPECT_EQ(channelsOf({3, 5, 7}, ChannelLayout::First, true), 5);
  EXPECT_EQ(channelsOf({}, ChannelLayout::Last, false), 1);
  EXPECT_EQ(channelsOf({3}, ChannelLayout::First, true), 1);
}

} // namespace
