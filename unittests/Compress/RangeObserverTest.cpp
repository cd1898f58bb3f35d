//===- RangeObserverTest.cpp - Ranges of tensors from samples -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/RangeObserver.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>

using namespace edgec;

namespace {

std::vector<float> normalValues(size_t count, uint32_t seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> distribution;
  std::vector<float> values(count);
  for (float &value : values)
    value = distribution(engine);
  return values;
}

TEST(RangeObserver, HoldsAllValuesAndZero) {
  RangeObserver observer;
  EXPECT_TRUE(observer.isEmpty());
  observer.observe({2.0f, 3.5f});
  observer.observe({1.0f});
  TensorRange range = observer.range(RangeMethod::MinMax);
  EXPECT_EQ(range.low, 0.0f);
  EXPECT_EQ(range.high, 3.5f);
  EXPECT_FALSE(observer.isEmpty());
}

TEST(RangeObserver, DoesNotDependOnThePiecesOrTheirOrder) {
  std::vector<float> values = normalValues(10000, 1);
  values[17] = 1000; // Late or early, the bins have to get wider.
  RangeObserver whole, pieces;
  whole.observe(values);
  for (size_t end = values.size(); end != 0; end -= 100)
    pieces.observe(llvm::ArrayRef(values).slice(end - 100, 100));
  for (RangeMethod method :
       {RangeMethod::MinMax, RangeMethod::Percentile, RangeMethod::Mse}) {
    EXPECT_EQ(whole.range(method).low, pieces.range(method).low);
    EXPECT_EQ(whole.range(method).high, pieces.range(method).high);
  }
}

TEST(RangeObserver, LeavesOutAShareAtEachEnd) {
  std::vector<float> values;
  for (int i = -1000; i <= 1000; ++i)
    values.push_back(static_cast<float>(i));
  RangeObserver observer;
  observer.observe(values);
  TensorRange range = observer.range(RangeMethod::Percentile, 0.1);
  EXPECT_NEAR(range.low, -800, 2);
  EXPECT_NEAR(range.high, 800, 2);
  // Nothing is left out of few values.
  RangeObserver few;
  few.observe({-1.0f, 3.0f});
  EXPECT_EQ(few.range(RangeMethod::Percentile).low, -1.0f);
  EXPECT_EQ(few.range(RangeMethod::Percentile).high, 3.0f);
}

TEST(RangeObserver, ClipsOutliersWhereThatCostsLess) {
  std::vector<float> values = normalValues(100000, 2);
  values[5] = 60;
  RangeObserver observer;
  observer.observe(values);
  TensorRange range = observer.range(RangeMethod::Mse);
  EXPECT_LT(range.high, 55);
  EXPECT_GT(range.high, 4);
  EXPECT_GT(range.low, -6);
  EXPECT_LT(range.low, -3);

  // What the histogram estimates has to be so for the values themselves.
  auto errorOf = [&](TensorRange range) {
    double scale = (static_cast<double>(range.high) - range.low) / 255;
    double error = 0;
    for (double value : values) {
      double clipped = std::clamp<double>(value, range.low, range.high);
      double rounded = std::nearbyint(clipped / scale) * scale;
      error += (rounded - value) * (rounded - value);
    }
    return error;
  };
  EXPECT_LT(errorOf(range), errorOf(observer.range(RangeMethod::MinMax)));
}

TEST(RangeObserver, DoesNotClipEvenValues) {
  std::vector<float> values;
  for (int i = 0; i < 100000; ++i)
    values.push_back(static_cast<float>(i % 1000) / 1000);
  RangeObserver observer;
  observer.observe(values);
  EXPECT_EQ(observer.range(RangeMethod::Mse).low, 0.0f);
  EXPECT_GT(observer.range(RangeMethod::Mse).high, 0.97f);
}

TEST(RangeObserver, KeepsWhatIsNoNumberOut) {
  RangeObserver observer;
  observer.observe({1.0f, std::nanf(""), -INFINITY});
  EXPECT_TRUE(observer.sawNonFinite());
  TensorRange range = observer.range(RangeMethod::MinMax);
  EXPECT_EQ(range.low, 0.0f);
  EXPECT_EQ(range.high, 1.0f);
}

TEST(RangeObserver, SeesTheLargestAndSmallestNumbers) {
  RangeObserver observer;
  observer.observe({3e38f, -1e-40f});
  EXPECT_EQ(observer.range(RangeMethod::MinMax).high, 3e38f);
  EXPECT_EQ(observer.range(RangeMethod::Percentile).high, 3e38f);
}

TEST(RangeObserver, MethodsHaveNames) {
  EXPECT_EQ(parseRangeMethod("minmax"), RangeMethod::MinMax);
  EXPECT_EQ(parseRangeMethod("percentile"), RangeMethod::Percentile);
  EXPECT_EQ(parseRangeMethod("mse"), RangeMethod::Mse);
  EXPECT_FALSE(parseRangeMethod("entropy").has_value());
}

} // namespace
