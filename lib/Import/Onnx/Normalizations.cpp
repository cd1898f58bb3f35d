//===- Normalizations.cpp - Normalisations ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
using llvm::APFloat;

namespace {

/// Inference mode whatever `is_test` says: exporters of the old opsets left it
/// at its default. Outputs for training are refused where they are read.
LogicalResult importBatchNorm(NodeContext &node) {
  node.ignoreAttributes({"momentum", "is_test", "consumed_inputs"});
  Value input = node.input(0);
  double epsilon = node.floatAttribute("epsilon", 1e-5f);
  if (!node.flagAttribute("spatial", true) && node.rankOf(input) > 2)
    return node.error("spatial = 0 is not supported");
  if (node.flagAttribute("training_mode", false))
    return node.error("training_mode = 1 is not supported; export the model "
                      "for inference");
  Type element = node.elementTypeOf(input);
  SmallVector<Value, 4> statistics;
  for (unsigned i = 1; i <= 4; ++i)
    statistics.push_back(node.castTo(node.input(i), element));
  return node.finish(node.create<edge::BatchNormOp>(
      input, statistics[0], statistics[1], statistics[2], statistics[3],
      APFloat(epsilon)));
}

/// value * scale + bias, one a channel (dimension 1).
Value scaleChannels(NodeContext &node, Value value, Value scale, Value bias) {
  if (node.hasFailed())
    return {};
  if (node.rankOf(scale) != 1 || scale.getType() != bias.getType()) {
    (void)node.error("scale and bias must be vectors of the same length");
    return {};
  }
  SmallVector<int64_t> shape(node.rankOf(value) - 1, 1);
  shape[0] = node.shapeOf(scale)[0];
  Value result = node.create<edge::MulOp>(value, node.reshape(scale, shape));
  result = node.create<edge::AddOp>(result, node.reshape(bias, shape));
  if (!node.hasFailed() && result.getType() != value.getType())
    (void)node.error("scale and bias do not fit the channels");
  return result;
}

/// Normalises [N, groups, the rest] over the last dimension.
Value normalizeGroups(NodeContext &node, Value value, int64_t groups,
                      double epsilon) {
  ArrayRef<int64_t> shape = node.shapeOf(value);
  int64_t rest = std::accumulate(shape.begin() + 1, shape.end(), int64_t{1},
                                 std::multiplies<>()) /
                 groups;
  Value one = node.reshape(node.scalar(node.elementTypeOf(value), 1.0), {1});
  Value grouped = node.reshape(value, {shape[0], groups, rest});
  return node.create<edge::LayerNormOp>(grouped, one, Value(), /*axis=*/2,
                                        APFloat(epsilon));
}

/// Whether the run decides how many elements there are along one of the
/// dimensions from `first` on.
bool isDecidedFrom(NodeContext &node, Value value, int64_t first) {
  ArrayRef<Value> extents = node.runtimeExtents(value);
  return llvm::any_of(
      extents.drop_front(std::min<size_t>(first, extents.size())),
      [](Value extent) { return bool(extent); });
}

SmallVector<int64_t> dimensionsFrom(NodeContext &node, Value value,
                                    int64_t first) {
  SmallVector<int64_t> dims(node.rankOf(value) - first);
  std::iota(dims.begin(), dims.end(), first);
  return dims;
}

/// (x - mean) / sqrt(variance + epsilon) over the dimensions from `first` on.
/// Means keep out what lies beyond an extent that the run decides.
Value normalizedByParts(NodeContext &node, Value value, int64_t first,
                        double epsilon) {
  SmallVector<int64_t> axes = dimensionsFrom(node, value, first);
  auto mean = [&](Value of) {
    return node.create<edge::ReduceOp>(of, edge::ReduceKind::mean, axes, true);
  };
  Value difference = node.create<edge::SubOp>(value, mean(value));
  Value variance = mean(node.create<edge::MulOp>(difference, difference));
  if (node.hasFailed())
    return {};
  Value stable = node.create<edge::AddOp>(
      variance, node.scalar(node.elementTypeOf(value), epsilon));
  return node.create<edge::DivOp>(difference,
                                  node.create<edge::SqrtOp>(stable));
}

LogicalResult importInstanceNorm(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  Value input = node.input(0);
  double epsilon = node.floatAttribute("epsilon", 1e-5f);
  if (node.rankOf(input) < 3 || node.shapeOf(input)[1] < 1)
    return node.error("the input needs rank 3 or more and channels");
  if (isDecidedFrom(node, input, 2))
    return node.finish(scaleChannels(node,
                                     normalizedByParts(node, input, 2, epsilon),
                                     node.input(1), node.input(2)));
  Value normalized =
      normalizeGroups(node, input, node.shapeOf(input)[1], epsilon);
  normalized = node.reshape(normalized, node.shapeOf(input));
  return node.finish(
      scaleChannels(node, normalized, node.input(1), node.input(2)));
}

/// Scale and bias are one a group in the first version, one a channel later.
LogicalResult importGroupNorm(NodeContext &node) {
  node.ignoreAttributes({"stash_type"});
  Value input = node.input(0);
  double epsilon = node.floatAttribute("epsilon", 1e-5f);
  int64_t groups = node.requiredIntAttribute("num_groups");
  if (node.rankOf(input) < 2 || groups < 1 ||
      node.shapeOf(input)[1] % groups != 0)
    return node.error("num_groups does not divide the channels");
  Value normalized = normalizeGroups(node, input, groups, epsilon);
  ArrayRef<int64_t> shape = node.shapeOf(input);
  constexpr int channelScaleSince = 21;
  if (node.opset() < channelScaleSince)
    return node.finish(node.reshape(
        scaleChannels(node, normalized, node.input(1), node.input(2)), shape));
  return node.finish(scaleChannels(node, node.reshape(normalized, shape),
                                   node.input(1), node.input(2)));
}

/// Outputs 1 and 2 of LayerNormalization: mean and 1 / standard deviation.
void setStatistics(NodeContext &node, Value input, int64_t axis,
                   double epsilon) {
  if (!node.isUsed(1) && !node.isUsed(2))
    return;
  SmallVector<int64_t> axes = dimensionsFrom(node, input, axis);
  auto mean = [&](Value value) {
    return node.create<edge::ReduceOp>(value, edge::ReduceKind::mean, axes,
                                       true);
  };
  Value average = mean(input);
  Value difference = node.create<edge::SubOp>(input, average);
  Value variance = mean(node.create<edge::MulOp>(difference, difference));
  Value stable = node.create<edge::AddOp>(
      variance, node.scalar(node.elementTypeOf(input), epsilon));
  node.setOutput(1, average);
  node.setOutput(
      2, node.create<edge::ReciprocalOp>(node.create<edge::SqrtOp>(stable)));
}

Value layerNormByParts(NodeContext &node, Value input, int64_t axis,
                       double epsilon) {
  Value result = node.create<edge::MulOp>(
      normalizedByParts(node, input, axis, epsilon), node.input(1));
  if (node.input(2))
    result = node.create<edge::AddOp>(result, node.input(2));
  if (!node.hasFailed() && result.getType() != input.getType())
    (void)node.error("scale and bias do not fit the normalised dimensions");
  return result;
}

LogicalResult importLayerNorm(NodeContext &node) {
  node.ignoreAttributes({"stash_type"});
  Value input = node.input(0);
  int64_t axis =
      node.normalizedAxis(node.intAttribute("axis", -1), node.rankOf(input));
  double epsilon = node.floatAttribute("epsilon", 1e-5f);
  if (node.hasFailed())
    return failure();
  Value result =
      isDecidedFrom(node, input, axis)
          ? layerNormByParts(node, input, axis, epsilon)
          : node.create<edge::LayerNormOp>(input, node.input(1), node.input(2),
                                           axis, APFloat(epsilon));
  setStatistics(node, input, axis, epsilon);
  return node.finish(result);
}

/// x / sqrt(mean(x^2) + epsilon) * scale.
LogicalResult importRmsNorm(NodeContext &node) {
  node.ignoreAttributes({"stash_type"});
  Value input = node.input(0);
  int64_t axis =
      node.normalizedAxis(node.intAttribute("axis", -1), node.rankOf(input));
  double epsilon = node.floatAttribute("epsilon", 1e-5f);
  SmallVector<int64_t> axes = dimensionsFrom(node, input, axis);
  Value squares = node.create<edge::MulOp>(input, input);
  Value mean =
      node.create<edge::ReduceOp>(squares, edge::ReduceKind::mean, axes, true);
  Value stable = node.create<edge::AddOp>(
      mean, node.scalar(node.elementTypeOf(input), epsilon));
  Value normalized =
      node.create<edge::DivOp>(input, node.create<edge::SqrtOp>(stable));
  return node.finish(node.create<edge::MulOp>(normalized, node.input(1)));
}

LogicalResult importLrn(NodeContext &node) {
  return node.finish(
      node.create<edge::LrnOp>(node.input(0), node.requiredIntAttribute("size"),
                               APFloat(node.floatAttribute("alpha", 1e-4f)),
                               APFloat(node.floatAttribute("beta", 0.75f)),
                               APFloat(node.floatAttribute("bias", 1.0f))));
}

/// x divided by its norm along an axis.
LogicalResult importLpNorm(NodeContext &node) {
  Value input = node.input(0);
  int64_t axis =
      node.normalizedAxis(node.intAttribute("axis", -1), node.rankOf(input));
  int64_t p = node.intAttribute("p", 2);
  if (p != 1 && p != 2)
    return node.error("p must be 1 or 2");
  Value norm = node.create<edge::ReduceOp>(
      input, p == 1 ? edge::ReduceKind::l1 : edge::ReduceKind::l2,
      ArrayRef<int64_t>(axis), true);
  return node.finish(node.create<edge::DivOp>(input, norm));
}

/// (x - mean) / (sqrt(mean(x^2) - mean^2) + 1e-9): the standard's own formula.
LogicalResult importMeanVarianceNorm(NodeContext &node) {
  Value input = node.input(0);
  SmallVector<int64_t> axes = node.normalizedAxes(
      node.intsAttribute("axes").value_or(SmallVector<int64_t>{0, 2, 3}),
      node.rankOf(input));
  auto mean = [&](Value value) {
    return node.create<edge::ReduceOp>(value, edge::ReduceKind::mean, axes,
                                       true);
  };
  constexpr double epsilon = 1e-9;
  Value average = mean(input);
  Value variance =
      node.create<edge::SubOp>(mean(node.create<edge::MulOp>(input, input)),
                               node.create<edge::MulOp>(average, average));
  Value deviation =
      node.create<edge::AddOp>(node.create<edge::SqrtOp>(variance),
                               node.scalar(node.elementTypeOf(input), epsilon));
  return node.finish(node.create<edge::DivOp>(
      node.create<edge::SubOp>(input, average), deviation));
}

} // namespace

void edgec::onnx_import::addNormalizations(OperatorTable &table) {
  table.add({
      {"BatchNormalization", 1, newestOpset, {5, 5}, floats, importBatchNorm},
      {"GroupNormalization", 18, newestOpset, {3, 3}, floats, importGroupNorm},
      {"InstanceNormalization",
       1,
       newestOpset,
       {3, 3},
       floats,
       importInstanceNorm},
      {"LayerNormalization", 17, newestOpset, {2, 3}, floats, importLayerNorm},
      {"LpNormalization", 1, newestOpset, {1, 1}, floats, importLpNorm},
      {"LRN", 1, newestOpset, {1, 1}, floats, importLrn},
      {"MeanVarianceNormalization",
       9,
       newestOpset,
       {1, 1},
       floats,
       importMeanVarianceNorm},
      {"RMSNormalization", 23, newestOpset, {2, 2}, floats, importRmsNorm},
  });
}
