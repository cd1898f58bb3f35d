//===- Shape.cpp - Layers without parameters ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/Elementary.h"
#include "io/OnnxGraph.h"
#include "nn/Matmul.h"

#include <cassert>

using namespace digits;

//===----------------------------------------------------------------------===//
// Relu
//===----------------------------------------------------------------------===//

template <typename T>
Batch<T> Relu<T>::forward(const Batch<T> &input, Mode mode) {
  Batch<T> output = input;
  for (T &value : output.values)
    value = value > T(0) ? value : T(0);
  if (mode == Mode::Training)
    saved = output;
  return output;
}

template <typename T>
Batch<T> Relu<T>::backward(const Batch<T> &outputGradient) {
  Batch<T> inputGradient = outputGradient;
  for (size_t i = 0; i < saved.values.size(); ++i)
    if (!(saved.values[i] > T(0)))
      inputGradient.values[i] = T(0);
  return inputGradient;
}

template <typename T>
std::string Relu<T>::exportTo(OnnxGraph &graph,
                              const std::string &input) const {
  return graph.addNode("Relu", name, {input}, {}, "Rectifier");
}

//===----------------------------------------------------------------------===//
// MaxPool
//===----------------------------------------------------------------------===//

template <typename T>
Batch<T> MaxPool<T>::forward(const Batch<T> &input, Mode mode) {
  inputExtent = input.extent;
  auto [height, width, channels] = inputExtent;
  assert(height % 2 == 0 && width % 2 == 0 && "extents must be even");
  Batch<T> output(input.count, {height / 2, width / 2, channels});
  winners.resize(output.values.size());

  size_t to = 0;
  for (int n = 0; n < input.count; ++n)
    for (int y = 0; y < height; y += 2)
      for (int x = 0; x < width; x += 2)
        for (int c = 0; c < channels; ++c, ++to) {
          size_t row = static_cast<size_t>(width) * channels;
          size_t first = n * inputExtent.size() + y * row + x * channels + c;
          size_t winner = first;
          for (size_t other :
               {first + channels, first + row, first + row + channels})
            if (input.values[other] > input.values[winner])
              winner = other;
          winners[to] = winner;
          output.values[to] = input.values[winner];
        }
  return output;
}

template <typename T>
Batch<T> MaxPool<T>::backward(const Batch<T> &outputGradient) {
  Batch<T> inputGradient(outputGradient.count, inputExtent);
  for (size_t i = 0; i < winners.size(); ++i)
    inputGradient.values[winners[i]] += outputGradient.values[i];
  return inputGradient;
}

template <typename T>
std::string MaxPool<T>::exportTo(OnnxGraph &graph,
                                 const std::string &input) const {
  return graph.addNode("MaxPool", name, {input},
                       {{"kernel_shape", std::vector<int64_t>{2, 2}},
                        {"strides", std::vector<int64_t>{2, 2}}},
                       "Half the resolution");
}

//===----------------------------------------------------------------------===//
// Flatten
//===----------------------------------------------------------------------===//

template <typename T>
Batch<T> Flatten<T>::forward(const Batch<T> &input, Mode mode) {
  inputExtent = input.extent;
  Batch<T> output(input.count, {1, 1, static_cast<int>(inputExtent.size())});
  for (int n = 0; n < input.count; ++n)
    transpose<T>(inputExtent.pixels(), inputExtent.channels, input.image(n),
                 output.image(n));
  return output;
}

template <typename T>
Batch<T> Flatten<T>::backward(const Batch<T> &outputGradient) {
  Batch<T> inputGradient(outputGradient.count, inputExtent);
  for (int n = 0; n < outputGradient.count; ++n)
    transpose<T>(inputExtent.channels, inputExtent.pixels(),
                 outputGradient.image(n), inputGradient.image(n));
  return inputGradient;
}

template <typename T>
std::string Flatten<T>::exportTo(OnnxGraph &graph,
                                 const std::string &input) const {
  return graph.addNode("Flatten", name, {input},
                       {{"axis", static_cast<int64_t>(1)}},
                       "All pixels and channels in one row");
}

template class digits::Relu<float>;
template class digits::Relu<double>;
template class digits::MaxPool<float>;
template class digits::MaxPool<double>;
template class digits::Flatten<float>;
template class digits::Flatten<double>;
