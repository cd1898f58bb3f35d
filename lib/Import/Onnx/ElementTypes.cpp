//===- ElementTypes.cpp - ONNX's element types in MLIR --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MathExtras.h"
#include <fmt/format.h>
#include <onnx/onnx_pb.h>

using namespace edgec;

namespace {

struct TypeRow {
  int32_t onnx;
  llvm::StringLiteral name;
  std::optional<ElementType> type;
};

/// By ONNX's numbers, which outlive the version of its message classes here.
constexpr TypeRow types[] = {
    {1, "FLOAT", ElementType::F32},     {2, "UINT8", ElementType::U8},
    {3, "INT8", ElementType::I8},       {4, "UINT16", ElementType::U16},
    {5, "INT16", ElementType::I16},     {6, "INT32", ElementType::I32},
    {7, "INT64", ElementType::I64},     {8, "STRING", std::nullopt},
    {9, "BOOL", ElementType::Bool},     {10, "FLOAT16", ElementType::F16},
    {11, "DOUBLE", ElementType::F64},   {12, "UINT32", ElementType::U32},
    {13, "UINT64", ElementType::U64},   {14, "COMPLEX64", std::nullopt},
    {15, "COMPLEX128", std::nullopt},   {16, "BFLOAT16", ElementType::BF16},
    {17, "FLOAT8E4M3FN", std::nullopt}, {18, "FLOAT8E4M3FNUZ", std::nullopt},
    {19, "FLOAT8E5M2", std::nullopt},   {20, "FLOAT8E5M2FNUZ", std::nullopt},
    {21, "UINT4", std::nullopt},        {22, "INT4", std::nullopt},
    {23, "FLOAT4E2M1", std::nullopt},
};

} // namespace

std::optional<ElementType>
edgec::onnx_import::elementTypeOfOnnx(int32_t onnxType) {
  for (const TypeRow &row : types)
    if (row.onnx == onnxType)
      return row.type;
  return std::nullopt;
}

std::optional<ElementType>
edgec::onnx_import::widenedFourBits(int32_t onnxType) {
  constexpr int32_t onnxUInt4 = 21, onnxInt4 = 22;
  if (onnxType == onnxUInt4)
    return ElementType::U8;
  if (onnxType == onnxInt4)
    return ElementType::I8;
  return std::nullopt;
}

std::string edgec::onnx_import::onnxTypeName(int32_t onnxType) {
  for (const TypeRow &row : types)
    if (row.onnx == onnxType)
      return row.name.str();
  return fmt::format("number {}", onnxType);
}

int32_t edgec::onnx_import::parseOnnxTypeName(llvm::StringRef name) {
  for (const TypeRow &row : types)
    if (row.name.equals_insensitive(name))
      return row.onnx;
  return onnx::TensorProto::UNDEFINED;
}

bool edgec::onnx_import::isReasonableShape(llvm::ArrayRef<int64_t> shape,
                                           size_t bytesPerElement) {
  // Far beyond any machine that a model is deployed to, and small enough for
  // all later arithmetic on sizes to stay in 64 bits.
  constexpr int64_t maximumBytes = int64_t{1} << 40;
  if (shape.size() > maximumRank)
    return false;
  int64_t bytes = static_cast<int64_t>(bytesPerElement);
  for (int64_t extent : shape) {
    if (extent < 0 || extent > maximumBytes)
      return false;
    // The strides of an empty tensor are products of its other extents.
    if (extent != 0 &&
        (llvm::MulOverflow(bytes, extent, bytes) || bytes > maximumBytes))
      return false;
  }
  return true;
}
