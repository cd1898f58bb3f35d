//===- ContractionTest.cpp - Convolution and matrix multiplication --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"
#include <cmath>
#include <random>

using namespace edgec;
using namespace edgec::testing;

namespace {

using Contraction = Evaluation;

constexpr const char *image =
    "%x = edge.constant dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], "
    "[7.0, 8.0, 9.0]]]]> : tensor<1x1x3x3xf32>\n";

TEST_F(Contraction, ConvolutionPadsStridesAndDilates) {
  std::string prefix =
      std::string(image) +
      "%w = edge.constant dense<[[[[1.0, 10.0], [100.0, 1000.0]]]]> : "
      "tensor<1x1x2x2xf32>\n%r = edge.conv %x, %w {groups = 1 : i64, ";
  struct {
    const char *attributes, *type, *expected;
  } cases[] = {
      {"strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, "
       "pads = array<i64: 0, 0, 0, 0>",
       "tensor<1x1x2x2xf32>", "[[[[5421.0, 6532.0], [8754.0, 9865.0]]]]"},
      // One row above, one column to the right; every second position.
      {"strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, "
       "pads = array<i64: 1, 0, 0, 1>",
       "tensor<1x1x2x2xf32>", "[[[[2100.0, 300.0], [8754.0, 906.0]]]]"},
      {"strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, "
       "pads = array<i64: 0, 0, 0, 0>",
       "tensor<1x1x1x1xf32>", "[[[[9731.0]]]]"},
      {"strides = array<i64: 1, 3>, dilations = array<i64: 2, 1>, "
       "pads = array<i64: 1, 0, 1, 0>",
       "tensor<1x1x3x1xf32>", "[[[[5400.0], [8721.0], [54.0]]]]"},
  };
  for (auto &test : cases) {
    std::string operations =
        prefix + test.attributes +
        "} : (tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>) -> " + test.type;
    std::string expected =
        std::string("dense<") + test.expected + "> : " + test.type;
    check({{operations.c_str(), expected.c_str()}});
  }
}

TEST_F(Contraction, TransposedConvolutionAddsWhatTapsCarry) {
  std::string prefix =
      "%x = edge.constant dense<[[[1.0, 2.0, 3.0]]]> : tensor<1x1x3xf32>\n"
      "%w = edge.constant dense<[[[1.0, 10.0, 100.0]]]> : tensor<1x1x3xf32>\n"
      "%b = edge.constant dense<[0.5]> : tensor<1xf32>\n"
      "%r = edge.conv_transpose %x, %w, %b {groups = 1 : i64, ";
  struct {
    const char *attributes, *type, *expected;
  } cases[] = {
      {"strides = array<i64: 1>, dilations = array<i64: 1>, "
       "pads = array<i64: 0, 0>",
       "tensor<1x1x5xf32>", "[[[1.5, 12.5, 123.5, 230.5, 300.5]]]"},
      {"strides = array<i64: 2>, dilations = array<i64: 1>, "
       "pads = array<i64: 1, 0>",
       "tensor<1x1x6xf32>", "[[[10.5, 102.5, 20.5, 203.5, 30.5, 300.5]]]"},
      // One element more than any tap reaches.
      {"strides = array<i64: 1>, dilations = array<i64: 2>, "
       "pads = array<i64: 2, -1>",
       "tensor<1x1x6xf32>", "[[[13.5, 20.5, 130.5, 200.5, 300.5, 0.5]]]"},
  };
  for (auto &test : cases) {
    std::string operations = prefix + test.attributes +
                             "} : (tensor<1x1x3xf32>, tensor<1x1x3xf32>, "
                             "tensor<1xf32>) -> " +
                             test.type;
    std::string expected =
        std::string("dense<") + test.expected + "> : " + test.type;
    check({{operations.c_str(), expected.c_str()}});
  }
}

TEST_F(Contraction, ConvolutionOfGroupsWithBias) {
  check({
      // Two groups of one channel, two outputs each; rank 3.
      {"%x = edge.constant dense<[[[1.0, 2.0], [3.0, 4.0]]]> : "
       "tensor<1x2x2xf32>\n"
       "%w = edge.constant dense<[[[1.0]], [[10.0]], [[100.0]], [[1000.0]]]> : "
       "tensor<4x1x1xf32>\n"
       "%b = edge.constant dense<[0.5, 0.25, 0.0, -1.0]> : tensor<4xf32>\n"
       "%r = edge.conv %x, %w, %b {strides = array<i64: 1>, dilations = "
       "array<i64: 1>, pads = array<i64: 0, 0>, groups = 2 : i64} : "
       "(tensor<1x2x2xf32>, tensor<4x1x1xf32>, tensor<4xf32>) -> "
       "tensor<1x4x2xf32>",
       "dense<[[[1.5, 2.5], [10.25, 20.25], [300.0, 400.0], [2999.0, 3999.0]]]>"
       " : tensor<1x4x2xf32>"},
      // The same with the channels last.
      {"%x = edge.constant dense<[[[1.0, 3.0], [2.0, 4.0]]]> : "
       "tensor<1x2x2xf32>\n"
       "%w = edge.constant dense<[[[1.0]], [[10.0]], [[100.0]], [[1000.0]]]> : "
       "tensor<4x1x1xf32>\n"
       "%r = edge.conv %x, %w {strides = array<i64: 1>, dilations = "
       "array<i64: 1>, pads = array<i64: 0, 0>, groups = 2 : i64, layout = "
       "#edge.layout<nhwc>} : (tensor<1x2x2xf32>, tensor<4x1x1xf32>) -> "
       "tensor<1x2x4xf32>",
       "dense<[[[1.0, 10.0, 300.0, 3000.0], [2.0, 20.0, 400.0, 4000.0]]]> : "
       "tensor<1x2x4xf32>"},
      // 8-bit integers of either signedness accumulate in 32 bits.
      {"%x = edge.constant dense<255> : tensor<1x3x1xui8>\n"
       "%w = edge.constant dense<-128> : tensor<1x3x1xi8>\n"
       "%r = edge.conv %x, %w {strides = array<i64: 1>, dilations = "
       "array<i64: 1>, pads = array<i64: 0, 0>, groups = 1 : i64} : "
       "(tensor<1x3x1xui8>, tensor<1x3x1xi8>) -> tensor<1x1x1xi32>",
       "dense<-97920> : tensor<1x1x1xi32>"},
      // 2048 + 1 + 1 is only right if the sum is kept in single precision.
      {"%x = edge.constant dense<[[[2048.0], [1.0], [1.0]]]> : "
       "tensor<1x3x1xf16>\n"
       "%w = edge.constant dense<1.0> : tensor<1x3x1xf16>\n"
       "%r = edge.conv %x, %w {strides = array<i64: 1>, dilations = "
       "array<i64: 1>, pads = array<i64: 0, 0>, groups = 1 : i64} : "
       "(tensor<1x3x1xf16>, tensor<1x3x1xf16>) -> tensor<1x1x1xf16>",
       "dense<2050.0> : tensor<1x1x1xf16>"},
  });
}

TEST_F(Contraction, MatrixProducts) {
  const char *a =
      "%a = edge.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>\n";
  const char *b = "%b = edge.constant dense<[[1, 10], [100, 1000], [0, 1]]> : "
                  "tensor<3x2xi32>\n";
  std::string both = std::string(a) + b;
  struct {
    std::string operations;
    const char *expected;
  } cases[] = {
      {both + "%r = edge.matmul %a, %b : (tensor<2x3xi32>, tensor<3x2xi32>) -> "
              "tensor<2x2xi32>",
       "dense<[[201, 2013], [504, 5046]]> : tensor<2x2xi32>"},
      // The left side is transposed: columns of a by rows of a.
      {both + "%r = edge.matmul %a, %a {transpose_lhs} : (tensor<2x3xi32>, "
              "tensor<2x3xi32>) -> tensor<3x3xi32>",
       "dense<[[17, 22, 27], [22, 29, 36], [27, 36, 45]]> : tensor<3x3xi32>"},
      {both + "%r = edge.matmul %a, %a {transpose_rhs} : (tensor<2x3xi32>, "
              "tensor<2x3xi32>) -> tensor<2x2xi32>",
       "dense<[[14, 32], [32, 77]]> : tensor<2x2xi32>"},
      {std::string(a) +
           "%v = edge.constant dense<[1, 10, 100]> : tensor<3xi32>\n"
           "%r = edge.matmul %a, %v : (tensor<2x3xi32>, tensor<3xi32>) -> "
           "tensor<2xi32>",
       "dense<[321, 654]> : tensor<2xi32>"},
      {"%v = edge.constant dense<[1, 10]> : tensor<2xi32>\n" + std::string(a) +
           "%r = edge.matmul %v, %a : (tensor<2xi32>, tensor<2x3xi32>) -> "
           "tensor<3xi32>",
       "dense<[41, 52, 63]> : tensor<3xi32>"},
      {"%v = edge.constant dense<[1, 10]> : tensor<2xi32>\n"
       "%r = edge.matmul %v, %v : (tensor<2xi32>, tensor<2xi32>) -> "
       "tensor<i32>",
       "dense<101> : tensor<i32>"},
      // Batches broadcast: 2x1 against 2.
      {"%x = edge.constant dense<[[[[1, 2]]], [[[3, 4]]]]> : "
       "tensor<2x1x1x2xi64>\n"
       "%y = edge.constant dense<[[[1], [1]], [[10], [100]]]> : "
       "tensor<2x2x1xi64>\n"
       "%r = edge.matmul %x, %y : (tensor<2x1x1x2xi64>, tensor<2x2x1xi64>) -> "
       "tensor<2x2x1x1xi64>",
       "dense<[[[[3]], [[210]]], [[[7]], [[430]]]]> : tensor<2x2x1x1xi64>"},
      // One matrix for the whole batch.
      {"%x = edge.constant dense<[[[1, 2]], [[3, 4]]]> : tensor<2x1x2xi64>\n"
       "%y = edge.constant dense<[[1], [10]]> : tensor<2x1xi64>\n"
       "%r = edge.matmul %x, %y : (tensor<2x1x2xi64>, tensor<2x1xi64>) -> "
       "tensor<2x1x1xi64>",
       "dense<[[[21]], [[43]]]> : tensor<2x1x1xi64>"},
      // An empty sum is zero.
      {"%x = edge.constant dense<> : tensor<2x0xf32>\n"
       "%y = edge.constant dense<> : tensor<0x1xf32>\n"
       "%r = edge.matmul %x, %y : (tensor<2x0xf32>, tensor<0x1xf32>) -> "
       "tensor<2x1xf32>",
       "dense<0.0> : tensor<2x1xf32>"},
      // 2^24 + 1 - 2^24: 0 when each product is added in turn.
      {"%x = edge.constant dense<[16777216.0, 1.0, -16777216.0]> : "
       "tensor<3xf32>\n"
       "%y = edge.constant dense<1.0> : tensor<3xf32>\n"
       "%r = edge.matmul %x, %y : (tensor<3xf32>, tensor<3xf32>) -> "
       "tensor<f32>",
       "dense<0.0> : tensor<f32>"},
      // (1 + e)^2 - (1 + 2e) = e^2 needs a fused multiply-add, e = 2^-12 twice:
      // -1.00048828125 * 1 + 1.000244140625^2 = 2^-24.
      {"%x = edge.constant dense<[-1.00048828125, 1.000244140625]> : "
       "tensor<2xf32>\n"
       "%y = edge.constant dense<[1.0, 1.000244140625]> : tensor<2xf32>\n"
       "%r = edge.matmul %x, %y : (tensor<2xf32>, tensor<2xf32>) -> "
       "tensor<f32>",
       "dense<5.9604644775390625e-08> : tensor<f32>"},
  };
  for (auto &test : cases)
    check({{test.operations.c_str(), test.expected}});
}

/// Small integers, of which every sum is exact in any order.
Tensor randomTensor(std::mt19937 &random, std::vector<int64_t> shape) {
  Tensor tensor(ElementType::F32, std::move(shape));
  for (int64_t i = 0; i < tensor.size(); ++i)
    tensor.mutableData<float>()[i] = static_cast<int>(random() % 15) - 7;
  return tensor;
}

struct RandomConv {
  int64_t batch, groups, groupChannels, groupOutputs;
  int64_t extent[2], kernel[2], stride[2], dilation[2], pads[4], output[2];

