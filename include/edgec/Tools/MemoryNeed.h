//===- MemoryNeed.h - Whether a model fits a machine ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_MEMORYNEED_H
#define EDGEC_TOOLS_MEMORYNEED_H

#include "edgec/Target/ModelSpec.h"
#include "llvm/Support/Error.h"

namespace edgec {

/// Bytes of memory that this machine has.
uint64_t machineMemory();

/// An error where the inputs, outputs and arena of a run are more than
/// `available` bytes: better told before than when an allocation fails.
llvm::Error requireMemory(const EntryPointSpec &entry,
                          uint64_t available = machineMemory());

} // namespace edgec

#endif // EDGEC_TOOLS_MEMORYNEED_H
