//===- TensorData.h - Weights and constants ---------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_TENSORDATA_H
#define EDGEC_LIB_IMPORT_ONNX_TENSORDATA_H

#include "edgec/Support/Tensor.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <onnx/onnx_pb.h>
#include <string>

namespace edgec::onnx_import {

/// Turns onnx.TensorProto messages into attributes. The bytes of large ones
/// move out of the message, which is empty afterwards, or stay in the mapped
/// external file: no weight is in memory twice.
class TensorReader {
public:
  /// `folder` is the model's own: external data is read below it only.
  TensorReader(mlir::MLIRContext *context, llvm::StringRef folder)
      : context(context), folder(folder.str()) {}

  /// A `dense` attribute for small tensors and booleans, a `dense_resource`
  /// named after `name` beyond. Elements of 4 bits become bytes. Errors are for
  /// the user to read.
  llvm::Expected<mlir::ElementsAttr> read(onnx::TensorProto &tensor,
                                          llvm::StringRef name);

private:
  llvm::Expected<mlir::ElementsAttr> readPacked(onnx::TensorProto &tensor,
                                                mlir::RankedTensorType type,
                                                ElementType element,
                                                llvm::StringRef name);
  llvm::Expected<mlir::ElementsAttr>
  readExternal(const onnx::TensorProto &tensor, mlir::RankedTensorType type,
               uint64_t byteCount, llvm::StringRef name);

  mlir::MLIRContext *context;
  std::string folder;
};

/// Notes on the constant or parameter of a tensor that its elements have 4 bits
/// in the model, where that is so.
void markFourBits(mlir::Operation *constant, int32_t onnxType);
/// Whether a constant is marked so.
bool isStoredInFourBits(mlir::Value value);

/// A name for a dense_resource: what may stand unquoted in IR.
std::string resourceName(llvm::StringRef name);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_TENSORDATA_H
