//===- TensorData.cpp - Weights and constants -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorData.h"
#include "ElementTypes.h"
#include "ExternalData.h"
#include "edgec/Dialect/Edge/StoredBits.h"
#include "edgec/Reference/Interpreter.h"
#include "edgec/Support/TensorFile.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

namespace {

/// Tensors up to this size are `dense` attributes: readable in IR and uniqued.
constexpr size_t maximumInlineBytes = 64;

std::vector<int64_t> shapeOf(RankedTensorType type) {
  return {type.getShape().begin(), type.getShape().end()};
}

/// Whether a tensor's bytes can become a blob as they are.
bool canBeBlob(ElementType type, size_t byteCount) {
  return byteCount > maximumInlineBytes && type != ElementType::Bool;
}

/// An attribute over bytes that `owner` keeps alive.
template <typename Owner>
ElementsAttr blobAttribute(RankedTensorType type, StringRef name,
                           llvm::ArrayRef<char> bytes, size_t alignment,
                           std::unique_ptr<Owner> owner) {
  auto release = [owner = std::move(owner)](void *, size_t, size_t) mutable {
    owner.reset();
  };
  return DenseResourceElementsAttr::get(
      type, resourceName(name),
      AsmResourceBlob(bytes, alignment, std::move(release),
                      /*dataIsMutable=*/false));
}

/// A copy of the bytes in the attribute form that suits their size.
ElementsAttr copiedAttribute(MLIRContext *context, RankedTensorType type,
                             ElementType element, StringRef name,
                             const void *bytes, size_t byteCount) {
  Tensor tensor(element, shapeOf(type));
  if (byteCount != 0)
    std::memcpy(tensor.mutableBytes(), bytes, byteCount);
  normaliseBooleans(tensor);
  return toAttribute(tensor, name, context);
}

Error wrongCount(size_t have, StringRef unit, RankedTensorType type,
                 size_t need) {
  return createStringError(
      fmt::format("the tensor has {} {}, its shape {} needs {}", have,
                  unit.str(), formatShape(shapeOf(type)), need));
}

/// Moves a typed field whose elements are stored as they are.
template <typename T>
Expected<ElementsAttr>
moveField(MLIRContext *context, google::protobuf::RepeatedField<T> &field,
          RankedTensorType type, ElementType element, StringRef name) {
  if (field.size() != type.getNumElements())
    return wrongCount(field.size(), "values", type, type.getNumElements());
  size_t byteCount = field.size() * sizeof(T);
  if (!canBeBlob(element, byteCount))
    return copiedAttribute(context, type, element, name, field.data(),
                           byteCount);
  auto owner = std::make_unique<google::protobuf::RepeatedField<T>>();
  owner->Swap(&field);
  llvm::ArrayRef<char> bytes(reinterpret_cast<const char *>(owner->data()),
                             byteCount);
  return blobAttribute(type, name, bytes, alignof(T), std::move(owner));
}

/// Copies a typed field whose elements are wider than the tensor's.
template <typename T, typename Field>
Expected<ElementsAttr> narrowField(MLIRContext *context, Field &field,
                                   RankedTensorType type, ElementType element,
                                   StringRef name) {
  if (field.size() != type.getNumElements())
    return wrongCount(field.size(), "values", type, type.getNumElements());
  auto narrow = std::make_unique<std::vector<T>>();
  narrow->reserve(field.size());
  for (auto value : field)
    narrow->push_back(element == ElementType::Bool ? T(value != 0) : T(value));
  field.Clear();
  size_t byteCount = narrow->size() * sizeof(T);
  if (!canBeBlob(element, byteCount))
    return copiedAttribute(context, type, element, name, narrow->data(),
                           byteCount);
  llvm::ArrayRef<char> bytes(reinterpret_cast<const char *>(narrow->data()),
                             byteCount);
  return blobAttribute(type, name, bytes, alignof(T), std::move(narrow));
}

Expected<ElementsAttr> readFields(MLIRContext *context,
                                  onnx::TensorProto &tensor,
                                  RankedTensorType type, ElementType element,
                                  StringRef name) {
  switch (element) {
  case ElementType::F32:
    return moveField(context, *tensor.mutable_float_data(), type, element,
                     name);
  case ElementType::F64:
    return moveField(context, *tensor.mutable_double_data(), type, element,
                     name);
  case ElementType::I32:
    return moveField(context, *tensor.mutable_int32_data(), type, element,
                     name);
  case ElementType::I64:
    return moveField(context, *tensor.mutable_int64_data(), type, element,
                     name);
  case ElementType::U64:
    return moveField(context, *tensor.mutable_uint64_data(), type, element,
                     name);
  case ElementType::U32:
    return narrowField<uint32_t>(context, *tensor.mutable_uint64_data(), type,
                                 element, name);
  case ElementType::F16: // The bits, not the value.
  case ElementType::BF16:
  case ElementType::I16:
  case ElementType::U16:
    return narrowField<uint16_t>(context, *tensor.mutable_int32_data(), type,
                                 element, name);
  case ElementType::I8:
  case ElementType::U8:
  case ElementType::Bool:
    return narrowField<uint8_t>(context, *tensor.mutable_int32_data(), type,
                                element, name);
  }
  llvm_unreachable("unknown element type");
}

Expected<ElementsAttr> readRaw(MLIRContext *context, onnx::TensorProto &tensor,
                               RankedTensorType type, ElementType element,
                               uint64_t byteCount, StringRef name) {
  if (tensor.raw_data().size() != byteCount)
    return wrongCount(tensor.raw_data().size(), "bytes", type, byteCount);
  if (!canBeBlob(element, byteCount))
    return copiedAttribute(context, type, element, name,
                           tensor.raw_data().data(), byteCount);
  std::unique_ptr<std::string> owner(tensor.release_raw_data());
  llvm::ArrayRef<char> bytes(owner->data(), owner->size());
  // Strings of this length are on the heap: aligned for every scalar.
  return blobAttribute(type, name, bytes, alignof(std::max_align_t),
                       std::move(owner));
}

} // namespace

