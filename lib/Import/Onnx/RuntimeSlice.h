//===- RuntimeSlice.h - Slices whose place a loop decides -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_RUNTIMESLICE_H
#define EDGEC_LIB_IMPORT_ONNX_RUNTIMESLICE_H

#include "mlir/IR/Value.h"

namespace edgec::onnx_import {

class NodeContext;

/// A Slice (opset 10 and later) whose range moves with the iterations of a loop
/// and has the same size in each: the ends are the starts and a constant, and
/// no end lies beyond the input. Null for other ranges.
mlir::Value sliceThatMoves(NodeContext &node);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_RUNTIMESLICE_H
