//===- Onnx.h - Writes ONNX models ------------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXPORT_ONNX_H
#define EDGEC_EXPORT_ONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"

namespace edgec {

/// The versions of ONNX's operator set that models are written in.
inline constexpr int64_t oldestExportedOpset = 17;
inline constexpr int64_t newestExportedOpset = 21;

struct OnnxExportOptions {
  /// The model's operator set. A newer one is used where an operation has no
  /// form in it: 18 for bitwise logic, 19 for padding that wraps around, 21 for
  /// 16-bit and 4-bit quantization.
  int64_t opset = oldestExportedOpset;
};

/// Writes the module's only public function as a serialized onnx.ModelProto:
/// the inverse of importOnnx, for modules of edge operations as they are after
/// import or `edge-prepare` (channels first, quantized models in QDQ form).
///
/// Inputs and outputs have the names of the source model and static shapes,
/// nodes and tensors the names in the operations' locations, made unique by a
/// number. Weights are initializers with raw data. The same module gives the
/// same bytes.
///
/// Fails after diagnostics: one at every operation that ONNX has no form for,
/// or one at the module where the weights exceed what an ONNX file can hold.
mlir::LogicalResult exportOnnx(mlir::ModuleOp module,
                               const OnnxExportOptions &options,
                               llvm::raw_ostream &stream);

} // namespace edgec

#endif // EDGEC_EXPORT_ONNX_H
