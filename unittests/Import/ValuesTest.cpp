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

/// y[i, b] = sum over j and k of a[b, i, j] * c[b, j, k] * v[k].
TEST_F(ValuesTest, EinsumOfThreeOperands) {
  std::vector<float> a(2 * 2 * 3), c(2 * 3 * 2), v = {-1, 2};
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<float>(i % 5) - 1;
    c[i] = static_cast<float>(i * 7 % 4);
  }
  std::vector<Tensor> y = compute(
      floatValue("input", "a", {2, 2, 3}) +
          floatValue("input", "c", {2, 3, 2}) + floatValue("input", "v", {2}) +
          "output { name: 'y' } output { name: 't' }"
          "node { op_type: 'Einsum' input: 'a' input: 'c' input: 'v' output: "
          "'y' attribute { name: 'equation' type: STRING s: 'bij,bjk,k->ib' } }"
          "node { op_type: 'Einsum' input: 'a' output: 't' "
          "attribute { name: 'equation' type: STRING s: 'bbj->j' } }",
      13,
      {makeTensor<float>({2, 2, 3}, a), makeTensor<float>({2, 3, 2}, c),
       makeTensor<float>({2}, v)});
  ASSERT_EQ(y.size(), 2u);
  std::vector<float> expected(4), traces;
  for (int b = 0; b < 2; ++b)
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 3; ++j)
        for (int k = 0; k < 2; ++k)
          expected[i * 2 + b] +=
              a[(b * 2 + i) * 3 + j] * c[(b * 3 + j) * 2 + k] * v[k];
  EXPECT_EQ(valuesOf<float>(y[0]), expected);
  for (int j = 0; j < 3; ++j)
    traces.push_back(a[j] + a[9 + j]);
  EXPECT_EQ(valuesOf<float>(y[1]), traces);
}

/// Against the sum that defines it: of a length that is one product, of a prime
/// one, and of 320 = 16 * 20, which is two.
TEST_F(ValuesTest, FourierTransforms) {
  for (int64_t length : {6, 7, 320}) {
    std::vector<float> x(2 * length);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<float>((i * 37 + 11) % 19) / 19 - 0.5f;
    std::vector<Tensor> y = compute(
        floatValue("input", "x", {1, length, 2}) +
            "output { name: 'y' } node { op_type: 'DFT' input: 'x' output: 'y' "
            "attribute { name: 'axis' type: INT i: 1 } }",
        17, {makeTensor<float>({1, length, 2}, x)});
    ASSERT_EQ(y.size(), 1u);
    for (int64_t k = 0; k < length; ++k) {
      double real = 0, imaginary = 0;
      for (int64_t j = 0; j < length; ++j) {
        double angle = -2 * M_PI * static_cast<double>(j * k) /
                       static_cast<double>(length);
        real += x[2 * j] * std::cos(angle) - x[2 * j + 1] * std::sin(angle);
        imaginary +=
            x[2 * j] * std::sin(angle) + x[2 * j + 1] * std::cos(angle);
      }
      EXPECT_NEAR(y[0].data<float>()[2 * k], real, 2e-5) << length << ' ' << k;
      EXPECT_NEAR(y[0].data<float>()[2 * k + 1], imaginary, 2e-5)
          << length << ' ' << k;
    }
  }
}

/// Each element of the image is the sum of those that were cut from it.
TEST_F(ValuesTest, ImagesFromColumns) {
  // Blocks of 2 x 1 at the rows 0 and 1 of three, and both columns.
  std::vector<Tensor> y = compute(
      floatValue("input", "x", {1, 2, 4}) +
          "output { name: 'y' } node { op_type: 'Col2Im' input: 'x' input: 'i' "
          "input: 'b' output: 'y' }"
          "initializer { name: 'i' data_type: 7 dims: 2 int64_data: [3, 2] }"
          "initializer { name: 'b' data_type: 7 dims: 2 int64_data: [2, 1] }",
      18, {makeTensor<float>({1, 2, 4}, {1, 2, 3, 4, 10, 20, 30, 40})});
  EXPECT_THAT(valuesOf<float>(y.at(0)), ElementsAre(1, 2, 13, 24, 30, 40));
}

/// Without offsets it is a convolution; an offset of half an element reads the
/// mean of two.
TEST_F(ValuesTest, DeformableConvolution) {
  std::vector<float> offsets = {0, 0, 0, 0, 0, 0.5f, 0, 1};
  std::vector<Tensor> y = compute(
      floatValue("input", "x", {1, 1, 2, 2}) +
          floatValue("input", "o", {1, 2, 2, 2}) +
          "output { name: 'y' } node { op_type: 'DeformConv' input: 'x' input: "
          "'w' input: 'o' output: 'y' } initializer { name: 'w' data_type: 1 "
          "dims: 1 dims: 1 dims: 1 dims: 1 float_data: [2] }",
      19,
      {makeTensor<float>({1, 1, 2, 2}, {1, 3, 5, 7}),
       makeTensor<float>({1, 2, 2, 2}, offsets)});
  // Right of the last element there are zeros.
  EXPECT_THAT(valuesOf<float>(y.at(0)),
              Pointwise(FloatNear(1e-5f), {2.f, 3.f, 10.f, 0.f}));
}

} // namespace
