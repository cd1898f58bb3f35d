//===- QuotientTest.cpp - Rounded quotients as products -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Codegen/SimplifyQuantization.h"

#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>

using namespace edgec;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// What the generated code computes instead of x / divisor.
float correctedProduct(float x, float divisor) {
  float factor = 1.0f / divisor;
  float first = x * factor;
  return std::fma(std::fma(-first, divisor, x), factor, first);
}

TEST(RoundedQuotient, HoldsForEveryDividendThatIsTried) {
  constexpr int64_t largest = 255;
  constexpr int neighbours = 40;
  std::mt19937 random(7);
  std::uniform_real_distribution<float> exponent(-20, 20);
  std::uniform_real_distribution<float> quotient(-largest, largest);
  int accepted = 0;
  for (int trial = 0; trial < 200; ++trial) {
    float divisor = std::exp2(exponent(random));
    if (!roundsLikeQuotient(divisor, largest))
      continue;
    ++accepted;
    auto expectSame = [&](float x) {
      ASSERT_EQ(std::nearbyint(correctedProduct(x, divisor)),
                std::nearbyint(x / divisor))
          << x << " / " << divisor;
    };
    // More of the dividends near the halves than the function looks at, of
    // both signs.
    for (int64_t step = 0; step < largest; ++step) {
      float x = (static_cast<float>(step) + 0.5f) * divisor;
      for (int i = 0; i < neighbours; ++i)
        x = std::nextafter(x, 0.0f);
      for (int i = 0; i <= 2 * neighbours; ++i) {
        expectSame(x);
        expectSame(-x);
        x = std::nextafter(x, infinity);
      }
    }
    for (int i = 0; i < 1000; ++i)
      expectSame(quotient(random) * divisor);
  }
  // Otherwise the test shows nothing.
  EXPECT_GT(accepted, 100);
}

TEST(RoundedQuotient, PowersOfTwoAreExact) {
  for (float divisor : {0x1p-40f, 0x1p-3f, 1.0f, 2.0f, 0x1p40f})
    EXPECT_TRUE(roundsLikeQuotient(divisor, 65535)) << divisor;
}

TEST(RoundedQuotient, DivisorsWithoutAUsableReciprocalAreRefused) {
  for (float divisor : {0.0f, -0.5f, 1e-31f, 1e31f, infinity, -infinity,
                        std::numeric_limits<float>::denorm_min(),
                        std::numeric_limits<float>::quiet_NaN()})
    EXPECT_FALSE(roundsLikeQuotient(divisor, 255)) << divisor;
}

TEST(RoundedQuotient, MoreThanSixteenBitsAreRefused) {
  EXPECT_TRUE(roundsLikeQuotient(0.5f, 1 << 16));
  EXPECT_FALSE(roundsLikeQuotient(0.5f, (1 << 16) + 1));
}

} // namespace
