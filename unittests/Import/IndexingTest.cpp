//===- IndexingTest.cpp - Index tables, losses, run-time extents ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"
#include "gmock/gmock.h"
#include <cmath>

using namespace edgec;
using namespace edgec::testing;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::Pointwise;

namespace {

class IndexingTest : public ImportTest {
protected:
  std::vector<Tensor> compute(const std::string &graph, int opset,
                              std::vector<Tensor> inputs) {
    auto module = importGraph(graph, opset);
    EXPECT_TRUE(module) << messages;
    return module ? run(*module, inputs) : std::vector<Tensor>();
  }
  static std::string integerInput(const std::string &name,
                                  const std::string &dims) {
    return "input { name: '" + name +
           "' type { tensor_type { elem_type: 7 shape { " + dims + " } } } }";
  }
};

/// Negative indices count from the end, others outside are nowhere.
TEST_F(IndexingTest, OneHot) {
  std::vector<Tensor> y = compute(
      integerInput("i", "dim { dim_value: 4 }") +
          "initializer { name: 'd' data_type: 7 int64_data: [3] }"
          "initializer { name: 'v' data_type: 1 dims: 2 float_data: [-1, 5] }"
          "node { op_type: 'OneHot' input: 'i' input: 'd' input: 'v' "
          "output: 'y' attribute { name: 'axis' type: INT i: 0 } } "
          "output { name: 'y' }",
      11, {makeTensor<int64_t>({4}, {2, -3, 3, -4})});
  EXPECT_THAT(valuesOf<float>(y.at(0)),
              ElementsAre(-1, 5, -1, -1, -1, -1, -1, -1, 5, -1, -1, -1));
}

TEST_F(IndexingTest, TriluWithADiagonalOfTheRun) {
  std::vector<Tensor> y =
      compute(floatValue("input", "x", {2, 3}) + integerInput("k", "") +
                  "node { op_type: 'Trilu' input: 'x' input: 'k' output: 'y' } "
                  "output { name: 'y' }",
              14,
              {makeTensor<float>({2, 3}, {1, 2, 3, 4, 5, 6}),
               makeTensor<int64_t>({}, {1})});
  EXPECT_THAT(valuesOf<float>(y.at(0)), ElementsAre(0, 2, 3, 0, 0, 6));
}

TEST_F(IndexingTest, ReverseSequence) {
  std::vector<Tensor> y = compute(
      floatValue("input", "x", {3, 2}) +
          integerInput("n", "dim { dim_value: 2 }") +
          "node { op_type: 'ReverseSequence' input: 'x' input: 'n' output: "
          "'y' } output { name: 'y' }",
      10,
      {makeTensor<float>({3, 2}, {1, 2, 3, 4, 5, 6}),
       makeTensor<int64_t>({2}, {2, 3})});
  EXPECT_THAT(valuesOf<float>(y.at(0)), ElementsAre(3, 6, 1, 4, 5, 2));
}

/// Against the definitions: the mean over what is not ignored, by weight.
TEST_F(IndexingTest, SoftmaxCrossEntropyWithWeightsAndIgnoredTargets) {
  std::vector<float> x = {1, 2, 0.5, -1, 3, 0, 2, 2, 2};
  std::vector<float> weights = {0.5, 2, 1};
  std::vector<int64_t> targets = {1, -1, 2};
  std::vector<Tensor> y = compute(
      floatValue("input", "x", {3, 3}) +
          integerInput("t", "dim { dim_value: 3 }") +
          floatValue("input", "w", {3}) +
          "node { op_type: 'SoftmaxCrossEntropyLoss' input: 'x' input: 't' "
          "input: 'w' output: 'y' output: 'p' attribute { name: "
          "'ignore_index' type: INT i: -1 } } "
          "output { name: 'y' } output { name: 'p' }",
      13,
      {makeTensor<float>({3, 3}, x), makeTensor<int64_t>({3}, targets),
       makeTensor<float>({3}, weights)});
  double loss = 0, weight = 0;
  std::vector<float> logarithms;
  for (int row = 0; row < 3; ++row) {
    double sum = 0;
    for (int i = 0; i < 3; ++i)
      sum += std::exp(x[row * 3 + i]);
    for (int i = 0; i < 3; ++i)
      logarithms.push_back(x[row * 3 + i] - std::log(sum));
    if (targets[row] < 0)
      continue;
    loss -= weights[targets[row]] * logarithms[row * 3 + targets[row]];
    weight += weights[targets[row]];
  }
  ASSERT_EQ(y.size(), 2u);
  EXPECT_NEAR(y[0].asDouble(0), loss / weight, 1e-6);
  EXPECT_THAT(valuesOf<float>(y[1]), Pointwise(FloatNear(1e-6f), logarithms));
}

//===----------------------------------------------------------------------===//
// Extents that the run decides
//===----------------------------------------------------------------------===//

/// A buffer of the largest shape, and the true one.
TEST_F(IndexingTest, ReductionsLeaveTheRestOfABufferOut) {
  std::vector<Tensor> y = compute(
      floatValue("input", "x", {4}) + floatValue("input", "v", {4}) +
          "node { op_type: 'NonZero' input: 'x' output: 'n' }"
          "initializer { name: 'a' data_type: 7 dims: 1 int64_data: [1] }"
          "node { op_type: 'Gather' input: 'v' input: 'n' output: 'g' }"
          "node { op_type: 'ReduceMean' input: 'g' output: 'mean' attribute { "
          "name: 'axes' type: INTS ints: 1 } }"
          "node { op_type: 'ReduceMin' input: 'g' output: 'least' attribute { "
          "name: 'axes' type: INTS ints: 1 } }"
          "node { op_type: 'Size' input: 'g' output: 'size' }"
          "output { name: 'g' } output { name: 'mean' } "
          "output { name: 'least' } output { name: 'size' }",
      13,
      {makeTensor<float>({4}, {0, 1, 0, 1}),
       makeTensor<float>({4}, {-9, 5, -9, 2})});
  ASSERT_EQ(y.size(), 5u);
  EXPECT_THAT(y[0].shape(), ElementsAre(1, 4));
  EXPECT_THAT(valuesOf<int64_t>(y[4]), ElementsAre(1, 2));
  EXPECT_THAT(valuesOf<float>(y[1]), ElementsAre(3.5f));
  EXPECT_THAT(valuesOf<float>(y[2]), ElementsAre(2));
  EXPECT_THAT(valuesOf<int64_t>(y[3]), ElementsAre(2));
}

/// What constants decide has one shape, and no second result.
TEST_F(IndexingTest, KnownExtentsAreStatic) {
  std::vector<Tensor> y = compute(
      floatValue("input", "x", {3}) +
          "initializer { name: 'c' data_type: 9 dims: 3 int32_data: [1, 0, 1] "
          "} node { op_type: 'Compress' input: 'x' input: 'c' output: 'y' } "
          "node { op_type: 'NonZero' input: 'c' output: 'n' } "
          "output { name: 'y' } output { name: 'n' }",
      11, {makeTensor<float>({3}, {7, 8, 9})});
  ASSERT_EQ(y.size(), 2u);
  EXPECT_THAT(y[1].shape(), ElementsAre(1, 2));
}

/// Ends of the run count from the end where they are negative.
TEST_F(IndexingTest, SlicesEndWhereTheRunSays) {
  std::string graph =
      floatValue("input", "x", {4}) +
      integerInput("e", "dim { dim_value: 1 }") +
      "initializer { name: 's' data_type: 7 dims: 1 int64_data: [0] }"
      "node { op_type: 'Slice' input: 'x' input: 's' input: 'e' output: 'y' }"
      "output { name: 'y' }";
  for (auto [end, count] :
       {std::pair(3, 3), std::pair(-1, 3), std::pair(9, 4), std::pair(-9, 0)}) {
    std::vector<Tensor> y = compute(graph, 13,
                                    {makeTensor<float>({4}, {5, 6, 7, 8}),
                                     makeTensor<int64_t>({1}, {end})});
    ASSERT_EQ(y.size(), 2u);
    EXPECT_EQ(y[1].asInt(0), count) << end;
    for (int i = 0; i < 4; ++i) // Zeros beyond.
      EXPECT_EQ(y[0].asDouble(i), i < count ? 5 + i : 0) << end;
  }
}

/// Beyond the bound is cut off, and the shape says so.
TEST_F(IndexingTest, MaxElementsBoundTheShape) {
  options.maxElements["n"] = 2;
  options.maxElements["r"] = 5;
  std::vector<Tensor> y = compute(
      floatValue("input", "x", {3}) + integerInput("e", "") +
          "initializer { name: 'z' data_type: 7 int64_data: [0] }"
          "initializer { name: 'd' data_type: 7 int64_data: [3] }"
          "node { op_type: 'NonZero' input: 'x' output: 'n' }"
          "node { op_type: 'Range' input: 'z' input: 'e' input: 'd' output: "
          "'r' } output { name: 'n' } output { name: 'r' }",
      11, {makeTensor<float>({3}, {7, 8, 9}), makeTensor<int64_t>({}, {7})});
  ASSERT_EQ(y.size(), 4u);
  EXPECT_THAT(valuesOf<int64_t>(y[0]), ElementsAre(0, 1));
  EXPECT_THAT(valuesOf<int64_t>(y[2]), ElementsAre(1, 2));
  EXPECT_THAT(y[1].shape(), ElementsAre(5));
  EXPECT_THAT(valuesOf<int64_t>(y[3]), ElementsAre(3));
  EXPECT_EQ(y[1].asInt(2), 6);
}

} // namespace
