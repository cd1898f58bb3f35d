//===- Check.h - Compares what runs a module --------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_RANDOM_CHECK_H
#define EDGEC_RANDOM_CHECK_H

#include "edgec/Random/Coverage.h"
#include "edgec/Random/Faults.h"
#include "edgec/Tools/ModelLoader.h"

namespace edgec {

struct CheckOptions {
  LoadOptions load; ///< The target, and where its code runs.
  /// Export the module as ONNX, import it again and interpret that too.
  bool throughOnnx = false;
  /// A fault that is planted into the code.
  const PlantedFault *fault = nullptr;
};

/// Interprets a module with a function @run of edge operations and runs its
/// compiled code, both on makeRandomInputs. Integers and what is exact must be
/// equal to the bit, floats as close as the results' attributes say. Fails with
/// the first output that is not, or with what a phase of the compiler says.
/// `coverage` gets the operations and kernel rows.
llvm::Error checkModule(std::shared_ptr<CompilerSession> session,
                        mlir::ModuleOp module, const CheckOptions &options,
                        Coverage *coverage = nullptr);

} // namespace edgec

#endif // EDGEC_RANDOM_CHECK_H
