//===- Loss.h - Softmax and cross-entropy -----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_LOSS_H
#define EDGEC_EXAMPLES_DIGITS_NN_LOSS_H

#include "nn/Batch.h"

#include <cstdint>

namespace digits {

template <typename T> struct Loss {
  double mean = 0;   ///< Cross-entropy of an image in nats.
  int correct = 0;   ///< Images whose largest logit is at their label.
  Batch<T> gradient; ///< Of `mean`, with respect to the logits.
};

/// Softmax over the channels of `logits` (one pixel an image), then the
/// cross-entropy to `labels`, one an image.
template <typename T>
Loss<T> softmaxCrossEntropy(const Batch<T> &logits, const int64_t *labels);

/// e^x from correctly rounded operations only, because math libraries differ
/// in the last bit and training would amplify that. Relative error below
/// 1e-15; 0 below -700; x must be at most 0.
double portableExp(double x);

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_LOSS_H
