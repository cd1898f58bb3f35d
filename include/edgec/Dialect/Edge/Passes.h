//===- Passes.h - Passes on the edge dialect --------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_PASSES_H
#define EDGEC_DIALECT_EDGE_PASSES_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace edgec::edge {

#define GEN_PASS_DECL
#include "edgec/Dialect/Edge/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "edgec/Dialect/Edge/Passes.h.inc"

} // namespace edgec::edge

#endif // EDGEC_DIALECT_EDGE_PASSES_H
