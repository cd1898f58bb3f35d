//===- ReductionTest.cpp - Reductions, softmax and pooling ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"
#include "edgec/Reference/CanonicalReduction.h"

using namespace edgec;
using namespace edgec::testing;

namespace {

using Reduction = Evaluation;

TEST_F(Reduction, TheTreeHasSixteenLanes) {
  // 2^24 swallows a 1 that is added to it alone, but not the 2 that two lanes
  // have made before: the order shows in the result.
  std::vector<float> values(34, 0.0f);
  values[0] = 16777216.0f; // lane 0
  values[1] = 1;           // lane 1, combined with lane 0 last of all
  values[17] = 1;          // lane 1 again: 1 + 1
  auto sumOf = [&] {
    return canonicalSum<float>(values.size(),
                               [&](int64_t i) { return values[i]; });
  };
  EXPECT_EQ(sumOf(), 16777218.0f);
  // Lanes 8 and 4 meet lane 0 one after the other: both are swallowed.
  values[1] = values[17] = 0;
  values[8] = values[4] = 1;
  EXPECT_EQ(sumOf(), 16777216.0f);
  // Lanes 12 and 4 meet first.
  values[8] = 0, values[12] = 1;
  EXPECT_EQ(sumOf(), 16777218.0f);
  EXPECT_EQ(canonicalSum<float>(0, [](int64_t) { return 1.0f; }), 0.0f);
}

struct ReduceCase {
  const char *kind;
  const char *axes;
  bool keepDims;
  const char *expected;
};

TEST_F(Reduction, EveryKind) {
  const char *input =
      "dense<[[[1.0, -2.0], [3.0, 4.0]], [[5.0, 6.0], [-7.0, 8.0]]]> : "
      "tensor<2x2x2xf32>";
  const ReduceCase cases[] = {
      {"sum", "0, 1, 2", false, "dense<18.0> : tensor<f32>"},
      {"sum", "1", false,
       "dense<[[4.0, 2.0], [-2.0, 14.0]]> : tensor<2x2xf32>"},
      {"sum", "0, 2", true, "dense<[[[10.0], [8.0]]]> : tensor<1x2x1xf32>"},
      {"mean", "0, 2", false, "dense<[2.5, 2.0]> : tensor<2xf32>"},
      {"max", "2", false, "dense<[[1.0, 4.0], [6.0, 8.0]]> : tensor<2x2xf32>"},
      {"min", "0", false,
       "dense<[[1.0, -2.0], [-7.0, 4.0]]> : tensor<2x2xf32>"},
      {"prod", "2", false,
       "dense<[[-2.0, 12.0], [30.0, -56.0]]> : tensor<2x2xf32>"},
      {"l1", "1, 2", false, "dense<[10.0, 26.0]> : tensor<2xf32>"},
      {"sum_square", "1, 2", false, "dense<[30.0, 174.0]> : tensor<2xf32>"},
      {"l2", "1, 2", false,
       "dense<[5.4772255750516611, 13.190905958272920]> : tensor<2xf32>"},
      {"log_sum", "0, 1, 2", false, "dense<2.8903717578961645> : tensor<f32>"},
      {"log_sum_exp", "0, 2", false,
       "dense<[6.318419440202193, 8.024745188564465]> : tensor<2xf32>"},
  };
  for (const ReduceCase &test : cases) {
    std::string expected = test.expected;
    std::string operations =
        std::string("%x = edge.constant ") + input + "\n%r = edge.reduce <" +
        test.kind + "> %x {axes = array<i64: " + test.axes +
        ">, keep_dims = " + (test.keepDims ? "true" : "false") +
        "} : (tensor<2x2x2xf32>) -> " +
        expected.substr(expected.rfind(": tensor<") + 2);
    check({{operations.c_str(), test.expected, 1}});
  }
}

TEST_F(Reduction, IntegersEmptyExtentsAndNoAxes) {
  check({
      {"%x = edge.constant dense<[100, 100, 101]> : tensor<3xi8>\n"
       "%r = edge.reduce <sum> %x {axes = array<i64: 0>, keep_dims = false} : "
       "(tensor<3xi8>) -> tensor<i8>",
       "dense<45> : tensor<i8>"},
      {"%x = edge.constant dense<[100, 100, 101]> : tensor<3xi8>\n"
       "%r = edge.reduce <mean> %x {axes = array<i64: 0>, keep_dims = false} : "
       "(tensor<3xi8>) -> tensor<i8>",
       "dense<100> : tensor<i8>"},
      {"%x = edge.constant dense<> : tensor<0x2xf32>\n"
       "%r = edge.reduce <sum> %x {axes = array<i64: 0>, keep_dims = false} : "
       "(tensor<0x2xf32>) -> tensor<2xf32>",
       "dense<0.0> : tensor<2xf32>"},
      {"%x = edge.constant dense<[-1.0, 2.0]> : tensor<2xf32>\n"
       "%r = edge.reduce <l2> %x {axes = array<i64>, keep_dims = false} : "
       "(tensor<2xf32>) -> tensor<2xf32>",
       "dense<[1.0, 2.0]> : tensor<2xf32>"},
      {"%x = edge.constant dense<[1.0, 0x7FC00000, 3.0]> : tensor<3xf32>\n"
       "%r = edge.reduce <max> %x {axes = array<i64: 0>, keep_dims = false} : "
       "(tensor<3xf32>) -> tensor<f32>",
       "dense<0x7FC00000> : tensor<f32>"},
      // No overflow: log(2 * exp(1000)).
      {"%x = edge.constant dense<1000.0> : tensor<2xf32>\n"
       "%r = edge.reduce <log_sum_exp> %x {axes = array<i64: 0>, keep_dims = "
       "false} : (tensor<2xf32>) -> tensor<f32>",
       "dense<1000.69314718> : tensor<f32>"},
      // The sum is kept in single precision and rounded once.
      {"%x = edge.constant dense<[2048.0, 1.0, 1.0]> : tensor<3xf16>\n"
       "%r = edge.reduce <sum> %x {axes = array<i64: 0>, keep_dims = false} : "
       "(tensor<3xf16>) -> tensor<f16>",
       "dense<2050.0> : tensor<f16>"},
  });
}

TEST_F(Reduction, ArgReduce) {
  struct {
    const char *attributes, *expected;
  } cases[] = {
      {"<max> %x {axis = 1 : i64, keep_dims = false}",
       "dense<[0, 1]> : tensor<2xi64>"},
      {"<max> %x {axis = 1 : i64, keep_dims = false, select_last}",
       "dense<[2, 1]> : tensor<2xi64>"},
      {"<min> %x {axis = 0 : i64, keep_dims = true}",
       "dense<[[1, 0, 0]]> : tensor<1x3xi64>"},
  };
  for (auto &test : cases) {
    std::string expected = test.expected;
    std::string operations =
        "%x = edge.constant dense<[[3, 1, 3], [2, 5, 4]]> : tensor<2x3xi32>\n"
        "%r = edge.arg_reduce " +
        std::string(test.attributes) + " : (tensor<2x3xi32>) -> " +
        expected.substr(expected.rfind(": tensor<") + 2);
    check({{operations.c_str(), test.expected}});
  }
}

TEST_F(Reduction, Softmax) {
  check({
      // Along the first dimension: differences of log 3 and 0.
      {"%x = edge.constant dense<[[1000.0, 5.0], [1001.0986122886681, 5.0]]> : "
       "tensor<2x2xf64>\n"
       "%r = edge.softmax %x {axis = 0 : i64} : (tensor<2x2xf64>) -> "
       "tensor<2x2xf64>",
       "dense<[[0.25, 0.5], [0.75, 0.5]]> : tensor<2x2xf64>", 2000},
      {"%x = edge.constant dense<[0.0, 0.0, 0.0, 0.0]> : tensor<4xf32>\n"
       "%r = edge.softmax %x {axis = 0 : i64, log} : (tensor<4xf32>) -> "
       "tensor<4xf32>",
       "dense<-1.3862943611198906> : tensor<4xf32>"},
      {"%x = edge.constant dense<[0.0, 0xFF800000]> : tensor<2xf32>\n"
       "%r = edge.softmax %x {axis = 0 : i64} : (tensor<2xf32>) -> "
       "tensor<2xf32>",
       "dense<[1.0, 0.0]> : tensor<2xf32>"},
  });
}

constexpr const char *image =
    "%x = edge.constant dense<[[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], "
    "[7.0, 8.0, 9.0]]]]> : tensor<1x1x3x3xf32>\n";

TEST_F(Reduction, Pooling) {
  struct {
    const char *operation, *type, *expected;
  } cases[] = {
      {"max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, "
       "dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 1, 1>}",
       "tensor<1x1x2x2xf32>", "[[[[5.0, 6.0], [8.0, 9.0]]]]"},
      {"max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, "
       "dilations = array<i64: 2, 2>, pads = array<i64: 0, 0, 0, 0>}",
       "tensor<1x1x1x1xf32>", "[[[[9.0]]]]"},
      {"average_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,"
       " dilations = array<i64: 1, 1>, pads = array<i64: 0, 1, 1, 0>, "
       "ceil_pads = array<i64: 0, 0>}",
       "tensor<1x1x2x2xf32>", "[[[[2.5, 4.0], [7.0, 8.5]]]]"},
      {"average_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,"
       " dilations = array<i64: 1, 1>, pads = array<i64: 0, 1, 1, 0>, "
       "ceil_pads = array<i64: 0, 0>, count_include_pad}",
       "tensor<1x1x2x2xf32>", "[[[[1.25, 4.0], [1.75, 4.25]]]]"},
      // The last row is there because the size was rounded up: not counted.
      {"average_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,"
       " dilations = array<i64: 1, 1>, pads = array<i64: 0, 1, 1, 0>, "
       "ceil_pads = array<i64: 1, 0>, count_include_pad}",
       "tensor<1x1x2x2xf32>", "[[[[1.25, 4.0], [3.5, 8.5]]]]"},
  };
  for (auto &test : cases) {
    std::string operations = std::string(image) + "%r = edge." +
                             test.operation + " : (tensor<1x1x3x3xf32>) -> " +
                             test.type;
    std::string expected =
        std::string("dense<") + test.expected + "> : " + test.type;
    check({{operations.c_str(), expected.c_str()}});
  }
  check({
      // Channels last, two images, integers.
      {"%x = edge.constant dense<[[[1, 10], [2, 20]], [[3, 30], [4, 40]]]> : "
       "tensor<2x2x2xui8>\n"
       "%r = edge.average_pool %x {kernel = array<i64: 2>, strides = "
       "array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 0, 0>, "
       "ceil_pads = array<i64: 0>, layout = #edge.layout<nhwc>} : "
       "(tensor<2x2x2xui8>) -> tensor<2x1x2xui8>",
       "dense<[[[1, 15]], [[3, 35]]]> : tensor<2x1x2xui8>"},
      {"%x = edge.constant dense<[[[-1, -20], [-2, -10]]]> : tensor<1x2x2xi8>\n"
       "%r = edge.max_pool %x {kernel = array<i64: 2>, strides = "
       "array<i64: 1>, dilations = array<i64: 1>, pads = array<i64: 1, 0>, "
       "layout = #edge.layout<nhwc>} : (tensor<1x2x2xi8>) -> tensor<1x2x2xi8>",
       "dense<[[[-1, -20], [-1, -10]]]> : tensor<1x2x2xi8>"},
  });
}

} // namespace
