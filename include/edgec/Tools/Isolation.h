//===- Isolation.h - Tasks in processes of their own ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_ISOLATION_H
#define EDGEC_TOOLS_ISOLATION_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include <chrono>
#include <string>

namespace edgec {

/// How a task ended: with its text, or not on its own.
struct IsolatedResult {
  bool completed = false;
  /// What the task returned; where it did not complete, why: "crashed:
  /// Segmentation fault", "took longer than 300 s".
  std::string text;
};

struct IsolationOptions {
  unsigned jobs = 1; ///< Processes at a time.
  std::chrono::seconds timeout{300};
  bool keepStandardError = false; ///< Rather than drop what tasks print there.
};

/// Runs tasks 0 ... count − 1, each in a process of its own, so that a crash or
/// a hang is the end of one task only. `done` is called in this process, in the
/// order of the tasks. No threads may run when this is called.
llvm::Error
runIsolated(size_t count, const IsolationOptions &options,
            llvm::function_ref<std::string(size_t index)> task,
            llvm::function_ref<void(size_t index, IsolatedResult result)> done);

} // namespace edgec

#endif // EDGEC_TOOLS_ISOLATION_H
