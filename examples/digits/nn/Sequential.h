//===- Sequential.h - Layers one after another ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_SEQUENTIAL_H
#define EDGEC_EXAMPLES_DIGITS_NN_SEQUENTIAL_H

#include "nn/Layer.h"

#include <memory>

namespace digits {

template <typename T> class Sequential : public Layer<T> {
public:
  /// Appends a layer: `sequence.template add<Relu<T>>("relu")`.
  template <typename LayerType, typename... Arguments>
  void add(Arguments &&...arguments) {
    layers.push_back(
        std::make_unique<LayerType>(std::forward<Arguments>(arguments)...));
  }
  void add(std::unique_ptr<Layer<T>> layer) {
    layers.push_back(std::move(layer));
  }

  Batch<T> forward(const Batch<T> &input, Mode mode) override;
  Batch<T> backward(const Batch<T> &outputGradient) override;
  void collectParameters(std::vector<Parameter<T> *> &parameters) override;
  std::string exportTo(OnnxGraph &graph,
                       const std::string &input) const override;

private:
  std::vector<std::unique_ptr<Layer<T>>> layers;
};

/// x + f(x), where f keeps the shape (https://arxiv.org/abs/1512.03385).
template <typename T> class Residual : public Layer<T> {
public:
  Residual(std::string name, std::unique_ptr<Layer<T>> branch)
      : name(std::move(name)), branch(std::move(branch)) {}

  Batch<T> forward(const Batch<T> &input, Mode mode) override;
  Batch<T> backward(const Batch<T> &outputGradient) override;
  void collectParameters(std::vector<Parameter<T> *> &parameters) override;
  std::string exportTo(OnnxGraph &graph,
                       const std::string &input) const override;

private:
  std::string name;
  std::unique_ptr<Layer<T>> branch;
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_SEQUENTIAL_H