std::string edgec::onnx_import::resourceName(StringRef name) {
  std::string result;
  for (char c : name)
    result += llvm::isAlnum(c) || c == '_' || c == '.' ? c : '_';
  if (result.empty() || !(llvm::isAlpha(result[0]) || result[0] == '_'))
    result.insert(0, "_");
  return result;
}

Expected<ElementsAttr> TensorReader::read(onnx::TensorProto &tensor,
                                          StringRef name) {
  std::optional<ElementType> element = elementTypeOfOnnx(tensor.data_type());
  std::optional<ElementType> widened = widenedFourBits(tensor.data_type());
  if (widened)
    element = widened;
  if (!element)
    return createStringError("tensors of ONNX type " +
                             onnxTypeName(tensor.data_type()) +
                             " are not supported");
  if (tensor.has_segment())
    return createStringError("segmented tensors are not supported");
  llvm::ArrayRef<int64_t> shape(tensor.dims().data(), tensor.dims_size());
  if (!isReasonableShape(shape, byteSize(*element)))
    return createStringError(
        fmt::format("the tensor's shape {} is impossible",
                    formatShape({shape.begin(), shape.end()})));

  auto type = RankedTensorType::get(shape, fromElementType(context, *element));
  if (widened)
    return readPacked(tensor, type, *element, name);
  uint64_t byteCount = type.getNumElements() * byteSize(*element);
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL)
    return readExternal(tensor, type, byteCount, name);
  if (tensor.has_raw_data())
    return readRaw(context, tensor, type, *element, byteCount, name);
  return readFields(context, tensor, type, *element, name);
}

/// Two elements a byte, the first in its low half, in whichever field.
Expected<ElementsAttr> TensorReader::readPacked(onnx::TensorProto &tensor,
                                                RankedTensorType type,
                                                ElementType element,
                                                StringRef name) {
  uint64_t byteCount = llvm::divideCeil(type.getNumElements(), 2);
  std::string packed = std::move(*tensor.mutable_raw_data());
  if (tensor.data_location() == onnx::TensorProto::EXTERNAL) {
    Expected<std::unique_ptr<llvm::MemoryBuffer>> buffer =
        readExternalData(tensor, folder, byteCount);
    if (!buffer)
      return buffer.takeError();
    packed = (*buffer)->getBuffer().substr(0, byteCount).str();
  }
  for (int32_t byte : tensor.int32_data())
    packed.push_back(static_cast<char>(byte));
  if (packed.size() != byteCount)
    return wrongCount(packed.size(), "bytes", type, byteCount);
  Tensor tensorOfBytes(element, shapeOf(type));
  for (int64_t i = 0, size = tensorOfBytes.size(); i < size; ++i) {
    auto bits = static_cast<uint8_t>(packed[i / 2] >> (i % 2 * 4)) & 0xf;
    bool isNegative = element == ElementType::I8 && bits >= 8;
    tensorOfBytes.mutableBytes()[i] =
        static_cast<char>(isNegative ? bits - 16 : bits);
  }
  return toAttribute(tensorOfBytes, resourceName(name), context);
}

void edgec::onnx_import::markFourBits(Operation *constant, int32_t onnxType) {
  if (widenedFourBits(onnxType))
    constant->setAttr(edge::bitsAttr, Builder(constant).getI64IntegerAttr(4));
}

bool edgec::onnx_import::isStoredInFourBits(Value value) {
  return value && value.getDefiningOp() &&
         value.getDefiningOp()->hasAttr(edge::bitsAttr);
}

Expected<ElementsAttr>
TensorReader::readExternal(const onnx::TensorProto &tensor,
                           RankedTensorType type, uint64_t byteCount,
                           StringRef name) {
  Expected<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      readExternalData(tensor, folder, byteCount);
  if (!buffer)
    return buffer.takeError();
  ElementType element = *elementTypeOfOnnx(tensor.data_type());
  const char *data = (*buffer)->getBufferStart();
  size_t alignment = byteSize(element);
  bool isAligned = reinterpret_cast<uintptr_t>(data) % alignment == 0;
  // Offsets in the file need not be multiples of the element size.
  if (!isAligned || !canBeBlob(element, byteCount))
    return copiedAttribute(context, type, element, name, data, byteCount);
  return blobAttribute(type, name, llvm::ArrayRef<char>(data, byteCount),
                       alignment, std::move(*buffer));
}
