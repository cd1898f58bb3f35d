//===- Control.cpp - Branches and loops -----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphExporter.h"
#include "HandlerTable.h"
#include <limits>

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

onnx::GraphProto &addGraph(onnx::NodeProto &node, StringRef name) {
  onnx::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name.str());
  attribute.set_type(onnx::AttributeProto::GRAPH);
  attribute.mutable_g()->set_name(name.str());
  return *attribute.mutable_g();
}

void writeRegion(Region &region, onnx::GraphProto &graph, NodeWriter &node) {
  Block &block = region.front();
  SmallVector<std::string> anyNames(block.getTerminator()->getNumOperands());
  node.graphs().exportBlock(block, graph, anyNames);
}

LogicalResult exportIf(edge::IfOp op, NodeWriter &node) {
  onnx::NodeProto &proto = node.addFinal("If", {node.name(op.getCondition())});
  writeRegion(op.getThenRegion(), addGraph(proto, "then_branch"), node);
  writeRegion(op.getElseRegion(), addGraph(proto, "else_branch"), node);
  return success();
}

/// The largest number there is stands for no limit.
bool isUnlimited(Value tripCount) {
  std::optional<Tensor> known = NodeWriter::knownValue(tripCount);
  return known && known->asInt(0) == std::numeric_limits<int64_t>::max();
}

std::string tripCount(edge::LoopOp op, NodeWriter &node) {
  Value count = op.getTripCount();
  if (isUnlimited(count))
    return "";
  if (node.elementTypeOf(count).isInteger(64))
    return node.name(count);
  return node.add("Cast", {node.name(count)},
                  {{"to", int64_t{onnx::TensorProto::INT64}}});
}

/// ONNX's body takes the condition too, after the iteration number.
LogicalResult exportLoop(edge::LoopOp op, NodeWriter &node) {
  SmallVector<std::string> inputs{tripCount(op, node),
                                  node.name(op.getCondition())};
  for (Value value : op.getCarried())
    inputs.push_back(node.name(value));
  onnx::NodeProto &proto = node.addFinal("Loop", inputs);
  onnx::GraphProto &graph = addGraph(proto, "body");
  GraphExporter &graphs = node.graphs();
  std::string base = nameFromLocation(op);
  Block &block = op.getBody().front();
  for (BlockArgument argument : block.getArguments()) {
    bool isIteration = argument.getArgNumber() == 0;
    std::string name =
        graphs.uniqueName(base + (isIteration ? "/iteration" : "/carried"));
    if (failed(graphs.addInput(argument, name, graph)))
      return node.error("a carried value has no ONNX form");
    if (!isIteration)
      continue;
    onnx::ValueInfoProto &condition = *graph.add_input();
    condition.set_name(graphs.uniqueName(base + "/condition"));
    onnx::TypeProto::Tensor &type =
        *condition.mutable_type()->mutable_tensor_type();
    type.set_elem_type(onnx::TensorProto::BOOL);
    type.mutable_shape(); // A scalar.
  }
  writeRegion(op.getBody(), graph, node);
  return success();
}

} // namespace

void onnx_export::addControl(HandlerTable &table) {
  table.add(exportIf);
  table.add(exportLoop);
}
