//===- GradientTest.cpp - Gradients against finite differences ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/BatchNorm.h"
#include "nn/Conv2d.h"
#include "nn/Elementary.h"
#include "nn/Gemm.h"
#include "nn/Loss.h"
#include "nn/Networks.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>

using namespace digits;

namespace {

constexpr double step = 1e-5;
/// Central differences in double are good to about step^2 and 1e-16 / step.
constexpr double tolerance = 1e-7;

Batch<double> randomBatch(Random &random, int count, Extent extent) {
  Batch<double> batch(count, extent);
  for (double &value : batch.values)
    value = random.uniform(-1.0, 1.0);
  return batch;
}

double dot(const Batch<double> &a, const Batch<double> &b) {
  double sum = 0;
  for (size_t i = 0; i < a.values.size(); ++i)
    sum += a.values[i] * b.values[i];
  return sum;
}

/// Compares `gradient` with the change of `loss` when `values` change, at up
/// to `most` places spread over them.
void compareGradient(std::vector<double> &values,
                     const std::vector<double> &gradient,
                     const std::function<double()> &loss,
                     const std::string &what, size_t most) {
  ASSERT_EQ(values.size(), gradient.size()) << what;
  size_t stride = std::max<size_t>(1, values.size() / most);
  double largest = 0;
  for (size_t i = 0; i < values.size(); i += stride) {
    double original = values[i];
    values[i] = original + step;
    double above = loss();
    values[i] = original - step;
    double below = loss();
    values[i] = original;
    double expected = (above - below) / (2 * step);
    EXPECT_NEAR(gradient[i], expected, tolerance * (1 + std::abs(expected)))
        << what << ", element " << i;
    largest = std::max(largest, std::abs(expected));
  }
  // All zero would be right for a layer that computes nothing.
  EXPECT_GT(largest, 1e-4) << what << " has no influence";
}

/// Checks a layer with the loss sum(output * weights) for random weights.
void checkLayer(Layer<double> &layer, int count, Extent extent,
                size_t most = 200) {
  Random random(17);
  Batch<double> input = randomBatch(random, count, extent);
  std::vector<Parameter<double> *> parameters;
  layer.collectParameters(parameters);
  for (Parameter<double> *parameter : parameters)
    if (parameter->trained)
      for (double &value : parameter->values)
        value += random.uniform(0.0, 0.5);

  Batch<double> output = layer.forward(input, Mode::Training);
  Batch<double> weights = randomBatch(random, count, output.extent);
  Batch<double> inputGradient = layer.backward(weights);
  EXPECT_TRUE(inputGradient.extent == extent);

  auto loss = [&] {
    return dot(layer.forward(input, Mode::Training), weights);
  };
  compareGradient(input.values, inputGradient.values, loss, "input", most);
  for (Parameter<double> *parameter : parameters)
    if (parameter->trained)
      compareGradient(parameter->values, parameter->gradient, loss,
                      parameter->name, most);
}

} // namespace

TEST(Gradient, Conv2d) {
  Random random(1);
  Conv2d<double> layer("conv", 3, 5, 3, random);
  checkLayer(layer, 2, {6, 4, 3});
}

TEST(Gradient, PointwiseConv2d) {
  Random random(1);
  Conv2d<double> layer("conv", 3, 9, 1, random);
  checkLayer(layer, 2, {3, 5, 3});
}

TEST(Gradient, DepthwiseConv2d) {
  Random random(1);
  DepthwiseConv2d<double> layer("conv", 3, random);
  checkLayer(layer, 2, {5, 4, 3});
}

TEST(Gradient, BatchNorm) {
  BatchNorm<double> layer("norm", 3);
  checkLayer(layer, 4, {3, 2, 3});
}

TEST(Gradient, Relu) {
  Relu<double> layer("relu");
  checkLayer(layer, 2, {4, 4, 3});
}

TEST(Gradient, MaxPool) {
  MaxPool<double> layer("pool");
  checkLayer(layer, 2, {4, 6, 3});
}

TEST(Gradient, Flatten) {
  Flatten<double> layer("flatten");
  checkLayer(layer, 2, {3, 2, 4});
}

TEST(Gradient, Gemm) {
  Random random(1);
  Gemm<double> layer("gemm", 12, 10, random);
  checkLayer(layer, 3, {1, 1, 12});
}

TEST(Gradient, Residual) {
  Random random(1);
  Residual<double> layer(
      "add", std::make_unique<Conv2d<double>>("conv", 4, 4, 3, random));
  checkLayer(layer, 2, {4, 4, 4});
}

TEST(Gradient, WholeNetworkWithLoss) {
  auto network = makeCnn<double>(1);
  Random random(5);
  Batch<double> input = randomBatch(random, 2, {28, 28, 1});
  const int64_t labels[] = {3, 7};
  auto loss = [&] {
    Batch<double> logits = network->forward(input, Mode::Training);
    return softmaxCrossEntropy(logits, labels).mean;
  };
  Batch<double> logits = network->forward(input, Mode::Training);
  network->backward(softmaxCrossEntropy(logits, labels).gradient);

  std::vector<Parameter<double> *> parameters;
  network->collectParameters(parameters);
  for (Parameter<double> *parameter : parameters)
    if (parameter->trained)
      compareGradient(parameter->values, parameter->gradient, loss,
                      parameter->name, /*most=*/12);
}

TEST(PortableExp, AgreesWithTheMathLibrary) {
  for (double x = 0; x > -690; x -= 0.37)
    EXPECT_NEAR(portableExp(x) / std::exp(x), 1.0, 1e-15) << x;
  EXPECT_EQ(portableExp(0), 1.0);
  EXPECT_EQ(portableExp(-1000), 0.0);
}