  explicit RandomConv(std::mt19937 &random) {
    auto pick = [&](int64_t low, int64_t high) {
      return low + static_cast<int64_t>(random() % (high - low + 1));
    };
    batch = pick(1, 2), groups = pick(1, 3);
    groupChannels = pick(1, 5), groupOutputs = pick(1, 70);
    for (int axis = 0; axis < 2; ++axis) {
      kernel[axis] = pick(1, 3), stride[axis] = pick(1, 3);
      dilation[axis] = pick(1, 2);
      pads[axis] = pick(0, 2), pads[axis + 2] = pick(0, 2);
      extent[axis] = pick(5, 9);
      int64_t reach = dilation[axis] * (kernel[axis] - 1) + 1;
      output[axis] =
          (extent[axis] + pads[axis] + pads[axis + 2] - reach) / stride[axis] +
          1;
    }
  }
};

std::string shapeText(std::vector<int64_t> shape) {
  return "tensor<" + formatShape(shape) + "xf32>";
}

/// The definition, written as sums over coordinates.
float naiveConv(const RandomConv &c, const Tensor &x, const Tensor &w,
                int64_t n, int64_t o, int64_t oy, int64_t ox) {
  double sum = 0;
  for (int64_t i = 0; i < c.groupChannels; ++i)
    for (int64_t ky = 0; ky < c.kernel[0]; ++ky)
      for (int64_t kx = 0; kx < c.kernel[1]; ++kx) {
        int64_t y = oy * c.stride[0] - c.pads[0] + ky * c.dilation[0];
        int64_t z = ox * c.stride[1] - c.pads[1] + kx * c.dilation[1];
        if (y < 0 || z < 0 || y >= c.extent[0] || z >= c.extent[1])
          continue;
        int64_t channel = o / c.groupOutputs * c.groupChannels + i;
        int64_t at =
            ((n * c.groups * c.groupChannels + channel) * c.extent[0] + y) *
                c.extent[1] +
            z;
        int64_t tap =
            ((o * c.groupChannels + i) * c.kernel[0] + ky) * c.kernel[1] + kx;
        sum += x.asDouble(at) * w.asDouble(tap);
      }
  return static_cast<float>(sum);
}

TEST_F(Contraction, RandomConvolutionsFollowTheDefinition) {
  std::mt19937 random(1);
  for (int round = 0; round < 40; ++round) {
    RandomConv c(random);
    int64_t outputs = c.groups * c.groupOutputs;
    std::vector<int64_t> xs = {c.batch, c.groups * c.groupChannels, c.extent[0],
                               c.extent[1]};
    std::vector<int64_t> ws = {outputs, c.groupChannels, c.kernel[0],
                               c.kernel[1]};
    std::vector<int64_t> rs = {c.batch, outputs, c.output[0], c.output[1]};
    Tensor x = randomTensor(random, xs), w = randomTensor(random, ws);
    auto pair = [](const int64_t *values) {
      return std::to_string(values[0]) + ", " + std::to_string(values[1]);
    };
    std::string types =
        "(" + shapeText(xs) + ", " + shapeText(ws) + ") -> " + shapeText(rs);
    std::string text =
        "func.func @f(%x: " + shapeText(xs) + ", %w: " + shapeText(ws) +
        ") -> " + shapeText(rs) + " {\n%r = edge.conv %x, %w {strides = " +
        "array<i64: " + pair(c.stride) +
        ">, dilations = array<i64: " + pair(c.dilation) +
        ">, pads = array<i64: " + pair(c.pads) + ", " + pair(c.pads + 2) +
        ">, groups = " + std::to_string(c.groups) + " : i64} : " + types +
        "\nreturn %r : " + shapeText(rs) + "}";
    Tensor expected(ElementType::F32, rs);
    float *to = expected.mutableData<float>();
    for (int64_t n = 0; n < c.batch; ++n)
      for (int64_t o = 0; o < outputs; ++o)
        for (int64_t oy = 0; oy < c.output[0]; ++oy)
          for (int64_t ox = 0; ox < c.output[1]; ++ox)
            *to++ = naiveConv(c, x, w, n, o, oy, ox);
    std::vector<Tensor> results = run(text, {x, w});
    ASSERT_EQ(results.size(), 1u);
    // Adding zero makes -0 of the naive sum +0.
    expectClose(results[0], expected, 1, text);
  }
}

/// More rows, columns and depth than any tile, block or chunk, in inexact
/// arithmetic: every element is the chain of fused multiply-adds.
TEST_F(Contraction, LargeProductsKeepTheOrder) {
  std::mt19937 random(2);
  std::normal_distribution<float> normal;
  auto fill = [&](std::vector<int64_t> shape) {
    Tensor tensor(ElementType::F32, std::move(shape));
    for (int64_t i = 0; i < tensor.size(); ++i)
      tensor.mutableData<float>()[i] = normal(random);
    return tensor;
  };
  struct {
    int64_t rows, depth, columns;
  } sizes[] = {{131, 1501, 397}, {133, 33001, 5}};
  for (auto [rows, depth, columns] : sizes) {
    Tensor a = fill({rows, depth}), b = fill({depth, columns});
    std::string types = "(" + shapeText({rows, depth}) + ", " +
                        shapeText({depth, columns}) + ") -> " +
                        shapeText({rows, columns});
    std::vector<Tensor> results =
        run("func.func @f(%a: " + shapeText({rows, depth}) +
                ", %b: " + shapeText({depth, columns}) + ") -> " +
                shapeText({rows, columns}) + " {\n%r = edge.matmul %a, %b : " +
                types + "\nreturn %r : " + shapeText({rows, columns}) + "}",
            {a, b});
    ASSERT_EQ(results.size(), 1u);
    for (int64_t i = 0; i < rows; i += 13)
      for (int64_t j = 0; j < columns; j += 4) {
        float sum = 0;
        for (int64_t k = 0; k < depth; ++k)
          sum = std::fma(a.data<float>()[i * depth + k],
                         b.data<float>()[k * columns + j], sum);
        EXPECT_EQ(results[0].data<float>()[i * columns + j], sum);
      }
  }
}

} // namespace
