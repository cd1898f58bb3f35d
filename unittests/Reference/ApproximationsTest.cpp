//===- ApproximationsTest.cpp - f32 functions against f64 -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Reference/Trigonometry.h"

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

#define EDGEC_SCALAR(NAME)                                                     \
  float single##NAME(float x) {                                                \
    ScalarArithmetic arithmetic;                                               \
    return approximate##NAME(arithmetic, x);                                   \
  }
EDGEC_SCALAR(Sin)
EDGEC_SCALAR(Cos)
EDGEC_SCALAR(Asin)
EDGEC_SCALAR(Acos)
EDGEC_SCALAR(Atan)
EDGEC_SCALAR(Sinh)
EDGEC_SCALAR(Cosh)
EDGEC_SCALAR(Asinh)
EDGEC_SCALAR(Acosh)
EDGEC_SCALAR(Atanh)
#undef EDGEC_SCALAR

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

/// The largest error over all exponents, in units in the last place; an error
/// where one of the two is infinite, or no number, and the other is not.
double largestErrorOfAll(Function function, double (*exact)(double),
                         float farthest = infinity) {
  double largest = 0;
  constexpr uint64_t step = 10007, end = uint64_t{1} << 32;
  for (uint64_t pattern = 0; pattern < end; pattern += step) {
    auto bits = static_cast<uint32_t>(pattern);
    float x;
    std::memcpy(&x, &bits, sizeof(x));
    if (std::fabs(x) > farthest)
      continue;
    double expected = exact(x);
    float rounded = static_cast<float>(expected), result = function(x);
    if (!std::isfinite(rounded) || !std::isfinite(result)) {
      bool agree = std::isnan(rounded) ? std::isnan(result) : rounded == result;
      if (!agree)
        return infinity;
      continue;
    }
    float magnitude = std::fabs(rounded);
    double unit = std::nextafter(magnitude, infinity) - magnitude;
    largest = std::max(largest, std::fabs(result - expected) / unit);
  }
  return largest;
}

TEST(Trigonometry, IsAccurate) {
  constexpr float farthest = 1099511627776; // 2^40
  EXPECT_LE(largestErrorOfAll(singleSin, std::sin, farthest), 3);
  EXPECT_LE(largestErrorOfAll(singleCos, std::cos, farthest), 3);
  EXPECT_LE(largestErrorOfAll(singleAsin, std::asin), 3);
  EXPECT_LE(largestErrorOfAll(singleAcos, std::acos), 3);
  EXPECT_LE(largestErrorOfAll(singleAtan, std::atan), 3);
  EXPECT_LE(largestErrorOfAll(singleSinh, std::sinh), 3);
  EXPECT_LE(largestErrorOfAll(singleCosh, std::cosh), 3);
  EXPECT_LE(largestErrorOfAll(singleAsinh, std::asinh), 3);
  EXPECT_LE(largestErrorOfAll(singleAcosh, std::acosh), 3);
  EXPECT_LE(largestErrorOfAll(singleAtanh, std::atanh), 3);
}

TEST(Trigonometry, KeepsTheLimits) {
  // Odd functions keep the sign of zero.
  for (Function function : {singleSin, singleAsin, singleAtan, singleSinh,
                            singleAsinh, singleAtanh}) {
    EXPECT_EQ(function(0.0f), 0);
    EXPECT_FALSE(std::signbit(function(0.0f)));
    EXPECT_TRUE(std::signbit(function(-0.0f)));
    EXPECT_EQ(function(1e-40f), 1e-40f);
  }
  // Beyond what the reduction can do, results stay within bounds.
  EXPECT_LE(std::fabs(singleSin(1e30f)), 1);
  EXPECT_LE(std::fabs(singleCos(1e30f)), 1);
  EXPECT_TRUE(std::isnan(singleSin(infinity)));
  EXPECT_TRUE(std::isnan(singleCos(-infinity)));
  EXPECT_EQ(singleCos(0), 1);
  EXPECT_EQ(singleAcos(1), 0);
  EXPECT_EQ(singleAcosh(1), 0);
  EXPECT_EQ(singleCosh(0), 1);
  EXPECT_EQ(singleAtanh(1), infinity);
  EXPECT_EQ(singleAtanh(-1), -infinity);
  for (float limit : {infinity, -infinity}) {
    EXPECT_EQ(singleSinh(limit), limit);
    EXPECT_EQ(singleAsinh(limit), limit);
    EXPECT_EQ(singleCosh(limit), infinity);
    EXPECT_EQ(singleAtan(limit),
              std::copysign(static_cast<float>(M_PI_2), limit));
    for (Function function : {singleAsin, singleAcos, singleAtanh})
      EXPECT_TRUE(std::isnan(function(limit)));
  }
  EXPECT_EQ(singleAcosh(infinity), infinity);
  EXPECT_TRUE(std::isnan(singleAcosh(-infinity)));
  EXPECT_TRUE(std::isnan(singleAcosh(0.99999994f)));
  float nan = std::numeric_limits<float>::quiet_NaN();
  for (Function function :
       {singleSin, singleCos, singleAsin, singleAcos, singleAtan, singleSinh,
        singleCosh, singleAsinh, singleAcosh, singleAtanh})
    EXPECT_TRUE(std::isnan(function(nan)));
}

} // namespace
