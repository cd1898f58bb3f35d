//===- BatchRun.h - Runs of any number of samples ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_TARGET_BATCHRUN_H
#define EDGEC_LIB_TARGET_BATCHRUN_H

#include "edgec/Target/ModelSpec.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

namespace edgec {

/// Calls the functions of `entry`, the largest first, until `samples` (a size_t
/// of at least 1) are done. `buffers` are the addresses of the inputs and the
/// outputs; those of batches move on, a sample at a time. Leaves `builder`
/// where all are done.
void callForSamples(llvm::IRBuilder<> &builder, const EntryPointSpec &entry,
                    llvm::Value *samples, llvm::ArrayRef<llvm::Value *> buffers,
                    llvm::Value *arena, llvm::Value *context);

/// The layers of a function for fewer samples are numbered from 0 as well: adds
/// to what the function traces the number of the entry point's layers before
/// them.
void renumberLayers(llvm::Module &module, const EntryPointSpec &entry);

} // namespace edgec

#endif // EDGEC_LIB_TARGET_BATCHRUN_H
