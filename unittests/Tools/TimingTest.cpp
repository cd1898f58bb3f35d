//===- TimingTest.cpp - Statistics of repeated measurements ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Timing.h"
#include <gtest/gtest.h>

using namespace edgec;

namespace {

TEST(Timing, Summarises) {
  std::vector<double> times;
  for (int i = 10; i >= 1; --i)
    times.push_back(i);
  TimingStatistics result = summarise(times);
  EXPECT_EQ(result.minimum, 1);
  EXPECT_EQ(result.median, 5.5);
  EXPECT_EQ(result.p90, 9); // Nine of ten values are at most 9.
  EXPECT_EQ(result.p99, 10);
  EXPECT_EQ(result.mean, 5.5);
  EXPECT_EQ(result.runs, 10u);
}

TEST(Timing, TakesTheNearestRank) {
  std::vector<double> times;
  for (int i = 1; i <= 200; ++i)
    times.push_back(i);
  EXPECT_EQ(summarise(times).p90, 180);
  EXPECT_EQ(summarise(times).p99, 198);
}

TEST(Timing, TakesFewValues) {
  EXPECT_EQ(summarise({}).runs, 0u);
  TimingStatistics one = summarise({3});
  EXPECT_EQ(one.median, 3);
  EXPECT_EQ(one.p90, 3);
  EXPECT_EQ(one.p99, 3);
  EXPECT_EQ(summarise({1, 2, 4}).median, 2);
}

} // namespace
