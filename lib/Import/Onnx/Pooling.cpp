//===- Pooling.cpp - Pooling --------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include "Windows.h"
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

LogicalResult importMaxPool(NodeContext &node) {
  node.ignoreAttributes({"storage_order"}); // Of the indices only.
  std::optional<Windows> windows = poolWindows(node);
  if (!windows)
    return failure();
  return node.finish(node.create<edge::MaxPoolOp>(
      node.input(0), windows->kernel, windows->strides, windows->dilations,
      windows->pads));
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
      {"AveragePool", 1, newestOpset, one, importAveragePool},
      {"GlobalAveragePool", 1, newestOpset, one, importGlobalPool<Kind::mean>},
      {"GlobalLpPool", 1, newestOpset, one, importGlobalLpPool},
      {"GlobalMaxPool", 1, newestOpset, one, importGlobalPool<Kind::max>},
      {"LpPool", 2, newestOpset, one, importLpPool},
      {"MaxPool", 1, newestOpset, one, importMaxPool},
  });
}
