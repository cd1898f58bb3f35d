//===- SimplifyQuantization.h - Fewer steps between integers ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_SIMPLIFYQUANTIZATION_H
#define EDGEC_LIB_CODEGEN_SIMPLIFYQUANTIZATION_H

#include "mlir/IR/PatternMatch.h"

namespace edgec {

/// A quantized value that is dequantized at once stays a float: what rounding
/// by addition of a constant left is taken off by a subtraction, without an
/// integer in between. The same bits.
void populateRoundInPlacePattern(mlir::RewritePatternSet &patterns);

/// Divisions by a constant that are marked with `roundedQuotientAttr` become a
/// product and its correction by two fused multiplications, where the nearest
/// integer is the same for every dividend. For targets that have them.
void populateExpandRoundedQuotientPattern(mlir::RewritePatternSet &patterns);

/// Whether the corrected product of x with the reciprocal of `divisor` rounds
/// to the same integer as x / divisor, for every x with a quotient of at most
/// `largest` in magnitude.
bool roundsLikeQuotient(float divisor, int64_t largest);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_SIMPLIFYQUANTIZATION_H
