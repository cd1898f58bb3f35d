//===- Sampler.h - One random picture of a digit ----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_DRAW_SAMPLER_H
#define EDGEC_EXAMPLES_DIGITS_DRAW_SAMPLER_H

#include "draw/Canvas.h"

namespace digits {

/// Image `index` of the endless data set that belongs to `seed`. It shows the
/// digit `index % 10`, so that every prefix of a data set is balanced.
Image drawSample(uint64_t seed, uint64_t index);

/// The label of drawSample(seed, index).
inline int labelOfSample(uint64_t index) {
  return static_cast<int>(index % 10);
}

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_DRAW_SAMPLER_H
