//===- Rowwise.h - Building kernel.rowwise ----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_EDGETOLINALG_ROWWISE_H
#define EDGEC_LIB_CONVERSION_EDGETOLINALG_ROWWISE_H

#include "Lowering.h"

namespace edgec {

/// A reduction of a row: what it takes in for an element, and how.
struct RowStep {
  llvm::StringRef combiner; ///< "add" or "max".
  ScalarBody value;         ///< Of the inputs' elements and earlier results.
};

/// Whether reductions of `type` along `axis` are along rows of 32-bit sums in
/// memory, as kernel.rowwise computes them; else they are left to linalg.
bool isRowwise(mlir::RankedTensorType type, int64_t axis);

/// A kernel.rowwise over all dimensions of `type`, the last being the column.
/// Inputs broadcast to that.
mlir::Value buildRowwise(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::RankedTensorType type, mlir::ValueRange inputs,
                         llvm::ArrayRef<RowStep> steps, ScalarBody result);

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_EDGETOLINALG_ROWWISE_H
