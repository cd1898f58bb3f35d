//===- Resize.cpp - Resize ------------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"
#include <cmath>

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

/// Whether scales in single precision are exact and give the result's extents.
bool hasExactScales(edge::ResizeOp op) {
  ArrayRef<int64_t> input = NodeWriter::shapeOf(op.getInput());
  ArrayRef<int64_t> output = NodeWriter::shapeOf(op.getResult());
  for (auto [scale, from, to] : llvm::zip(op.getScales(), input, output)) {
    auto single = static_cast<float>(scale);
    float extent = std::floor(static_cast<float>(from) * single);
    if (static_cast<double>(single) != scale ||
        extent != static_cast<float>(to))
      return false;
  }
  return true;
}

/// Whether the scales are the quotients of the extents.
bool followsFromSizes(edge::ResizeOp op) {
  ArrayRef<int64_t> input = NodeWriter::shapeOf(op.getInput());
  ArrayRef<int64_t> output = NodeWriter::shapeOf(op.getResult());
  for (auto [scale, from, to] : llvm::zip(op.getScales(), input, output))
    if (from == 0 ||
        scale != static_cast<double>(to) / static_cast<double>(from))
      return false;
  return true;
}

struct Modes {
  edge::CoordinateMode coordinates;
  edge::NearestMode nearest;
};

/// ONNX has dropped tf_half_pixel_for_nn: rounded down, it is half_pixel
/// rounded to the nearest, halves up.
std::optional<Modes> currentModes(edge::ResizeOp op) {
  Modes modes{op.getCoordinates(), op.getNearestMode()};
  if (modes.coordinates != edge::CoordinateMode::tf_half_pixel_for_nn)
    return modes;
  if (op.getMode() != edge::ResizeMode::nearest ||
      modes.nearest != edge::NearestMode::floor)
    return std::nullopt;
  return Modes{edge::CoordinateMode::half_pixel,
               edge::NearestMode::round_prefer_ceil};
}

LogicalResult exportResize(edge::ResizeOp op, NodeWriter &node) {
  std::optional<Modes> modes = currentModes(op);
  if (!modes)
    return node.error("ONNX has no tf_half_pixel_for_nn since operator set 13");
  std::string scales, sizes;
  if (hasExactScales(op))
    scales = node.floatVector("scales", op.getScales());
  else if (followsFromSizes(op))
    sizes = node.intVector("sizes", node.shapeOf(op.getResult()));
  else
    return node.error("its scales are neither of single precision nor the "
                      "quotients of the extents");
  SmallVector<NodeAttribute> attributes{
      {"mode", edge::stringifyResizeMode(op.getMode())},
      {"coordinate_transformation_mode",
       edge::stringifyCoordinateMode(modes->coordinates)}};
  if (op.getMode() == edge::ResizeMode::nearest)
    attributes.emplace_back("nearest_mode",
                            edge::stringifyNearestMode(modes->nearest));
  if (op.getMode() == edge::ResizeMode::cubic) {
    attributes.emplace_back("cubic_coeff_a", op.getCubicCoefficient());
    attributes.emplace_back("exclude_outside", op.getExcludeOutside());
  }
  std::string roi;
  if (op.getRoi()) {
    roi = node.floatVector("roi", *op.getRoi());
    attributes.emplace_back("extrapolation_value", op.getExtrapolation());
  }
  return node.finish("Resize", {node.name(op.getInput()), roi, scales, sizes},
                     attributes);
}

int64_t resizeOpset(edge::ResizeOp op) {
  constexpr int64_t symmetricSince = 19;
  return op.getCoordinates() == edge::CoordinateMode::half_pixel_symmetric
             ? symmetricSince
             : 0;
}

} // namespace

void onnx_export::addResize(HandlerTable &table) {
  table.add(exportResize, resizeOpset);
}
