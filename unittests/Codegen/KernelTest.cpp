//===- KernelTest.cpp - Compiled kernels against their definitions -------===//
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

/// A square convolution on NHWC, of `groups` groups, then bias and relu.
struct Conv {
  int64_t size, kernel, stride, channels, filters;
  int64_t output() const { return (size - kernel) / stride + 1; }
};

std::string convText(const Conv &conv) {
  int64_t out = conv.output();
  return fmt::format(
      R"(func.func @run(%x: tensor<1x{0}x{0}x{1}xf32>, %w: tensor<{2}x{1}x{3}x{3}xf32>, %b: tensor<{2}xf32>) -> tensor<1x{4}x{4}x{2}xf32> {{
  %e = tensor.empty() : tensor<1x{4}x{4}x{2}xf32>
  %r = kernel.contract ins(%x, %w : tensor<1x{0}x{0}x{1}xf32>, tensor<{2}x{1}x{3}x{3}xf32>)
      extras(%b : tensor<{2}xf32>) outs(%e : tensor<1x{4}x{4}x{2}xf32>)
      attributes {{num_batch = 0 : i64, num_rows = 3 : i64, extents = array<i64: 1, {4}, {4}, {2}, {3}, {3}, {1}>,
       a_map = affine_map<(n, y, x, j, r, s, c) -> (n, y * {5} + r, x * {5} + s, c)>,
       b_map = affine_map<(n, y, x, j, r, s, c) -> (j, c, r, s)>,
       c_map = affine_map<(n, y, x, j, r, s, c) -> (n, y, x, j)>,
       extra_maps = [affine_map<(n, y, x, j, r, s, c) -> (j)>], accumulator = f32}} {{
  ^bb0(%acc: f32, %bias: f32):
    %s = arith.addf %acc, %bias : f32
    %zero = arith.constant 0.0 : f32
    %m = arith.maximumf %s, %zero : f32
    kernel.yield %m : f32
  }} -> tensor<1x{4}x{4}x{2}xf32>
  return %r : tensor<1x{4}x{4}x{2}xf32>
}})",
      conv.size, conv.channels, conv.filters, conv.kernel, out, conv.stride);
}

/// The sum in the order that kernel.contract defines, one rounding a step.
Tensor convolve(const Conv &conv, const Tensor &x, const Tensor &w,
                const Tensor &b, bool fused) {
  int64_t out = conv.output();
  Tensor result(ElementType::F32, {1, out, out, conv.filters});
  for (int64_t i = 0; i < result.size(); ++i) {
    int64_t j = i % conv.filters, column = i / conv.filters % out,
            row = i / conv.filters / out;
    float sum = 0;
    for (int64_t r = 0; r < conv.kernel; ++r)
      for (int64_t s = 0; s < conv.kernel; ++s)
        for (int64_t c = 0; c < conv.channels; ++c) {
          float a = x.data<float>()[((row * conv.stride + r) * conv.size +
                                     column * conv.stride + s) *
                                        conv.channels +
                                    c];
          float v =
              w.data<float>()[((j * conv.channels + c) * conv.kernel + r) *
                                  conv.kernel +
                              s];
          volatile float product = a * v;
          sum = fused ? std::fma(a, v, sum) : sum + product;
        }
    result.mutableData<float>()[i] = std::max(sum + b.data<float>()[j], 0.0f);
  }
  return result;
}

class CompiledConv : public testing::TestWithParam<Conv> {};

// Bit for bit: the order of the sum and its roundings are part of the contract.
TEST_P(CompiledConv, EqualsItsDefinition) {
  const Conv &conv = GetParam();
  Tensor x = randomTensor(ElementType::F32,
                          {1, conv.size, conv.size, conv.channels}, 1);
  Tensor w =
      randomTensor(ElementType::F32,
                   {conv.filters, conv.channels, conv.kernel, conv.kernel}, 2);
  Tensor b = randomTensor(ElementType::F32, {conv.filters}, 3);
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs =
        compileAndRun(convText(conv), target, {x, w, b});
    ASSERT_EQ(outputs.size(), 1u);
    Tensor expected = convolve(conv, x, w, b, target != "x86-64-v2");
    EXPECT_EQ(
        memcmp(outputs[0].bytes(), expected.bytes(), expected.byteCount()), 0)
        << target;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, CompiledConv,
    testing::Values(Conv{9, 3, 1, 5, 32},   // several lines a tile
                    Conv{30, 3, 1, 4, 33},  // a tail of one column
                    Conv{18, 1, 1, 7, 50},  // rows merge into one dimension
                    Conv{17, 3, 2, 3, 24},  // strided
                    Conv{5, 5, 1, 6, 10})); // one row, few columns

