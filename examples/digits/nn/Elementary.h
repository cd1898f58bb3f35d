//===- Shape.h - Layers without parameters ----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_ELEMENTARY_H
#define EDGEC_EXAMPLES_DIGITS_NN_ELEMENTARY_H

#include "nn/Layer.h"

namespace digits {

/// max(x, 0). The derivative at 0 is taken as 0.
template <typename T> class Relu : public Layer<T> {
public:
  explicit Relu(std::string name) : name(std::move(name)) {}

  Batch<T> forward(const Batch<T> &input, Mode mode) override;
  Batch<T> backward(const Batch<T> &outputGradient) override;
  std::string exportTo(OnnxGraph &graph,
                       const std::string &input) const override;

private:
  std::string name;
  Batch<T> saved;
};

/// The largest of every 2 x 2 block; extents must be even. Of equal values the
/// first gets the gradient.
template <typename T> class MaxPool : public Layer<T> {
public:
  explicit MaxPool(std::string name) : name(std::move(name)) {}

  Batch<T> forward(const Batch<T> &input, Mode mode) override;
  Batch<T> backward(const Batch<T> &outputGradient) override;
  std::string exportTo(OnnxGraph &graph,
                       const std::string &input) const override;

private:
  std::string name;
  Extent inputExtent;
  std::vector<size_t> winners; ///< For each output the index of its input.
};

/// From an image to one pixel whose channels are the image's values in ONNX's
/// order: channel by channel.
template <typename T> class Flatten : public Layer<T> {
public:
  explicit Flatten(std::string name) : name(std::move(name)) {}

  Batch<T> forward(const Batch<T> &input, Mode mode) override;
  Batch<T> backward(const Batch<T> &outputGradient) override;
  std::string exportTo(OnnxGraph &graph,
                       const std::string &input) const override;

private:
  std::string name;
  Extent inputExtent;
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_ELEMENTARY_H
