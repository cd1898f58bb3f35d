//===- ValuesTest.cpp - Decomposed operators compute what ONNX says -----===//
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

class ValuesTest : public ImportTest {
protected:
  std::vector<Tensor> compute(const std::string &graph, int opset,
                              std::vector<Tensor> inputs) {
    auto module = importGraph(graph, opset);
    EXPECT_TRUE(module) << messages;
    return module ? run(*module, inputs) : std::vector<Tensor>();
  }
  static std::string byteInput(const std::string &name, int type,
                               const std::string &dims) {
    return "input { name: '" + name +
           "' type { tensor_type { elem_type: " + std::to_string(type) +
           " shape { " + dims + " } } } }";
  }
};

/// Against the definition: (a - za) * (b - zb) in 32 bits.
TEST_F(ValuesTest, MatMulIntegerWithZeroPoints) {
  std::string two = "dim { dim_value: 2 } dim { dim_value: 2 }";
  std::vector<Tensor> y = compute(
      byteInput("a", 2, two) + byteInput("b", 3, two) +
          byteInput("za", 2, "dim { dim_value: 2 }") +
          byteInput("zb", 3, "dim { dim_value: 2 }") +
          "output { name: 'y' } node { op_type: 'MatMulInteger' input: 'a' "
          "input: 'b' input: 'za' input: 'zb' output: 'y' }",
      13,
      {makeTensor<uint8_t>({2, 2}, {1, 200, 3, 255}),
       makeTensor<int8_t>({2, 2}, {-128, 5, 127, -6}),
       makeTensor<uint8_t>({2}, {7, 255}), makeTensor<int8_t>({2}, {3, -4})});
  ASSERT_EQ(y.size(), 1u);
  int a[2][2] = {{1 - 7, 200 - 7}, {3 - 255, 255 - 255}};
  int b[2][2] = {{-128 - 3, 5 + 4}, {127 - 3, -6 + 4}};
  std::vector<int32_t> expected;
  for (auto &row : a)
    for (int column = 0; column < 2; ++column)
      expected.push_back(row[0] * b[0][column] + row[1] * b[1][column]);
  EXPECT_EQ(valuesOf<int32_t>(y[0]), expected);
}

TEST_F(ValuesTest, TileRepeatsEveryDimension) {
  std::vector<Tensor> y = compute(
      floatValue("input", "x", {2, 2}) + floatValue("output", "y", {4, 4}) +
          "node { op_type: 'Tile' input: 'x' input: 'r' output: 'y' }"
          "initializer { name: 'r' data_type: 7 dims: 2 int64_data: [2, 2] }",
      13, {makeTensor<float>({2, 2}, {1, 2, 3, 4})});
  EXPECT_THAT(valuesOf<float>(y.at(0)),
              ElementsAre(1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4));
}

TEST_F(ValuesTest, SpaceToDepthUndoesDepthToSpace) {
  std::vector<float> values(48);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i);
  std::string block = "attribute { name: 'blocksize' type: INT i: 2 } }";
  std::vector<Tensor> y = compute(
      floatValue("input", "x", {1, 12, 2, 2}) +
          floatValue("output", "y", {1, 12, 2, 2}) +
          floatValue("output", "a", {1, 3, 4, 4}) +
          "node { op_type: 'DepthToSpace' input: 'x' output: 'a' " + block +
          "node { op_type: 'SpaceToDepth' input: 'a' output: 'y' " + block,
      13, {makeTensor<float>({1, 12, 2, 2}, values)});
  EXPECT_EQ(valuesOf<float>(y.at(0)), values);
  // The first row of the first plane: channels 0 and 3 in turn.
  EXPECT_THAT(
      std::vector<float>(y.at(1).data<float>(), y.at(1).data<float>() + 4),
      ElementsAre(0, 12, 1, 13));
}

TEST_F(ValuesTest, GroupNormalizationByGroupAndByChannel) {
  std::string graph =
      floatValue("input", "x", {1, 4, 1}) +
      floatValue("output", "y", {1, 4, 1}) +
      "node { op_type: 'GroupNormalization' input: 'x' input: 's' input: 'b' "
      "output: 'y' attribute { name: 'num_groups' type: INT i: 2 } "
      "attribute { name: 'epsilon' type: FLOAT f: 0 } }";
  std::vector<Tensor> x = {makeTensor<float>({1, 4, 1}, {1, 3, 10, 20})};
  std::vector<Tensor> byGroup =
      compute(graph + "initializer { name: 's' data_type: 1 dims: 2 "
                      "float_data: [2, 3] } initializer { name: 'b' "
                      "data_type: 1 dims: 2 float_data: [0, 1] }",
              18, x);
  EXPECT_THAT(valuesOf<float>(byGroup.at(0)),
              Pointwise(FloatNear(1e-5f), {-2.f, 2.f, -2.f, 4.f}));
  std::vector<Tensor> byChannel =
      compute(graph + "initializer { name: 's' data_type: 1 dims: 4 "
                      "float_data: [1, 2, 3, 4] } initializer { name: 'b' "
                      "data_type: 1 dims: 4 float_data: [0, 0, 0, 1] }",
              21, x);
  EXPECT_THAT(valuesOf<float>(byChannel.at(0)),
              Pointwise(FloatNear(1e-5f), {-1.f, 2.f, -3.f, 5.f}));
}

TEST_F(ValuesTest, DynamicQuantizationOfZerosAndOfARange) {
  std::string graph =
      floatValue("input", "x", {3}) +
      "output { name: 'q' } output { name: 's' } output { name: 'z' }"
      "node { op_type: 'DynamicQuantizeLinear' input: 'x' output: 'q' "
      "output: 's' output: 'z' }";
  std::vector<Tensor> zeros =
      compute(graph, 13, {makeTensor<float>({3}, {0, 0, 0})});
  EXPECT_THAT(valuesOf<uint8_t>(zeros.at(0)), ElementsAre(0, 0, 0));
  EXPECT_THAT(valuesOf<float>(zeros.at(1)), ElementsAre(1));
  std::vector<Tensor> range =
      compute(graph, 13, {makeTensor<float>({3}, {-1, 0, 2})});
  EXPECT_THAT(valuesOf<float>(range.at(1)), ElementsAre(3.0f / 255));
  EXPECT_THAT(valuesOf<uint8_t>(range.at(2)), ElementsAre(85));
  EXPECT_THAT(valuesOf<uint8_t>(range.at(0)), ElementsAre(0, 85, 255));
}

/// What the last window covers is counted, what rounding up added is not.
TEST_F(ValuesTest, AveragesWithRoundingUp) {
  std::string graph = floatValue("input", "x", {1, 1, 4}) +
                      "output { name: 'y' } node { op_type: 'AveragePool' "
                      "input: 'x' output: 'y' "
                      "attribute { name: 'kernel_shape' type: INTS ints: 3 } "
                      "attribute { name: 'strides' type: INTS ints: 2 } "
                      "attribute { name: 'ceil_mode' type: INT i: 1 } "
                      "attribute { name: 'count_include_pad' type: INT i: 1 } "
                      "}";
  std::vector<Tensor> y =
      compute(graph, 13, {makeTensor<float>({1, 1, 4}, {1, 2, 3, 5})});
  EXPECT_THAT(valuesOf<float>(y.at(0)), ElementsAre(2, 4));
}

} // namespace