/// i8 times i8 in i32, batched, b at run time with its columns not contiguous.
TEST(CompiledContract, BatchedIntegerProduct) {
  const int64_t batch = 3, rows = 11, columns = 21, depth = 37;
  std::string text = fmt::format(
      R"(func.func @run(%a: tensor<{0}x{1}x{3}xi8>, %b: tensor<{0}x{2}x{3}xi8>) -> tensor<{0}x{1}x{2}xi32> {{
  %e = tensor.empty() : tensor<{0}x{1}x{2}xi32>
  %r = kernel.contract ins(%a, %b : tensor<{0}x{1}x{3}xi8>, tensor<{0}x{2}x{3}xi8>)
      outs(%e : tensor<{0}x{1}x{2}xi32>)
      attributes {{num_batch = 1 : i64, num_rows = 1 : i64, extents = array<i64: {0}, {1}, {2}, {3}>,
       a_map = affine_map<(g, i, j, k) -> (g, i, k)>, b_map = affine_map<(g, i, j, k) -> (g, j, k)>,
       c_map = affine_map<(g, i, j, k) -> (g, i, j)>, extra_maps = [], accumulator = i32, a_unsigned}} {{
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }} -> tensor<{0}x{1}x{2}xi32>
  return %r : tensor<{0}x{1}x{2}xi32>
}})",
      batch, rows, columns, depth);
  Tensor a = randomTensor(ElementType::I8, {batch, rows, depth}, 4);
  Tensor b = randomTensor(ElementType::I8, {batch, columns, depth}, 5);
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs = compileAndRun(text, target, {a, b});
    ASSERT_EQ(outputs.size(), 1u);
    for (int64_t g = 0; g < batch; ++g)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j) {
          int32_t sum = 0;
          for (int64_t k = 0; k < depth; ++k)
            sum += static_cast<uint8_t>(
                       a.data<int8_t>()[(g * rows + i) * depth + k]) *
                   b.data<int8_t>()[(g * columns + j) * depth + k];
          ASSERT_EQ(outputs[0].data<int32_t>()[(g * rows + i) * columns + j],
                    sum)
              << target << " at " << g << ", " << i << ", " << j;
        }
  }
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

/// A convolution of bytes on NHWC with constant weights.
struct ByteConv {
  int64_t size, kernel, stride, channels, filters;
  int64_t output() const { return (size - kernel) / stride + 1; }
};

std::string byteConvText(const ByteConv &conv, const Tensor &w, bool aUnsigned,
                         bool bUnsigned) {
  return fmt::format(
      R"(func.func @run(%x: tensor<1x{0}x{0}x{1}xi8>) -> tensor<1x{4}x{4}x{2}xi32> {{
  %w = arith.constant {6} : tensor<{2}x{3}x{3}x{1}xi8>
  %e = tensor.empty() : tensor<1x{4}x{4}x{2}xi32>
  %r = kernel.contract ins(%x, %w : tensor<1x{0}x{0}x{1}xi8>, tensor<{2}x{3}x{3}x{1}xi8>)
      outs(%e : tensor<1x{4}x{4}x{2}xi32>)
      attributes {{num_batch = 0 : i64, num_rows = 3 : i64, extents = array<i64: 1, {4}, {4}, {2}, {3}, {3}, {1}>,
       a_map = affine_map<(n, y, x, j, r, s, c) -> (n, y * {5} + r, x * {5} + s, c)>,
       b_map = affine_map<(n, y, x, j, r, s, c) -> (j, r, s, c)>,
       c_map = affine_map<(n, y, x, j, r, s, c) -> (n, y, x, j)>,
       extra_maps = [], accumulator = i32{7}{8}}} {{
  ^bb0(%acc: i32):
    kernel.yield %acc : i32
  }} -> tensor<1x{4}x{4}x{2}xi32>
  return %r : tensor<1x{4}x{4}x{2}xi32>
}})",
      conv.size, conv.channels, conv.filters, conv.kernel, conv.output(),
      conv.stride, hexLiteral(w), aUnsigned ? ", a_unsigned" : "",
      bUnsigned ? ", b_unsigned" : "");
}

int32_t widened(int8_t value, bool isUnsigned) {
  return isUnsigned ? static_cast<uint8_t>(value) : value;
}

