//===- TensorProto.cpp - ONNX's tensor files ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/TensorFile.h"
#include "llvm/Support/Endian.h"
#include <cstring>
#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <limits>
#include <onnx/onnx_pb.h>

using namespace edgec;
using namespace llvm;

int32_t edgec::onnxElementType(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return onnx::TensorProto::FLOAT;
  case ElementType::F64:
    return onnx::TensorProto::DOUBLE;
  case ElementType::F16:
    return onnx::TensorProto::FLOAT16;
  case ElementType::BF16:
    return onnx::TensorProto::BFLOAT16;
  case ElementType::I8:
    return onnx::TensorProto::INT8;
  case ElementType::I16:
    return onnx::TensorProto::INT16;
  case ElementType::I32:
    return onnx::TensorProto::INT32;
  case ElementType::I64:
    return onnx::TensorProto::INT64;
  case ElementType::U8:
    return onnx::TensorProto::UINT8;
  case ElementType::U16:
    return onnx::TensorProto::UINT16;
  case ElementType::U32:
    return onnx::TensorProto::UINT32;
  case ElementType::U64:
    return onnx::TensorProto::UINT64;
  case ElementType::Bool:
    return onnx::TensorProto::BOOL;
  }
  llvm_unreachable("unknown element type");
}

namespace {

std::optional<ElementType> elementType(int32_t onnxType) {
  switch (onnxType) {
  case onnx::TensorProto::FLOAT:
    return ElementType::F32;
  case onnx::TensorProto::DOUBLE:
    return ElementType::F64;
  case onnx::TensorProto::FLOAT16:
    return ElementType::F16;
  case onnx::TensorProto::BFLOAT16:
    return ElementType::BF16;
  case onnx::TensorProto::INT8:
    return ElementType::I8;
  case onnx::TensorProto::INT16:
    return ElementType::I16;
  case onnx::TensorProto::INT32:
    return ElementType::I32;
  case onnx::TensorProto::INT64:
    return ElementType::I64;
  case onnx::TensorProto::UINT8:
    return ElementType::U8;
  case onnx::TensorProto::UINT16:
    return ElementType::U16;
  case onnx::TensorProto::UINT32:
    return ElementType::U32;
  case onnx::TensorProto::UINT64:
    return ElementType::U64;
  case onnx::TensorProto::BOOL:
    return ElementType::Bool;
  default:
    return std::nullopt;
  }
}

/// "STRING", or the number of a type that is newer than ONNX's messages here.
std::string onnxTypeName(int32_t type) {
  if (onnx::TensorProto::DataType_IsValid(type))
    return onnx::TensorProto::DataType_Name(
        static_cast<onnx::TensorProto::DataType>(type));
  return fmt::format("{}", type);
}

/// Parses within the limits that keep malformed input from taking memory:
/// nothing larger than the input is allocated, and nesting is bounded.
bool parse(StringRef bytes, onnx::TensorProto &proto) {
  if (bytes.size() > std::numeric_limits<int>::max())
    return false;
  google::protobuf::io::CodedInputStream stream(
      reinterpret_cast<const uint8_t *>(bytes.data()),
      static_cast<int>(bytes.size()));
  constexpr int maximumNesting = 16; // TensorProto itself needs 3.
  stream.SetRecursionLimit(maximumNesting);
  return proto.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
}

/// Copies a typed field; 16-bit and smaller types travel in int32_data.
template <typename T, typename Field>
Error fill(Tensor &tensor, const Field &field) {
  if (field.size() != tensor.size())
    return createStringError(
        fmt::format("the tensor has {} values, its shape {} needs {}",
                    field.size(), formatShape(tensor.shape()), tensor.size()));
  char *to = tensor.mutableBytes();
  for (int i = 0; i < field.size(); ++i) {
    T value = static_cast<T>(field.Get(i));
    std::memcpy(to + i * sizeof(T), &value, sizeof(T));
  }
  return Error::success();
}

Error fillFromFields(Tensor &tensor, const onnx::TensorProto &proto) {
  switch (tensor.type()) {
  case ElementType::F32:
    return fill<float>(tensor, proto.float_data());
  case ElementType::F64:
    return fill<double>(tensor, proto.double_data());
  case ElementType::I64:
    return fill<int64_t>(tensor, proto.int64_data());
  case ElementType::U64:
    return fill<uint64_t>(tensor, proto.uint64_data());
  case ElementType::U32:
    return fill<uint32_t>(tensor, proto.uint64_data());
  case ElementType::I32:
    return fill<int32_t>(tensor, proto.int32_data());
  case ElementType::F16: // The bits, not the value.
  case ElementType::BF16:
  case ElementType::I16:
  case ElementType::U16:
    return fill<uint16_t>(tensor, proto.int32_data());
  case ElementType::I8:
  case ElementType::U8:
  case ElementType::Bool:
    return fill<uint8_t>(tensor, proto.int32_data());
  }
  llvm_unreachable("unknown element type");
}

/// How many elements the typed fields hold at most: the longest of them.
uint64_t fieldElements(const onnx::TensorProto &proto) {
  return std::max({proto.float_data_size(), proto.double_data_size(),
                   proto.int64_data_size(), proto.uint64_data_size(),
                   proto.int32_data_size()});
}

} // namespace

Expected<NamedTensor> edgec::parseTensorProto(StringRef bytes) {
  onnx::TensorProto proto;
  if (!parse(bytes, proto))
    return createStringError("this is not an ONNX tensor (onnx.TensorProto)");
  std::optional<ElementType> type = elementType(proto.data_type());
  if (!type)
    return createStringError("tensors of ONNX type " +
                             onnxTypeName(proto.data_type()) +
                             " are not supported");
  if (proto.data_location() == onnx::TensorProto::EXTERNAL ||
      proto.external_data_size() != 0)
    return createStringError("the tensor's data is in another file, which is "
                             "not supported here");

  std::vector<int64_t> shape(proto.dims().begin(), proto.dims().end());
  uint64_t available = proto.has_raw_data()
                           ? proto.raw_data().size()
                           : fieldElements(proto) * byteSize(*type);
  Expected<int64_t> count = checkedElementCount(*type, shape, available);
  if (!count)
    return count.takeError();

  NamedTensor result{proto.name(), Tensor(*type, std::move(shape))};
  Tensor &tensor = result.tensor;
  if (proto.has_raw_data()) {
    if (proto.raw_data().size() != tensor.byteCount())
      return createStringError(
          fmt::format("the tensor has {} bytes, its shape {} needs {}",
                      proto.raw_data().size(), formatShape(tensor.shape()),
                      tensor.byteCount()));
    if (tensor.byteCount() != 0)
      std::memcpy(tensor.mutableBytes(), proto.raw_data().data(),
                  tensor.byteCount());
  } else if (Error error = fillFromFields(tensor, proto)) {
    return std::move(error);
  }
  normaliseBooleans(tensor);
  return result;
}

Error edgec::writeTensorProto(const NamedTensor &tensor, raw_ostream &stream) {
  if (tensor.tensor.byteCount() > std::numeric_limits<int>::max() - 4096)
    return createStringError("tensors of 2 GiB and more do not fit into a .pb "
                             "file; write .npy");
  onnx::TensorProto proto;
  proto.set_name(tensor.name);
  proto.set_data_type(onnxElementType(tensor.tensor.type()));
  for (int64_t extent : tensor.tensor.shape())
    proto.add_dims(extent);
  proto.set_raw_data(tensor.tensor.bytes(), tensor.tensor.byteCount());
  stream << proto.SerializeAsString();
  return Error::success();
}
