//===- IndexBounds.h - How large index arithmetic gets ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_INDEXBOUNDS_H
#define EDGEC_LIB_IMPORT_ONNX_INDEXBOUNDS_H

#include "mlir/IR/Value.h"
#include <optional>

namespace edgec::onnx_import {

class GraphImporter;

/// The largest that an element of integers can be, if that follows from
/// extents, constants, numbers of iterations and element types; sums are taken
/// not to overflow. Nothing where only a type of 32 or 64 bits bounds it.
std::optional<int64_t> largestValue(GraphImporter &importer, mlir::Value value);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_INDEXBOUNDS_H
