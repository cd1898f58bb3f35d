//===- Onnx.h - Reads ONNX models -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_IMPORT_ONNX_H
#define EDGEC_IMPORT_ONNX_H

#include "edgec/Support/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include <cstdint>
#include <string>
#include <vector>

namespace edgec {

struct OnnxImportOptions {
  /// Extents of inputs by name (`--shape`): they replace symbolic dimensions
  /// and must agree with fixed ones.
  llvm::StringMap<std::vector<int64_t>> shapes;
  /// Those of them whose first extent is the largest batch: a run may have
  /// fewer samples. The arguments get edge.batch, and so do others whose first
  /// dimension has the same symbol.
  llvm::StringSet<> batches;
  /// Inputs whose value is known when compiling, by name (a sampling rate, a
  /// target size): constants in the module, and no arguments of its function.
  llvm::StringMap<Tensor> values;
  /// The most elements along the dimension whose extent the run decides, by the
  /// name of the value (`--max-elements`): what is more is cut off.
  llvm::StringMap<int64_t> maxElements;
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
/// All shapes are static. Initializers become edge.parameter (float and 8-bit
/// types) or edge.constant (shapes, indices, booleans); shape computations are
/// folded. Nodes that no output depends on are left out.
///
/// An output whose extents the run decides is a buffer of the largest ones, and
/// there is a result more, after all others, with its true shape:
///
///     -> (tensor<2x12xi64> {edge.name = "y"},
///         tensor<2xi64> {edge.name = "y_shape", edge.shape_of = 0 : i64})
///
/// Operator sets 1 to 23 are understood. A file whose name ends in ".onnxtxt"
/// is read as protobuf's text format of the same message.
///
/// Every operation's location tells the node that it stands for:
///
///   loc("conv1"("Conv opset 13"("model.onnx":0:0)))
///
/// a NameLoc with the node's name (its first output's where it has none, else
/// the operator and the node's index), in it one with the operator, after its
/// domain and a dot where that is not ONNX's own, and the operator set's
/// version, in it the file. A weight's location is a NameLoc with its name and
/// the file in it.
///
/// Returns null after diagnostics. Those about the whole model are at the
/// file; everything that is unsupported or not valid in nodes and weights is
/// one error with a note at each. Reads external data only below the model's
/// own folder.
mlir::OwningOpRef<mlir::ModuleOp> importOnnx(llvm::StringRef path,
                                             const OnnxImportOptions &options,
                                             mlir::MLIRContext *context);

} // namespace edgec

#endif // EDGEC_IMPORT_ONNX_H
