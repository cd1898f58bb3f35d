//===- Reduction.h - Reducing a tensor over dimensions ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_EDGETOLINALG_REDUCTION_H
#define EDGEC_LIB_CONVERSION_EDGETOLINALG_REDUCTION_H

#include "Lowering.h"

namespace edgec {

/// Reductions of one tensor over some of its dimensions. The loops are the
/// kept dimensions in order, then the reduced ones in order, so that a sum
/// runs over the elements in row-major order.
class Reduction {
public:
  Reduction(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input,
            llvm::ArrayRef<int64_t> axes);

  /// Number of elements that go into one result.
  int64_t count() const;
  llvm::ArrayRef<int64_t> keptShape() const { return kept; }

  /// A tensor [kept...] of `element`: `body` gets the input's element, those of
  /// `others` ([kept...] tensors), and the value so far.
  mlir::Value reduce(mlir::Type element, mlir::Value initial, ScalarBody body,
                     mlir::ValueRange others = {});

  /// A tensor of the input's shape and `element`: `body` gets the input's
  /// element and those of `others` ([kept...] tensors).
  mlir::Value map(mlir::Type element, mlir::ValueRange others, ScalarBody body);

  /// A tensor [kept...] of `element` from tensors of that shape.
  mlir::Value mapKept(mlir::Type element, mlir::ValueRange inputs,
                      ScalarBody body);

  /// The shape that keeps reduced dimensions as 1.
  llvm::SmallVector<int64_t> shapeWithUnits() const;

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::Value input;
  llvm::SmallVector<int64_t> axes;
  llvm::SmallVector<int64_t> kept;
  llvm::SmallVector<int64_t> keptDims;
};

/// The type in which elements are summed: f32 for half precision.
mlir::Type sumElement(mlir::Type element);

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_EDGETOLINALG_REDUCTION_H
