//===- ParallelCalls.h - Layers divided among threads -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_TARGET_PARALLELCALLS_H
#define EDGEC_LIB_TARGET_PARALLELCALLS_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace edgec {

/// edgec_context as LLVM has it.
llvm::StructType *contextType(llvm::Module &module);

/// Indices of its fields.
enum ContextField {
  structSizeField,
  traceField,
  traceDataField,
  parallelForField,
  poolField,
  threadsField,
  observeField,
  observeDataField
};

/// The least struct_size of a context that has the field: those of earlier
/// versions end before it.
uint64_t contextSizeWith(llvm::Module &module, ContextField field);

/// Defines the functions that have the attribute `parallelAttr`: each calls its
/// layer once, or through the context's parallel_for with the arguments packed
/// into a structure on the stack.
llvm::Error defineParallelCalls(llvm::Module &module);

} // namespace edgec

#endif // EDGEC_LIB_TARGET_PARALLELCALLS_H
