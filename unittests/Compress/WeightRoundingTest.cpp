//===- WeightRoundingTest.cpp - Rounding with the least error of sums ----===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/WeightRounding.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>

using namespace edgec;

namespace {

/// Moments of inputs that are mixtures of a few others.
std::vector<double> mixedMoments(int64_t taps, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> moments(taps * taps, 0);
  for (int64_t sample = 0; sample < 2 * taps; ++sample) {
    double common = normal(random);
    std::vector<double> inputs(taps);
    for (double &input : inputs)
      input = common + 0.5 * normal(random);
    for (int64_t i = 0; i < taps; ++i)
      for (int64_t j = 0; j < taps; ++j)
        moments[i * taps + j] += inputs[i] * inputs[j];
  }
  return moments;
}

std::vector<double> randomWeights(int64_t taps, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> weights(taps);
  for (double &weight : weights)
    weight = normal(random);
  return weights;
}

std::vector<int8_t> nearest(const std::vector<double> &weights, double scale,
                            int64_t largest) {
  std::vector<int8_t> integers;
  double end = static_cast<double>(largest);
  for (double weight : weights)
    integers.push_back(static_cast<int8_t>(
        std::clamp(std::nearbyint(weight / scale), -end, end)));
  return integers;
}

WeightRounder rounderFor(int64_t taps, unsigned seed) {
  auto rounder = WeightRounder::create(mixedMoments(taps, seed), taps);
  EXPECT_TRUE(succeeded(rounder));
  return *rounder;
}

TEST(WeightRounding, IsNearestForIndependentInputs) {
  std::vector<double> weights = randomWeights(33, 1);
  std::vector<int8_t> integers(33);
  WeightRounder(33).round(weights, {33, 0.4}, 7, integers);
  EXPECT_EQ(integers, nearest(weights, 0.4, 7));
}

TEST(WeightRounding, LowersTheErrorOfSums) {
  for (int64_t taps : {1, 2, 9, 31, 64}) {
    WeightRounder rounder = rounderFor(taps, taps);
    std::vector<double> weights = randomWeights(taps, 7);
    for (double scale : {0.02, 0.4, 1.5}) {
      std::vector<int8_t> integers(taps);
      rounder.round(weights, {taps, scale}, 127, integers);
      double before =
          rounder.error(weights, {taps, scale}, nearest(weights, scale, 127));
      double after = rounder.error(weights, {taps, scale}, integers);
      EXPECT_LE(after, before * (1 + 1e-9));
      // Errors of many weights cancel out where inputs are alike.
      if (taps >= 31 && scale < 1) {
        EXPECT_LT(after, 0.9 * before) << taps << " taps in steps of " << scale;
      }
    }
  }
}

TEST(WeightRounding, FindsTheOptimumOfTwo) {
  // Nearest would give (1, 1), with the sum 2 instead of 1.2.
  auto rounder = WeightRounder::create({1, 0.99, 0.99, 1}, 2);
  ASSERT_TRUE(succeeded(rounder));
  std::vector<double> weights = {0.6, 0.6};
  std::vector<int8_t> integers(2);
  rounder->round(weights, {2, 1}, 7, integers);
  EXPECT_EQ(integers[0] + integers[1], 1);
}

TEST(WeightRounding, IsALocalMinimum) {
  constexpr int64_t taps = 20, largest = 7;
  WeightRounder rounder = rounderFor(taps, 3);
  std::vector<double> weights = randomWeights(taps, 4);
  std::vector<int8_t> integers(taps);
  rounder.round(weights, {taps, 0.3}, largest, integers);
  double least = rounder.error(weights, {taps, 0.3}, integers);
  for (int8_t &integer : integers)
    for (int8_t step : {-1, 1}) {
      if (std::abs(integer + step) > largest)
        continue;
      integer += step;
      EXPECT_GE(rounder.error(weights, {taps, 0.3}, integers),
                least * (1 - 1e-9));
      integer -= step;
    }
}

TEST(WeightRounding, StaysInRange) {
  WeightRounder rounder = rounderFor(16, 5);
  std::vector<double> weights = randomWeights(16, 6);
  std::vector<int8_t> integers(16);
  rounder.round(weights, {16, 0.01}, 1, integers);
  for (int8_t integer : integers)
    EXPECT_LE(std::abs(integer), 1);
}

TEST(WeightRounding, ChoosesAScaleWithLessError) {
  for (int64_t largest : {1, 7}) {
    WeightRounder rounder = rounderFor(48, 8);
    std::vector<double> weights = randomWeights(48, 9);
    weights[5] = 9; // An outlier, which a scale of its own would serve.
    std::vector<int8_t> integers(48), widest(48);
    GroupedScales chosen(48, 0), widestScale(48, 9.0 / largest);
    rounder.roundAndScale(weights, largest, {0}, chosen, integers);
    rounder.round(weights, widestScale, largest, widest);
    EXPECT_LE(rounder.error(weights, chosen, integers),
              rounder.error(weights, widestScale, widest));
    EXPECT_LE(rounder.error(weights, chosen, integers),
              rounder.error(weights, {48, 1.01 * chosen[0]}, integers));
  }
}

/// Groups of `size` neighbours.
GroupedScales groupsOf(int64_t taps, int64_t size) {
  std::vector<int64_t> groupOf;
  for (int64_t tap = 0; tap < taps; ++tap)
    groupOf.push_back(tap / size);
  return GroupedScales(std::move(groupOf));
}

TEST(WeightRounding, GroupsHaveLessErrorThanOneScale) {
  constexpr int64_t taps = 41;
  WeightRounder rounder = rounderFor(taps, 8);
  std::vector<double> weights = randomWeights(taps, 9);
  for (int64_t tap = 16; tap < 32; ++tap)
    weights[tap] *= 0.1;
  for (int64_t largest : {1, 7}) {
    std::vector<int8_t> integers(taps), together(taps);
    GroupedScales one(taps, 0), groups = groupsOf(taps, 16);
    ASSERT_EQ(groups.scales.size(), 3u);
    EXPECT_EQ(groups.taps(2),
              (std::vector<int64_t>{32, 33, 34, 35, 36, 37, 38, 39, 40}));
    rounder.roundAndScale(weights, largest, {0}, one, together);
    rounder.roundAndScale(weights, largest, {0, 1, 2}, groups, integers);
    EXPECT_LT(groups.scales[1], 0.5 * groups.scales[0]);
    EXPECT_LT(rounder.error(weights, groups, integers),
              0.9 * rounder.error(weights, one, together));
  }
}

TEST(WeightRounding, LeavesScalesOfOthers) {
  WeightRounder rounder = rounderFor(24, 8);
  std::vector<double> weights = randomWeights(24, 9);
  std::vector<int8_t> integers(24);
  GroupedScales scales = groupsOf(24, 8);
  scales.scales = {0.3, 0.5, 0.7};
  rounder.roundAndScale(weights, 7, {1}, scales, integers);
  EXPECT_EQ(scales.scales[0], 0.3);
  EXPECT_NE(scales.scales[1], 0.5);
  EXPECT_EQ(scales.scales[2], 0.7);
}

TEST(WeightRounding, ImprovesTheScalesOfIntegers) {
  WeightRounder rounder = rounderFor(24, 8);
  std::vector<double> weights = randomWeights(24, 9);
  GroupedScales scales = groupsOf(24, 8);
  scales.scales = {0.3, 0.5, 0.7};
  std::vector<int8_t> integers(24);
  rounder.round(weights, scales, 7, integers);
  GroupedScales better = scales;
  rounder.improveScales(weights, integers, {0, 1, 2}, better);
  EXPECT_LT(rounder.error(weights, better, integers),
            rounder.error(weights, scales, integers));
  // The last is the best for what the others are now.
  double least = rounder.error(weights, better, integers);
  for (double factor : {0.99, 1.01}) {
    GroupedScales other = better;
    other.scales[2] *= factor;
    EXPECT_GT(rounder.error(weights, other, integers), least);
  }
  // Integers that are zero say nothing about their scale.
  GroupedScales kept = scales;
  std::fill(integers.begin(), integers.end(), 0);
  rounder.improveScales(weights, integers, {0, 1, 2}, kept);
  EXPECT_EQ(kept.scales, scales.scales);
}

TEST(WeightRounding, OfZeroWeightsIsZero) {
  WeightRounder rounder = rounderFor(4, 10);
  std::vector<int8_t> integers(4, 1);
  GroupedScales scales(4, 0);
  rounder.roundAndScale({0, 0, 0, 0}, 7, {0}, scales, integers);
  EXPECT_EQ(scales[0], 1);
  EXPECT_EQ(integers, std::vector<int8_t>(4, 0));
  // No scale of f32 is small enough for these.
  integers.assign(4, 1);
  rounder.roundAndScale({1e-39, 0, -1e-40, 0}, 7, {0}, scales, integers);
  EXPECT_EQ(scales[0], 1);
  EXPECT_EQ(integers, std::vector<int8_t>(4, 0));
}

TEST(WeightRounding, OfInputsThatAreZeroIsNearest) {
  auto rounder = WeightRounder::create(std::vector<double>(9, 0), 3);
  ASSERT_TRUE(succeeded(rounder));
  std::vector<int8_t> integers(3);
  rounder->round({0.4, -2.6, 1.0}, {3, 1}, 7, integers);
  EXPECT_EQ(integers, (std::vector<int8_t>{0, -3, 1}));
}

TEST(WeightRounding, RefusesMomentsThatAreNone) {
  EXPECT_TRUE(failed(WeightRounder::create({1, 2, 2, 1}, 2)));
  double infinite = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(failed(WeightRounder::create({infinite, 0, 0, 1}, 2)));
}

/// The second moments of `samples` vectors of independent elements.
std::vector<double> sampleMoments(int64_t taps, int64_t samples) {
  std::mt19937 generator(7);
  std::normal_distribution<double> normal;
  std::vector<double> moments(taps * taps, 0), x(taps);
  for (int64_t sample = 0; sample < samples; ++sample) {
    for (double &element : x)
      element = normal(generator);
    for (int64_t i = 0; i < taps; ++i)
      for (int64_t j = 0; j < taps; ++j)
        moments[i * taps + j] += x[i] * x[j] / static_cast<double>(samples);
  }
  return moments;
}

TEST(Correlations, ThatMayBeChanceGo) {
  constexpr int64_t taps = 40;
  std::vector<double> moments = sampleMoments(taps, taps / 2);
  std::vector<double> before = moments;
  double share = shrinkCorrelations(moments, taps, taps / 2);
  EXPECT_GT(share, 0.8);
  EXPECT_LE(share, 1.0);
  for (int64_t i = 0; i < taps; ++i)
    for (int64_t j = 0; j < taps; ++j)
      EXPECT_DOUBLE_EQ(moments[i * taps + j],
                       before[i * taps + j] * (i == j ? 1 : 1 - share));
}

TEST(Correlations, ThatAreCertainStay) {
  constexpr int64_t taps = 16;
  // All elements are the same, up to their sizes.
  std::vector<double> same(taps * taps);
  for (int64_t i = 0; i < taps; ++i)
    for (int64_t j = 0; j < taps; ++j)
      same[i * taps + j] = static_cast<double>((i + 1) * (j + 1));
  EXPECT_LT(shrinkCorrelations(same, taps, taps), 0.2);
  // Of many samples, all that they say.
  std::vector<double> moments = sampleMoments(taps, 4 * taps), copy = moments;
  EXPECT_EQ(shrinkCorrelations(moments, taps, 4 * taps), 0);
  EXPECT_EQ(moments, copy);
}

TEST(Correlations, OfZerosAreNone) {
  std::vector<double> zeros(9, 0);
  EXPECT_EQ(shrinkCorrelations(zeros, 3, 1), 0);
  std::vector<double> one = {0, 0, 0, 2};
  EXPECT_EQ(shrinkCorrelations(one, 2, 1), 0);
  EXPECT_EQ(one, (std::vector<double>{0, 0, 0, 2}));
}

} // namespace
