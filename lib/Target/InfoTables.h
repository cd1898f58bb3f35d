//===- InfoTables.h - The constant tables behind NAME_info ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_TARGET_INFOTABLES_H
#define EDGEC_LIB_TARGET_INFOTABLES_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/IR/Module.h"

namespace edgec {

/// Functions of edgec_entry_point: call, and call_samples where a run has a
/// number of samples.
struct EntryPointCalls {
  llvm::Function *whole = nullptr;
  llvm::Function *samples = nullptr;
};

/// Adds the edgec_model_info of `spec` with all that it points to, as
/// constants. `calls` holds the functions of every entry point.
llvm::GlobalVariable *addInfoTables(llvm::Module &module, const ModelSpec &spec,
                                    uint64_t weightsSize,
                                    const TargetDescription &target,
                                    llvm::ArrayRef<EntryPointCalls> calls);

/// Adds the ELF note that marks the object as a compiled model.
void addNote(llvm::Module &module, const ModelSpec &spec);

} // namespace edgec

#endif // EDGEC_LIB_TARGET_INFOTABLES_H
