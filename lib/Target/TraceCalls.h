//===- TraceCalls.h - Layers that tell when they begin and end --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_TARGET_TRACECALLS_H
#define EDGEC_LIB_TARGET_TRACECALLS_H

#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"

namespace edgec {

/// Replaces the calls of `traceSymbol` and erases it. A run reads the context's
/// hook once, at its start; around a layer there is one branch, which is not
/// taken where nobody traces.
llvm::Error defineTraceCalls(llvm::Module &module);

} // namespace edgec

#endif // EDGEC_LIB_TARGET_TRACECALLS_H
