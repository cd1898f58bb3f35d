//===- ExpandPow.h - f32 powers by logarithm and exponential ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_EXPANDPOW_H
#define EDGEC_LIB_CODEGEN_EXPANDPOW_H

#include "mlir/IR/PatternMatch.h"

namespace edgec {

/// Rewrites math.powf of f32 as logarithm and exponential. The relative error
/// is that of the exponent y log |x|, at most 88 × 2^-24, about 5e-6. Subnormal
/// bases count as the smallest normal number, as MLIR's logarithm takes them.
void populateExpandPowPattern(mlir::RewritePatternSet &patterns);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_EXPANDPOW_H
