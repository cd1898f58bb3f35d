//===- Pooling.cpp - Pooling ----------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"
#include "llvm/Support/MathExtras.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

template <typename OpTy>
SmallVector<NodeAttribute> windowAttributes(OpTy op, ArrayRef<int64_t> pads) {
  SmallVector<NodeAttribute> attributes{{"kernel_shape", op.getKernel()},
                                        {"strides", op.getStrides()},
                                        {"pads", pads}};
  bool isDilated = llvm::any_of(op.getDilations(),
                                [](int64_t dilation) { return dilation != 1; });
  if (isDilated)
    attributes.emplace_back("dilations", op.getDilations());
  return attributes;
}

template <typename OpTy> LogicalResult checkLayout(OpTy op, NodeWriter &node) {
  if (op.getLayout() == edge::Layout::nchw)
    return success();
  return node.error("channels are last; ONNX has them first, so export before "
                    "the layout phase");
}

LogicalResult exportMaxPool(edge::MaxPoolOp op, NodeWriter &node) {
  if (failed(checkLayout(op, node)))
    return failure();
  Type element = node.elementTypeOf(op.getInput());
  if (!isa<FloatType>(element) && !element.isInteger(8))
    return node.error("MaxPool takes floating-point and 8-bit elements");
  return node.finish("MaxPool", node.operands(),
                     windowAttributes(op, op.getPads()));
}

LogicalResult exportMaxPoolWithIndices(edge::MaxPoolWithIndicesOp op,
                                       NodeWriter &node) {
  Type element = node.elementTypeOf(op.getInput());
  if (!isa<FloatType>(element) && !element.isInteger(8))
    return node.error("MaxPool takes floating-point and 8-bit elements");
  SmallVector<NodeAttribute> attributes = windowAttributes(op, op.getPads());
  if (op.getColumnMajor())
    attributes.emplace_back("storage_order", true);
  return node.finish("MaxPool", node.operands(), attributes);
}

/// Whether rounding up gives the same number of windows as the pads that were
/// made for it.
bool roundsUpTo(edge::AveragePoolOp op, ArrayRef<int64_t> pads) {
  size_t spatial = op.getKernel().size();
  for (size_t i = 0; i < spatial; ++i) {
    int64_t input = NodeWriter::shapeOf(op.getInput())[i + 2];
    int64_t extent = op.getDilations()[i] * (op.getKernel()[i] - 1) + 1;
    int64_t span = input + pads[i] + pads[i + spatial] - extent;
    int64_t windows = llvm::divideCeil(span, op.getStrides()[i]) + 1;
    // One that would start in the high padding is dropped.
    windows -= (windows - 1) * op.getStrides()[i] >= input + pads[i];
    if (windows != NodeWriter::shapeOf(op.getResult())[i + 2])
      return false;
  }
  return true;
}

/// Padding that comes from rounding up does not count, which ONNX can only say
/// by rounding up.
LogicalResult exportAveragePool(edge::AveragePoolOp op, NodeWriter &node) {
  if (failed(checkLayout(op, node)))
    return failure();
  if (!isa<FloatType>(node.elementTypeOf(op.getInput())))
    return node.error("AveragePool takes floating-point elements");
  SmallVector<int64_t> pads(op.getPads());
  bool hasCeilPads =
      llvm::any_of(op.getCeilPads(), [](int64_t pad) { return pad != 0; });
  bool roundsUp = op.getCountIncludePad() && hasCeilPads;
  if (roundsUp) {
    size_t spatial = pads.size() / 2;
    for (size_t i = 0; i < spatial; ++i)
      pads[i + spatial] -= op.getCeilPads()[i];
    if (!roundsUpTo(op, pads))
      return node.error("ONNX cannot say which part of its padding counts");
  }
  SmallVector<NodeAttribute> attributes = windowAttributes(op, pads);
  attributes.emplace_back("count_include_pad", op.getCountIncludePad());
  if (roundsUp)
    attributes.emplace_back("ceil_mode", true);
  return node.finish("AveragePool", node.operands(), attributes);
}

int64_t averagePoolOpset(edge::AveragePoolOp op) {
  constexpr int64_t dilationsSince = 19;
  bool isDilated = llvm::any_of(op.getDilations(),
                                [](int64_t dilation) { return dilation != 1; });
  return isDilated ? dilationsSince : 0;
}

} // namespace

void onnx_export::addPooling(HandlerTable &table) {
  table.add(exportMaxPool);
  table.add(exportMaxPoolWithIndices);
  table.add(exportAveragePool, averagePoolOpset);
}
