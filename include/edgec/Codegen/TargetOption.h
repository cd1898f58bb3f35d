//===- TargetOption.h - A target as pass options ----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_TARGETOPTION_H
#define EDGEC_CODEGEN_TARGETOPTION_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"

namespace edgec {

/// Resolves a pass's target, cpu and features; a diagnostic on failure.
inline mlir::LogicalResult resolveTargetOption(mlir::MLIRContext *context,
                                               llvm::StringRef target,
                                               llvm::StringRef cpu,
                                               llvm::StringRef features,
                                               TargetDescription &description) {
  llvm::Expected<TargetDescription> resolved =
      resolveTarget({target.str(), cpu.str(), features.str()});
  if (!resolved)
    return mlir::emitError(mlir::UnknownLoc::get(context))
           << llvm::toString(resolved.takeError());
  description = *resolved;
  return mlir::success();
}

} // namespace edgec

#endif // EDGEC_CODEGEN_TARGETOPTION_H
