//===- LayerTest.cpp - Layers against their definitions -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/BatchNorm.h"
#include "nn/Conv2d.h"
#include "nn/Elementary.h"
#include "nn/Matmul.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace digits;

namespace {

Batch<double> randomBatch(int count, Extent extent) {
  Random random(11);
  Batch<double> batch(count, extent);
  for (double &value : batch.values)
    value = random.uniform(-1.0, 1.0);
  return batch;
}

/// A pixel's channel, zero outside of the image.
double at(const Batch<double> &batch, int n, int y, int x, int c) {
  Extent extent = batch.extent;
  if (y < 0 || y >= extent.height || x < 0 || x >= extent.width)
    return 0;
  return batch.image(n)[(y * extent.width + x) * extent.channels + c];
}

/// ONNX's definition of Conv with 'same' padding and weights O x I/group x K x
/// K, at one place.
double convolve(const Batch<double> &input, const Parameter<double> &weight,
                int groups, int n, int y, int x, int o) {
  int inputs = weight.shape[1], kernel = weight.shape[2];
  int group = o / (static_cast<int>(weight.shape[0]) / groups);
  double sum = 0;
  for (int i = 0; i < inputs; ++i)
    for (int r = 0; r < kernel; ++r)
      for (int s = 0; s < kernel; ++s)
        sum += weight.values[((o * inputs + i) * kernel + r) * kernel + s] *
               at(input, n, y + r - kernel / 2, x + s - kernel / 2,
                  group * inputs + i);
  return sum;
}

void checkConvolution(Layer<double> &layer, Extent extent, int groups) {
  std::vector<Parameter<double> *> parameters;
  layer.collectParameters(parameters);
  double bias = 0;
  if (parameters.size() > 1) {
    bias = 0.75;
    parameters[1]->values.assign(parameters[1]->values.size(), bias);
  }
  Batch<double> input = randomBatch(2, extent);
  Batch<double> output = layer.forward(input, Mode::Inference);
  ASSERT_EQ(output.extent.channels, parameters[0]->shape[0]);
  for (int n = 0; n < 2; ++n)
    for (int y = 0; y < extent.height; ++y)
      for (int x = 0; x < extent.width; ++x)
        for (int o = 0; o < output.extent.channels; ++o)
          EXPECT_NEAR(
              at(output, n, y, x, o),
              bias + convolve(input, *parameters[0], groups, n, y, x, o), 1e-12)
              << n << " " << y << " " << x << " " << o;
}

} // namespace

TEST(Layer, Conv2dFollowsTheDefinition) {
  Random random(1);
  Conv2d<double> layer("conv", 3, 10, 3, random);
  checkConvolution(layer, {5, 4, 3}, /*groups=*/1);
}

TEST(Layer, DepthwiseConv2dFollowsTheDefinition) {
  Random random(1);
  DepthwiseConv2d<double> layer("conv", 3, random);
  checkConvolution(layer, {5, 4, 3}, /*groups=*/3);
}

TEST(Layer, BatchNormNormalizesABatch) {
  BatchNorm<double> layer("norm", 2);
  Batch<double> output =
      layer.forward(randomBatch(6, {5, 5, 2}), Mode::Training);
  constexpr int rows = 6 * 5 * 5;
  for (int c = 0; c < 2; ++c) {
    double sum = 0, squares = 0;
    for (int row = 0; row < rows; ++row) {
      double value = output.values[row * 2 + c];
      sum += value;
      squares += value * value;
    }
    EXPECT_NEAR(sum / rows, 0.0, 1e-12);
    EXPECT_NEAR(squares / rows, 1.0, 1e-3); // epsilon takes a little
  }
}

TEST(Layer, BatchNormInferenceUsesTheRunningStatistics) {
  BatchNorm<double> layer("norm", 1);
  std::vector<Parameter<double> *> parameters;
  layer.collectParameters(parameters);
  const double scale = 2, bias = 3, mean = 5, variance = 4;
  const double values[] = {scale, bias, mean, variance};
  for (int i = 0; i < 4; ++i)
    parameters[i]->values = {values[i]};
  Batch<double> input(1, {1, 1, 1});
  input.values = {9};
  // 2 (9 - 5) / sqrt(4) + 3
  EXPECT_NEAR(layer.forward(input, Mode::Inference).values[0], 7.0, 1e-4);
}

TEST(Layer, FlattenGoesChannelByChannel) {
  Flatten<double> layer("flatten");
  Batch<double> input(1, {1, 2, 3});
  input.values = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(layer.forward(input, Mode::Inference).values,
            (std::vector<double>{1, 4, 2, 5, 3, 6}));
}

TEST(Matmul, MultipliesPlainAndTransposed) {
  constexpr int m = 7, n = 11, k = 5; // no multiples of the block
  Random random(2);
  std::vector<double> a(m * k), aTransposed(m * k), b(k * n);
  for (double &value : a)
    value = random.uniform();
  for (double &value : b)
    value = random.uniform();
  transpose(m, k, a.data(), aTransposed.data());

  std::vector<double> plain(m * n, 1.0), transposed(m * n, 1.0);
  matmulAdd<double>(m, n, k, {a.data(), k, 1}, b.data(), plain.data());
  matmulAdd<double>(m, n, k, {aTransposed.data(), 1, m}, b.data(),
                    transposed.data());
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < n; ++j) {
      double expected = 1.0;
      for (int p = 0; p < k; ++p)
        expected += a[i * k + p] * b[p * n + j];
      EXPECT_NEAR(plain[i * n + j], expected, 1e-14);
    }
  EXPECT_EQ(plain, transposed);
}
