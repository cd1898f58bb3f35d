//===- SamplingTest.cpp - Interpolation at run-time positions -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"

using namespace edgec;
using namespace edgec::testing;

namespace {

class Sampling : public Evaluation {
protected:
  /// Positions along a row of [10, 20, 40, 80], whose centres are at -0.75,
  /// -0.25, 0.25 and 0.75.
  void checkRow(const std::string &mode, const std::string &padding,
                const std::string &positions, int count,
                const std::string &expected) {
    std::string n = std::to_string(count);
    std::string operations =
        "%x = edge.constant dense<[[[10.0, 20.0, 40.0, 80.0]]]> : "
        "tensor<1x1x4xf32>\n%g = edge.constant dense<[[" +
        positions + "]]> : tensor<1x" + n +
        "x1xf32>\n%r = edge.grid_sample %x, %g {mode = #edge.resize_mode<" +
        mode + ">, padding = #edge.grid_padding<" + padding +
        ">} : (tensor<1x1x4xf32>, tensor<1x" + n + "x1xf32>) -> tensor<1x1x" +
        n + "xf32>";
    std::string result =
        "dense<[[[" + expected + "]]]> : tensor<1x1x" + n + "xf32>";
    check({{operations.c_str(), result.c_str()}});
  }
};

TEST_F(Sampling, GridPaddings) {
  // Centres, between two, at the edge, and an element and more beyond it.
  const char *positions = "[-0.75], [0.0], [1.0], [1.25], [-1.75], [2.25]";
  checkRow("linear", "zeros", positions, 6, "10.0, 30.0, 40.0, 0.0, 0.0, 0.0");
  checkRow("linear", "border", positions, 6,
           "10.0, 30.0, 80.0, 80.0, 10.0, 80.0");
  checkRow("linear", "reflection", positions, 6,
           "10.0, 30.0, 80.0, 80.0, 20.0, 20.0");
  checkRow("nearest", "zeros", positions, 6, "10.0, 40.0, 0.0, 0.0, 0.0, 0.0");
}

/// Neither numbers that are none nor infinite ones read other memory.
TEST_F(Sampling, GridPositionsOutOfReach) {
  const char *positions = "[0x7FC00000], [0x7F800000], [0xFF800000], [1.0e30]";
  checkRow("linear", "zeros", positions, 4, "0.0, 0.0, 0.0, 0.0");
  checkRow("nearest", "border", positions, 4, "10.0, 80.0, 10.0, 80.0");
}

/// Aligned corners are the outermost centres; the first coordinate is the last
/// dimension's.
TEST_F(Sampling, GridCoordinates) {
  check({{"%x = edge.constant dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : "
          "tensor<1x1x2x2xf64>\n"
          "%g = edge.constant dense<[[[[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], "
          "[0.0, 0.0]]]]> : tensor<1x1x4x2xf64>\n"
          "%r = edge.grid_sample %x, %g {mode = #edge.resize_mode<linear>, "
          "padding = #edge.grid_padding<zeros>, align_corners} : "
          "(tensor<1x1x2x2xf64>, tensor<1x1x4x2xf64>) -> tensor<1x1x1x4xf64>",
          "dense<[[[[1.0, 2.0, 3.0, 2.5]]]]> : tensor<1x1x1x4xf64>"}});
}

std::string regions(const std::string &kind, const std::string &roi,
                    const std::string &attributes) {
  return "%x = edge.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, "
         "7.0]]]]> : tensor<1x1x2x4xf32>\n"
         "%roi = edge.constant dense<" +
         roi +
         "> : tensor<1x4xf32>\n"
         "%b = edge.constant dense<0> : tensor<1xi64>\n"
         "%r = edge.roi_align <" +
         kind +
         "> %x, %roi, %b {height = 1 : i64, width = 2 : i64, spatial_scale = "
         "1.0 "
         ": f64, " +
         attributes +
         "} : (tensor<1x1x2x4xf32>, tensor<1x4xf32>, tensor<1xi64>) -> "
         "tensor<1x1x1x2xf32>";
}

TEST_F(Sampling, RegionsOfInterest) {
  // Bins two wide and one high: samples at x = 0.5, 1.5 and 2.5, 3.5, of which
  // the last is at the border; y = 0.5.
  std::string two =
      regions("avg", "[[0.0, 0.0, 4.0, 1.0]]", "sampling_ratio = 2 : i64");
  // As many samples as the bin is wide are the same here.
  std::string adaptive =
      regions("avg", "[[0.0, 0.0, 4.0, 2.0]]", "sampling_ratio = 0 : i64");
  // Half an element to the left: x = 0 and 2, the middles of the bins less it.
  std::string shifted = regions("avg", "[[-0.5, 0.0, 3.5, 1.0]]",
                                "sampling_ratio = 1 : i64, half_pixel");
  std::string outside =
      regions("avg", "[[40.0, 0.0, 44.0, 1.0]]", "sampling_ratio = 1 : i64");
  check({{two.c_str(), "dense<[[[[3.0, 4.75]]]]> : tensor<1x1x1x2xf32>"},
         {adaptive.c_str(), "dense<[[[[4.0, 5.75]]]]> : tensor<1x1x1x2xf32>"},
         {shifted.c_str(), "dense<[[[[0.0, 2.0]]]]> : tensor<1x1x1x2xf32>"},
         {outside.c_str(), "dense<0.0> : tensor<1x1x1x2xf32>"}});
}

/// ONNX takes the largest of the weighted elements.
TEST_F(Sampling, LargestOfARegion) {
  std::string text =
      regions("max", "[[0.5, 0.5, 2.5, 1.5]]", "sampling_ratio = 1 : i64");
  // Samples at (1, 1) and (2, 1): elements themselves.
  check({{text.c_str(), "dense<[[[[5.0, 6.0]]]]> : tensor<1x1x1x2xf32>"}});
}

TEST_F(Sampling, Determinants) {
  check({
      {"%x = edge.constant dense<[[[1.0, 2.0], [3.0, 4.0]], [[0.0, 2.0], [3.0, "
       "0.0]]]> : tensor<2x2x2xf32>\n%r = edge.det %x : (tensor<2x2x2xf32>) -> "
       "tensor<2xf32>",
       "dense<[-2.0, -6.0]> : tensor<2xf32>", 4},
      {"%x = edge.constant dense<[[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.0, 1.0, "
       "5.0]]> : tensor<3x3xf64>\n%r = edge.det %x : (tensor<3x3xf64>) -> "
       "tensor<f64>",
       "dense<0.0> : tensor<f64>"},
      {"%x = edge.constant dense<> : tensor<2x0x0xf32>\n%r = edge.det %x : "
       "(tensor<2x0x0xf32>) -> tensor<2xf32>",
       "dense<1.0> : tensor<2xf32>"},
  });
}

TEST_F(Sampling, PoolingTellsTheFirstMaximum) {
  const char *input =
      "%x = edge.constant dense<[[[[5.0, 5.0, 1.0], [5.0, 0x7FC00000, 9.0]], "
      "[[1.0, 2.0, 3.0], [-0.0, 0.0, 3.0]]]]> : tensor<1x2x2x3xf32>\n";
  auto pool = [&](const std::string &more, bool indices) {
    return input +
           std::string(
               "%y, %i = edge.max_pool_with_indices %x {kernel = "
               "array<i64: 2, 2>, strides = array<i64: 1, 2>, dilations "
               "= array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 1>") +
           more +
           "} : (tensor<1x2x2x3xf32>) -> (tensor<1x2x1x2xf32>, "
           "tensor<1x2x1x2xi64>)\n%r = edge.reshape %" +
           (indices ? "i : (tensor<1x2x1x2xi64>) -> tensor<4xi64>"
                    : "y : (tensor<1x2x1x2xf32>) -> tensor<4xf32>");
  };
  std::string values = pool("", false), rows = pool("", true);
  std::string columns = pool(", column_major", true);
  check({{values.c_str(), "dense<[0x7FC00000, 9.0, 2.0, 3.0]> : tensor<4xf32>"},
         {rows.c_str(), "dense<[4, 5, 7, 8]> : tensor<4xi64>"},
         {columns.c_str(), "dense<[3, 5, 8, 10]> : tensor<4xi64>"}});
}

} // namespace
