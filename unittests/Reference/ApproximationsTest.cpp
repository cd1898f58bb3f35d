//===- ApproximationsTest.cpp - f32 functions against f64 -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Reference/Approximations.h"

#include "gtest/gtest.h"

#include <limits>

using namespace edgec;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

using Function = float (*)(float);

float exponential(float x) {
  ScalarArithmetic arithmetic;
  return approximateExp(arithmetic, x);
}
float errorFunction(float x) {
  ScalarArithmetic arithmetic;
  return approximateErf(arithmetic, x);
}
float tangent(float x) {
  ScalarArithmetic arithmetic;
  return approximateTanh(arithmetic, x);
}

/// The largest error over [low, high], in units in the last place.
double largestError(Function function, double (*exact)(double), float low,
                    float high) {
  constexpr int count = 200000;
  double largest = 0;
  for (int i = 0; i <= count; ++i) {
    float x = low + (high - low) * static_cast<float>(i) / count;
    double expected = exact(x);
    float magnitude = std::fabs(static_cast<float>(expected));
    double unit = std::nextafter(magnitude, infinity) - magnitude;
    largest = std::max(largest, std::fabs(function(x) - expected) / unit);
  }
  return largest;
}

TEST(Approximations, AreAccurate) {
  EXPECT_LE(largestError(exponential, std::exp, -86.9f, 88.72f), 1);
  EXPECT_LE(largestError(errorFunction, std::erf, -6, 6), 6);
  EXPECT_LE(largestError(errorFunction, std::erf, 1e-6f, 1e-3f), 3);
  EXPECT_LE(largestError(tangent, std::tanh, -12, 12), 6);
}

TEST(Approximations, KeepTheLimits) {
  EXPECT_EQ(exponential(0), 1);
  EXPECT_EQ(exponential(-infinity), 0);
  EXPECT_EQ(exponential(-1e30f), 0);
  EXPECT_EQ(exponential(infinity), infinity);
  EXPECT_EQ(exponential(89), infinity);
  for (Function function : {errorFunction, tangent}) {
    EXPECT_EQ(function(infinity), 1);
    EXPECT_EQ(function(-infinity), -1);
    EXPECT_EQ(function(0), 0);
    for (float x = 0; x < 12; x += 0.001f) {
      EXPECT_LE(function(x), 1);
      EXPECT_EQ(function(-x), -function(x));
    }
  }
  float nan = std::numeric_limits<float>::quiet_NaN();
  for (Function function : {exponential, errorFunction, tangent})
    EXPECT_TRUE(std::isnan(function(nan)));
}

} // namespace
