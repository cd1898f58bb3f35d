//===- DepthwiseConv2d.cpp - Depthwise convolution ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "io/OnnxGraph.h"
#include "nn/Conv2d.h"
#include "nn/Matmul.h"

using namespace digits;

static constexpr int taps = 9;

template <typename T>
DepthwiseConv2d<T>::DepthwiseConv2d(const std::string &name, int channels,
                                    Random &random)
    : name(name), channels(channels),
      weight(name + ".weight", {channels, 1, 3, 3}),
      bias(name + ".bias", {channels}) {
  weight.initialize(random, taps);
}

/// Calls `visit(tap, from, to)` for every pixel `to` and every pixel `from`
/// inside the image that the kernel's position `tap` reads for it.
template <typename Visitor>
static void forEachTap(Extent extent, Visitor visit) {
  for (int y = 0; y < extent.height; ++y)
    for (int x = 0; x < extent.width; ++x)
      for (int tap = 0; tap < taps; ++tap) {
        int row = y + tap / 3 - 1, column = x + tap % 3 - 1;
        if (row >= 0 && row < extent.height && column >= 0 &&
            column < extent.width)
          visit(tap, row * extent.width + column, y * extent.width + x);
      }
}

template <typename T>
Batch<T> DepthwiseConv2d<T>::forward(const Batch<T> &input, Mode mode) {
  packed.resize(weight.values.size());
  transpose(channels, taps, weight.values.data(), packed.data());

  Batch<T> output(input.count, input.extent);
  for (int n = 0; n < input.count; ++n) {
    const T *in = input.image(n);
    T *out = output.image(n);
    for (size_t p = 0; p < input.extent.pixels(); ++p)
      for (int c = 0; c < channels; ++c)
        out[p * channels + c] = bias.values[c];
    forEachTap(input.extent, [&](int tap, int from, int to) {
      const T *w = packed.data() + tap * channels;
      for (int c = 0; c < channels; ++c)
        out[to * channels + c] += w[c] * in[from * channels + c];
    });
  }
  if (mode == Mode::Training)
    saved = input;
  return output;
}

template <typename T>
Batch<T> DepthwiseConv2d<T>::backward(const Batch<T> &outputGradient) {
  Batch<T> inputGradient(saved.count, saved.extent);
  std::vector<T> packedGradient(packed.size());
  for (int n = 0; n < saved.count; ++n) {
    const T *in = saved.image(n), *outGradient = outputGradient.image(n);
    T *inGradient = inputGradient.image(n);
    for (size_t p = 0; p < saved.extent.pixels(); ++p)
      for (int c = 0; c < channels; ++c)
        bias.gradient[c] += outGradient[p * channels + c];
    forEachTap(saved.extent, [&](int tap, int from, int to) {
      const T *w = packed.data() + tap * channels;
      T *dw = packedGradient.data() + tap * channels;
      for (int c = 0; c < channels; ++c) {
        T gradient = outGradient[to * channels + c];
        dw[c] += gradient * in[from * channels + c];
        inGradient[from * channels + c] += gradient * w[c];
      }
    });
  }

  for (int c = 0; c < channels; ++c)
    for (int tap = 0; tap < taps; ++tap)
      weight.gradient[c * taps + tap] += packedGradient[tap * channels + c];
  return inputGradient;
}

template <typename T>
void DepthwiseConv2d<T>::collectParameters(
    std::vector<Parameter<T> *> &parameters) {
  parameters.push_back(&weight);
  parameters.push_back(&bias);
}

template <typename T>
std::string DepthwiseConv2d<T>::exportTo(OnnxGraph &graph,
                                         const std::string &input) const {
  std::string weightName = graph.addParameter(weight);
  std::string biasName = graph.addParameter(bias);
  return graph.addNode("Conv", name, {input, weightName, biasName},
                       {{"group", static_cast<int64_t>(channels)},
                        {"kernel_shape", std::vector<int64_t>{3, 3}},
                        {"pads", std::vector<int64_t>{1, 1, 1, 1}},
                        {"strides", std::vector<int64_t>{1, 1}}},
                       "Depthwise convolution");
}

template class digits::DepthwiseConv2d<float>;
template class digits::DepthwiseConv2d<double>;
