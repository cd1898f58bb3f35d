//===- LoopBuilder.h - Loops that the importer makes itself -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_LOOPBUILDER_H
#define EDGEC_LIB_IMPORT_ONNX_LOOPBUILDER_H

#include "mlir/IR/ValueRange.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace edgec::onnx_import {

class NodeContext;

/// What one iteration gives: the carried values, with the types that they had,
/// and one slice of every stacked result.
struct LoopYield {
  llvm::SmallVector<mlir::Value> carried, slices;
};

/// Builds an iteration from its number, an i64 scalar, and the carried values.
/// Where it fails, the node has an error.
using LoopBody = llvm::function_ref<LoopYield(mlir::Value, mlir::ValueRange)>;

/// The carried values after `tripCount` iterations, and then the slices of
/// each, stacked along a new first dimension; nothing after an error. A single
/// iteration needs no loop.
llvm::SmallVector<mlir::Value> buildLoop(NodeContext &node, int64_t tripCount,
                                         mlir::ValueRange carried,
                                         LoopBody body);

/// Element `iteration` of the first dimension of `value`, which it loses.
mlir::Value elementAt(NodeContext &node, mlir::Value value,
                      mlir::Value iteration);

/// `value` with `axis` from the last element to the first.
mlir::Value reversed(NodeContext &node, mlir::Value value, int64_t axis);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_LOOPBUILDER_H
