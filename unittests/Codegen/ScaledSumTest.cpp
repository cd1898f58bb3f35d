//===- ScaledSumTest.cpp - Sums of two scaled bytes -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/ScaledSum.h"

#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <random>

using namespace edgec;

namespace {

/// The sum step by step, each of them rounded.
int64_t addStepByStep(const ScaledSum &sum, int64_t x, int64_t y) {
  volatile float a = static_cast<float>(x + sum.a.offset) * sum.a.scale;
  volatile float b = static_cast<float>(y + sum.b.offset) * sum.b.scale;
  volatile float added = a + b;
  volatile float quotient = added / sum.divisor;
  int64_t rounded = std::llrint(quotient) + sum.zeroPoint;
  return std::clamp(rounded, sum.result.low, sum.result.high);
}

int64_t addFused(const ScaledSum &sum, const FusedSum &fused, int64_t x,
                 int64_t y) {
  float inner = std::fma(static_cast<float>(y), fused.b, fused.constant);
  float outer = std::fma(static_cast<float>(x), fused.a, inner);
  int64_t rounded = std::llrint(outer);
  return std::clamp(rounded, sum.result.low, sum.result.high);
}

int64_t countDifferences(const ScaledSum &sum, const FusedSum &fused) {
  int64_t differences = 0;
  for (int64_t x = sum.a.range.low; x <= sum.a.range.high; ++x)
    for (int64_t y = sum.b.range.low; y <= sum.b.range.high; ++y)
      differences += addStepByStep(sum, x, y) != addFused(sum, fused, x, y);
  return differences;
}

TEST(ScaledSum, GivesTheSameBytes) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> scale(0.001f, 0.1f);
  std::uniform_int_distribution<int64_t> zero(0, 255);
  unsigned found = 0;
  constexpr unsigned cases = 20;
  for (unsigned i = 0; i < cases; ++i) {
    ScaledSum sum{{{0, 255}, -zero(random), scale(random)},
                  {{0, 255}, -zero(random), scale(random)},
                  scale(random),
                  zero(random),
                  {0, 255}};
    std::optional<FusedSum> fused = fuseScaledSum(sum);
    if (!fused)
      continue;
    ++found;
    EXPECT_EQ(countDifferences(sum, *fused), 0) << "case " << i;
  }
  EXPECT_GE(found, cases / 2);
}

TEST(ScaledSum, RoundsHalvesToEven) {
  // Every other sum is a half.
  ScaledSum sum{
      {{-128, 127}, 0, 0.25f}, {{-128, 127}, 0, 0.5f}, 0.5f, 0, {-128, 127}};
  std::optional<FusedSum> fused = fuseScaledSum(sum);
  ASSERT_TRUE(fused);
  EXPECT_EQ(countDifferences(sum, *fused), 0);
}

TEST(ScaledSum, RefusesWhatIsNotTried) {
  ScaledInteger byte{{0, 255}, 0, 0.5f}, wide{{0, 256}, 0, 0.5f};
  EXPECT_TRUE(fuseScaledSum({byte, byte, 1.0f, 0, {0, 255}}));
  EXPECT_FALSE(fuseScaledSum({byte, wide, 1.0f, 0, {0, 255}}));
  EXPECT_FALSE(fuseScaledSum({byte, byte, 0.0f, 0, {0, 255}}));
  EXPECT_FALSE(fuseScaledSum({byte, byte, 1e-30f, 0, {0, 255}}));
}

} // namespace
