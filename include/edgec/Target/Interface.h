//===- Interface.h - The functions that a compiled model exports *- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_INTERFACE_H
#define EDGEC_TARGET_INTERFACE_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace edgec {

/// The ELF note (section, owner and type) by which an artefact is recognised
/// without running any of its code. Its contents: the ABI version as a 32-bit
/// word, then the model's name, terminated by a zero.
inline constexpr const char *noteSection = ".note.edgec";
inline constexpr const char *noteOwner = "edgec";
inline constexpr uint32_t noteType = 1;

/// Turns a module of entry functions into a model: adds NAME_run (or one
/// function per entry point) with its checks and NAME_info with its tables,
/// replaces the calls of edgec_trace, and makes everything else internal. The
/// module needs its data layout. Fails where the module does not match the
/// specification.
llvm::Error addInterface(llvm::Module &module, const ModelSpec &spec,
                         const WeightsSection &weights,
                         const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_TARGET_INTERFACE_H
