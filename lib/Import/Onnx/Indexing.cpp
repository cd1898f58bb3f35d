//===- Indexing.cpp - Elements chosen by index --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include <algorithm>
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// 0, 1, 2, ... along one dimension of `shape`.
Value iota(NodeContext &node, ArrayRef<int64_t> shape, int64_t axis,
           Type element) {
  if (!isReasonableShape(shape, 8)) {
    (void)node.error("the result is too large");
    return {};
  }
  return node.createAs<edge::IotaOp>(RankedTensorType::get(shape, element),
                                     axis);
}

int64_t axisOf(NodeContext &node, int64_t byDefault) {
  return node.normalizedAxis(node.intAttribute("axis", byDefault),
                             node.rankOf(node.input(0)));
}

//===----------------------------------------------------------------------===//
// Gather and scatter
//===----------------------------------------------------------------------===//

LogicalResult importGatherElements(NodeContext &node) {
  return node.finish(node.create<edge::GatherElementsOp>(
      node.input(0), node.input(1), axisOf(node, 0)));
}

LogicalResult importGatherNd(NodeContext &node) {
  constexpr int batchesSince = 12;
  int64_t batchDims =
      node.opset() < batchesSince ? 0 : node.intAttribute("batch_dims", 0);
  return node.finish(
      node.create<edge::GatherNdOp>(node.input(0), node.input(1), batchDims));
}

/// How updates are combined with what is there.
std::optional<edge::ScatterKind> scatterKind(NodeContext &node) {
  constexpr int kindsSince = 16, extremesSince = 18;
  if (node.opset() < kindsSince)
    return edge::ScatterKind::assign;
  std::string reduction = node.stringAttribute("reduction", "none");
  if (reduction == "none")
    return edge::ScatterKind::assign;
  std::optional<edge::ScatterKind> kind = edge::symbolizeScatterKind(reduction);
  bool isExtreme =
      kind == edge::ScatterKind::max || kind == edge::ScatterKind::min;
  if (kind && *kind != edge::ScatterKind::assign &&
      (!isExtreme || node.opset() >= extremesSince))
    return kind;
  (void)node.error("reduction '" + reduction + "' is not known");
  return std::nullopt;
}

LogicalResult importScatterElements(NodeContext &node) {
  std::optional<edge::ScatterKind> kind = scatterKind(node);
  if (!kind)
    return failure();
  return node.finish(node.create<edge::ScatterElementsOp>(
      node.input(0), node.input(1), node.input(2), axisOf(node, 0), *kind));
}

LogicalResult importScatterNd(NodeContext &node) {
  std::optional<edge::ScatterKind> kind = scatterKind(node);
  if (!kind)
    return failure();
  return node.finish(node.create<edge::ScatterNdOp>(
      node.input(0), node.input(1), node.input(2), *kind));
}

//===----------------------------------------------------------------------===//
// Made of index tables
//===----------------------------------------------------------------------===//

/// The extent of the new dimension of OneHot.
std::optional<int64_t> oneHotDepth(NodeContext &node) {
  std::optional<Tensor> depth = node.constant(1);
  if (!depth)
    return std::nullopt;
  if (depth->size() != 1) {
    (void)node.error("the depth must be one number");
    return std::nullopt;
  }
  return isa<FloatType>(node.elementTypeOf(node.input(1)))
             ? static_cast<int64_t>(depth->asDouble(0))
             : depth->asInt(0);
}

