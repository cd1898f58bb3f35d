//===- Folding.h - Helpers of folders ---------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_EDGE_FOLDING_H
#define EDGEC_LIB_DIALECT_EDGE_FOLDING_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace edgec::edge {

/// Whether an attribute holds a tensor whose elements all equal `number`: a
/// `dense` splat, or a `dense_resource` with the same element throughout.
bool isSplatOf(mlir::Attribute attribute, int64_t number);

/// The same elements with another shape of as many, without copying a blob;
/// null where the attribute is of another kind.
mlir::Attribute reshapeConstant(mlir::Attribute attribute,
                                mlir::RankedTensorType type);

} // namespace edgec::edge

#endif // EDGEC_LIB_DIALECT_EDGE_FOLDING_H
