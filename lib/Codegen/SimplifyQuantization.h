//===- SimplifyQuantization.h - Fewer steps between integers ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_SIMPLIFYQUANTIZATION_H
#define EDGEC_LIB_CODEGEN_SIMPLIFYQUANTIZATION_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "mlir/IR/PatternMatch.h"

namespace edgec {

/// 1.5 * 2^23: a sum with it has no bits for a fraction, and is the nearest
/// integer beside the constant's bits.
inline constexpr float roundingConstant = 12582912.0f;
inline constexpr int64_t roundingConstantBits = 0x4B400000;

/// The value of a scalar f32 constant or of every lane of a vector constant.
std::optional<float> floatLane(mlir::Value value);

/// The sum of the constants that were added to an integer; `value` becomes what
/// they were added to.
int64_t takeAddends(mlir::Value &value);

struct FloatRange {
  float low, high;
};

/// The constants that a float was clamped to; `value` becomes what it was
/// before. None if it was not.
std::optional<FloatRange> takeClamp(mlir::Value &value);

/// The nearest integer of an f32, ties to even, in one conversion. `target`
/// outlives the patterns.
void populateRoundToIntegerPattern(mlir::RewritePatternSet &patterns,
                                   const TargetDescription &target);

/// Whether the corrected product of x with the reciprocal of `divisor` rounds
/// to the same integer as x / divisor, for every x with a quotient of at most
/// `largest` in magnitude.
bool roundsLikeQuotient(float divisor, int64_t largest);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_SIMPLIFYQUANTIZATION_H
