//===- OnnxSignature.cpp - The inputs of an ONNX file ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/OnnxSignature.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <limits>
#include <onnx/onnx_pb.h>

using namespace edgec;
using namespace llvm;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

namespace {

// Field numbers of onnx.proto.
constexpr int modelGraph = onnx::ModelProto::kGraphFieldNumber;
constexpr int graphInitializer = onnx::GraphProto::kInitializerFieldNumber;
constexpr int graphInput = onnx::GraphProto::kInputFieldNumber;
constexpr int tensorName = onnx::TensorProto::kNameFieldNumber;

/// Calls `field` with the number and bytes of every length-delimited field of a
/// message, and skips the others. False where the message is malformed.
bool forEachField(StringRef message,
                  function_ref<bool(int number, StringRef bytes)> field) {
  CodedInputStream stream(reinterpret_cast<const uint8_t *>(message.data()),
                          static_cast<int>(message.size()));
  while (uint32_t tag = stream.ReadTag()) {
    if (WireFormatLite::GetTagWireType(tag) !=
        WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (!WireFormatLite::SkipField(&stream, tag))
        return false;
      continue;
    }
    uint32_t length;
    if (!stream.ReadVarint32(&length))
      return false;
    StringRef bytes = message.drop_front(stream.CurrentPosition());
    if (length > bytes.size() || !stream.Skip(static_cast<int>(length)) ||
        !field(WireFormatLite::GetTagFieldNumber(tag),
               bytes.take_front(length)))
      return false;
  }
  return stream.ConsumedEntireMessage();
}

OnnxInput toInput(const onnx::ValueInfoProto &info) {
  OnnxInput input{info.name(), std::nullopt};
  if (!info.type().has_tensor_type() || !info.type().tensor_type().has_shape())
    return input;
  input.shape.emplace();
  for (const auto &dim : info.type().tensor_type().shape().dim()) {
    bool isFixed = dim.has_dim_value() && dim.dim_value() >= 0;
    input.shape->push_back(isFixed ? dim.dim_value() : -1);
  }
  return input;
}

/// Gathers inputs and the names of initializers from one graph.
struct GraphReader {
  std::vector<OnnxInput> inputs;
  StringSet<> initializers;

  bool operator()(int number, StringRef bytes) {
    if (number == graphInput) {
      onnx::ValueInfoProto info;
      if (!info.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return false;
      inputs.push_back(toInput(info));
    }
    if (number == graphInitializer)
      return forEachField(bytes, [&](int field, StringRef value) {
        if (field == tensorName)
          initializers.insert(value);
        return true;
      });
    return true;
  }
};

} // namespace

bool OnnxInput::isSymbolic() const {
  return !shape || is_contained(*shape, -1);
}

Expected<std::vector<OnnxInput>> edgec::readOnnxInputs(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createFileError(path, buffer.getError());
  StringRef bytes = (*buffer)->getBuffer();
  GraphReader graph;
  bool wellFormed =
      bytes.size() <= std::numeric_limits<int>::max() &&
      forEachField(bytes, [&](int number, StringRef field) {
        return number != modelGraph ||
               forEachField(field, [&](int number, StringRef field) {
                 return graph(number, field);
               });
      });
  if (!wellFormed)
    return createFileError(path,
                           createStringError("this is not an ONNX model"));
  erase_if(graph.inputs, [&](const OnnxInput &input) {
    return graph.initializers.contains(input.name);
  });
  return std::move(graph.inputs);
}
