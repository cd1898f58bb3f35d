//===- Diagnostics.h - MLIR diagnostics as errors ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_DIAGNOSTICS_H
#define EDGEC_TOOLS_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Error.h"
#include <mutex>
#include <string>
#include <vector>

namespace edgec {

/// Where a diagnostic points, for people: "node 'conv1'", "x.mlir:3:5", or
/// nothing.
std::string formatLocation(mlir::Location location);

/// Takes the diagnostics of a context while it lives: errors are kept, with
/// their notes; warnings are printed, or dropped if `quiet`; remarks are
/// printed where they are asked for.
class DiagnosticCollector {
public:
  explicit DiagnosticCollector(mlir::MLIRContext *context, bool quiet = false,
                               bool remarks = false);

  /// The errors so far, one each; `otherwise` if there was none.
  llvm::Error takeErrors(const llvm::Twine &otherwise);

private:
  void handle(mlir::Diagnostic &diagnostic);

  bool quiet;
  bool remarks;
  std::mutex mutex; // Passes may run, and fail, in several threads.
  std::vector<std::string> errors;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace edgec

#endif // EDGEC_TOOLS_DIAGNOSTICS_H
