//===- Sampling.h - Constants of sampling at run-time positions -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the interpreter and generated code must agree on.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_REFERENCE_SAMPLING_H
#define EDGEC_REFERENCE_SAMPLING_H

#include <cstdint>

namespace edgec::sampling {

/// Coordinates are at most this far from the input, so that they and their
/// neighbours are whole in single precision and convert to 32 bits.
constexpr double farthest = 4194304; // 2^22

/// Keys' parameter in ONNX's grid sample.
constexpr double cubicCoefficient = -0.75;

/// Samples that a region's extent may ask for in one bin and direction.
constexpr int64_t mostSamples = 1024;

} // namespace edgec::sampling

#endif // EDGEC_REFERENCE_SAMPLING_H
