//===- ResizeTest.cpp - Resampling ----------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"
#include "edgec/Reference/ResizeTaps.h"
#include <cmath>

using namespace edgec;
using namespace edgec::testing;

namespace {

using Resize = Evaluation;

struct ResizeCase {
  const char *attributes;
  const char *input;
  const char *expected;
};

std::string typeOf(const std::string &attribute) {
  return attribute.substr(attribute.rfind(": tensor<") + 2);
}

std::string resizeText(const ResizeCase &test) {
  return std::string("%x = edge.constant ") + test.input +
         "\n%r = edge.resize %x {" + test.attributes + "} : (" +
         typeOf(test.input) + ") -> " + typeOf(test.expected);
}

TEST_F(Resize, Nearest) {
  const char *four = "dense<[1, 2, 3, 4]> : tensor<4xui8>";
  const ResizeCase cases[] = {
      {"scales = array<f64: 2.0>, mode = #edge.resize_mode<nearest>, "
       "coordinates = #edge.coordinates<asymmetric>, nearest_mode = "
       "#edge.nearest_mode<floor>",
       "dense<[1, 2]> : tensor<2xui8>", "dense<[1, 1, 2, 2]> : tensor<4xui8>"},
      {"scales = array<f64: 2.0>, mode = #edge.resize_mode<nearest>, "
       "coordinates = #edge.coordinates<asymmetric>, nearest_mode = "
       "#edge.nearest_mode<ceil>",
       "dense<[1, 2]> : tensor<2xui8>", "dense<[1, 2, 2, 2]> : tensor<4xui8>"},
      // Coordinates 0.5 and 2.5 lie between two elements.
      {"scales = array<f64: 0.5>, mode = #edge.resize_mode<nearest>, "
       "coordinates = #edge.coordinates<half_pixel>, nearest_mode = "
       "#edge.nearest_mode<round_prefer_floor>",
       four, "dense<[1, 3]> : tensor<2xui8>"},
      {"scales = array<f64: 0.5>, mode = #edge.resize_mode<nearest>, "
       "coordinates = #edge.coordinates<half_pixel>, nearest_mode = "
       "#edge.nearest_mode<round_prefer_ceil>",
       four, "dense<[2, 4]> : tensor<2xui8>"},
      {"scales = array<f64: 0.5>, mode = #edge.resize_mode<nearest>, "
       "coordinates = #edge.coordinates<tf_half_pixel_for_nn>, nearest_mode = "
       "#edge.nearest_mode<floor>",
       four, "dense<[2, 4]> : tensor<2xui8>"},
  };
  for (const ResizeCase &test : cases) {
    std::string operations = resizeText(test);
    check({{operations.c_str(), test.expected}});
  }
}

TEST_F(Resize, LinearAndCubic) {
  const ResizeCase cases[] = {
      // Coordinates -0.25, 0.25, 0.75, 1.25: the border is repeated.
      {"scales = array<f64: 1.0, 2.0>, mode = #edge.resize_mode<linear>, "
       "coordinates = #edge.coordinates<half_pixel>",
       "dense<[[0.0, 4.0], [8.0, 4.0]]> : tensor<2x2xf32>",
       "dense<[[0.0, 1.0, 3.0, 4.0], [8.0, 7.0, 5.0, 4.0]]> : "
       "tensor<2x4xf32>"},
      {"scales = array<f64: 1.5>, mode = #edge.resize_mode<linear>, "
       "coordinates = #edge.coordinates<align_corners>",
       "dense<[0.0, 4.0]> : tensor<2xf32>",
       "dense<[0.0, 2.0, 4.0]> : tensor<3xf32>"},
      {"scales = array<f64: 2.0>, mode = #edge.resize_mode<linear>, "
       "coordinates = #edge.coordinates<asymmetric>",
       "dense<[0.0, 4.0]> : tensor<2xf16>",
       "dense<[0.0, 2.0, 4.0, 4.0]> : tensor<4xf16>"},
      // One element: its coordinate is 0, not 1.5.
      {"scales = array<f64: 0.25>, mode = #edge.resize_mode<linear>, "
       "coordinates = #edge.coordinates<pytorch_half_pixel>",
       "dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>",
       "dense<[1.0]> : tensor<1xf32>"},
      // 3 elements of exactly 3.5: the centre stays the centre.
      {"scales = array<f64: 0.875>, mode = #edge.resize_mode<linear>, "
       "coordinates = #edge.coordinates<half_pixel_symmetric>",
       "dense<[0.0, 7.0, 14.0, 21.0]> : tensor<4xf64>",
       "dense<[2.5, 10.5, 18.5]> : tensor<3xf64>"},
      // Keys' weights at 1/2 with a = -0.75: -3/32, 19/32, 19/32, -3/32.
      {"scales = array<f64: 0.5>, mode = #edge.resize_mode<cubic>, "
       "coordinates = #edge.coordinates<half_pixel>",
       "dense<[32.0, 64.0, 0.0, 96.0]> : tensor<4xf32>",
       "dense<[54.0, 42.0]> : tensor<2xf32>"},
      // Without what is outside: (19 * 32 + 19 * 64) / 35.
      {"scales = array<f64: 0.5>, mode = #edge.resize_mode<cubic>, "
       "coordinates = #edge.coordinates<half_pixel>, exclude_outside",
       "dense<[35.0, 70.0]> : tensor<2xf32>", "dense<[52.5]> : tensor<1xf32>"},
      // From a quarter to beyond the end: positions 1, 3, 5 and 7 of 4.
      {"scales = array<f64: 0.8>, mode = #edge.resize_mode<linear>, "
       "coordinates = #edge.coordinates<tf_crop_and_resize>, roi = "
       "array<f64: 0.25, 1.75>, extrapolation = -9.0 : f64",
       "dense<[0.0, 1.0, 2.0, 3.0, 5.0]> : tensor<5xf32>",
       "dense<[1.0, 3.0, -9.0, -9.0]> : tensor<4xf32>"},
      // One element is the middle of the region; a region may be reversed.
      {"scales = array<f64: 0.25, 1.0>, mode = #edge.resize_mode<nearest>, "
       "coordinates = #edge.coordinates<tf_crop_and_resize>, roi = "
       "array<f64: 0.0, 1.0, 1.0, 0.0>",
       "dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi32>",
       "dense<[[4, 3]]> : tensor<1x2xi32>"},
  };
  for (const ResizeCase &test : cases) {
    std::string operations = resizeText(test);
    check({{operations.c_str(), test.expected, 2}});
  }
}

/// In every mode: indices inside, weights that add up to one, and in linear
/// mode the interpolated coordinate where it is not at the border.
TEST_F(Resize, TapsAreAPartitionOfUnity) {
  for (const char *mode : {"nearest", "linear", "cubic"})
    for (const char *coordinates :
         {"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel",
          "align_corners", "asymmetric", "tf_half_pixel_for_nn"})
      for (auto extents : {std::pair(1, 7), std::pair(7, 1), std::pair(5, 9),
                           std::pair(9, 5), std::pair(6, 6)}) {
        int from = extents.first, to = extents.second;
        auto type = [](int extent) {
          return "tensor<" + std::to_string(extent) + "xf32>";
        };
        auto module =
            parse("func.func @f(%x: " + type(from) + ") -> " + type(to) +
                  " {\n%r = edge.resize %x {scales = array<f64: " +
                  std::to_string(static_cast<double>(to) / from) +
                  ">, mode = #edge.resize_mode<" + mode +
                  ">, coordinates = #edge.coordinates<" + coordinates +
                  ">} : (" + type(from) + ") -> " + type(to) +
                  "\nreturn %r : " + type(to) + "}");
        ASSERT_TRUE(module);
        module->walk([&](edge::ResizeOp op) {
          auto taps = resizeTaps(op, 0);
          ASSERT_EQ(static_cast<int>(taps.size()), to);
          for (const ResizeTaps &point : taps) {
            double sum = 0;
            for (const ResizeTap &tap : point) {
              EXPECT_GE(tap.index, 0);
              EXPECT_LT(tap.index, from);
              sum += tap.weight;
            }
            EXPECT_NEAR(sum, 1, 1e-12);
          }
        });
      }
}

} // namespace
