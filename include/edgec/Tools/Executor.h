//===- Executor.h - Artefacts of other machines, in an emulator -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_EXECUTOR_H
#define EDGEC_TOOLS_EXECUTOR_H

#include "edgec/Support/AtomicFile.h"
#include "edgec/Target/CPU/TargetOptions.h"
#include "edgec/Tools/ModelLoader.h"

namespace edgec {

/// Whether code for `target` can be loaded into this process.
bool isNative(const TargetDescription &target);

/// A model in the shared library at `library` (inside `folder`, which goes with
/// it), run by `command` (empty: the default of the target) and the runner
/// program of the target that lies beside this executable, on `threads`.
llvm::Expected<std::unique_ptr<RunnableModel>>
makeExecutedModel(TemporaryFolder folder, std::string library,
                  EntryPointSpec entryPoint, const TargetDescription &target,
                  llvm::StringRef command, size_t threads);

} // namespace edgec

#endif // EDGEC_TOOLS_EXECUTOR_H
