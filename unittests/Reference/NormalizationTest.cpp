//===- NormalizationTest.cpp - Normalisations and quantization ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"

using namespace edgec;
using namespace edgec::testing;

namespace {

using Normalization = Evaluation;
using Quantization = Evaluation;

TEST_F(Normalization, BatchNorm) {
  check({{"%x = edge.constant dense<[[[1.0, 2.0], [3.0, 4.0]]]> : "
          "tensor<1x2x2xf32>\n"
          "%s = edge.constant dense<[2.0, 1.0]> : tensor<2xf32>\n"
          "%b = edge.constant dense<[0.5, -1.0]> : tensor<2xf32>\n"
          "%m = edge.constant dense<[1.0, 2.0]> : tensor<2xf32>\n"
          "%v = edge.constant dense<[3.0, 0.0]> : tensor<2xf32>\n"
          "%r = edge.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0 : f64} : "
          "(tensor<1x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, "
          "tensor<2xf32>) -> tensor<1x2x2xf32>",
          "dense<[[[0.5, 1.5], [0.0, 1.0]]]> : tensor<1x2x2xf32>"},
         // The same with the channels last.
         {"%x = edge.constant dense<[[1.0, 3.0], [2.0, 4.0]]> : "
          "tensor<2x2xf16>\n"
          "%s = edge.constant dense<[2.0, 1.0]> : tensor<2xf16>\n"
          "%b = edge.constant dense<[0.5, -1.0]> : tensor<2xf16>\n"
          "%m = edge.constant dense<[1.0, 2.0]> : tensor<2xf16>\n"
          "%v = edge.constant dense<[3.0, 0.0]> : tensor<2xf16>\n"
          "%r = edge.batch_norm %x, %s, %b, %m, %v {epsilon = 1.0 : f64, axis "
          "= 1 : i64} : (tensor<2x2xf16>, tensor<2xf16>, tensor<2xf16>, "
          "tensor<2xf16>, tensor<2xf16>) -> tensor<2x2xf16>",
          "dense<[[0.5, 0.0], [1.5, 1.0]]> : tensor<2x2xf16>"}});
}

TEST_F(Normalization, LayerNorm) {
  check({
      // Mean 3 and variance 3 + 1, over the last two dimensions.
      {"%x = edge.constant dense<[[[1.0, 5.0], [2.0, 4.0]]]> : "
       "tensor<1x2x2xf32>\n"
       "%s = edge.constant dense<[[2.0], [4.0]]> : tensor<2x1xf32>\n"
       "%b = edge.constant dense<[0.0, 10.0]> : tensor<2xf32>\n"
       "%r = edge.layer_norm %x, %s, %b {axis = 1 : i64, epsilon = 1.5 : f64} :"
       " (tensor<1x2x2xf32>, tensor<2x1xf32>, tensor<2xf32>) -> "
       "tensor<1x2x2xf32>",
       "dense<[[[-2.0, 12.0], [-2.0, 12.0]]]> : tensor<1x2x2xf32>"},
      {"%x = edge.constant dense<[[-1.0, 1.0], [3.0, 7.0]]> : tensor<2x2xf32>\n"
       "%s = edge.constant dense<1.0> : tensor<2xf32>\n"
       "%r = edge.layer_norm %x, %s {axis = 1 : i64, epsilon = 0.0 : f64} : "
       "(tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>",
       "dense<[[-1.0, 1.0], [-1.0, 1.0]]> : tensor<2x2xf32>"},
  });
}

TEST_F(Normalization, LocalResponse) {
  // size 2: a channel and the next; 1 + 4 / 2 * sum, to the power of one half.
  check({{"%x = edge.constant dense<[[1.0, 1.0, 2.0]]> : tensor<1x3xf32>\n"
          "%r = edge.lrn %x {size = 2 : i64, alpha = 4.0 : f64, beta = 0.5 : "
          "f64, bias = 1.0 : f64} : (tensor<1x3xf32>) -> tensor<1x3xf32>",
          "dense<[[0.44721359549995794, 0.30151134457776363, "
          "0.66666666666666663]]> : tensor<1x3xf32>",
          1}});
}

TEST_F(Quantization, QuantizeRoundsToEvenAndSaturates) {
  check({
      {"%x = edge.constant dense<[0.5, 1.5, -0.5, 300.0, -300.0, 0x7F800000, "
       "0xFF800000, 0x7FC00000]> : tensor<8xf32>\n"
       "%s = edge.constant dense<1.0> : tensor<f32>\n"
       "%z = edge.constant dense<128> : tensor<ui8>\n"
       "%r = edge.quantize %x, %s, %z : (tensor<8xf32>, tensor<f32>, "
       "tensor<ui8>) -> tensor<8xui8>",
       "dense<[128, 130, 128, 255, 0, 255, 0, 0]> : tensor<8xui8>"},
      // One scale an index of dimension 1.
      {"%x = edge.constant dense<[[1.0, 1.0], [-3.0, -300.0]]> : "
       "tensor<2x2xf32>\n"
       "%s = edge.constant dense<[0.5, 2.0]> : tensor<2xf32>\n"
       "%z = edge.constant dense<[0, 3]> : tensor<2xi8>\n"
       "%r = edge.quantize %x, %s, %z {axis = 1 : i64} : (tensor<2x2xf32>, "
       "tensor<2xf32>, tensor<2xi8>) -> tensor<2x2xi8>",
       "dense<[[2, 3], [-6, -128]]> : tensor<2x2xi8>"},
      // The quotient is rounded in single precision before it is rounded to
      // an integer: 0.7 / 0.2 is 3.5 there, and less in double precision.
      {"%x = edge.constant dense<[0.7]> : tensor<1xf32>\n"
       "%s = edge.constant dense<0.2> : tensor<f32>\n"
       "%z = edge.constant dense<0> : tensor<i8>\n"
       "%r = edge.quantize %x, %s, %z : (tensor<1xf32>, tensor<f32>, "
       "tensor<i8>) -> tensor<1xi8>",
       "dense<[4]> : tensor<1xi8>"},
  });
}

TEST_F(Quantization, Dequantize) {
  check({
      {"%x = edge.constant dense<[0, 255]> : tensor<2xui8>\n"
       "%s = edge.constant dense<0.5> : tensor<f32>\n"
       "%z = edge.constant dense<128> : tensor<ui8>\n"
       "%r = edge.dequantize %x, %s, %z : (tensor<2xui8>, tensor<f32>, "
       "tensor<ui8>) -> tensor<2xf32>",
       "dense<[-64.0, 63.5]> : tensor<2xf32>"},
      {"%x = edge.constant dense<[[1, 2], [-128, 127]]> : tensor<2x2xi8>\n"
       "%s = edge.constant dense<[1.0, 10.0]> : tensor<2xf32>\n"
       "%z = edge.constant dense<[1, -1]> : tensor<2xi8>\n"
       "%r = edge.dequantize %x, %s, %z {axis = 0 : i64} : (tensor<2x2xi8>, "
       "tensor<2xf32>, tensor<2xi8>) -> tensor<2x2xf32>",
       "dense<[[0.0, 1.0], [-1270.0, 1280.0]]> : tensor<2x2xf32>"},
  });
}

// Two blocks of two and one of one, between dimensions of two.
TEST_F(Quantization, DequantizeBlocks) {
  check({
      {"%x = edge.constant dense<[[[1, 2], [1, 2], [1, 2], [1, 2], [1, 2]], "
       "[[1, 2], [1, 2], [1, 2], [1, 2], [1, 2]]]> : tensor<2x5x2xi8>\n"
       "%s = edge.constant dense<[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], "
       "[[7.0, 8.0], [9.0, 10.0], [11.0, 12.0]]]> : tensor<2x3x2xf32>\n"
       "%z = edge.constant dense<[[[0, 0], [0, 0], [0, 1]], "
       "[[0, 0], [0, 0], [0, 0]]]> : tensor<2x3x2xi8>\n"
       "%r = edge.dequantize %x, %s, %z {axis = 1 : i64, block_size = 2 : i64} "
       ": (tensor<2x5x2xi8>, tensor<2x3x2xf32>, tensor<2x3x2xi8>) -> "
       "tensor<2x5x2xf32>",
       "dense<[[[1.0, 4.0], [1.0, 4.0], [3.0, 8.0], [3.0, 8.0], [5.0, 6.0]], "
       "[[7.0, 16.0], [7.0, 16.0], [9.0, 20.0], [9.0, 20.0], [11.0, 24.0]]]> "
       ": tensor<2x5x2xf32>"},
  });
}

TEST_F(Quantization, Unpack) {
  check({
      {"%x = edge.constant dense<[127, 200, 9]> : tensor<3xui8>\n"
       "%r = edge.unpack %x {bits = 4 : i64} : (tensor<3xui8>) -> "
       "tensor<5xi8>",
       "dense<[-1, 7, -8, -4, -7]> : tensor<5xi8>"},
      {"%x = edge.constant dense<[127, 200, 9]> : tensor<3xui8>\n"
       "%r = edge.unpack %x {bits = 4 : i64} : (tensor<3xui8>) -> "
       "tensor<5xui8>",
       "dense<[15, 7, 8, 12, 9]> : tensor<5xui8>"},
      {"%x = edge.constant dense<[228, 2]> : tensor<2xui8>\n"
       "%r = edge.unpack %x {bits = 2 : i64} : (tensor<2xui8>) -> "
       "tensor<5xi8>",
       "dense<[0, 1, -2, -1, -2]> : tensor<5xi8>"},
  });
}

} // namespace
