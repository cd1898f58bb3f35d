//===- PeakLoop.h - A loop that only multiplies and adds --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_PEAKLOOP_H
#define EDGEC_CODEGEN_PEAKLOOP_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "edgec/Target/ModelSpec.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace edgec {

/// A model, ready for the LLVM pipeline, of one loop with nothing in it but the
/// multiply-accumulate instructions that contractions of one arithmetic are
/// made of: what a core can do at best. Accumulators stay in registers, and
/// there are enough of them to hide the instruction's latency.
struct PeakLoop {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ModelSpec spec;    ///< One entry point; its input is where sums start.
  uint64_t macs = 0; ///< Multiply-accumulates of one run.
};

PeakLoop buildPeakLoop(mlir::MLIRContext *context,
                       const TargetDescription &target, Arithmetic arithmetic);

} // namespace edgec

#endif // EDGEC_CODEGEN_PEAKLOOP_H
