//===- ScaledSum.h - Sums of two scaled bytes, rounded ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_SCALEDSUM_H
#define EDGEC_CODEGEN_SCALEDSUM_H

#include <cstdint>
#include <optional>

namespace edgec {

/// Values from `low` to `high`, both included.
struct IntegerRange {
  int64_t low, high;
};

/// (x + offset) * scale for an integer x in `range`, as f32.
struct ScaledInteger {
  IntegerRange range;
  int64_t offset;
  float scale;
};

/// clamp(roundeven((a + b) / divisor) + zeroPoint), every step rounded to f32:
/// what adds two quantized tensors.
struct ScaledSum {
  ScaledInteger a, b;
  float divisor;
  int64_t zeroPoint;
  IntegerRange result; ///< What the sum is clamped to.
};

/// roundeven(fma(x, a, fma(y, b, constant))) for the integers x and y of a sum.
struct FusedSum {
  float a, b, constant;
};

/// Two fused operations in place of those of `sum`, with the same result, once
/// clamped, for each pair of integers: all are tried, at most 2^16. None where
/// the ranges are larger or none of the coefficients that are tried will do.
std::optional<FusedSum> fuseScaledSum(const ScaledSum &sum);

} // namespace edgec

#endif // EDGEC_CODEGEN_SCALEDSUM_H
