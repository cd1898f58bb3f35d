//===- TransposeEmitter.h - Copies that swap dimensions ---------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_TRANSPOSEEMITTER_H
#define EDGEC_LIB_CODEGEN_TRANSPOSEEMITTER_H

#include "FlatBuffer.h"
#include "SharedNest.h"
#include "edgec/Target/CPU/TargetOptions.h"

namespace edgec {

/// A copy of elements of one type over parallel loops.
struct TransposeProblem {
  llvm::SmallVector<int64_t> extents;
  FlatBuffer input, output;
  LayerPart part; ///< The part of the iterations that is to be emitted.
};

/// Emits the copy in square blocks that are transposed in registers. Returns
/// false, and emits nothing, unless the input is contiguous along one dimension
/// and the output along another, both long enough for a block.
bool emitTranspose(mlir::OpBuilder &builder, mlir::Location loc,
                   TransposeProblem problem, const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_TRANSPOSEEMITTER_H
