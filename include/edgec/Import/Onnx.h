//===- Onnx.h - Reads ONNX models -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_IMPORT_ONNX_H
#define EDGEC_IMPORT_ONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace edgec {

struct OnnxImportOptions {
  /// Extents of inputs by name (`--shape`): they replace symbolic dimensions
  /// and must agree with fixed ones.
  llvm::StringMap<std::vector<int64_t>> shapes;
  /// Fix a symbolic first dimension that `shapes` does not name to 1, with a
  /// warning, rather than fail.
  bool assumeBatchOne = false;
  /// Prefix of exported symbols; the file's stem when empty.
  std::string modelName;
};

/// Reads the ONNX model at `path` into a module with one function:
///
///   func.func @run(%x: tensor<1x1x28x28xf32> {edge.name = "x"})
///       -> (tensor<1x10xf32> {edge.name = "y"})
///
/// Every operation's location is a NameLoc with its node's name. All shapes
/// are static. Initializers become edge.parameter (float and 8-bit types) or
/// edge.constant (shapes, indices, booleans); shape computations are folded.
///
/// Returns null after diagnostics at the module's or the nodes' locations:
/// everything unsupported is reported in one list. Reads external data only
/// below the model's own folder.
mlir::OwningOpRef<mlir::ModuleOp> importOnnx(llvm::StringRef path,
                                             const OnnxImportOptions &options,
                                             mlir::MLIRContext *context);

} // namespace edgec

#endif // EDGEC_IMPORT_ONNX_H
