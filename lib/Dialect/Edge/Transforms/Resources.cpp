//===- Resources.cpp - Bytes of constants that passes replace ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Resources.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace edgec::edge;

static void
forEachResource(Operation *op,
                function_ref<void(DenseResourceElementsHandle)> visit) {
  op->getAttrDictionary().walk([&](DenseResourceElementsAttr attribute) {
    visit(attribute.getRawHandle());
  });
}

ResourceUses::ResourceUses(Operation *root) {
  root->walk([&](Operation *op) { add(op); });
}

void ResourceUses::add(Operation *op) {
  forEachResource(op, [&](DenseResourceElementsHandle handle) {
    ++counts[handle.getResource()];
  });
}

void ResourceUses::erase(Operation *op) {
  forEachResource(op, [&](DenseResourceElementsHandle handle) {
    if (--counts[handle.getResource()] == 0)
      handle.getResource()->setBlob(AsmResourceBlob());
  });
  op->erase();
}

int64_t ResourceUses::eraseIfUnused(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant || !constant->use_empty())
    return 0;
  int64_t bytes = storedBytes(constant);
  erase(constant);
  return bytes;
}

OpBuilder edgec::edge::constantBuilder(Operation *op) {
  auto function = op->getParentOfType<FunctionOpInterface>();
  if (!function)
    return OpBuilder(op);
  return OpBuilder::atBlockBegin(&function.getFunctionBody().front());
}

bool edgec::edge::canExpand(ConstantOp constant) {
  constexpr int64_t largestSplat = 64 * 1024 * 1024;
  return tensorBytes(constant.getType()) <=
         std::max(storedBytes(constant), largestSplat);
}

int64_t edgec::edge::storedBytes(ConstantOp constant) {
  if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValue()))
    return dense.getRawData().size();
  auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue());
  if (!resource || !resource.getRawHandle().getBlob())
    return 0;
  return resource.getRawHandle().getBlob()->getData().size();
}
