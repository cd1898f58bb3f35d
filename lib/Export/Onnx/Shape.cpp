//===- Shape.cpp - The reshape family -------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

LogicalResult exportReshape(edge::ReshapeOp op, NodeWriter &node) {
  ArrayRef<int64_t> shape = node.shapeOf(op.getResult());
  SmallVector<NodeAttribute> attributes;
  // A zero would copy the input's extent.
  if (llvm::is_contained(shape, 0))
    attributes.emplace_back("allowzero", true);
  return node.finish("Reshape",
                     {node.name(op.getInput()), node.intVector("shape", shape)},
                     attributes);
}

LogicalResult exportTranspose(edge::TransposeOp op, NodeWriter &node) {
  return node.finish("Transpose", node.operands(),
                     {{"perm", op.getPermutation()}});
}

LogicalResult exportBroadcast(edge::BroadcastOp op, NodeWriter &node) {
  return node.finish("Expand",
                     {node.name(op.getInput()),
                      node.intVector("shape", node.shapeOf(op.getResult()))});
}

} // namespace

void onnx_export::addShape(HandlerTable &table) {
  table.add(exportBroadcast);
  table.add(exportReshape);
  table.add(exportTranspose);
}
