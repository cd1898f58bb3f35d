//===- unittests/Tools/EvaluationTest.cpp - Samples in, classes out ------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Evaluation.h"
#include <cstring>
#include <gtest/gtest.h>
#include <limits>

using namespace edgec;

namespace {

template <typename T>
Tensor tensorOf(std::vector<int64_t> shape, const std::vector<T> &values) {
  Tensor tensor(elementTypeOf<T>(), std::move(shape));
  std::memcpy(tensor.mutableBytes(), values.data(), tensor.byteCount());
  return tensor;
}

std::vector<double> valuesOf(const Tensor &tensor) {
  std::vector<double> values;
  for (int64_t i = 0; i < tensor.size(); ++i)
    values.push_back(tensor.asDouble(i));
  return values;
}

TEST(MakeBatch, NormalisesEachChannel) {
  // Two samples of two channels of 1 x 2.
  Tensor data = tensorOf<uint8_t>({2, 2, 1, 2}, {0, 2, 4, 6, 8, 10, 12, 14});
  TensorSpec input{"x", ElementType::F32, {1, 2, 1, 2}};
  Preprocessing preprocessing{0.5, {1, 2}, {2, 4}};
  EXPECT_EQ(valuesOf(makeBatch(data, 1, input, preprocessing)),
            (std::vector<double>{1.5, 2, 1, 1.25}));
}

TEST(MakeBatch, FillsTheLastBatchWithZeros) {
  Tensor data = tensorOf<int8_t>({3, 2}, {1, 2, 3, 4, 5, 6});
  TensorSpec input{"x", ElementType::F32, {2, 2}};
  EXPECT_EQ(valuesOf(makeBatch(data, 2, input, {})),
            (std::vector<double>{5, 6, 0, 0}));
}

TEST(MakeBatch, RoundsAndSaturatesForIntegerInputs) {
  Tensor data = tensorOf<float>(
      {1, 5}, {0.5f, 1.5f, 300, -3, std::numeric_limits<float>::quiet_NaN()});
  TensorSpec input{"x", ElementType::U8, {1, 5}};
  EXPECT_EQ(valuesOf(makeBatch(data, 0, input, {})),
            (std::vector<double>{0, 2, 255, 0, 0}));
}

TEST(Preprocessing, WantsOneValueOrOneForEachChannel) {
  Tensor data = tensorOf<uint8_t>({1, 3, 1, 1}, {1, 2, 3});
  auto accepts = [&](const Preprocessing &preprocessing) {
    return !llvm::errorToBool(preprocessing.check(data));
  };
  EXPECT_TRUE(accepts({1, {0}, {1}}));
  EXPECT_TRUE(accepts({1, {0, 0, 0}, {1, 1, 1}}));
  EXPECT_FALSE(accepts({1, {0, 0}, {1}}));
  EXPECT_FALSE(accepts({1, {0}, {1, 1}}));
  EXPECT_FALSE(accepts({1, {0}, {1, 0, 1}}));
}

TEST(CheckSamples, ComparesTheNumbersOfElements) {
  auto accepts = [](std::vector<int64_t> data, std::vector<int64_t> input) {
    TensorSpec spec{"x", ElementType::F32, std::move(input)};
    llvm::Expected<int64_t> size =
        checkSamples(Tensor(ElementType::U8, std::move(data)), spec);
    return !llvm::errorToBool(size.takeError());
  };
  EXPECT_TRUE(accepts({5, 1, 4, 4}, {1, 16}));
  EXPECT_TRUE(accepts({5, 1, 4, 4}, {3, 1, 4, 4}));
  EXPECT_FALSE(accepts({5, 1, 4, 4}, {1, 1, 4, 5}));
  EXPECT_FALSE(accepts({0, 1, 4, 4}, {1, 1, 4, 4}));
  EXPECT_FALSE(accepts({}, {1}));
}

TEST(RankOfClass, CountsWhatComesBefore) {
  Tensor scores = tensorOf<float>({2, 3}, {1, 3, 2, 9, 9, 8});
  EXPECT_EQ(rankOfClass(scores, 2, 0, 1), 0);
  EXPECT_EQ(rankOfClass(scores, 2, 0, 2), 1);
  EXPECT_EQ(rankOfClass(scores, 2, 0, 0), 2);
  // Of equal scores, the lower class comes first.
  EXPECT_EQ(rankOfClass(scores, 2, 1, 0), 0);
  EXPECT_EQ(rankOfClass(scores, 2, 1, 1), 1);
}

TEST(RankOfClass, PutsNaNLast) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  Tensor scores = tensorOf<float>({1, 3}, {nan, -5, nan});
  EXPECT_EQ(rankOfClass(scores, 1, 0, 1), 0);
  EXPECT_GT(rankOfClass(scores, 1, 0, 0), 0);
}

} // namespace
