//===- LowBitTest.cpp - Weights of 4 and 2 bits times floats -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledCode.h"

#include "fmt/format.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstring>

using namespace edgec;

namespace {

/// A convolution on NHWC; `group` neighbouring channels share a scale, which
/// weights are multiplied by first (0: there are none).
struct LowBitConv {
  int64_t height, width, kernel, channels, filters, bits, group;
  int64_t outHeight() const { return height - kernel + 1; }
  int64_t outWidth() const { return width - kernel + 1; }
  int64_t groups() const { return (channels + group - 1) / group; }
};

std::string convText(const LowBitConv &conv, const Tensor &w,
                     const Tensor &scales) {
  std::string group;
  if (conv.group)
    group = fmt::format(
        ", b_group = {} : i64, b_scales = {} : tensor<{}x{}x{}x{}xf32>",
        conv.group, hexLiteral(scales), conv.filters, conv.kernel, conv.kernel,
        conv.groups());
  return fmt::format(
      R"(func.func @run(%x: tensor<1x{0}x{1}x{2}xf32>, %bias: tensor<{3}xf32>) -> tensor<1x{4}x{5}x{3}xf32> {{
  %w = arith.constant {7} : tensor<{3}x{6}x{6}x{2}xi8>
  %e = tensor.empty() : tensor<1x{4}x{5}x{3}xf32>
  %r = kernel.contract ins(%x, %w : tensor<1x{0}x{1}x{2}xf32>, tensor<{3}x{6}x{6}x{2}xi8>)
      extras(%bias : tensor<{3}xf32>) outs(%e : tensor<1x{4}x{5}x{3}xf32>)
      attributes {{num_batch = 0 : i64, num_rows = 3 : i64, extents = array<i64: 1, {4}, {5}, {3}, {6}, {6}, {2}>,
       a_map = affine_map<(n, y, x, j, r, s, c) -> (n, y + r, x + s, c)>,
       b_map = affine_map<(n, y, x, j, r, s, c) -> (j, r, s, c)>,
       c_map = affine_map<(n, y, x, j, r, s, c) -> (n, y, x, j)>,
       extra_maps = [affine_map<(n, y, x, j, r, s, c) -> (j)>], accumulator = f32, b_bits = {8} : i64{9}}} {{
  ^bb0(%acc: f32, %b: f32):
    %s = arith.addf %acc, %b : f32
    kernel.yield %s : f32
  }} -> tensor<1x{4}x{5}x{3}xf32>
  return %r : tensor<1x{4}x{5}x{3}xf32>
}})",
      conv.height, conv.width, conv.channels, conv.filters, conv.outHeight(),
      conv.outWidth(), conv.kernel, hexLiteral(w), conv.bits, group);
}

/// The sum in the order that kernel.contract defines, one rounding a step.
float sumOf(const LowBitConv &conv, const Tensor &x, const Tensor &w,
            const Tensor &scales, int64_t row, int64_t column, int64_t j,
            bool fused) {
  float sum = 0;
  for (int64_t r = 0; r < conv.kernel; ++r)
    for (int64_t s = 0; s < conv.kernel; ++s)
      for (int64_t c = 0; c < conv.channels; ++c) {
        int64_t tap = (j * conv.kernel + r) * conv.kernel + s;
        int64_t pixel = (row + r) * conv.width + column + s;
        float a = x.data<float>()[pixel * conv.channels + c];
        volatile float b = w.data<int8_t>()[tap * conv.channels + c];
        if (conv.group)
          b = b * scales.data<float>()[tap * conv.groups() + c / conv.group];
        volatile float product = a * b;
        sum = fused ? std::fma(a, b, sum) : sum + product;
      }
  return sum;
}

Tensor convolve(const LowBitConv &conv, const Tensor &x, const Tensor &w,
                const Tensor &scales, const Tensor &bias, bool fused) {
  Tensor result(ElementType::F32,
                {1, conv.outHeight(), conv.outWidth(), conv.filters});
  for (int64_t i = 0; i < result.size(); ++i) {
    int64_t j = i % conv.filters, pixel = i / conv.filters;
    result.mutableData<float>()[i] =
        sumOf(conv, x, w, scales, pixel / conv.outWidth(),
              pixel % conv.outWidth(), j, fused) +
        bias.data<float>()[j];
  }
  return result;
}

class CompiledLowBits : public testing::TestWithParam<LowBitConv> {};

// Bit for bit, for any number of threads, wherever weights are unpacked.
TEST_P(CompiledLowBits, EqualTheirDefinition) {
  const LowBitConv &conv = GetParam();
  Tensor x = randomTensor(ElementType::F32,
                          {1, conv.height, conv.width, conv.channels}, 1);
  Tensor w =
      randomTensor(ElementType::I8,
                   {conv.filters, conv.kernel, conv.kernel, conv.channels}, 2);
  for (int64_t i = 0; i < w.size(); ++i)
    w.mutableData<int8_t>()[i] >>= 8 - conv.bits;
  Tensor scales = randomTensor(
      ElementType::F32,
      {conv.filters, conv.kernel, conv.kernel, conv.group ? conv.groups() : 1},
      3);
  Tensor bias = randomTensor(ElementType::F32, {conv.filters}, 4);
  std::string text = convText(conv, w, scales);
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs = compileAndRun(text, target, {x, bias});
    ASSERT_EQ(outputs.size(), 1u);
    Tensor expected = convolve(conv, x, w, scales, bias, target != "x86-64-v2");
    EXPECT_EQ(
        memcmp(outputs[0].bytes(), expected.bytes(), expected.byteCount()), 0)
        << target;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, CompiledLowBits,
    testing::Values(
        LowBitConv{1, 1, 1, 37, 21, 4, 0},      // one row
        LowBitConv{5, 3, 1, 41, 40, 2, 0},      // few rows
        LowBitConv{13, 9, 1, 101, 37, 4, 0},    // a whole panel, two of them
        LowBitConv{1, 90, 1, 1357, 35, 4, 0},   // blocks, the last one smaller
        LowBitConv{29, 15, 1, 1030, 19, 2, 0},  // several blocks of tiles
        LowBitConv{11, 14, 3, 70, 33, 4, 0},    // a line of taps a block
        LowBitConv{10, 13, 3, 301, 18, 4, 0},   // part of a tap a block
        LowBitConv{9, 16, 1, 1100, 24, 4, 32},  // blocks of whole groups
        LowBitConv{9, 16, 1, 100, 24, 2, 8},    // a panel with groups
        LowBitConv{12, 12, 3, 90, 20, 4, 16},   // taps with groups and a rest
        LowBitConv{8, 12, 1, 1030, 17, 4, 1028} // a group too large to unpack
        ));

} // namespace
