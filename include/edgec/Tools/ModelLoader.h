//===- ModelLoader.h - Models that can be run -------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_MODELLOADER_H
#define EDGEC_TOOLS_MODELLOADER_H

#include "edgec/Target/Artefact.h"
#include "edgec/Tools/Compiler.h"

namespace edgec {

/// Something with inputs and outputs: an artefact in this process, one in an
/// emulator, or a module in the reference interpreter.
class RunnableModel {
public:
  virtual ~RunnableModel() = default;
  /// Inputs and outputs: names, types, shapes.
  virtual const EntryPointSpec &entryPoint() const = 0;
  virtual llvm::Expected<std::vector<Tensor>>
  run(llvm::ArrayRef<Tensor> inputs) = 0;
  /// Threads for the runs that follow. The interpreter has one in any case.
  virtual llvm::Error useThreads(size_t threads) = 0;
};

/// A module of the edge dialect, in a context of `session`, as loadModel makes
/// one of a file: interpreted or compiled. `options.adaptation` must not need a
/// calibration. `observer` sees what is compiled after each phase.
llvm::Expected<std::unique_ptr<RunnableModel>>
loadModule(std::shared_ptr<CompilerSession> session,
           mlir::OwningOpRef<mlir::ModuleOp> module, const LoadOptions &options,
           PhaseObserver observer = nullptr);

/// Loads an artefact (.so), or compiles an ONNX model into a temporary one, for
/// this machine or for the emulator of another; or, with `options.reference`,
/// prepares an ONNX model for the interpreter.
llvm::Expected<std::unique_ptr<RunnableModel>>
loadModel(llvm::StringRef path, const LoadOptions &options);

/// The same where it must run in this process as compiled code. `codeBytes`
/// gets the size of that code.
llvm::Expected<Artefact> loadArtefact(llvm::StringRef path,
                                      const LoadOptions &options,
                                      uint64_t *codeBytes = nullptr);

/// An artefact that the functions for all kinds of models can run.
std::unique_ptr<RunnableModel> makeRunnable(Artefact artefact);

} // namespace edgec

#endif // EDGEC_TOOLS_MODELLOADER_H
