//===- Reductions.cpp - Reductions over axes ------------------------------===//
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

StringRef reduction(edge::ReduceKind kind) {
  switch (kind) {
  case edge::ReduceKind::sum:
    return "ReduceSum";
  case edge::ReduceKind::mean:
    return "ReduceMean";
  case edge::ReduceKind::max:
    return "ReduceMax";
  case edge::ReduceKind::min:
    return "ReduceMin";
  case edge::ReduceKind::prod:
    return "ReduceProd";
  case edge::ReduceKind::l1:
    return "ReduceL1";
  case edge::ReduceKind::l2:
    return "ReduceL2";
  case edge::ReduceKind::sum_square:
    return "ReduceSumSquare";
  case edge::ReduceKind::log_sum:
    return "ReduceLogSum";
  case edge::ReduceKind::log_sum_exp:
    return "ReduceLogSumExp";
  }
  llvm_unreachable("unknown reduction");
}

/// What a reduction over no axes does to each element: ONNX takes no axes for
/// all of them.
LogicalResult exportMap(edge::ReduceOp op, NodeWriter &node) {
  std::string input = node.name(op.getInput());
  switch (op.getKind()) {
  case edge::ReduceKind::l1:
  case edge::ReduceKind::l2:
    return node.finish("Abs", {input});
  case edge::ReduceKind::sum_square:
    return node.finish("Mul", {input, input});
  case edge::ReduceKind::log_sum:
    return node.finish("Log", {input});
  default:
    return node.finish("Identity", {input});
  }
}

/// The axes are an input from some operator set on.
LogicalResult exportReduce(edge::ReduceOp op, NodeWriter &node) {
  if (op.getAxes().empty())
    return exportMap(op, node);
  std::string input = node.name(op.getInput());
  NodeAttribute keepDims("keepdims", op.getKeepDims());
  int64_t axesInputSince = op.getKind() == edge::ReduceKind::sum ? 13 : 18;
  StringRef opType = reduction(op.getKind());
  if (node.opset() >= axesInputSince)
    return node.finish(opType, {input, node.intVector("axes", op.getAxes())},
                       keepDims);
  return node.finish(opType, {input}, {{"axes", op.getAxes()}, keepDims});
}

LogicalResult exportArgReduce(edge::ArgReduceOp op, NodeWriter &node) {
  bool isMax = op.getKind() == edge::ArgKind::max;
  return node.finish(isMax ? "ArgMax" : "ArgMin", node.operands(),
                     {{"axis", static_cast<int64_t>(op.getAxis())},
                      {"keepdims", op.getKeepDims()},
                      {"select_last_index", op.getSelectLast()}});
}

} // namespace

void onnx_export::addReductions(HandlerTable &table) {
  table.add(exportReduce);
  table.add(exportArgReduce);
}
