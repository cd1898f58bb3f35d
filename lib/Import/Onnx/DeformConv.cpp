//===- DeformConv.cpp - Convolution at run-time positions ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The elements under each tap are sampled at a grid of the taps' own places
// plus the offsets; a product with the filters sums them.
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include "Windows.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

class DeformableConv {
public:
  explicit DeformableConv(NodeContext &node) : node(node) {}

  LogicalResult import();

private:
  LogicalResult readShapes();
  Value coordinates(int64_t axis);
  Value sampled();

  NodeContext &node;
  Windows windows;
  int64_t groups = 1, offsetGroups = 1;
  int64_t batch = 0, channels = 0, filters = 0, taps = 0, points = 0;
  int64_t output[2] = {0, 0};
};

LogicalResult DeformableConv::readShapes() {
  Value input = node.input(0), filter = node.input(1);
  if (node.rankOf(input) != 4 || node.rankOf(filter) != 4)
    return node.error("only images, of rank 4, are supported");
  ArrayRef<int64_t> shape = node.shapeOf(input), weights = node.shapeOf(filter);
  SmallVector<int64_t> kernel(weights.drop_front(2));
  if (node.intsAttribute("kernel_shape").value_or(kernel) != kernel)
    return node.error(
        "attribute 'kernel_shape' differs from the filter's shape");
  std::optional<Windows> read = readWindows(node, kernel, /*roundsUp=*/false);
  if (!read)
    return failure();
  windows = *read;
  groups = node.intAttribute("group", 1);
  offsetGroups = node.intAttribute("offset_group", 1);
  batch = shape[0];
  channels = shape[1];
  filters = weights[0];
  taps = kernel[0] * kernel[1];
  if (groups < 1 || offsetGroups < 1 || channels % groups != 0 ||
      channels % offsetGroups != 0 || filters % groups != 0 ||
      weights[1] != channels / groups)
    return node.error("group and offset_group do not divide the channels as "
                      "the filter does");
  for (int64_t i = 0; i < 2; ++i) {
    int64_t extent = windows.dilations[i] * (kernel[i] - 1) + 1;
    output[i] =
        (shape[i + 2] + windows.pads[i] + windows.pads[i + 2] - extent) /
            windows.strides[i] +
        1;
  }
  points = output[0] * output[1];
  auto checkInput = [&](unsigned index, int64_t parts) -> LogicalResult {
    SmallVector<int64_t> expected{batch, offsetGroups * taps * parts, output[0],
                                  output[1]};
    if (!node.input(index) ||
        node.shapeOf(node.input(index)) == ArrayRef<int64_t>(expected))
      return success();
    return node.error(fmt::format(
        "input {} must have the shape {}", index,
        formatShape(std::vector<int64_t>(expected.begin(), expected.end()))));
  };
  return success(succeeded(checkInput(2, 2)) && succeeded(checkInput(4, 1)));
}

/// Positions along axis 0 (y) or 1 (x) of all taps at all points, from -1 to 1:
/// [batch * offset groups, taps, points, 1].
Value DeformableConv::coordinates(int64_t axis) {
  Type element = node.elementTypeOf(node.input(2));
  auto placeOf = [&](int64_t tap, int64_t point) {
    int64_t tapIndex =
        axis == 0 ? tap / windows.kernel[1] : tap % windows.kernel[1];
    int64_t index = axis == 0 ? point / output[1] : point % output[1];
    return static_cast<float>(index * windows.strides[axis] -
                              windows.pads[axis] +
                              tapIndex * windows.dilations[axis]);
  };
  Value places = node.madeConstant(
      ElementType::F32, {taps, points, 1}, [&](Tensor &places) {
        for (int64_t i = 0; i < places.size(); ++i)
          places.mutableData<float>()[i] = placeOf(i / points, i % points);
      });
  Value offsets =
      node.reshape(node.input(2), {batch * offsetGroups, taps, 2, points});
  offsets = node.reshape(node.slice(offsets, 2, axis, 1),
                         {batch * offsetGroups, taps, points, 1});
  Value at = node.create<edge::AddOp>(offsets, node.castTo(places, element));
  // Element i of n has its centre at (2 i + 1) / n - 1.
  auto extent = static_cast<double>(node.shapeOf(node.input(0))[axis + 2]);
  Value scaled = node.create<edge::MulOp>(at, node.scalar(element, 2 / extent));
  return node.create<edge::AddOp>(scaled, node.scalar(element, 1 / extent - 1));
}

/// The elements under the taps: [batch, groups, channels * taps, points].
Value DeformableConv::sampled() {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  Value input = node.reshape(
      node.input(0),
      {batch * offsetGroups, channels / offsetGroups, shape[2], shape[3]});
  SmallVector<Value> parts{coordinates(1), coordinates(0)};
  if (node.hasFailed())
    return {};
  Value grid = node.create<edge::ConcatOp>(parts, 3);
  Value value = node.create<edge::GridSampleOp>(
      input, grid, edge::ResizeMode::linear, edge::GridPadding::zeros,
      /*align_corners=*/false);
  if (node.input(4))
    value = node.create<edge::MulOp>(
        value,
        node.reshape(node.input(4), {batch * offsetGroups, 1, taps, points}));
  return node.reshape(value, {batch, groups, channels / groups * taps, points});
}

LogicalResult DeformableConv::import() {
  if (failed(readShapes()))
    return failure();
  Value matrix = node.reshape(
      node.input(1), {groups, filters / groups, channels / groups * taps});
  Value result = node.create<edge::MatMulOp>(matrix, sampled(),
                                             /*transpose_lhs=*/false,
                                             /*transpose_rhs=*/false);
  result = node.reshape(result, {batch, filters, output[0], output[1]});
  if (Value bias = node.input(3))
    result =
        node.create<edge::AddOp>(result, node.reshape(bias, {filters, 1, 1}));
  return node.finish(result);
}

LogicalResult importDeformConv(NodeContext &node) {
  return DeformableConv(node).import();
}

} // namespace

void edgec::onnx_import::addDeformConv(OperatorTable &table) {
  table.add(
      {{"DeformConv", 19, newestOpset, {3, 5}, floats, importDeformConv}});
}
