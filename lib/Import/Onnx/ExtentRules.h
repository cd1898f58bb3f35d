//===- ExtentRules.h - What may lie beyond a true extent --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_EXTENTRULES_H
#define EDGEC_LIB_IMPORT_ONNX_EXTENTRULES_H

#include "RuntimeExtents.h"

namespace edgec::onnx_import {

/// Whether the elements at some position do not depend on the extents: those
/// beyond a true extent are of no importance, those before it right.
bool isPositional(mlir::Value value);

/// Whether no element of an integer value can be below zero, as far as shape
/// and index arithmetic shows; sums and products are taken not to overflow.
bool isNeverNegative(const RuntimeExtents &extents, mlir::Value value);

/// The element that changes no result of the reduction.
mlir::Attribute neutralElement(edge::ReduceKind kind, mlir::Type element,
                               mlir::OpBuilder &builder);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_EXTENTRULES_H