/// The second value where the index along the new dimension is the input's, the
/// first elsewhere.
LogicalResult importOneHot(NodeContext &node) {
  int64_t rank = node.rankOf(node.input(0));
  int64_t axis = node.normalizedAxis(node.intAttribute("axis", -1), rank + 1);
  std::optional<int64_t> depth = oneHotDepth(node);
  Value values = node.input(2);
  if (node.shapeOf(values) != ArrayRef<int64_t>{2})
    return node.error("the values must be two numbers, off and on");
  if (!depth || node.hasFailed())
    return failure();
  if (*depth < 0)
    return node.error(fmt::format("the depth {} is negative", *depth));

  Type i64 = node.builder().getI64Type();
  SmallVector<int64_t> shape(node.shapeOf(node.input(0)));
  shape.insert(shape.begin() + axis, 1);
  Value indices = node.reshape(node.castTo(node.input(0), i64), shape);
  constexpr int negativeSince = 11;
  if (node.opset() >= negativeSince) {
    Value isNegative = node.create<edge::CompareOp>(
        indices, node.scalar(i64, 0), edge::ComparePredicate::lt);
    Value fromEnd = node.create<edge::AddOp>(
        indices, node.toScalar(node.intVector(*depth)));
    indices = node.create<edge::SelectOp>(isNegative, fromEnd, indices);
  }
  SmallVector<int64_t> along(rank + 1, 1);
  along[axis] = *depth;
  Value isOn = node.create<edge::CompareOp>(
      indices, iota(node, along, axis, i64), edge::ComparePredicate::eq);
  Value off = node.toScalar(node.slice(values, 0, 0, 1));
  Value on = node.toScalar(node.slice(values, 0, 1, 1));
  return node.finish(node.create<edge::SelectOp>(isOn, on, off));
}

/// Zero above or below a diagonal of the last two dimensions.
LogicalResult importTrilu(NodeContext &node) {
  Value input = node.input(0);
  ArrayRef<int64_t> shape = node.shapeOf(input);
  if (shape.size() < 2)
    return node.error("the input needs rank 2 or more");
  bool isUpper = node.flagAttribute("upper", true);
  Type i64 = node.builder().getI64Type();
  int64_t rows = shape[shape.size() - 2], columns = shape.back();
  Value row = iota(node, {rows, 1}, 0, i64);
  Value column = iota(node, {columns}, 0, i64);
  if (Value diagonal = node.input(1)) {
    std::optional<Tensor> known = node.knownValue(diagonal);
    // Beyond the matrix there is no diagonal, however far.
    if (known && known->size() == 1)
      diagonal =
          node.scalar(i64, std::clamp(known->asInt(0), -rows - 1, columns + 1));
    else
      diagonal = node.toScalar(node.castTo(diagonal, i64));
    row = node.create<edge::AddOp>(row, diagonal);
  }
  Value stays = node.create<edge::CompareOp>(
      column, row,
      isUpper ? edge::ComparePredicate::ge : edge::ComparePredicate::le);
  return node.finish(node.create<edge::SelectOp>(
      stays, input, node.scalar(node.elementTypeOf(input), 0)));
}

/// The first elements of each sequence in reverse order: gathers by a table
/// [time, batch] or [batch, time].
LogicalResult importReverseSequence(NodeContext &node) {
  Value input = node.input(0);
  ArrayRef<int64_t> shape = node.shapeOf(input);
  int64_t timeAxis = node.intAttribute("time_axis", 0);
  int64_t batchAxis = node.intAttribute("batch_axis", 1);
  bool areFirst =
      (timeAxis == 0 && batchAxis == 1) || (timeAxis == 1 && batchAxis == 0);
  if (shape.size() < 2 || !areFirst)
    return node.error("the time and batch axes must be the first two, one "
                      "each");
  Type i64 = node.builder().getI64Type();
  int64_t batches = shape[batchAxis];
  if (node.shapeOf(node.input(1)) != ArrayRef<int64_t>{batches})
    return node.error(fmt::format("there must be {} lengths, one for each "
                                  "sequence",
                                  batches));
  SmallVector<int64_t> table{shape[0], shape[1]};
  SmallVector<int64_t> perBatch{1, 1};
  perBatch[batchAxis] = batches;
  Value lengths = node.reshape(node.castTo(node.input(1), i64), perBatch);
  Value time = iota(node, table, timeAxis, i64);
  Value isReversed =
      node.create<edge::CompareOp>(time, lengths, edge::ComparePredicate::lt);
  Value last = node.create<edge::SubOp>(lengths, node.scalar(i64, 1));
  Value from = node.create<edge::SelectOp>(
      isReversed, node.create<edge::SubOp>(last, time), time);
  SmallVector<int64_t> tuples(table);
  tuples.push_back(1);
  SmallVector<Value> entries(2);
  entries[timeAxis] = node.reshape(from, tuples);
  entries[batchAxis] = iota(node, tuples, batchAxis, i64);
  return node.finish(node.create<edge::GatherNdOp>(
      input, node.create<edge::ConcatOp>(entries, 2), 0));
}

