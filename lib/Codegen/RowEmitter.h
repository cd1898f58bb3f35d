//===- RowEmitter.h - Reductions and maps row by row ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_ROWEMITTER_H
#define EDGEC_LIB_CODEGEN_ROWEMITTER_H

#include "FlatBuffer.h"
#include "SharedNest.h"
#include "edgec/Target/CPU/TargetOptions.h"

namespace edgec {

enum class RowCombiner { Add, Max };

/// kernel.rowwise on flat buffers: see there.
struct RowProblem {
  llvm::SmallVector<int64_t> extents; ///< The last is the column's.
  llvm::SmallVector<FlatBuffer> inputs;
  FlatBuffer output;
  llvm::SmallVector<RowCombiner> combiners;
  llvm::SmallVector<mlir::Block *> bodies; ///< One more than combiners.
  LayerPart part; ///< The part of the rows that is to be emitted.
};

/// Emits loops over the rows at the builder's insertion point.
void emitRows(mlir::OpBuilder &builder, mlir::Location loc, RowProblem problem,
              const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_ROWEMITTER_H
