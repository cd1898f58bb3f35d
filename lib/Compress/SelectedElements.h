//===- SelectedElements.h - Results that are parts of an operand *- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_COMPRESS_SELECTEDELEMENTS_H
#define EDGEC_LIB_COMPRESS_SELECTEDELEMENTS_H

#include "edgec/Dialect/Edge/EdgeDialect.h"

namespace edgec::edge {

/// Whether the result's elements are elements of the first operand: a
/// quantization of that is one of the result.
inline bool selectsElements(mlir::Operation *op) {
  if (auto resize = mlir::dyn_cast<ResizeOp>(op))
    return resize.getMode() == ResizeMode::nearest;
  if (auto reduce = mlir::dyn_cast<ReduceOp>(op))
    return reduce.getKind() == ReduceKind::max ||
           reduce.getKind() == ReduceKind::min;
  return mlir::isa<ReshapeOp, TransposeOp, SliceOp, GatherOp, BroadcastOp,
                   MaxPoolOp, PadOp>(op);
}

} // namespace edgec::edge

#endif // EDGEC_LIB_COMPRESS_SELECTEDELEMENTS_H
