//===- Loops.h - Loops with static bounds -----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_LOOPS_H
#define EDGEC_LIB_CODEGEN_LOOPS_H

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace edgec {

using LoopBody = llvm::function_ref<void(mlir::Value index)>;
using CarriedBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::Value index, mlir::ValueRange carried)>;

/// for (index = begin; index < end; index += step); no loop for one trip.
void emitLoop(mlir::OpBuilder &builder, mlir::Location loc, int64_t begin,
              int64_t end, int64_t step, LoopBody body);

/// The same with values carried from one iteration to the next; returns their
/// last ones.
llvm::SmallVector<mlir::Value>
emitLoop(mlir::OpBuilder &builder, mlir::Location loc, int64_t begin,
         int64_t end, int64_t step, mlir::ValueRange carried, CarriedBody body);

/// Covers [0, extent) by tiles of `tile` and one smaller one.
void emitTiles(mlir::OpBuilder &builder, mlir::Location loc, int64_t extent,
               int64_t tile,
               llvm::function_ref<void(mlir::Value begin, int64_t size)> body);

/// A nest over the dimensions with an extent above one; the others' values
/// are set to zero. `values` has an entry for each dimension of `extents`.
void emitNest(mlir::OpBuilder &builder, mlir::Location loc,
              llvm::ArrayRef<unsigned> dims, llvm::ArrayRef<int64_t> extents,
              llvm::MutableArrayRef<mlir::Value> values,
              llvm::function_ref<void()> body);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_LOOPS_H
