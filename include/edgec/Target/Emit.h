//===- Emit.h - Writing a compiled model to files ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_EMIT_H
#define EDGEC_TARGET_EMIT_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace edgec {

/// Which files to write into `directory`, which is made if it is missing.
struct EmitRequest {
  std::string directory;
  bool object = true;         ///< NAME.o
  bool header = true;         ///< NAME.h, and edgec.h which it includes
  bool staticLibrary = false; ///< libNAME.a
  bool sharedLibrary = false; ///< libNAME.so
  bool assembly = false;      ///< NAME.s, to read: without the weights
  bool llvmIr = false;        ///< NAME.ll, to read: without the weights
};

/// Completes, optimises and compiles the code generator's module and writes the
/// artefacts asked for: all of them, or none. Besides the output's size in
/// files, memory is only taken for the code, not for the weights.
llvm::Error emitArtefacts(std::unique_ptr<llvm::Module> module,
                          const ModelSpec &spec, const WeightsSection &weights,
                          const TargetDescription &target,
                          const EmitRequest &request);

} // namespace edgec

#endif // EDGEC_TARGET_EMIT_H
