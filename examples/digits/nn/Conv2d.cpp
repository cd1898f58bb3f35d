//===- Conv2d.cpp - Convolution as a matrix product -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/Conv2d.h"
#include "io/OnnxGraph.h"
#include "nn/Matmul.h"

#include <algorithm>

using namespace digits;

template <typename T>
Conv2d<T>::Conv2d(const std::string &name, int inChannels, int outChannels,
                  int kernel, Random &random)
    : name(name), inChannels(inChannels), outChannels(outChannels),
      kernel(kernel),
      weight(name + ".weight", {outChannels, inChannels, kernel, kernel}) {
  weight.initialize(random, patchSize());
}

/// Calls `visit(patchOffset, pixel)` for each position of the kernel at (y, x)
/// that lies inside the image.
template <typename Visitor>
static void forEachTap(Extent extent, int kernel, int y, int x, Visitor visit) {
  int pad = kernel / 2;
  for (int r = 0; r < kernel; ++r) {
    int row = y + r - pad;
    if (row < 0 || row >= extent.height)
      continue;
    for (int s = 0; s < kernel; ++s) {
      int column = x + s - pad;
      if (column >= 0 && column < extent.width)
        visit((r * kernel + s) * extent.channels,
              (row * extent.width + column) * extent.channels);
    }
  }
}

template <typename T>
void Conv2d<T>::gatherPatches(const T *image, Extent extent) {
  patches.assign(extent.pixels() * patchSize(), T(0));
  T *patch = patches.data();
  for (int y = 0; y < extent.height; ++y)
    for (int x = 0; x < extent.width; ++x, patch += patchSize())
      forEachTap(extent, kernel, y, x, [&](int offset, int pixel) {
        std::copy_n(image + pixel, extent.channels, patch + offset);
      });
}

template <typename T>
void Conv2d<T>::scatterPatches(Extent extent, T *imageGradient) const {
  const T *patch = patchGradient.data();
  for (int y = 0; y < extent.height; ++y)
    for (int x = 0; x < extent.width; ++x, patch += patchSize())
      forEachTap(extent, kernel, y, x, [&](int offset, int pixel) {
        for (int c = 0; c < extent.channels; ++c)
          imageGradient[pixel + c] += patch[offset + c];
      });
}

template <typename T>
Batch<T> Conv2d<T>::forward(const Batch<T> &input, Mode mode) {
  // From O x (I RS) to (RS I) x O: transpose I x RS within each output, then
  // outputs with the rest.
  int taps = kernel * kernel;
  std::vector<T> channelsLast(weight.values.size());
  for (int o = 0; o < outChannels; ++o)
    transpose(inChannels, taps, weight.values.data() + o * patchSize(),
              channelsLast.data() + o * patchSize());
  packed.resize(weight.values.size());
  transpose(outChannels, patchSize(), channelsLast.data(), packed.data());

  Extent extent = input.extent;
  Batch<T> output(input.count, {extent.height, extent.width, outChannels});
  for (int n = 0; n < input.count; ++n) {
    gatherPatches(input.image(n), extent);
    matmulAdd<T>(extent.pixels(), outChannels, patchSize(),
                 {patches.data(), patchSize(), 1}, packed.data(),
                 output.image(n));
  }
  if (mode == Mode::Training)
    saved = input;
  return output;
}

template <typename T>
Batch<T> Conv2d<T>::backward(const Batch<T> &outputGradient) {
  Extent extent = saved.extent;
  int pixels = extent.pixels(), taps = kernel * kernel;
  std::vector<T> packedTransposed(packed.size());
  transpose(patchSize(), outChannels, packed.data(), packedTransposed.data());

  Batch<T> inputGradient(saved.count, extent);
  std::vector<T> packedGradient(packed.size());
  for (int n = 0; n < saved.count; ++n) {
    gatherPatches(saved.image(n), extent);
    matmulAdd<T>(patchSize(), outChannels, pixels,
                 {patches.data(), 1, patchSize()}, outputGradient.image(n),
                 packedGradient.data());
    patchGradient.assign(patches.size(), T(0));
    matmulAdd<T>(pixels, patchSize(), outChannels,
                 {outputGradient.image(n), outChannels, 1},
                 packedTransposed.data(), patchGradient.data());
    scatterPatches(extent, inputGradient.image(n));
  }

  for (int o = 0; o < outChannels; ++o)
    for (int i = 0; i < inChannels; ++i)
      for (int t = 0; t < taps; ++t)
        weight.gradient[(o * inChannels + i) * taps + t] +=
            packedGradient[(t * inChannels + i) * outChannels + o];
  return inputGradient;
}

template <typename T>
void Conv2d<T>::collectParameters(std::vector<Parameter<T> *> &parameters) {
  parameters.push_back(&weight);
}

template <typename T>
std::string Conv2d<T>::exportTo(OnnxGraph &graph,
                                const std::string &input) const {
  int64_t size = kernel, pad = kernel / 2;
  return graph.addNode("Conv", name, {input, graph.addParameter(weight)},
                       {{"kernel_shape", std::vector<int64_t>{size, size}},
                        {"pads", std::vector<int64_t>{pad, pad, pad, pad}},
                        {"strides", std::vector<int64_t>{1, 1}}},
                       kernel == 1 ? "Pointwise convolution" : "Convolution");
}

template class digits::Conv2d<float>;
template class digits::Conv2d<double>;
