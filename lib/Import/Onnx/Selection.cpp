//===- Selection.cpp - Results as large as the data say -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include <limits>
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// All elements as a vector.
Value flattened(NodeContext &node, Value value) {
  return node.reshape(value, ShapedType::getNumElements(node.shapeOf(value)));
}

/// The position of a scalar's element has no coordinates.
LogicalResult importNonZero(NodeContext &node) {
  Value input = node.input(0);
  bool isScalar = node.rankOf(input) == 0;
  SmallVector<Value> results = node.createAll<edge::NonZeroOp, 2>(
      isScalar ? node.reshape(input, 1) : input);
  if (isScalar)
    results[0] = node.slice(results[0], 0, 0, 0);
  return node.setCounted({{0, results[0], 1}}, results[1]);
}

/// A condition that is known is a list of indices; null where it is not known.
Value knownIndices(NodeContext &node, Value condition) {
  std::optional<Tensor> known = node.knownValue(condition);
  if (!known)
    return {};
  SmallVector<int64_t> indices;
  for (int64_t i = 0; i < known->size(); ++i)
    if (known->asInt(i) != 0)
      indices.push_back(i);
  return node.intVector(indices);
}

/// Without an axis, the input is taken as a vector.
std::pair<Value, int64_t> inputAlongAxis(NodeContext &node) {
  Value input = node.input(0);
  if (!node.hasAttribute("axis"))
    return {flattened(node, input), 0};
  return {input, node.normalizedAxis(node.intAttribute("axis", 0),
                                     node.rankOf(input))};
}

LogicalResult importCompress(NodeContext &node) {
  auto [input, axis] = inputAlongAxis(node);
  if (Value indices = knownIndices(node, node.input(1)))
    return node.finish(node.create<edge::GatherOp>(input, indices, axis));
  SmallVector<Value> results =
      node.createAll<edge::CompressOp, 2>(input, node.input(1), axis);
  return node.setCounted({{0, results[0], axis}}, results[1]);
}

/// Brings `axis` to the front, or back from there.
Value withAxisInFront(NodeContext &node, Value value, int64_t axis,
                      bool isBack) {
  if (node.hasFailed())
    return value;
  SmallVector<int64_t> permutation(node.rankOf(value));
  std::iota(permutation.begin(), permutation.end(), 0);
  auto first = permutation.begin(), there = first + axis;
  if (isBack)
    std::rotate(first, first + 1, there + 1);
  else
    std::rotate(first, there, there + 1);
  return node.transpose(value, permutation);
}

/// The dialect compares slices along the first dimension, and numbers.
LogicalResult importUnique(NodeContext &node) {
  auto [input, axis] = inputAlongAxis(node);
  bool sorted = node.flagAttribute("sorted", true);
  Type element = node.elementTypeOf(input);
  bool isBool = element.isInteger(1);
  if (isBool)
    input = node.castTo(
        input, IntegerType::get(node.context(), 8, IntegerType::Unsigned));
  input = withAxisInFront(node, input, axis, /*isBack=*/false);
  SmallVector<Value> results = node.createAll<edge::UniqueOp, 5>(input, sorted);
  Value values = withAxisInFront(node, results[0], axis, /*isBack=*/true);
  if (isBool)
    values = node.castTo(values, element);
  if (node.hasFailed())
    return failure();
  node.setOutput(2, results[2]);
  return node.setCounted(
      {{0, values, axis}, {1, results[1], 0}, {3, results[3], 0}}, results[4]);
}

//===----------------------------------------------------------------------===//
// Boxes
//===----------------------------------------------------------------------===//

/// Input `index` as a scalar of `element`.
Value scalarInput(NodeContext &node, unsigned index, Type element,
                  double byDefault) {
  if (!node.input(index))
    return node.scalar(element, byDefault);
  return node.toScalar(node.castTo(node.input(index), element));
}

LogicalResult importNonMaxSuppression(NodeContext &node) {
  Value scores = node.input(1);
  if (node.rankOf(scores) != 3)
    return node.error("the scores need rank 3");
  OpBuilder &builder = node.builder();
  Value most = scalarInput(node, 2, builder.getI64Type(), 0);
  if (node.hasFailed())
    return failure();
  int64_t bound = node.shapeOf(scores)[2];
  if (std::optional<Tensor> known = node.knownValue(most))
    bound = std::clamp<int64_t>(known->asInt(0), 0, bound);
  Type f32 = builder.getF32Type();
  Value iou = scalarInput(node, 3, f32, 0);
  // Where none is given, every score is good enough.
  Value threshold =
      scalarInput(node, 4, f32, -std::numeric_limits<double>::infinity());
  bool isCentered = node.flagAttribute("center_point_box", false);
  SmallVector<Value> results = node.createAll<edge::NonMaxSuppressionOp, 2>(
      node.input(0), scores, most, iou, threshold, bound, isCentered);
  if (node.hasFailed())
    return failure();
  if (bound == 0) // Whatever the data are.
    return node.finish(node.constant(Tensor(ElementType::I64, {0, 3})));
  return node.setCounted({{0, results[0], 0}}, results[1]);
}

} // namespace

void edgec::onnx_import::addSelection(OperatorTable &table) {
  table.add({
      {"Compress",
       9,
       newestOpset,
       {2, 2},
       {anyElement, boolean},
       importCompress,
       onnxDomain,
       "the run decides the size of the result"},
      {"NonMaxSuppression",
       10,
       newestOpset,
       {2, 5},
       {float32, float32, int64, float32},
       importNonMaxSuppression,
       onnxDomain,
       "the run decides the size of the result"},
      {"NonZero",
       9,
       newestOpset,
       {1, 1},
       anyElement,
       importNonZero,
       onnxDomain,
       "the run decides the size of the result"},
      {"Unique",
       11,
       newestOpset,
       {1, 1},
       anyElement,
       importUnique,
       onnxDomain,
       "the run decides the size of the result"},
  });
}
