//===- MetricsTest.cpp - How good outputs are -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Metrics.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>

using namespace edgec;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Tensor tensorOf(const std::vector<float> &values) {
  Tensor tensor(ElementType::F32, {static_cast<int64_t>(values.size())});
  std::memcpy(tensor.mutableBytes(), values.data(), tensor.byteCount());
  return tensor;
}

TEST(RankOfClass, CountsWhatComesBefore) {
  Tensor scores = tensorOf({1, 3, 2, 9, 9, 8});
  OutputSlice first{scores, 0, 3}, second{scores, 3, 3};
  EXPECT_EQ(rankOfClass(first, 1), 0);
  EXPECT_EQ(rankOfClass(first, 2), 1);
  EXPECT_EQ(rankOfClass(first, 0), 2);
  // Of equal scores, the lower class comes first.
  EXPECT_EQ(rankOfClass(second, 0), 0);
  EXPECT_EQ(rankOfClass(second, 1), 1);
  EXPECT_EQ(firstChoice(first), 1);
  EXPECT_EQ(firstChoice(second), 0);
}

TEST(RankOfClass, PutsNaNLast) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  Tensor scores = tensorOf({nan, -5, nan});
  OutputSlice slice{scores, 0, 3};
  EXPECT_EQ(rankOfClass(slice, 1), 0);
  EXPECT_GT(rankOfClass(slice, 0), 0);
  EXPECT_EQ(firstChoice(slice), 1);
}

double auc(std::vector<ScoredSample> samples) {
  return cantFail(areaUnderRoc(std::move(samples)));
}

TEST(AreaUnderRoc, IsTheShareOfPairsInOrder) {
  EXPECT_EQ(auc({{0.1, false}, {0.2, false}, {0.3, true}}), 1);
  EXPECT_EQ(auc({{0.9, false}, {0.3, true}}), 0);
  // Positives 0.35 and 0.8 against negatives 0.1 and 0.4: 3 of 4 pairs.
  EXPECT_EQ(auc({{0.1, false}, {0.4, false}, {0.35, true}, {0.8, true}}), 0.75);
}

TEST(AreaUnderRoc, CountsEqualScoresHalf) {
  EXPECT_EQ(auc({{1, false}, {1, true}}), 0.5);
  // Against 1, 2, 2: 2 wins 1 + 0.5 + 0.5, 3 wins 3; of 6 pairs.
  EXPECT_EQ(auc({{2, false}, {2, true}, {1, false}, {3, true}, {2, false}}),
            5.0 / 6.0);
}

TEST(AreaUnderRoc, NeedsBothKinds) {
  EXPECT_TRUE(llvm::errorToBool(areaUnderRoc({{1, true}}).takeError()));
  EXPECT_TRUE(llvm::errorToBool(areaUnderRoc({{1, false}}).takeError()));
  EXPECT_TRUE(llvm::errorToBool(areaUnderRoc({}).takeError()));
}

TEST(MeanErrors, AreMeansOfDifferences) {
  MeanErrors errors;
  errors.add(1, 3); // -2
  errors.add(5, 4); // +1
  errors.add(-6, -6);
  EXPECT_EQ(errors.count(), 3);
  EXPECT_EQ(errors.meanAbsolute(), 1);
  EXPECT_EQ(errors.meanSquared(), 5.0 / 3.0);
}

TEST(MeanErrors, OfEqualInfinitiesAreNone) {
  MeanErrors errors;
  errors.add(infinity, infinity);
  EXPECT_EQ(errors.meanAbsolute(), 0);
}

TEST(MeanErrors, ShowNaNs) {
  MeanErrors errors;
  errors.add(std::numeric_limits<double>::quiet_NaN(), 1);
  errors.add(2, 1);
  EXPECT_TRUE(std::isnan(errors.meanAbsolute()));
}

TEST(AnomalyScore, DependsOnTheSizeOfTheOutput) {
  Tensor input = tensorOf({1, 2, 3, 4}), output = tensorOf({1, 4, 3, 0});
  OutputSlice four{output, 0, 4}, of{input, 0, 4};
  EXPECT_EQ(cantFail(anomalyScore({output, 1, 1}, of)), 4);
  EXPECT_EQ(cantFail(anomalyScore({output, 1, 2}, of)), -1);
  EXPECT_EQ(cantFail(anomalyScore(four, of)), (4.0 + 16.0) / 4.0);
  EXPECT_TRUE(llvm::errorToBool(anomalyScore({output, 0, 3}, of).takeError()));
}

} // namespace
