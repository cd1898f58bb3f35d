//===- ElementTypes.h - ONNX's element types in MLIR ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_ELEMENTTYPES_H
#define EDGEC_LIB_IMPORT_ONNX_ELEMENTTYPES_H

#include "edgec/Support/Tensor.h"
#include "mlir/IR/BuiltinTypes.h"
#include <optional>
#include <string>

namespace edgec::onnx_import {

/// The element type of an onnx.TensorProto.DataType; nothing for strings,
/// complex numbers and the types narrower than 8 bits.
std::optional<ElementType> elementTypeOfOnnx(int32_t onnxType);

/// The byte-sized type in which elements of 4 bits are kept: I8 for INT4, U8
/// for UINT4; nothing for other types.
std::optional<ElementType> widenedFourBits(int32_t onnxType);

/// "FLOAT8E4M3FN": the name that ONNX gives to one of its element types, also
/// those that are newer than the message classes in use.
std::string onnxTypeName(int32_t onnxType);

/// The inverse of onnxTypeName, 0 (UNDEFINED) where there is none: what the
/// first opset writes into Cast's attribute.
int32_t parseOnnxTypeName(llvm::StringRef name);

/// Result of checking that a tensor of this shape can exist: no negative
/// extent, at most `maximumRank` dimensions, fewer than 2^40 bytes, and no more
/// for an empty one if its zero extents were one.
bool isReasonableShape(llvm::ArrayRef<int64_t> shape, size_t bytesPerElement);

/// How many dimensions a tensor may have. ONNX sets no limit; NumPy has 64.
inline constexpr size_t maximumRank = 64;

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_ELEMENTTYPES_H
