//===- IndexingTest.cpp - Elements chosen by run-time values --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"

using namespace edgec;
using namespace edgec::testing;

namespace {

using Indexing = Evaluation;

TEST_F(Indexing, IotaCountsAlongOneAxis) {
  check({
      {"%r = edge.iota {axis = 0 : i64} : tensor<2x3xui8>",
       "dense<[[0, 0, 0], [1, 1, 1]]> : tensor<2x3xui8>"},
      {"%r = edge.iota {axis = 1 : i64} : tensor<2x3xf16>",
       "dense<[[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]]> : tensor<2x3xf16>"},
  });
}

/// Negative indices count from the end, and those outside are clamped.
TEST_F(Indexing, GatherElements) {
  check({
      {"%x = edge.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8>\n"
       "%i = edge.constant dense<[[0, -1, 7], [-9, 1, 2]]> : tensor<2x3xi64>\n"
       "%r = edge.gather_elements %x, %i {axis = 1 : i64} : "
       "(tensor<2x3xi8>, tensor<2x3xi64>) -> tensor<2x3xi8>",
       "dense<[[1, 3, 3], [4, 5, 6]]> : tensor<2x3xi8>"},
      // Fewer indices than elements, along the first dimension.
      {"%x = edge.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi8>\n"
       "%i = edge.constant dense<[[1, 0]]> : tensor<1x2xi32>\n"
       "%r = edge.gather_elements %x, %i {axis = 0 : i64} : "
       "(tensor<2x3xi8>, tensor<1x2xi32>) -> tensor<1x2xi8>",
       "dense<[[4, 2]]> : tensor<1x2xi8>"},
  });
}

TEST_F(Indexing, GatherNdPicksSlicesAndElements) {
  check({
      {"%x = edge.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>\n"
       "%i = edge.constant dense<[[1], [0], [-1]]> : tensor<3x1xi64>\n"
       "%r = edge.gather_nd %x, %i {batch_dims = 0 : i64} : "
       "(tensor<2x2xi32>, tensor<3x1xi64>) -> tensor<3x2xi32>",
       "dense<[[3, 4], [1, 2], [3, 4]]> : tensor<3x2xi32>"},
      {"%x = edge.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>\n"
       "%i = edge.constant dense<[[1], [0]]> : tensor<2x1xi64>\n"
       "%r = edge.gather_nd %x, %i {batch_dims = 1 : i64} : "
       "(tensor<2x2xi32>, tensor<2x1xi64>) -> tensor<2xi32>",
       "dense<[2, 3]> : tensor<2xi32>"},
  });
}

/// The later of two updates of an element stays, or both are combined.
TEST_F(Indexing, ScatterElements) {
  const char *kinds[][2] = {{"assign", "dense<[10, 40, 30]> : tensor<3xi8>"},
                            {"add", "dense<[11, 62, 33]> : tensor<3xi8>"},
                            {"mul", "dense<[10, 64, 90]> : tensor<3xi8>"},
                            {"max", "dense<[10, 40, 30]> : tensor<3xi8>"},
                            {"min", "dense<[1, 2, 3]> : tensor<3xi8>"}};
  for (auto &[kind, expected] : kinds) {
    std::string text =
        "%x = edge.constant dense<[1, 2, 3]> : tensor<3xi8>\n"
        "%i = edge.constant dense<[0, 1, -1, 1]> : tensor<4xi64>\n"
        "%u = edge.constant dense<[10, 20, 30, 40]> : tensor<4xi8>\n"
        "%r = edge.scatter_elements <" +
        std::string(kind) +
        "> %x, %i, %u {axis = 0 : i64} : (tensor<3xi8>, tensor<4xi64>, "
        "tensor<4xi8>) -> tensor<3xi8>";
    check({{text.c_str(), expected}});
  }
  check({// NaN wins, and half precision rounds at every step.
         {"%x = edge.constant dense<[1.0, 2048.0]> : tensor<2xf16>\n"
          "%i = edge.constant dense<[1, 1]> : tensor<2xi64>\n"
          "%u = edge.constant dense<[1.0, 1.0]> : tensor<2xf16>\n"
          "%r = edge.scatter_elements <add> %x, %i, %u {axis = 0 : i64} : "
          "(tensor<2xf16>, tensor<2xi64>, tensor<2xf16>) -> tensor<2xf16>",
          "dense<[1.0, 2048.0]> : tensor<2xf16>"},
         {"%x = edge.constant dense<[1.0, 2.0]> : tensor<2xf32>\n"
          "%i = edge.constant dense<[1]> : tensor<1xi64>\n"
          "%u = edge.constant dense<0x7FC00000> : tensor<1xf32>\n"
          "%r = edge.scatter_elements <max> %x, %i, %u {axis = 0 : i64} : "
          "(tensor<2xf32>, tensor<1xi64>, tensor<1xf32>) -> tensor<2xf32>",
          "dense<[1.0, 0x7FC00000]> : tensor<2xf32>"}});
}

TEST_F(Indexing, ScatterNd) {
  check({
      {"%x = edge.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi32>\n"
       "%i = edge.constant dense<[[-1], [0]]> : tensor<2x1xi64>\n"
       "%u = edge.constant dense<[[10, 20], [30, 40]]> : tensor<2x2xi32>\n"
       "%r = edge.scatter_nd <add> %x, %i, %u : (tensor<3x2xi32>, "
       "tensor<2x1xi64>, tensor<2x2xi32>) -> tensor<3x2xi32>",
       "dense<[[31, 42], [3, 4], [15, 26]]> : tensor<3x2xi32>"},
      {"%x = edge.constant dense<[true, false]> : tensor<2xi1>\n"
       "%i = edge.constant dense<[[9]]> : tensor<1x1xi32>\n"
       "%u = edge.constant dense<[true]> : tensor<1xi1>\n"
       "%r = edge.scatter_nd <assign> %x, %i, %u : (tensor<2xi1>, "
       "tensor<1x1xi32>, tensor<1xi1>) -> tensor<2xi1>",
       "dense<[true, true]> : tensor<2xi1>"},
  });
}

/// NaN is the largest, of equal elements the first comes first.
TEST_F(Indexing, TopK) {
  std::string x = "%x = edge.constant dense<[1.0, 3.0, 0x7FC00000, 3.0, "
                  "-1.0]> : tensor<5xf32>\n";
  std::string type = " : (tensor<5xf32>) -> (tensor<4xf32>, tensor<4xi64>)";
  std::string largest = x +
                        "%v, %r = edge.top_k %x {k = 4 : i64, axis = 0 : "
                        "i64, largest = true}" +
                        type;
  std::string smallest = x +
                         "%r, %i = edge.top_k %x {k = 4 : i64, axis = 0 : "
                         "i64, largest = false}" +
                         type;
  check({{largest.c_str(), "dense<[2, 1, 3, 0]> : tensor<4xi64>"},
         {smallest.c_str(), "dense<[-1.0, 1.0, 3.0, 3.0]> : tensor<4xf32>"},
         {"%x = edge.constant dense<[[1, 200], [2, 100], [3, 150]]> : "
          "tensor<3x2xui8>\n"
          "%v, %r = edge.top_k %x {k = 2 : i64, axis = 0 : i64, largest = "
          "true} : (tensor<3x2xui8>) -> (tensor<2x2xui8>, tensor<2x2xi64>)",
          "dense<[[2, 0], [1, 2]]> : tensor<2x2xi64>"}});
}

TEST_F(Indexing, CumulativeSum) {
  const char *forms[][2] = {
      {"", "dense<[[1, 3, 6], [4, 9, 15]]> : tensor<2x3xi32>"},
      {", exclusive", "dense<[[0, 1, 3], [0, 4, 9]]> : tensor<2x3xi32>"},
      {", reverse", "dense<[[6, 5, 3], [15, 11, 6]]> : tensor<2x3xi32>"},
      {", exclusive, reverse",
       "dense<[[5, 3, 0], [11, 6, 0]]> : tensor<2x3xi32>"}};
  for (auto &[form, expected] : forms) {
    std::string text = "%x = edge.constant dense<[[1, 2, 3], [4, 5, 6]]> : "
                       "tensor<2x3xi32>\n"
                       "%r = edge.cumulative_sum %x {axis = 1 : i64" +
                       std::string(form) +
                       "} : (tensor<2x3xi32>) -> tensor<2x3xi32>";
    check({{text.c_str(), expected}});
  }
  // The sum is kept in single precision, and each element rounded once.
  check({{"%x = edge.constant dense<[2048.0, 1.0, 1.0]> : tensor<3xf16>\n"
          "%r = edge.cumulative_sum %x {axis = 0 : i64} : (tensor<3xf16>) -> "
          "tensor<3xf16>",
          "dense<[2048.0, 2048.0, 2050.0]> : tensor<3xf16>"}});
}

//===----------------------------------------------------------------------===//
// Results as large as the data say: zero from the count on
//===----------------------------------------------------------------------===//

TEST_F(Indexing, NonZero) {
  std::string x = "%x = edge.constant dense<[[0.0, 0x7FC00000, -0.0], [2.0, "
                  "0.0, 3.0]]> : tensor<2x3xf32>\n";
  std::string indices = x + "%r, %n = edge.non_zero %x : (tensor<2x3xf32>) -> "
                            "(tensor<2x6xi64>, tensor<i64>)";
  std::string count = x + "%i, %r = edge.non_zero %x : (tensor<2x3xf32>) -> "
                          "(tensor<2x6xi64>, tensor<i64>)";
  check({{indices.c_str(),
          "dense<[[0, 1, 1, 0, 0, 0], [1, 0, 2, 0, 0, 0]]> : tensor<2x6xi64>"},
         {count.c_str(), "dense<3> : tensor<i64>"}});
}

TEST_F(Indexing, Compress) {
  std::string given =
      "%x = edge.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi16>\n"
      "%c = edge.constant dense<[false, true]> : tensor<2xi1>\n";
  std::string type =
      "edge.compress %x, %c {axis = 1 : i64} : (tensor<2x3xi16>, tensor<2xi1>) "
      "-> (tensor<2x2xi16>, tensor<i64>)";
  check({{(given + "%r, %n = " + type).c_str(),
          "dense<[[2, 0], [5, 0]]> : tensor<2x2xi16>"}});
  check({{(given + "%y, %r = " + type).c_str(), "dense<1> : tensor<i64>"}});
}

TEST_F(Indexing, Unique) {
  // Of the sorted and of the unsorted form: values, first appearances, inverse,
  // counts, count.
  const char *expected[2][5] = {
      {"dense<[3.0, 1.0, 2.0, 0.0, 0.0]> : tensor<5xf32>",
       "dense<[0, 1, 4, 0, 0]> : tensor<5xi64>",
       "dense<[0, 1, 1, 0, 2]> : tensor<5xi64>",
       "dense<[2, 2, 1, 0, 0]> : tensor<5xi64>", "dense<3> : tensor<i64>"},
      {"dense<[1.0, 2.0, 3.0, 0.0, 0.0]> : tensor<5xf32>",
       "dense<[1, 4, 0, 0, 0]> : tensor<5xi64>",
       "dense<[2, 0, 0, 2, 1]> : tensor<5xi64>",
       "dense<[2, 1, 2, 0, 0]> : tensor<5xi64>", "dense<3> : tensor<i64>"}};
  for (int sorted = 0; sorted < 2; ++sorted)
    for (int result = 0; result < 5; ++result) {
      std::string names;
      for (int i = 0; i < 5; ++i)
        names += std::string(i == 0 ? "" : ", ") +
                 (i == result ? "%r" : "%y" + std::to_string(i));
      std::string text =
          "%x = edge.constant dense<[3.0, 1.0, 1.0, 3.0, 2.0]> : "
          "tensor<5xf32>\n" +
          names + " = edge.unique %x " + (sorted ? "{sorted}" : "") +
          " : (tensor<5xf32>) -> (tensor<5xf32>, tensor<5xi64>, "
          "tensor<5xi64>, tensor<5xi64>, tensor<i64>)";
      check({{text.c_str(), expected[sorted][result]}});
    }
  check({{"%x = edge.constant dense<[[2, 1], [1, 9], [2, 1]]> : "
          "tensor<3x2xi8>\n"
          "%r, %i, %j, %c, %n = edge.unique %x {sorted} : (tensor<3x2xi8>) -> "
          "(tensor<3x2xi8>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>, "
          "tensor<i64>)",
          "dense<[[1, 9], [2, 1], [0, 0]]> : tensor<3x2xi8>"}});
}

/// Box 1 overlaps box 0 by 1/3, box 2 stands apart; box 3 scores too low.
TEST_F(Indexing, NonMaxSuppression) {
  auto text = [](const char *most, const char *iou, const char *result) {
    return "%b = edge.constant dense<[[[0.0, 0.0, 1.0, 2.0], "
           "[1.0, 3.0, 0.0, 1.0], [5.0, 5.0, 6.0, 6.0], "
           "[8.0, 8.0, 9.0, 9.0]]]> : tensor<1x4x4xf32>\n"
           "%s = edge.constant dense<[[[0.5, 0.9, 0.5, 0.1]]]> : "
           "tensor<1x1x4xf32>\n"
           "%m = edge.constant dense<" +
           std::string(most) +
           "> : tensor<i64>\n"
           "%i = edge.constant dense<" +
           iou +
           "> : tensor<f32>\n"
           "%t = edge.constant dense<0.2> : tensor<f32>\n" +
           result +
           " = edge.non_max_suppression %b, %s, %m, %i, %t {bound = 3 : i64} : "
           "(tensor<1x4x4xf32>, tensor<1x1x4xf32>, tensor<i64>, tensor<f32>, "
           "tensor<f32>) -> (tensor<3x3xi64>, tensor<i64>)";
  };
  check({{text("9", "0.3", "%r, %n").c_str(),
          "dense<[[0, 0, 1], [0, 0, 2], [0, 0, 0]]> : tensor<3x3xi64>"}});
  check({{text("9", "0.3", "%y, %r").c_str(), "dense<2> : tensor<i64>"}});
  check({{text("9", "0.4", "%r, %n").c_str(),
          "dense<[[0, 0, 1], [0, 0, 0], [0, 0, 2]]> : tensor<3x3xi64>"}});
  check({{text("1", "0.4", "%y, %r").c_str(), "dense<1> : tensor<i64>"}});
  check({{text("-1", "0.4", "%y, %r").c_str(), "dense<0> : tensor<i64>"}});
}

} // namespace
