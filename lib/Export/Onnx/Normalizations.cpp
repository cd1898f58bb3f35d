//===- Normalizations.cpp - Normalisations --------------------------------===//
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

/// Both operators that work by channel have the channels in dimension 1.
template <typename OpTy> bool hasChannelsFirst(OpTy op) {
  return op.getAxis() == 1;
}

constexpr llvm::StringLiteral otherAxis =
    "the channels are not dimension 1; export before the layout phase";

LogicalResult exportBatchNorm(edge::BatchNormOp op, NodeWriter &node) {
  if (!hasChannelsFirst(op))
    return node.error(otherAxis);
  return node.finish("BatchNormalization", node.operands(),
                     {{"epsilon", op.getEpsilon()}});
}

/// Runtimes want scale and bias in the normalised shape.
LogicalResult exportLayerNorm(edge::LayerNormOp op, NodeWriter &node) {
  ArrayRef<int64_t> shape =
      node.shapeOf(op.getInput()).drop_front(op.getAxis());
  SmallVector<std::string> inputs{node.name(op.getInput()),
                                  node.expanded(op.getScale(), shape)};
  if (op.getBias())
    inputs.push_back(node.expanded(op.getBias(), shape));
  return node.finish("LayerNormalization", inputs,
                     {{"axis", static_cast<int64_t>(op.getAxis())},
                      {"epsilon", op.getEpsilon()}});
}

LogicalResult exportLrn(edge::LrnOp op, NodeWriter &node) {
  if (!hasChannelsFirst(op))
    return node.error(otherAxis);
  return node.finish("LRN", node.operands(),
                     {{"size", static_cast<int64_t>(op.getSize())},
                      {"alpha", op.getAlpha()},
                      {"beta", op.getBeta()},
                      {"bias", op.getBias()}});
}

} // namespace

void onnx_export::addNormalizations(HandlerTable &table) {
  table.add(exportBatchNorm);
  table.add(exportLayerNorm);
  table.add(exportLrn);
}
