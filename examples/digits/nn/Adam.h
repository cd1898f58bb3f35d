//===- Adam.h - The Adam optimizer ------------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_ADAM_H
#define EDGEC_EXAMPLES_DIGITS_NN_ADAM_H

#include "nn/Layer.h"

namespace digits {

/// Adam with decoupled weight decay (https://arxiv.org/abs/1412.6980,
/// https://arxiv.org/abs/1711.05101).
class Adam {
public:
  /// Keeps pointers to those of the parameters that are trained.
  explicit Adam(const std::vector<Parameter<float> *> &parameters);

  /// Moves the parameters against their gradients and sets those to zero.
  void step(float learningRate);

private:
  struct Slot {
    Parameter<float> *parameter;
    std::vector<float> mean;   ///< Running mean of the gradient.
    std::vector<float> square; ///< Running mean of its square.
  };
  std::vector<Slot> slots;
  double meanDecay = 1;   ///< The mean's decay to the power of the step.
  double squareDecay = 1; ///< The square's.
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_ADAM_H
