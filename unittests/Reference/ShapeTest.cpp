//===- ShapeTest.cpp - Operations that move elements ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"

using namespace edgec;
using namespace edgec::testing;

namespace {

using Shape = Evaluation;

TEST_F(Shape, ReshapeAndTranspose) {
  check({
      {"%x = edge.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>\n"
       "%r = edge.reshape %x : (tensor<2x3xi64>) -> tensor<3x1x2xi64>",
       "dense<[[[1, 2]], [[3, 4]], [[5, 6]]]> : tensor<3x1x2xi64>"},
      {"%x = edge.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8>\n"
       "%r = edge.transpose %x {permutation = array<i64: 1, 0>}"
       " : (tensor<2x3xi8>) -> tensor<3x2xi8>",
       "dense<[[1, 4], [2, 5], [3, 6]]> : tensor<3x2xi8>"},
      // Rank 3, a cycle: result[i, j, k] = input[k, i, j].
      {"%x = edge.constant dense<[[[1, 2], [3, 4], [5, 6]]]> : "
       "tensor<1x3x2xui16>\n"
       "%r = edge.transpose %x {permutation = array<i64: 1, 2, 0>}"
       " : (tensor<1x3x2xui16>) -> tensor<3x2x1xui16>",
       "dense<[[[1], [2]], [[3], [4]], [[5], [6]]]> : tensor<3x2x1xui16>"},
      {"%x = edge.constant dense<> : tensor<0x2xf32>\n"
       "%r = edge.transpose %x {permutation = array<i64: 1, 0>}"
       " : (tensor<0x2xf32>) -> tensor<2x0xf32>",
       "dense<> : tensor<2x0xf32>"},
      {"%x = edge.constant dense<7.0> : tensor<f64>\n"
       "%r = edge.transpose %x {permutation = array<i64>}"
       " : (tensor<f64>) -> tensor<f64>",
       "dense<7.0> : tensor<f64>"},
  });
}

TEST_F(Shape, BroadcastRepeatsBothSides) {
  check({
      {"%x = edge.constant dense<[[1], [2]]> : tensor<2x1xi32>\n"
       "%r = edge.broadcast %x : (tensor<2x1xi32>) -> tensor<2x2x3xi32>",
       "dense<[[[1, 1, 1], [2, 2, 2]], [[1, 1, 1], [2, 2, 2]]]> : "
       "tensor<2x2x3xi32>"},
      {"%x = edge.constant dense<true> : tensor<i1>\n"
       "%r = edge.broadcast %x : (tensor<i1>) -> tensor<2xi1>",
       "dense<[true, true]> : tensor<2xi1>"},
  });
}

TEST_F(Shape, SliceWalksBothWays) {
  check({
      {"%x = edge.constant dense<[0, 1, 2, 3, 4, 5]> : tensor<6xi64>\n"
       "%r = edge.slice %x {starts = array<i64: 5>, sizes = array<i64: 3>, "
       "steps = array<i64: -2>} : (tensor<6xi64>) -> tensor<3xi64>",
       "dense<[5, 3, 1]> : tensor<3xi64>"},
      {"%x = edge.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>\n"
       "%r = edge.slice %x {starts = array<i64: 1, 2>, sizes = array<i64: 2, "
       "2>,"
       " steps = array<i64: -1, -2>} : (tensor<2x3xi64>) -> tensor<2x2xi64>",
       "dense<[[6, 4], [3, 1]]> : tensor<2x2xi64>"},
      {"%x = edge.constant dense<[0, 1]> : tensor<2xi64>\n"
       "%r = edge.slice %x {starts = array<i64: 0>, sizes = array<i64: 0>, "
       "steps = array<i64: 1>} : (tensor<2xi64>) -> tensor<0xi64>",
       "dense<> : tensor<0xi64>"},
  });
}

TEST_F(Shape, PadFillsRepeatsReflectsAndWraps) {
  const char *modes[][2] = {{"", "dense<[0, 0, 1, 2, 3, 0]> : tensor<6xi32>"},
                            {", mode = #edge.pad_mode<edge>",
                             "dense<[1, 1, 1, 2, 3, 3]> : tensor<6xi32>"},
                            {", mode = #edge.pad_mode<reflect>",
                             "dense<[3, 2, 1, 2, 3, 2]> : tensor<6xi32>"},
                            {", mode = #edge.pad_mode<wrap>",
                             "dense<[2, 3, 1, 2, 3, 1]> : tensor<6xi32>"}};
  for (auto [mode, expected] : modes) {
    std::string operations =
        "%x = edge.constant dense<[1, 2, 3]> : tensor<3xi32>\n"
        "%r = edge.pad %x {low = array<i64: 2>, high = array<i64: 1>" +
        std::string(mode) + "} : (tensor<3xi32>) -> tensor<6xi32>";
    check({{operations.c_str(), expected}});
  }
  check({
      // Crops at the start, a fill value at the end, in two dimensions.
      {"%x = edge.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>\n"
       "%v = edge.constant dense<9.0> : tensor<f32>\n"
       "%r = edge.pad %x, %v {low = array<i64: -1, 0>, high = array<i64: 1, 1>}"
       " : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x3xf32>",
       "dense<[[3.0, 4.0, 9.0], [9.0, 9.0, 9.0]]> : tensor<2x3xf32>"},
      {"%x = edge.constant dense<> : tensor<0x1xf16>\n"
       "%r = edge.pad %x {low = array<i64: 1, 0>, high = array<i64: 0, 1>}"
       " : (tensor<0x1xf16>) -> tensor<1x2xf16>",
       "dense<0.0> : tensor<1x2xf16>"},
  });
}

TEST_F(Shape, ConcatSkipsEmptyOperands) {
  check({{"%x = edge.constant dense<[[1], [2]]> : tensor<2x1xi64>\n"
          "%y = edge.constant dense<> : tensor<2x0xi64>\n"
          "%z = edge.constant dense<[[3, 4], [5, 6]]> : tensor<2x2xi64>\n"
          "%r = edge.concat %x, %y, %z {axis = 1 : i64} : (tensor<2x1xi64>, "
          "tensor<2x0xi64>, tensor<2x2xi64>) -> tensor<2x3xi64>",
          "dense<[[1, 3, 4], [2, 5, 6]]> : tensor<2x3xi64>"}});
}

TEST_F(Shape, GatherCountsFromTheEndAndClamps) {
  check({
      {"%x = edge.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>\n"
       "%i = edge.constant dense<[[0, -1], [7, -9]]> : tensor<2x2xi32>\n"
       "%r = edge.gather %x, %i {axis = 1 : i64} : (tensor<2x3xi64>, "
       "tensor<2x2xi32>) -> tensor<2x2x2xi64>",
       "dense<[[[1, 3], [3, 1]], [[4, 6], [6, 4]]]> : tensor<2x2x2xi64>"},
      {"%x = edge.constant dense<[4, 5, 6]> : tensor<3xi64>\n"
       "%i = edge.constant dense<1> : tensor<i64>\n"
       "%r = edge.gather %x, %i {axis = 0 : i64}"
       " : (tensor<3xi64>, tensor<i64>) -> tensor<i64>",
       "dense<5> : tensor<i64>"},
  });
}

} // namespace