Tensor convolveBytes(const ByteConv &conv, const Tensor &x, const Tensor &w,
                     bool aUnsigned, bool bUnsigned) {
  int64_t out = conv.output(), taps = conv.kernel, depth = conv.channels;
  Tensor result(ElementType::I32, {1, out, out, conv.filters});
  for (int64_t i = 0; i < result.size(); ++i) {
    int64_t j = i % conv.filters, column = i / conv.filters % out,
            row = i / conv.filters / out;
    int32_t sum = 0;
    for (int64_t r = 0; r < taps; ++r)
      for (int64_t s = 0; s < taps; ++s)
        for (int64_t c = 0; c < depth; ++c) {
          int64_t pixel =
              (row * conv.stride + r) * conv.size + column * conv.stride + s;
          sum +=
              widened(x.data<int8_t>()[pixel * depth + c], aUnsigned) *
              widened(w.data<int8_t>()[((j * taps + r) * taps + s) * depth + c],
                      bUnsigned);
        }
    result.mutableData<int32_t>()[i] = sum;
  }
  return result;
}

class CompiledByteConv : public testing::TestWithParam<ByteConv> {};

TEST_P(CompiledByteConv, EqualsItsDefinition) {
  const ByteConv &conv = GetParam();
  Tensor x = randomTensor(ElementType::I8,
                          {1, conv.size, conv.size, conv.channels}, 8);
  Tensor w =
      randomTensor(ElementType::I8,
                   {conv.filters, conv.kernel, conv.kernel, conv.channels}, 9);
  for (bool aUnsigned : {false, true})
    for (bool bUnsigned : {false, true}) {
      Tensor expected = convolveBytes(conv, x, w, aUnsigned, bUnsigned);
      std::string text = byteConvText(conv, w, aUnsigned, bUnsigned);
      for (const std::string &target : runnableTargets()) {
        std::vector<Tensor> outputs = compileAndRun(text, target, {x});
        ASSERT_EQ(outputs.size(), 1u);
        EXPECT_EQ(
            memcmp(outputs[0].bytes(), expected.bytes(), expected.byteCount()),
            0)
            << target << (aUnsigned ? ", ui8" : ", i8")
            << (bUnsigned ? " times ui8" : " times i8");
      }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, CompiledByteConv,
    testing::Values(ByteConv{9, 3, 1, 3, 33},    // fewer channels than a group
                    ByteConv{23, 7, 2, 3, 40},   // taps and channels together
                    ByteConv{9, 3, 1, 1, 20},    // taps only
                    ByteConv{8, 3, 2, 6, 20},    // a group and a tail
                    ByteConv{7, 1, 1, 64, 48},   // groups only
                    ByteConv{2, 2, 1, 9, 1},     // one sum
                    ByteConv{6, 1, 1, 1, 40},    // one channel
                    ByteConv{5, 1, 1, 4, 130})); // exactly one group

TEST(CompiledDepthwise, EqualsItsDefinition) {
  const int64_t size = 11, channels = 21, kernel = 3, stride = 2, out = 5;
  std::string text = fmt::format(
      R"(func.func @run(%x: tensor<1x{0}x{0}x{1}xf32>, %w: tensor<3x3x{1}xf32>) -> tensor<1x{2}x{2}x{1}xf32> {{
  %e = tensor.empty() : tensor<1x{2}x{2}x{1}xf32>
  %r = kernel.depthwise ins(%x, %w : tensor<1x{0}x{0}x{1}xf32>, tensor<3x3x{1}xf32>)
      outs(%e : tensor<1x{2}x{2}x{1}xf32>)
      attributes {{strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, extra_maps = [], accumulator = f32}} {{
  ^bb0(%acc: f32):
    kernel.yield %acc : f32
  }} -> tensor<1x{2}x{2}x{1}xf32>
  return %r : tensor<1x{2}x{2}x{1}xf32>
}})",
      size, channels, out);
  Tensor x = randomTensor(ElementType::F32, {1, size, size, channels}, 6);
  Tensor w = randomTensor(ElementType::F32, {kernel, kernel, channels}, 7);
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs = compileAndRun(text, target, {x, w});
    ASSERT_EQ(outputs.size(), 1u);
    for (int64_t i = 0; i < outputs[0].size(); ++i) {
      int64_t c = i % channels, column = i / channels % out,
              row = i / channels / out;
      float sum = 0;
      for (int64_t r = 0; r < kernel; ++r)
        for (int64_t s = 0; s < kernel; ++s) {
          float a = x.data<float>()[((row * stride + r) * size +
                                     column * stride + s) *
                                        channels +
                                    c];
          float v = w.data<float>()[(r * kernel + s) * channels + c];
          volatile float product = a * v;
          sum = target == "x86-64-v2" ? sum + product : std::fma(a, v, sum);
        }
      ASSERT_EQ(outputs[0].data<float>()[i], sum) << target << " at " << i;
    }
  }
}

} // namespace
