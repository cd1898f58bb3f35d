//===- Constants.cpp - Between attributes and host tensors ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Types.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace edgec;
using namespace edgec::reference;
using namespace mlir;

std::optional<ElementType> edgec::toElementType(Type elementType) {
  if (elementType.isF32())
    return ElementType::F32;
  if (elementType.isF64())
    return ElementType::F64;
  if (elementType.isF16())
    return ElementType::F16;
  if (elementType.isBF16())
    return ElementType::BF16;
  auto integer = dyn_cast<IntegerType>(elementType);
  if (!integer || integer.isSigned())
    return std::nullopt;
  bool isUnsigned = integer.isUnsigned();
  switch (integer.getWidth()) {
  case 1:
    if (isUnsigned)
      return std::nullopt;
    return ElementType::Bool;
  case 8:
    return isUnsigned ? ElementType::U8 : ElementType::I8;
  case 16:
    return isUnsigned ? ElementType::U16 : ElementType::I16;
  case 32:
    return isUnsigned ? ElementType::U32 : ElementType::I32;
  case 64:
    return isUnsigned ? ElementType::U64 : ElementType::I64;
  default:
    return std::nullopt;
  }
}

Type edgec::fromElementType(MLIRContext *context, ElementType type) {
  auto integer = [&](unsigned width, bool isUnsigned) {
    return IntegerType::get(context, width,
                            isUnsigned ? IntegerType::Unsigned
                                       : IntegerType::Signless);
  };
  switch (type) {
  case ElementType::F32:
    return Float32Type::get(context);
  case ElementType::F64:
    return Float64Type::get(context);
  case ElementType::F16:
    return Float16Type::get(context);
  case ElementType::BF16:
    return BFloat16Type::get(context);
  case ElementType::I8:
    return integer(8, false);
  case ElementType::I16:
    return integer(16, false);
  case ElementType::I32:
    return integer(32, false);
  case ElementType::I64:
    return integer(64, false);
  case ElementType::U8:
    return integer(8, true);
  case ElementType::U16:
    return integer(16, true);
  case ElementType::U32:
    return integer(32, true);
  case ElementType::U64:
    return integer(64, true);
  case ElementType::Bool:
    return integer(1, false);
  }
  llvm_unreachable("not an element type");
}

//===----------------------------------------------------------------------===//
// Attribute to tensor
//===----------------------------------------------------------------------===//

namespace {

bool isAligned(ArrayRef<char> bytes, ElementType type) {
  return reinterpret_cast<uintptr_t>(bytes.data()) % byteSize(type) == 0;
}

/// Blobs come from files: bytes of a boolean may be anything, and the address
/// is aligned as the file says.
bool canBeViewed(ArrayRef<char> bytes, ElementType type) {
  if (type == ElementType::Bool)
    return llvm::all_of(bytes,
                        [](char byte) { return byte == 0 || byte == 1; });
  return isAligned(bytes, type);
}

FailureOr<Tensor> fromResource(DenseResourceElementsAttr attribute,
                               ElementType type) {
  ArrayRef<int64_t> shape = attribute.getType().getShape();
  AsmResourceBlob *blob = attribute.getRawHandle().getBlob();
  if (!blob)
    return failure();
  ArrayRef<char> bytes = blob->getData();
  uint64_t expected = byteSize(type);
  for (int64_t extent : shape)
    if (__builtin_mul_overflow(expected, static_cast<uint64_t>(extent),
                               &expected))
      return failure();
  if (bytes.size() != expected)
    return failure();
  if (canBeViewed(bytes, type))
    return Tensor::view(type, shape.vec(), bytes.data());

  Tensor copy(type, shape.vec());
  if (type == ElementType::Bool)
    llvm::transform(bytes, copy.mutableBytes(),
                    [](char byte) { return byte != 0; });
  else
    llvm::copy(bytes, copy.mutableBytes());
  return copy;
}

/// The largest constant that a splat may expand to.
constexpr int64_t maxSplatBytes = int64_t(1) << 32;

FailureOr<Tensor> fromDense(DenseElementsAttr attribute, ElementType type) {
  std::vector<int64_t> shape = attribute.getType().getShape().vec();
  size_t width = byteSize(type);
  ArrayRef<char> bytes = attribute.getRawData();
  bool isSplat = attribute.isSplat();
  if (type != ElementType::Bool && !isSplat && isAligned(bytes, type))
    return Tensor::view(type, std::move(shape), bytes.data());
  if (attribute.getNumElements() > maxSplatBytes / static_cast<int64_t>(width))
    return failure();

  Tensor copy(type, std::move(shape));
  if (type == ElementType::Bool) // One bit an element.
    llvm::copy(attribute.getValues<bool>(), copy.mutableData<bool>());
  else if (isSplat)
    for (size_t i = 0; i < copy.byteCount(); i += width)
      std::copy_n(bytes.data(), width, copy.mutableBytes() + i);
  else
    llvm::copy(bytes, copy.mutableBytes());
  return copy;
}

} // namespace

FailureOr<Tensor> edgec::toTensor(ElementsAttr attribute) {
  auto type = dyn_cast<RankedTensorType>(attribute.getType());
  if (!type || !type.hasStaticShape())
    return failure();
  std::optional<ElementType> elementType = toElementType(type.getElementType());
  if (!elementType)
    return failure();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute))
    return fromResource(resource, *elementType);
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute))
    return fromDense(dense, *elementType);
  return failure();
}

//===----------------------------------------------------------------------===//
// Tensor to attribute
//===----------------------------------------------------------------------===//

ElementsAttr edgec::toAttribute(const Tensor &tensor, StringRef name,
                                MLIRContext *context) {
  // Small values are worth reading in a dump, and are compared by value.
  constexpr size_t maxDenseBytes = 64;
  // As the target aligns weights: they can be used from where they are.
  constexpr size_t blobAlignment = 64;

  auto type = RankedTensorType::get(tensor.shape(),
                                    fromElementType(context, tensor.type()));
  ArrayRef<char> bytes(tensor.bytes(), tensor.byteCount());
  if (bytes.size() > maxDenseBytes)
    // MLIR 19 asserts that a blob is mutable when it copies into it.
    return DenseResourceElementsAttr::get(
        type, name,
        HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, blobAlignment,
                                                      /*dataIsMutable=*/true));
  if (tensor.type() == ElementType::Bool)
    return DenseElementsAttr::get(
        type, ArrayRef<bool>(tensor.data<bool>(), tensor.size()));
  return DenseElementsAttr::getFromRawBuffer(type, bytes);
}
