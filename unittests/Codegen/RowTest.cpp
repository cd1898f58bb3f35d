//===- RowTest.cpp - Compiled softmax and layer norm, bit for bit ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledCode.h"

#include "edgec/Reference/Approximations.h"
#include "edgec/Reference/CanonicalReduction.h"
#include "fmt/format.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>

using namespace edgec;

namespace {

using Row = void (*)(const float *x, float *y, int64_t count);

void softmaxRow(const float *x, float *y, int64_t count) {
  ScalarArithmetic arithmetic;
  float largest = *std::max_element(x, x + count);
  for (int64_t i = 0; i < count; ++i)
    y[i] = approximateExp(arithmetic, x[i] - largest);
  float sum = canonicalSum<float>(count, [&](int64_t i) { return y[i]; });
  for (int64_t i = 0; i < count; ++i)
    y[i] /= sum;
}

constexpr float scale = 1.5f, bias = 0.25f, epsilon = 1e-5f;

void layerNormRow(const float *x, float *y, int64_t count) {
  auto n = static_cast<float>(count);
  float mean = canonicalSum<float>(count, [&](int64_t i) { return x[i]; }) / n;
  float variance =
      canonicalSum<float>(count,
                          [&](int64_t i) {
                            volatile float difference = x[i] - mean;
                            volatile float square = difference * difference;
                            return static_cast<float>(square);
                          }) /
      n;
  float factor = 1 / std::sqrt(variance + epsilon);
  for (int64_t i = 0; i < count; ++i) {
    volatile float normal = (x[i] - mean) * factor;
    volatile float scaled = normal * scale;
    y[i] = scaled + bias;
  }
}

std::string softmaxText(int64_t rows, int64_t columns) {
  return fmt::format(
      R"(func.func @run(%x: tensor<{0}x{1}xf32>) -> tensor<{0}x{1}xf32> {{
  %r = edge.softmax %x {{axis = 1 : i64}} : (tensor<{0}x{1}xf32>) -> tensor<{0}x{1}xf32>
  return %r : tensor<{0}x{1}xf32>
}})",
      rows, columns);
}

std::string layerNormText(int64_t rows, int64_t columns) {
  return fmt::format(
      R"(func.func @run(%x: tensor<{0}x{1}xf32>) -> tensor<{0}x{1}xf32> {{
  %s = edge.constant dense<1.5> : tensor<{1}xf32>
  %b = edge.constant dense<0.25> : tensor<{1}xf32>
  %r = edge.layer_norm %x, %s, %b {{axis = 1 : i64, epsilon = 9.99999974737875163555e-06 : f64}}
      : (tensor<{0}x{1}xf32>, tensor<{1}xf32>, tensor<{1}xf32>) -> tensor<{0}x{1}xf32>
  return %r : tensor<{0}x{1}xf32>
}})",
      rows, columns);
}

void checkRows(std::string (*text)(int64_t, int64_t), Row expected) {
  for (int64_t columns : {1, 3, 15, 16, 17, 31, 48, 197}) {
    constexpr int64_t rows = 3;
    Tensor x = randomTensor(ElementType::F32, {rows, columns}, columns);
    std::vector<float> wanted(rows * columns);
    for (int64_t row = 0; row < rows; ++row)
      expected(x.data<float>() + row * columns, wanted.data() + row * columns,
               columns);
    for (const std::string &target : runnableTargets()) {
      if (target == "x86-64-v2") // Has no fused multiply-add.
        continue;
      std::vector<Tensor> outputs =
          compileAndRun(text(rows, columns), target, {x});
      ASSERT_EQ(outputs.size(), 1u);
      for (int64_t i = 0; i < rows * columns; ++i)
        ASSERT_EQ(outputs[0].data<float>()[i], wanted[i])
            << "element " << i % columns << " of " << columns << " on "
            << target;
    }
  }
}

TEST(CompiledRows, SoftmaxHasTheInterpretersBits) {
  checkRows(softmaxText, softmaxRow);
}

TEST(CompiledRows, LayerNormHasTheInterpretersBits) {
  checkRows(layerNormText, layerNormRow);
}

} // namespace
