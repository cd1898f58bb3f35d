//===- Indexing.cpp - Elements chosen by run-time values ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"
#include "edgec/Reference/Interpreter.h"
#include "edgec/Support/TensorFile.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

int64_t onnxTypeOf(Type element) {
  return onnxElementType(*toElementType(element));
}

/// A range along the axis, repeated along the others.
LogicalResult exportIota(edge::IotaOp op, NodeWriter &node) {
  ArrayRef<int64_t> shape = node.shapeOf(op.getResult());
  Type element = node.elementTypeOf(op.getResult());
  Type i64 = IntegerType::get(op.getContext(), 64);
  SmallVector<int64_t> along(shape.size(), 1);
  along[op.getAxis()] = shape[op.getAxis()];
  std::string range =
      node.add("Range", {node.scalar("start", i64, 0),
                         node.scalar("limit", i64, shape[op.getAxis()]),
                         node.scalar("delta", i64, 1)});
  std::string placed =
      node.add("Reshape", {range, node.intVector("along", along)});
  std::string repeated =
      node.add("Expand", {placed, node.intVector("shape", shape)});
  return node.finish("Cast", {repeated}, {{"to", onnxTypeOf(element)}});
}

LogicalResult exportGatherElements(edge::GatherElementsOp op,
                                   NodeWriter &node) {
  return node.finish("GatherElements", node.operands(),
                     {{"axis", static_cast<int64_t>(op.getAxis())}});
}

LogicalResult exportGatherNd(edge::GatherNdOp op, NodeWriter &node) {
  // ONNX takes indices of 64 bits only.
  std::string indices = node.add("Cast", {node.name(op.getIndices())},
                                 {{"to", int64_t{onnx::TensorProto::INT64}}});
  return node.finish("GatherND", {node.name(op.getInput()), indices},
                     {{"batch_dims", static_cast<int64_t>(op.getBatchDims())}});
}

LogicalResult exportScatterElements(edge::ScatterElementsOp op,
                                    NodeWriter &node) {
  SmallVector<NodeAttribute> attributes{
      {"axis", static_cast<int64_t>(op.getAxis())}};
  if (op.getKind() != edge::ScatterKind::assign)
    attributes.push_back(
        {"reduction", edge::stringifyScatterKind(op.getKind())});
  return node.finish("ScatterElements", node.operands(), attributes);
}

LogicalResult exportScatterNd(edge::ScatterNdOp op, NodeWriter &node) {
  SmallVector<NodeAttribute> attributes;
  if (op.getKind() != edge::ScatterKind::assign)
    attributes.push_back(
        {"reduction", edge::stringifyScatterKind(op.getKind())});
  std::string indices = node.add("Cast", {node.name(op.getIndices())},
                                 {{"to", int64_t{onnx::TensorProto::INT64}}});
  return node.finish(
      "ScatterND",
      {node.name(op.getInput()), indices, node.name(op.getUpdates())},
      attributes);
}

template <typename OpTy> int64_t scatterOpset(OpTy op) {
  constexpr int64_t kindsSince = 16, extremesSince = 18;
  switch (op.getKind()) {
  case edge::ScatterKind::assign:
    return 0;
  case edge::ScatterKind::add:
  case edge::ScatterKind::mul:
    return kindsSince;
  case edge::ScatterKind::max:
  case edge::ScatterKind::min:
    return extremesSince;
  }
  llvm_unreachable("unknown kind of scattering");
}

LogicalResult exportTopK(edge::TopKOp op, NodeWriter &node) {
  node.addFinal("TopK",
                {node.name(op.getInput()),
                 node.intVector("k", {static_cast<int64_t>(op.getK())})},
                {{"axis", static_cast<int64_t>(op.getAxis())},
                 {"largest", op.getLargest()}});
  return success();
}

/// ONNX sums integers of 32 and 64 bits; the sums of others wrap in those.
LogicalResult exportCumulativeSum(edge::CumulativeSumOp op, NodeWriter &node) {
  Type element = node.elementTypeOf(op.getInput());
  std::string input = node.name(op.getInput());
  std::string axis =
      node.scalar("axis", IntegerType::get(op.getContext(), 64), op.getAxis());
  SmallVector<NodeAttribute> attributes{{"exclusive", op.getExclusive()},
                                        {"reverse", op.getReverse()}};
  if (isa<FloatType>(element) || element.getIntOrFloatBitWidth() >= 32)
    return node.finish("CumSum", {input, axis}, attributes);
  std::string wide =
      node.add("Cast", {input}, {{"to", int64_t{onnx::TensorProto::INT64}}});
  std::string sums = node.add("CumSum", {wide, axis}, attributes);
  return node.finish("Cast", {sums}, {{"to", onnxTypeOf(element)}});
}

//===----------------------------------------------------------------------===//
// Results as large as the data say: in ONNX they have their true shape
//===----------------------------------------------------------------------===//

/// The last result is the extent of the node's first one along `dim`.
LogicalResult finishCounted(Operation *op, NodeWriter &node, StringRef opType,
                            ArrayRef<std::string> inputs, int64_t dim,
                            ArrayRef<NodeAttribute> attributes = {}) {
  onnx::NodeProto &made =
      node.addPartial(op->getResults().drop_back(), opType, inputs, attributes);
  std::string shape = node.add("Shape", {made.output(0)});
  Type i64 = IntegerType::get(op->getContext(), 64);
  node.addPartial(op->getResults().take_back(), "Gather",
                  {shape, node.scalar("dim", i64, dim)});
  return success();
}

LogicalResult exportNonZero(edge::NonZeroOp op, NodeWriter &node) {
  return finishCounted(op, node, "NonZero", node.operands(), 1);
}

LogicalResult exportCompress(edge::CompressOp op, NodeWriter &node) {
  int64_t axis = op.getAxis();
  return finishCounted(op, node, "Compress", node.operands(), axis,
                       {{"axis", axis}});
}

LogicalResult exportUnique(edge::UniqueOp op, NodeWriter &node) {
  return finishCounted(op, node, "Unique", node.operands(), 0,
                       {{"axis", int64_t{0}}, {"sorted", op.getSorted()}});
}

LogicalResult exportNonMaxSuppression(edge::NonMaxSuppressionOp op,
                                      NodeWriter &node) {
  if (!node.elementTypeOf(op.getBoxes()).isF32())
    return node.error("ONNX has boxes of 32-bit floats only");
  Type i64 = IntegerType::get(op.getContext(), 64);
  std::string most =
      node.add("Min", {node.name(op.getMaxBoxes()),
                       node.scalar("bound", i64, op.getBound())});
  auto vector = [&](std::string scalar) {
    return node.add("Reshape", {scalar, node.intVector("one", {1})});
  };
  return finishCounted(op, node, "NonMaxSuppression",
                       {node.name(op.getBoxes()), node.name(op.getScores()),
                        vector(most), vector(node.name(op.getIouThreshold())),
                        vector(node.name(op.getScoreThreshold()))},
                       0, {{"center_point_box", op.getCenterPointBox()}});
}

} // namespace

void onnx_export::addIndexing(HandlerTable &table) {
  table.add(exportCompress);
  table.add(exportCumulativeSum);
  table.add(exportGatherElements);
  table.add(exportGatherNd);
  table.add(exportIota);
  table.add(exportNonMaxSuppression);
  table.add(exportNonZero);
  table.add(exportScatterElements, scatterOpset<edge::ScatterElementsOp>);
  table.add(exportScatterNd, scatterOpset<edge::ScatterNdOp>);
  table.add(exportTopK);
  table.add(exportUnique);
}
