//===- BatchNorm.cpp - Batch normalisation --------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/BatchNorm.h"
#include "io/OnnxGraph.h"

#include <cmath>

using namespace digits;

static constexpr float epsilon = 1e-5f;
/// Share of the old value in an update of the running statistics.
static constexpr float momentum = 0.9f;

template <typename T>
BatchNorm<T>::BatchNorm(const std::string &name, int channels)
    : name(name), channels(channels), scale(name + ".scale", {channels}, T(1)),
      bias(name + ".bias", {channels}),
      runningMean(name + ".mean", {channels}, T(0), /*trained=*/false),
      runningVariance(name + ".variance", {channels}, T(1),
                      /*trained=*/false) {}

/// Sums over thousands of pixels are kept in double.
template <typename T>
void BatchNorm<T>::computeStatistics(const Batch<T> &input) {
  size_t rows = input.count * input.extent.pixels();
  std::vector<double> sum(channels), squares(channels);
  for (size_t row = 0; row < rows; ++row)
    for (int c = 0; c < channels; ++c)
      sum[c] += input.values[row * channels + c];
  for (double &value : sum)
    value /= static_cast<double>(rows);
  for (size_t row = 0; row < rows; ++row)
    for (int c = 0; c < channels; ++c) {
      double difference = input.values[row * channels + c] - sum[c];
      squares[c] += difference * difference;
    }

  mean.resize(channels);
  inverseDeviation.resize(channels);
  for (int c = 0; c < channels; ++c) {
    double variance = squares[c] / static_cast<double>(rows);
    mean[c] = static_cast<T>(sum[c]);
    inverseDeviation[c] = static_cast<T>(1.0 / std::sqrt(variance + epsilon));
    runningMean.values[c] =
        momentum * runningMean.values[c] + (1 - momentum) * mean[c];
    runningVariance.values[c] = momentum * runningVariance.values[c] +
                                (1 - momentum) * static_cast<T>(variance);
  }
}

template <typename T>
Batch<T> BatchNorm<T>::forward(const Batch<T> &input, Mode mode) {
  if (mode == Mode::Training) {
    computeStatistics(input);
  } else {
    mean = runningMean.values;
    inverseDeviation.resize(channels);
    for (int c = 0; c < channels; ++c)
      inverseDeviation[c] =
          T(1) / std::sqrt(runningVariance.values[c] + epsilon);
  }

  Batch<T> output(input.count, input.extent);
  normalized = Batch<T>(input.count, input.extent);
  size_t rows = input.count * input.extent.pixels();
  for (size_t row = 0; row < rows; ++row)
    for (int c = 0; c < channels; ++c) {
      size_t i = row * channels + c;
      normalized.values[i] = (input.values[i] - mean[c]) * inverseDeviation[c];
      output.values[i] =
          normalized.values[i] * scale.values[c] + bias.values[c];
    }
  return output;
}

template <typename T>
Batch<T> BatchNorm<T>::backward(const Batch<T> &outputGradient) {
  size_t rows = outputGradient.count * outputGradient.extent.pixels();
  std::vector<double> biasSum(channels), scaleSum(channels);
  for (size_t row = 0; row < rows; ++row)
    for (int c = 0; c < channels; ++c) {
      size_t i = row * channels + c;
      biasSum[c] += outputGradient.values[i];
      scaleSum[c] += outputGradient.values[i] * normalized.values[i];
    }

  std::vector<T> factor(channels), biasMean(channels), scaleMean(channels);
  for (int c = 0; c < channels; ++c) {
    bias.gradient[c] += static_cast<T>(biasSum[c]);
    scale.gradient[c] += static_cast<T>(scaleSum[c]);
    factor[c] = scale.values[c] * inverseDeviation[c];
    biasMean[c] = static_cast<T>(biasSum[c] / static_cast<double>(rows));
    scaleMean[c] = static_cast<T>(scaleSum[c] / static_cast<double>(rows));
  }

  Batch<T> inputGradient(outputGradient.count, outputGradient.extent);
  for (size_t row = 0; row < rows; ++row)
    for (int c = 0; c < channels; ++c) {
      size_t i = row * channels + c;
      inputGradient.values[i] =
          factor[c] * (outputGradient.values[i] - biasMean[c] -
                       normalized.values[i] * scaleMean[c]);
    }
  return inputGradient;
}

template <typename T>
void BatchNorm<T>::collectParameters(std::vector<Parameter<T> *> &parameters) {
  for (Parameter<T> *parameter :
       {&scale, &bias, &runningMean, &runningVariance})
    parameters.push_back(parameter);
}

template <typename T>
std::string BatchNorm<T>::exportTo(OnnxGraph &graph,
                                   const std::string &input) const {
  std::vector<std::string> inputs = {input};
  for (const Parameter<T> *parameter :
       {&scale, &bias, &runningMean, &runningVariance})
    inputs.push_back(graph.addParameter(*parameter));
  return graph.addNode("BatchNormalization", name, inputs,
                       {{"epsilon", epsilon}, {"momentum", momentum}},
                       "Batch normalization, left for the compiler to fold");
}

template class digits::BatchNorm<float>;
template class digits::BatchNorm<double>;