//===----------------------------------------------------------------------===//
// Along an axis
//===----------------------------------------------------------------------===//

LogicalResult topK(NodeContext &node, int64_t k, bool largest) {
  SmallVector<Value> results = node.createAll<edge::TopKOp, 2>(
      node.input(0), k, axisOf(node, -1), largest);
  node.setOutput(1, results[1]);
  return node.finish(results[0]);
}

LogicalResult importTopKAttribute(NodeContext &node) {
  return topK(node, node.requiredIntAttribute("k"), /*largest=*/true);
}

/// A number of elements that the run decides: as many as there may be, of which
/// the first ones count.
LogicalResult topRuntimeK(NodeContext &node, bool largest) {
  int64_t axis = axisOf(node, -1);
  if (node.hasFailed())
    return failure();
  int64_t extent = node.shapeOf(node.input(0))[axis];
  int64_t bound = std::min(extent, node.maxElements().value_or(extent));
  Type i64 = node.builder().getI64Type();
  Value count = node.toScalar(node.castTo(node.input(1), i64));
  count = node.create<edge::ClampOp>(count, APFloat(0.0),
                                     APFloat(static_cast<double>(bound)));
  SmallVector<Value> results =
      node.createAll<edge::TopKOp, 2>(node.input(0), bound, axis, largest);
  for (Value &result : results)
    result = node.cutAt(result, count, axis);
  return node.setCounted({{0, results[0], axis}, {1, results[1], axis}}, count);
}

/// Sorted results are as good as any where none are asked for.
LogicalResult importTopKInput(NodeContext &node) {
  node.ignoreAttributes({"sorted"});
  bool largest = node.flagAttribute("largest", true);
  std::optional<Tensor> k = node.knownValue(node.input(1));
  if (node.shapeOf(node.input(1)).size() > 1 ||
      ShapedType::getNumElements(node.shapeOf(node.input(1))) != 1)
    return node.error("k must be one number");
  return k ? topK(node, k->asInt(0), largest) : topRuntimeK(node, largest);
}

LogicalResult importCumSum(NodeContext &node) {
  std::optional<SmallVector<int64_t>> axis = node.constantInts(1);
  if (!axis)
    return failure();
  if (axis->size() != 1)
    return node.error("the axis must be one number");
  int64_t normalized =
      node.normalizedAxis(axis->front(), node.rankOf(node.input(0)));
  bool exclusive = node.flagAttribute("exclusive", false);
  bool reverse = node.flagAttribute("reverse", false);
  return node.finish(node.create<edge::CumulativeSumOp>(
      node.input(0), normalized, exclusive, reverse));
}

} // namespace

void edgec::onnx_import::addIndexing(OperatorTable &table) {
  constexpr InputCount one{1, 1}, two{2, 2}, three{3, 3}, oneOrTwo{1, 2};
  table.add({
      {"CumSum", 11, newestOpset, two, {numbers, indices}, importCumSum},
      {"GatherElements",
       11,
       newestOpset,
       two,
       {anyElement, indices},
       importGatherElements},
      {"GatherND", 11, newestOpset, two, {anyElement, int64}, importGatherNd},
      {"OneHot",
       9,
       newestOpset,
       three,
       {numbers, numbers, anyElement},
       importOneHot},
      {"ReverseSequence",
       10,
       newestOpset,
       two,
       {anyElement, indices},
       importReverseSequence},
      {"Scatter",
       9,
       10,
       three,
       {anyElement, indices, like(0)},
       importScatterElements},
      {"ScatterElements",
       11,
       newestOpset,
       three,
       {anyElement, indices, like(0)},
       importScatterElements},
      {"ScatterND",
       11,
       newestOpset,
       three,
       {anyElement, int64, like(0)},
       importScatterNd},
      {"TopK", 1, 9, one, {numbers, int64}, importTopKAttribute},
      {"TopK",
       10,
       newestOpset,
       two,
       {numbers, int64},
       importTopKInput,
       onnxDomain,
       "k may be one of the run"},
      {"Trilu", 14, newestOpset, oneOrTwo, {anyElement, int64}, importTrilu},
  });
}
