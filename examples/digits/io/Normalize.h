//===- Normalize.h - From stored pixels to the model's input ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_IO_NORMALIZE_H
#define EDGEC_EXAMPLES_DIGITS_IO_NORMALIZE_H

#include <cstdint>

namespace digits {

/// The model's input is pixel * pixelScale: what `edgec eval` computes with
/// --scale=0.00392156863, which is the same float.
constexpr float pixelScale = 0.00392156863f;
static_assert(pixelScale == 1.0f / 255.0f);

inline float normalizePixel(uint8_t pixel) {
  return static_cast<float>(pixel) * pixelScale;
}

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_IO_NORMALIZE_H
