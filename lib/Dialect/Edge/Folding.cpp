//===- Folding.cpp - Helpers of folders ----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Folding.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;

namespace edgec::edge {

static bool isNumber(const APFloat &value, int64_t number) {
  return value.compare(APFloat(value.getSemantics(), number)) ==
         APFloat::cmpEqual;
}

/// The blob's only element value as a dense splat; null if elements differ.
static DenseElementsAttr splatOfBlob(DenseResourceElementsAttr attribute) {
  AsmResourceBlob *blob = attribute.getRawHandle().getBlob();
  auto type = dyn_cast<RankedTensorType>(attribute.getType());
  if (!blob || !type || !type.getElementType().isIntOrFloat() ||
      type.getElementTypeBitWidth() % 8 != 0)
    return {};
  ArrayRef<char> data = blob->getData();
  size_t size = type.getElementTypeBitWidth() / 8;
  if (data.size() < size ||
      !std::equal(data.begin() + size, data.end(), data.begin()))
    return {};
  auto scalar = RankedTensorType::get({}, type.getElementType());
  return DenseElementsAttr::getFromRawBuffer(scalar, data.take_front(size));
}

bool isSplatOf(Attribute attribute, int64_t number) {
  auto dense = dyn_cast_or_null<DenseElementsAttr>(attribute);
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(attribute))
    dense = splatOfBlob(resource);
  if (!dense || !dense.isSplat())
    return false;
  Type element = dense.getElementType();
  if (isa<FloatType>(element))
    return isNumber(dense.getSplatValue<APFloat>(), number);
  if (!isa<IntegerType>(element))
    return false;
  APInt value = dense.getSplatValue<APInt>();
  return value == APInt(value.getBitWidth(), number);
}

Attribute reshapeConstant(Attribute attribute, RankedTensorType type) {
  if (auto dense = dyn_cast_or_null<DenseElementsAttr>(attribute))
    return dense.reshape(type);
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(attribute))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  return {};
}

} // namespace edgec::edge
