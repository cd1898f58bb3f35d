//===- Sequential.cpp - Layers one after another --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/Sequential.h"
#include "io/OnnxGraph.h"

#include <cassert>

using namespace digits;

template <typename T>
Batch<T> Sequential<T>::forward(const Batch<T> &input, Mode mode) {
  Batch<T> value = input;
  for (auto &layer : layers)
    value = layer->forward(value, mode);
  return value;
}

template <typename T>
Batch<T> Sequential<T>::backward(const Batch<T> &outputGradient) {
  Batch<T> gradient = outputGradient;
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer)
    gradient = (*layer)->backward(gradient);
  return gradient;
}

template <typename T>
void Sequential<T>::collectParameters(std::vector<Parameter<T> *> &parameters) {
  for (auto &layer : layers)
    layer->collectParameters(parameters);
}

template <typename T>
std::string Sequential<T>::exportTo(OnnxGraph &graph,
                                    const std::string &input) const {
  std::string value = input;
  for (auto &layer : layers)
    value = layer->exportTo(graph, value);
  return value;
}

template <typename T> static void addTo(Batch<T> &sum, const Batch<T> &other) {
  assert(sum.values.size() == other.values.size() && "shapes differ");
  for (size_t i = 0; i < sum.values.size(); ++i)
    sum.values[i] += other.values[i];
}

template <typename T>
Batch<T> Residual<T>::forward(const Batch<T> &input, Mode mode) {
  Batch<T> output = branch->forward(input, mode);
  addTo(output, input);
  return output;
}

template <typename T>
Batch<T> Residual<T>::backward(const Batch<T> &outputGradient) {
  Batch<T> inputGradient = branch->backward(outputGradient);
  addTo(inputGradient, outputGradient);
  return inputGradient;
}

template <typename T>
void Residual<T>::collectParameters(std::vector<Parameter<T> *> &parameters) {
  branch->collectParameters(parameters);
}

template <typename T>
std::string Residual<T>::exportTo(OnnxGraph &graph,
                                  const std::string &input) const {
  return graph.addNode("Add", name, {branch->exportTo(graph, input), input}, {},
                       "Residual connection");
}

template class digits::Sequential<float>;
template class digits::Sequential<double>;
template class digits::Residual<float>;
template class digits::Residual<double>;
