//===- Pooling.cpp - Pooling --------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include "Windows.h"
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

LogicalResult importMaxPool(NodeContext &node) {
  bool isColumnMajor = node.flagAttribute("storage_order", false);
  std::optional<Windows> windows = poolWindows(node);
  if (!windows)
    return failure();
  if (node.isUsed(1)) {
    SmallVector<Value> results = node.createAll<edge::MaxPoolWithIndicesOp, 2>(
        node.input(0), windows->kernel, windows->strides, windows->dilations,
        windows->pads, isColumnMajor);
    if (node.hasFailed())
      return failure();
    node.setOutput(1, results[1]);
    return node.finish(results[0]);
  }
  return node.finish(node.create<edge::MaxPoolOp>(
      node.input(0), windows->kernel, windows->strides, windows->dilations,
      windows->pads));
}

/// The extents that a max pool was applied to.
std::optional<SmallVector<int64_t>> unpooledShape(NodeContext &node) {
  Value input = node.input(0);
  int64_t rank = node.rankOf(input), numSpatial = rank - 2;
  std::optional<SmallVector<int64_t>> kernel = kernelShape(node);
  if (!kernel)
    return std::nullopt;
  if (rank < 3) {
    (void)node.error("the input needs rank 3 or more");
    return std::nullopt;
  }
  // Its values, which the above leaves alone.
  kernel = readWindowList(node, "kernel_shape", numSpatial, 1, 1);
  SmallVector<int64_t> strides =
      readWindowList(node, "strides", numSpatial, 1, 1);
  SmallVector<int64_t> pads =
      readWindowList(node, "pads", 2 * numSpatial, 0, -largestWindowParameter);
  if (node.hasFailed())
    return std::nullopt;
  if (node.input(2)) {
    std::optional<SmallVector<int64_t>> stated = node.constantInts(2);
    if (stated && static_cast<int64_t>(stated->size()) != rank) {
      (void)node.error("output_shape must have one extent a dimension");
      return std::nullopt;
    }
    return stated;
  }
  SmallVector<int64_t> shape(node.shapeOf(input));
  for (int64_t i = 0; i < numSpatial; ++i)
    shape[i + 2] = (shape[i + 2] - 1) * strides[i] + (*kernel)[i] - pads[i] -
                   pads[i + numSpatial];
  return shape;
}

/// Zeros, and the elements at the indices of the flattened result.
LogicalResult importMaxUnpool(NodeContext &node) {
  std::optional<SmallVector<int64_t>> shape = unpooledShape(node);
  if (!shape)
    return failure();
  Value input = node.input(0), indices = node.input(1);
  if (node.shapeOf(input) != node.shapeOf(indices))
    return node.error("the indices must have the input's shape");
  if (!isReasonableShape(*shape, 8))
    return node.error("the result's extents are not possible");
  int64_t elements = 1, count = 1;
  for (int64_t extent : *shape)
    elements *= extent;
  for (int64_t extent : node.shapeOf(input))
    count *= extent;
  Value zeros =
      node.broadcast(node.scalar(node.elementTypeOf(input), 0), {elements});
  Value flat = node.create<edge::ScatterElementsOp>(
      zeros, node.reshape(indices, {count}), node.reshape(input, {count}),
      /*axis=*/0, edge::ScatterKind::assign);
  return node.finish(node.reshape(flat, *shape));
}

Value averagePool(NodeContext &node, Value input, const Windows &windows,
                  bool countsPadding) {
  return node.create<edge::AveragePoolOp>(
      input, windows.kernel, windows.strides, windows.dilations, windows.pads,
      edge::Layout::nchw, countsPadding, windows.ceilPads);
}

LogicalResult importAveragePool(NodeContext &node) {
  bool countsPadding = node.flagAttribute("count_include_pad", false);
  std::optional<Windows> windows = poolWindows(node);
  if (!windows)
    return failure();
  return node.finish(averagePool(node, node.input(0), *windows, countsPadding));
}

/// The dimensions after batch and channel.
std::optional<SmallVector<int64_t>> spatialAxes(NodeContext &node) {
  int64_t rank = node.rankOf(node.input(0));
  if (rank < 3) {
    (void)node.error("the input needs rank 3 or more");
    return std::nullopt;
  }
  SmallVector<int64_t> axes(rank - 2);
  std::iota(axes.begin(), axes.end(), 2);
  return axes;
}

template <edge::ReduceKind kind>
LogicalResult importGlobalPool(NodeContext &node) {
  std::optional<SmallVector<int64_t>> axes = spatialAxes(node);
  if (!axes)
    return failure();
  return node.finish(
      node.create<edge::ReduceOp>(node.input(0), kind, *axes, true));
}

/// The exponent of an Lp norm: an integer from the second version on.
double normExponent(NodeContext &node) {
  return node.opset() < 2 ? node.floatAttribute("p", 2.0f)
                          : static_cast<double>(node.intAttribute("p", 2));
}

LogicalResult importGlobalLpPool(NodeContext &node) {
  double p = normExponent(node);
  if (p == 1)
    return importGlobalPool<edge::ReduceKind::l1>(node);
  if (p == 2)
    return importGlobalPool<edge::ReduceKind::l2>(node);
  return node.error("only p = 1 and p = 2 are supported");
}

/// The p-th root of the sum of |x|^p: mean times the window's size.
LogicalResult importLpPool(NodeContext &node) {
  double p = normExponent(node);
  if (p < 1)
    return node.error("p must be 1 or more");
  std::optional<Windows> windows = poolWindows(node);
  if (!windows)
    return failure();
  Type element = node.elementTypeOf(node.input(0));
  double count = 1;
  for (int64_t extent : windows->kernel)
    count *= static_cast<double>(extent);
  // Zeros in the padding add nothing to the sum, all of it may count.
  windows->ceilPads.assign(windows->kernel.size(), 0);
  Value exponent = node.scalar(element, p);
  Value root = node.scalar(element, 1 / p);
  Value powers = node.create<edge::PowOp>(
      node.create<edge::AbsOp>(node.input(0)), exponent);
  Value sum = node.create<edge::MulOp>(
      averagePool(node, powers, *windows, /*countsPadding=*/true),
      node.scalar(element, count));
  return node.finish(node.create<edge::PowOp>(sum, root));
}

} // namespace

void edgec::onnx_import::addPooling(OperatorTable &table) {
  constexpr InputCount one{1, 1};
  using Kind = edge::ReduceKind;
  table.add({
      {"AveragePool", 1, newestOpset, one, floats, importAveragePool},
      {"GlobalAveragePool", 1, newestOpset, one, floats,
       importGlobalPool<Kind::mean>},
      {"GlobalLpPool", 1, newestOpset, one, floats, importGlobalLpPool},
      {"GlobalMaxPool", 1, newestOpset, one, numbers,
       importGlobalPool<Kind::max>},
      {"LpPool", 2, newestOpset, one, floats, importLpPool},
      {"MaxPool", 1, newestOpset, one, numbers, importMaxPool},
      {"MaxUnpool", 9, newestOpset, {2, 3}, {floats, int64}, importMaxUnpool},
  });
}
