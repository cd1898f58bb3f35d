//===- Register.h - All dialects and passes ---------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_REGISTER_H
#define EDGEC_TOOLS_REGISTER_H

#include "mlir/IR/DialectRegistry.h"

namespace edgec {

/// edgec's dialects and the upstream ones that they are lowered to, with the
/// interfaces that the lowering needs (bufferization, translation to LLVM IR).
void registerAllEdgecDialects(mlir::DialectRegistry &registry);

/// edgec's passes and pipelines, for command lines that name them.
void registerAllEdgecPasses();

} // namespace edgec

#endif // EDGEC_TOOLS_REGISTER_H
