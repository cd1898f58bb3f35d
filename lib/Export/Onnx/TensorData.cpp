//===- TensorData.cpp - Initializers ------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorData.h"
#include "edgec/Reference/Interpreter.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/Support/Endian.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

// ONNX's raw data is little-endian, as tensors in memory are here.
static_assert(llvm::endianness::native == llvm::endianness::little);

static void writeHeader(const Tensor &tensor, StringRef name, int32_t type,
                        onnx::TensorProto &proto) {
  proto.set_name(name.str());
  proto.set_data_type(type);
  for (int64_t extent : tensor.shape())
    proto.add_dims(extent);
}

void onnx_export::writeTensor(const Tensor &tensor, StringRef name,
                              onnx::TensorProto &proto) {
  writeHeader(tensor, name, onnxElementType(tensor.type()), proto);
  // ONNX's checker wants no data field for a tensor without elements.
  if (tensor.size() != 0)
    proto.set_raw_data(tensor.bytes(), tensor.byteCount());
}

void onnx_export::writePackedTensor(const Tensor &tensor, StringRef name,
                                    onnx::TensorProto &proto) {
  // Newer than the message classes in use, so numbers rather than names.
  constexpr int32_t onnxUInt4 = 21, onnxInt4 = 22;
  bool isSigned = tensor.type() == ElementType::I8;
  writeHeader(tensor, name, isSigned ? onnxInt4 : onnxUInt4, proto);
  std::string packed((tensor.size() + 1) / 2, '\0');
  for (int64_t i = 0, size = tensor.size(); i < size; ++i)
    packed[i / 2] |= (tensor.bytes()[i] & 0xf) << (i % 2 * 4);
  if (!packed.empty())
    proto.set_raw_data(std::move(packed));
}

bool onnx_export::fitsFourBits(const Tensor &tensor) {
  bool isSigned = tensor.type() == ElementType::I8;
  int64_t low = isSigned ? -8 : 0, high = isSigned ? 7 : 15;
  for (int64_t i = 0, size = tensor.size(); i < size; ++i)
    if (tensor.asInt(i) < low || tensor.asInt(i) > high)
      return false;
  return true;
}

LogicalResult onnx_export::writeValueInfo(Type type, StringRef name,
                                          onnx::ValueInfoProto &proto) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  std::optional<ElementType> element =
      tensor ? toElementType(tensor.getElementType()) : std::nullopt;
  if (!element)
    return failure();
  proto.set_name(name.str());
  onnx::TypeProto::Tensor &onnxType =
      *proto.mutable_type()->mutable_tensor_type();
  onnxType.set_elem_type(onnxElementType(*element));
  onnx::TensorShapeProto &shape = *onnxType.mutable_shape();
  for (int64_t extent : tensor.getShape()) {
    onnx::TensorShapeProto::Dimension &dimension = *shape.add_dim();
    if (!ShapedType::isDynamic(extent))
      dimension.set_dim_value(extent);
  }
  return success();
}
