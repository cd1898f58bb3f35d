//===- Slicing.cpp - Slice, gather, concatenate, pad ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"
#include "edgec/Dialect/Edge/RuntimeShape.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

/// The position after the last element in the direction of the step. One before
/// the first element is written so far below zero that it does not count from
/// the end.
int64_t endOf(int64_t start, int64_t size, int64_t step, int64_t extent) {
  int64_t end = start + size * step;
  return end < 0 ? -extent - 1 : end;
}

LogicalResult exportSlice(edge::SliceOp op, NodeWriter &node) {
  ArrayRef<int64_t> shape = node.shapeOf(op.getInput());
  SmallVector<int64_t> starts, ends, axes, steps;
  for (auto [axis, start, size, step] :
       llvm::enumerate(op.getStarts(), op.getSizes(), op.getSteps())) {
    int64_t extent = shape[axis];
    if (size == extent && step == 1)
      continue;
    bool isEmpty = size == 0;
    starts.push_back(isEmpty ? 0 : start);
    ends.push_back(isEmpty ? 0 : endOf(start, size, step, extent));
    axes.push_back(axis);
    steps.push_back(isEmpty ? 1 : step);
  }
  std::string input = node.name(op.getInput());
  if (axes.empty())
    return node.finish("Identity", {input});
  bool isContiguous =
      llvm::all_of(steps, [](int64_t step) { return step == 1; });
  return node.finish(
      "Slice", {input, node.intVector("starts", starts),
                node.intVector("ends", ends), node.intVector("axes", axes),
                isContiguous ? "" : node.intVector("steps", steps)});
}

LogicalResult exportConcat(edge::ConcatOp op, NodeWriter &node) {
  return node.finish("Concat", node.operands(),
                     {{"axis", static_cast<int64_t>(op.getAxis())}});
}

/// In ONNX, the parts of a concatenation are as long as they truly are.
LogicalResult exportGather(edge::GatherOp op, NodeWriter &node) {
  if (op->hasAttr(edge::joinsPartsAttr))
    return node.finish("Identity", node.name(op.getInput()));
  return node.finish("Gather", node.operands(),
                     {{"axis", static_cast<int64_t>(op.getAxis())}});
}

LogicalResult exportPad(edge::PadOp op, NodeWriter &node) {
  SmallVector<int64_t> pads(op.getLow());
  llvm::append_range(pads, op.getHigh());
  return node.finish("Pad",
                     {node.name(op.getInput()), node.intVector("pads", pads),
                      node.name(op.getValue())},
                     {{"mode", edge::stringifyPadMode(op.getMode())}});
}

int64_t padOpset(edge::PadOp op) {
  constexpr int64_t wrapSince = 19;
  return op.getMode() == edge::PadMode::wrap ? wrapSince : 0;
}

} // namespace

void onnx_export::addSlicing(HandlerTable &table) {
  table.add(exportConcat);
  table.add(exportGather);
  table.add(exportPad, padOpset);
  table.add(exportSlice);
}
