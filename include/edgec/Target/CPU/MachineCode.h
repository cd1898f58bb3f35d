//===- MachineCode.h - From LLVM IR to machine code -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_CPU_MACHINECODE_H
#define EDGEC_TARGET_CPU_MACHINECODE_H

#include "llvm/IR/Module.h"
#include "llvm/Support/CodeGen.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

namespace edgec {

/// Gives the module the machine's triple and data layout, and takes out of it
/// whatever would make its bytes depend on where and how it was made.
void prepareModule(llvm::Module &module, const llvm::TargetMachine &machine,
                   llvm::StringRef name);

/// LLVM's -O2 pipeline without its vectorisers: loops come vectorised, with
/// register blocking that another vectoriser would undo. Calls to the C library
/// are neither recognised nor invented, but for memcpy, memmove and memset.
llvm::Error optimizeModule(llvm::Module &module, llvm::TargetMachine &machine);

/// Writes an object or assembly. Changes the module: hand in a clone where it
/// is needed again.
llvm::Error emitMachineCode(llvm::Module &module, llvm::TargetMachine &machine,
                            llvm::CodeGenFileType type,
                            llvm::raw_pwrite_stream &os);

} // namespace edgec

#endif // EDGEC_TARGET_CPU_MACHINECODE_H
