//===- Networks.h - The example's networks ----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_NN_NETWORKS_H
#define EDGEC_EXAMPLES_DIGITS_NN_NETWORKS_H

#include "nn/Sequential.h"

namespace digits {

constexpr int classCount = 10;

/// A small convolutional network from 28 x 28 x 1 images to 10 logits:
/// convolution, depthwise-separable convolution, a residual block, and a fully
/// connected layer; about 35,000 parameters, 1.1 million multiply-accumulates.
template <typename T> std::unique_ptr<Sequential<T>> makeCnn(uint64_t seed);

/// A linear classifier, to see how hard the data is.
template <typename T> std::unique_ptr<Sequential<T>> makeLinear(uint64_t seed);

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_NN_NETWORKS_H
