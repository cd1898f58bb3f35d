//===- Layer.h - What every layer of the network can do ---------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_LAYER_H
#define EDGEC_EXAMPLES_DIGITS_NN_LAYER_H

#include "draw/Random.h"
#include "nn/Batch.h"

#include <cstdint>
#include <string>

namespace digits {

class OnnxGraph;

/// A named tensor of a layer in the shape and order in which ONNX has it.
template <typename T> struct Parameter {
  Parameter(std::string name, std::vector<int64_t> shape, T initial = T(0),
            bool trained = true);

  /// He's initialisation for a sum of `fanIn` terms followed by a ReLU
  /// (https://arxiv.org/abs/1502.01852), with uniform numbers.
  void initialize(Random &random, int fanIn);

  std::string name;
  std::vector<int64_t> shape;
  bool trained; ///< Not by the optimizer where false (running statistics).
  std::vector<T> values;
  std::vector<T> gradient;
};

enum class Mode {
  Training,  ///< Normalise by the batch's statistics; keep what backward needs.
  Inference, ///< Normalise by the running statistics.
};

/// A differentiable function of a batch. `T` is float to train and double to
/// check gradients. Sums run in one fixed order, so that results do not depend
/// on the machine.
template <typename T> class Layer {
public:
  virtual ~Layer() = default;

  virtual Batch<T> forward(const Batch<T> &input, Mode mode) = 0;

  /// The derivative of a scalar loss with respect to the last forward pass's
  /// input, given that with respect to its output. Adds the derivatives with
  /// respect to the parameters to their gradients. Only after a forward pass
  /// in training mode.
  virtual Batch<T> backward(const Batch<T> &outputGradient) = 0;

  virtual void collectParameters(std::vector<Parameter<T> *> &parameters) {}

  /// Appends the layer's ONNX nodes and initializers; returns the name of the
  /// value that holds its output.
  virtual std::string exportTo(OnnxGraph &graph,
                               const std::string &input) const = 0;
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_LAYER_H
