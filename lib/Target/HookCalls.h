//===- HookCalls.h - Calls of the context's hooks ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_TARGET_HOOKCALLS_H
#define EDGEC_LIB_TARGET_HOOKCALLS_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace edgec {

/// Replaces the calls of `traceSymbol` and `observeSymbol` and erases these. A
/// run reads the context's hook once, at its start; at each call there is one
/// branch, which is not taken where nobody listens.
llvm::Error defineHookCalls(llvm::Module &module);

} // namespace edgec

#endif // EDGEC_LIB_TARGET_HOOKCALLS_H
