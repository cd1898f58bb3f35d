//===- Gemm.cpp - Fully connected layer -----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/Gemm.h"
#include "io/OnnxGraph.h"
#include "nn/Matmul.h"

#include <algorithm>
#include <cassert>

using namespace digits;

template <typename T>
Gemm<T>::Gemm(const std::string &name, int inputs, int outputs, Random &random)
    : name(name), inputs(inputs), outputs(outputs),
      weight(name + ".weight", {outputs, inputs}),
      bias(name + ".bias", {outputs}) {
  weight.initialize(random, inputs);
}

template <typename T>
Batch<T> Gemm<T>::forward(const Batch<T> &input, Mode mode) {
  assert(input.extent == (Extent{1, 1, inputs}) && "flatten first");
  std::vector<T> transposed(weight.values.size());
  transpose(outputs, inputs, weight.values.data(), transposed.data());

  Batch<T> output(input.count, {1, 1, outputs});
  for (int n = 0; n < input.count; ++n)
    std::copy(bias.values.begin(), bias.values.end(), output.image(n));
  matmulAdd<T>(input.count, outputs, inputs, {input.values.data(), inputs, 1},
               transposed.data(), output.values.data());
  if (mode == Mode::Training)
    saved = input;
  return output;
}

template <typename T>
Batch<T> Gemm<T>::backward(const Batch<T> &outputGradient) {
  for (int n = 0; n < saved.count; ++n)
    for (int o = 0; o < outputs; ++o)
      bias.gradient[o] += outputGradient.image(n)[o];
  matmulAdd<T>(outputs, inputs, saved.count,
               {outputGradient.values.data(), 1, outputs}, saved.values.data(),
               weight.gradient.data());

  Batch<T> inputGradient(saved.count, saved.extent);
  matmulAdd<T>(saved.count, inputs, outputs,
               {outputGradient.values.data(), outputs, 1}, weight.values.data(),
               inputGradient.values.data());
  return inputGradient;
}

template <typename T>
void Gemm<T>::collectParameters(std::vector<Parameter<T> *> &parameters) {
  parameters.push_back(&weight);
  parameters.push_back(&bias);
}

template <typename T>
std::string Gemm<T>::exportTo(OnnxGraph &graph,
                              const std::string &input) const {
  std::string weightName = graph.addParameter(weight);
  std::string biasName = graph.addParameter(bias);
  return graph.addNode("Gemm", name, {input, weightName, biasName},
                       {{"transB", static_cast<int64_t>(1)}},
                       "Fully connected");
}

template class digits::Gemm<float>;
template class digits::Gemm<double>;
