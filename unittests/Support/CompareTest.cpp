//===- CompareTest.cpp - How far two tensors are apart --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/Compare.h"
#include "TestTensors.h"
#include <cmath>
#include <limits>

using namespace edgec;

namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float inf = std::numeric_limits<float>::infinity();

Comparison compared(const Tensor &actual, const Tensor &expected,
                    Tolerance tolerance = {}) {
  llvm::Expected<Comparison> result = compare(actual, expected, tolerance);
  if (result)
    return *result;
  ADD_FAILURE() << llvm::toString(result.takeError());
  return {};
}

TEST(Compare, EqualTensors) {
  Tensor tensor = tensorOf<float>({4}, {1, nan, inf, -inf});
  Comparison result = compared(tensor, tensor);
  EXPECT_EQ(result.mismatches, 0);
  EXPECT_EQ(result.maxError, 0);
  EXPECT_EQ(result.sqnr, std::numeric_limits<double>::infinity());
  EXPECT_EQ(result.cosine, 1);
}

TEST(Compare, NaNAndInfinityAgainstNumbersAreMismatches) {
  Comparison missing =
      compared(tensorOf<float>({2}, {nan, 1}), tensorOf<float>({2}, {0, 1}));
  EXPECT_EQ(missing.mismatches, 1);
  EXPECT_TRUE(std::isnan(missing.maxError));
  Comparison sign =
      compared(tensorOf<float>({1}, {inf}), tensorOf<float>({1}, {-inf}));
  EXPECT_EQ(sign.mismatches, 1);
  EXPECT_EQ(sign.maxError, std::numeric_limits<double>::infinity());
}

TEST(Compare, UsesBothTolerances) {
  Tensor expected = tensorOf<float>({2}, {100, 0});
  Tensor actual = tensorOf<float>({2}, {100.5f, 0.25f});
  EXPECT_EQ(compared(actual, expected, {0.01, 0.25}).mismatches, 0);
  Comparison strict = compared(actual, expected, {0.01, 0.2});
  EXPECT_EQ(strict.mismatches, 1);
  EXPECT_EQ(strict.firstMismatch, 1);
  EXPECT_EQ(strict.firstActual, 0.25);
  EXPECT_EQ(strict.maxError, 0.5);
  EXPECT_EQ(strict.relativeToRange, 0.005);
}

TEST(Compare, MeasuresSignalToNoise) {
  // Signal 100² + 100², noise 1² + 1²: a factor of 10⁴, 40 dB.
  Comparison result = compared(tensorOf<float>({2}, {101, 99}),
                               tensorOf<float>({2}, {100, 100}));
  EXPECT_NEAR(result.sqnr, 40, 1e-9);
  EXPECT_NEAR(result.cosine,
              20000 / std::sqrt(2 * 1e4 * (101. * 101 + 99 * 99)), 1e-12);
}

TEST(Compare, IntegersAreExactBeyondDoublePrecision) {
  constexpr int64_t big = (int64_t(1) << 62) + 1;
  Comparison result = compared(tensorOf<int64_t>({1}, {big}),
                               tensorOf<int64_t>({1}, {big - 1}), {0, 0});
  EXPECT_EQ(result.maxError, 1);
  EXPECT_EQ(result.mismatches, 1);
}

TEST(Compare, SaysWhichOfTypeAndShapeDiffers) {
  EXPECT_EQ(messageOf(compare(Tensor(ElementType::F32, {2}),
                              Tensor(ElementType::F64, {2}))),
            "the type is float32, expected float64");
  EXPECT_EQ(messageOf(compare(Tensor(ElementType::F32, {2}),
                              Tensor(ElementType::F32, {2, 1}))),
            "the shape is 2, expected 2x1");
}

} // namespace
