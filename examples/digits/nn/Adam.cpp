//===- Adam.cpp - The Adam optimizer --------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/Adam.h"

#include <algorithm>
#include <cmath>

using namespace digits;

static constexpr float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;
/// Share of a weight that goes in a step, times the learning rate. Vectors
/// (biases, batch norms) do not decay.
static constexpr float weightDecay = 0.02f;

Adam::Adam(const std::vector<Parameter<float> *> &parameters) {
  for (Parameter<float> *parameter : parameters)
    if (parameter->trained)
      slots.push_back({parameter, std::vector<float>(parameter->values.size()),
                       std::vector<float>(parameter->values.size())});
}

void Adam::step(float learningRate) {
  meanDecay *= beta1;
  squareDecay *= beta2;
  float rate = static_cast<float>(learningRate * std::sqrt(1 - squareDecay) /
                                  (1 - meanDecay));
  for (Slot &slot : slots) {
    Parameter<float> &parameter = *slot.parameter;
    float keep =
        parameter.shape.size() > 1 ? 1 - learningRate * weightDecay : 1.0f;
    for (size_t i = 0; i < parameter.values.size(); ++i) {
      float gradient = parameter.gradient[i];
      slot.mean[i] = beta1 * slot.mean[i] + (1 - beta1) * gradient;
      slot.square[i] =
          beta2 * slot.square[i] + (1 - beta2) * gradient * gradient;
      parameter.values[i] =
          keep * parameter.values[i] -
          rate * slot.mean[i] / (std::sqrt(slot.square[i]) + epsilon);
    }
    std::fill(parameter.gradient.begin(), parameter.gradient.end(), 0.0f);
  }
}
