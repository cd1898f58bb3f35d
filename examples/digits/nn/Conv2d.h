//===- Conv2d.h - Two-dimensional convolution -------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_CONV2D_H
#define EDGEC_EXAMPLES_DIGITS_NN_CONV2D_H

#include "nn/Layer.h"

namespace digits {

/// Convolution without bias, stride 1, zero padding that keeps the image's
/// size. Computed as a matrix product over gathered patches.
template <typename T> class Conv2d : public Layer<T> {
public:
  /// `kernel` is odd.
  Conv2d(const std::string &name, int inChannels, int outChannels, int kernel,
         Random &random);

  Batch<T> forward(const Batch<T> &input, Mode mode) override;
  Batch<T> backward(const Batch<T> &outputGradient) override;
  void collectParameters(std::vector<Parameter<T> *> &parameters) override;
  std::string exportTo(OnnxGraph &graph,
                       const std::string &input) const override;

private:
  /// One row per pixel: the kernel x kernel x inChannels values around it.
  void gatherPatches(const T *image, Extent extent);
  /// Adds every value of `patchGradient` to the pixel that it came from.
  void scatterPatches(Extent extent, T *imageGradient) const;
  int patchSize() const { return kernel * kernel * inChannels; }

  std::string name;
  int inChannels, outChannels, kernel;
  Parameter<T> weight;   ///< outChannels x inChannels x kernel x kernel
  std::vector<T> packed; ///< kernel x kernel x inChannels x outChannels
  std::vector<T> patches, patchGradient;
  Batch<T> saved;
};

/// 3 x 3 convolution of every channel by itself, with bias, stride 1 and zero
/// padding of 1.
template <typename T> class DepthwiseConv2d : public Layer<T> {
public:
  DepthwiseConv2d(const std::string &name, int channels, Random &random);

  Batch<T> forward(const Batch<T> &input, Mode mode) override;
  Batch<T> backward(const Batch<T> &outputGradient) override;
  void collectParameters(std::vector<Parameter<T> *> &parameters) override;
  std::string exportTo(OnnxGraph &graph,
                       const std::string &input) const override;

private:
  std::string name;
  int channels;
  Parameter<T> weight;   ///< channels x 1 x 3 x 3
  Parameter<T> bias;     ///< channels
  std::vector<T> packed; ///< 3 x 3 x channels
  Batch<T> saved;
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_CONV2D_H
