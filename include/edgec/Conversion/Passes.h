//===- Passes.h - From the edge dialect to kernels and loops ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CONVERSION_PASSES_H
#define EDGEC_CONVERSION_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include <memory>

namespace edgec {

/// On arith.divf: of the quotient only the nearest integer matters, ties to
/// even, and it is at most this i64 in magnitude. The dividend is finite.
inline constexpr llvm::StringLiteral roundedQuotientAttr =
    "edgec.rounded_quotient";

#define GEN_PASS_DECL
#include "edgec/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "edgec/Conversion/Passes.h.inc"

} // namespace edgec

#endif // EDGEC_CONVERSION_PASSES_H
