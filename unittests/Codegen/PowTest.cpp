//===- PowTest.cpp - Compiled powers against libm -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledCode.h"

#include "fmt/format.h"
#include "gtest/gtest.h"

#include <cmath>
#include <limits>

using namespace edgec;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

/// Every base to the power of every exponent, on every target.
void checkPowers(std::vector<float> bases, std::vector<float> exponents) {
  int64_t m = bases.size(), n = exponents.size();
  std::string text = fmt::format(
      R"(func.func @run(%x: tensor<{0}x1xf32>, %y: tensor<1x{1}xf32>) -> tensor<{0}x{1}xf32> {{
  %r = edge.pow %x, %y : (tensor<{0}x1xf32>, tensor<1x{1}xf32>) -> tensor<{0}x{1}xf32>
  return %r : tensor<{0}x{1}xf32>
}})",
      m, n);
  Tensor x(ElementType::F32, {m, 1}), y(ElementType::F32, {1, n});
  std::copy(bases.begin(), bases.end(), x.mutableData<float>());
  std::copy(exponents.begin(), exponents.end(), y.mutableData<float>());
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs = compileAndRun(text, target, {x, y});
    ASSERT_EQ(outputs.size(), 1u);
    for (int64_t i = 0; i < m * n; ++i) {
      float base = bases[i / n], exponent = exponents[i % n];
      float expected = std::pow(base, exponent);
      float actual = outputs[0].data<float>()[i];
      std::string what =
          fmt::format("{} to the power of {} on {}", base, exponent, target);
      if (std::isnan(expected)) {
        EXPECT_TRUE(std::isnan(actual)) << what;
        continue;
      }
      EXPECT_EQ(std::signbit(actual), std::signbit(expected)) << what;
      if (std::isinf(expected) || expected == 0)
        EXPECT_EQ(actual, expected) << what;
      else
        EXPECT_LE(std::fabs(actual - expected), 1e-5f * std::fabs(expected))
            << what;
    }
  }
}

TEST(CompiledPow, SpecialValuesAreC99s) {
  checkPowers({0.f, -0.f, 1.f, -1.f, 2.f, -2.f, .5f, -.5f, 7.3f, -7.3f, 1e30f,
               -1e30f, 1e-30f, infinity, -infinity, nan},
              {0.f, -0.f, 1.f, -1.f, 2.f, -2.f, 3.f, -3.f, .5f, -.5f, 2.5f,
               -2.5f, 30.f, 1e9f, -1e9f, infinity, -infinity, nan});
}

TEST(CompiledPow, IsAccurate) {
  std::vector<float> bases, exponents;
  for (int i = 0; i < 37; ++i) {
    bases.push_back(std::exp(0.3f * static_cast<float>(i - 18)));
    exponents.push_back(0.37f * static_cast<float>(i - 18));
  }
  checkPowers(bases, exponents);
}

} // namespace
