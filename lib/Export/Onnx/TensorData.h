//===- TensorData.h - Initializers ------------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_EXPORT_ONNX_TENSORDATA_H
#define EDGEC_LIB_EXPORT_ONNX_TENSORDATA_H

#include "edgec/Support/Tensor.h"
#include "mlir/IR/BuiltinTypes.h"
#include <onnx/onnx_pb.h>

namespace edgec::onnx_export {

/// Fills `proto` with the name, type, shape and raw data of `tensor`.
void writeTensor(const Tensor &tensor, llvm::StringRef name,
                 onnx::TensorProto &proto);

/// The same for 8-bit integers that all lie within 4 bits: INT4 or UINT4, two
/// elements a byte, the first one in its low half.
void writePackedTensor(const Tensor &tensor, llvm::StringRef name,
                       onnx::TensorProto &proto);

/// Whether all elements of a tensor of 8-bit integers lie within 4 bits.
bool fitsFourBits(const Tensor &tensor);

/// Fills `proto` with the name, element type and shape of a tensor. Fails for
/// types that ONNX does not have.
mlir::LogicalResult writeValueInfo(mlir::Type type, llvm::StringRef name,
                                   onnx::ValueInfoProto &proto);

} // namespace edgec::onnx_export

#endif // EDGEC_LIB_EXPORT_ONNX_TENSORDATA_H
