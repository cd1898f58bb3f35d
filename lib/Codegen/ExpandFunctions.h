//===- ExpandFunctions.h - exp, erf and tanh of f32 -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_EXPANDFUNCTIONS_H
#define EDGEC_LIB_CODEGEN_EXPANDFUNCTIONS_H

#include "mlir/IR/PatternMatch.h"

namespace edgec {

/// Rewrites math.exp, math.erf and math.tanh of f32 as the polynomials of
/// Reference/Approximations.h, which the interpreter computes too: the results
/// are equal to the last bit. Stronger than MLIR's patterns for them.
void populateExpandFunctionPatterns(mlir::RewritePatternSet &patterns);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_EXPANDFUNCTIONS_H
