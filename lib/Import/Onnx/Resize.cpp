//===- Resize.cpp - Resize and Upsample ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Antialias.h"
#include "ElementTypes.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include <cmath>
#include <fmt/format.h>
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
using llvm::APFloat;

namespace {

/// What a resize does, after the versions' differences.
struct Resampling {
  SmallVector<double> scales;   ///< One a dimension.
  SmallVector<int64_t> extents; ///< Of the result.
  edge::ResizeMode mode = edge::ResizeMode::nearest;
  edge::CoordinateMode coordinates = edge::CoordinateMode::half_pixel;
  edge::NearestMode nearest = edge::NearestMode::round_prefer_floor;
  double cubicCoefficient = -0.75;
  bool excludesOutside = false;
  SmallVector<double> roi; ///< Of tf_crop_and_resize; starts, then ends.
  double extrapolation = 0;
  bool antialias = false;
};

std::optional<edge::ResizeMode> resizeMode(NodeContext &node) {
  std::string name = node.stringAttribute("mode", "nearest");
  if (name == "bilinear" || name == "trilinear") // Upsample's first versions.
    name = "linear";
  std::optional<edge::ResizeMode> mode = edge::symbolizeResizeMode(name);
  if (!mode)
    (void)node.error("mode '" + name + "' is not supported");
  return mode;
}

/// The result's extents as runtimes compute them: in single precision.
LogicalResult setExtentsFromScales(NodeContext &node, Value input,
                                   Resampling &resampling) {
  ArrayRef<int64_t> shape = node.shapeOf(input);
  constexpr float largest = 1e12f;
  for (auto [extent, scale] : llvm::zip(shape, resampling.scales)) {
    if (!(scale > 0))
      return node.error(fmt::format("a scale of {} is not allowed", scale));
    float result =
        std::floor(static_cast<float>(extent) * static_cast<float>(scale));
    if (!(result < largest))
      return node.error("the result is too large");
    resampling.extents.push_back(static_cast<int64_t>(result));
  }
  return success();
}

/// One dimension after the other.
Value resampleAntialiased(NodeContext &node, Value value,
                          const Resampling &resampling) {
  AntialiasFilter filter{resampling.mode, resampling.coordinates,
                         resampling.cubicCoefficient,
                         resampling.excludesOutside};
  for (int64_t axis = 0, rank = node.rankOf(value); axis < rank; ++axis) {
    ResizedDimension dimension{node.shapeOf(value)[axis],
                               resampling.extents[axis],
                               resampling.scales[axis]};
    if (dimension.scale == 1 && dimension.input == dimension.result)
      continue;
    if (dimension.input == 0) {
      (void)node.error("an empty dimension cannot be resized");
      return {};
    }
    value = resizeAntialiased(node, value, axis, dimension, filter);
    if (node.hasFailed())
      return {};
  }
  return value;
}

Value resample(NodeContext &node, Value input, const Resampling &resampling) {
  if (!isReasonableShape(resampling.extents, 8))
    (void)node.error("the result is too large");
  if (node.hasFailed())
    return {};
  bool isSame = resampling.roi.empty() &&
                node.shapeOf(input) == ArrayRef<int64_t>(resampling.extents) &&
                llvm::all_of(resampling.scales,
                             [](double scale) { return scale == 1.0; });
  if (isSame)
    return input;
  if (resampling.antialias && resampling.mode != edge::ResizeMode::nearest) {
    if (resampling.roi.empty())
      return resampleAntialiased(node, input, resampling);
    (void)node.error("antialias = 1 of a region of interest is not supported");
    return {};
  }
  return node.createAs<edge::ResizeOp>(
      RankedTensorType::get(resampling.extents, node.elementTypeOf(input)),
      input, resampling.scales, resampling.mode, resampling.coordinates,
      resampling.nearest, APFloat(resampling.cubicCoefficient),
      resampling.excludesOutside,
      resampling.roi.empty()
          ? DenseF64ArrayAttr()
          : node.builder().getDenseF64ArrayAttr(resampling.roi),
      APFloat(resampling.extrapolation));
}

//===----------------------------------------------------------------------===//
// Upsample, and Resize as it began
//===----------------------------------------------------------------------===//

/// Before opset 11 an output coordinate was divided by the scale.
Value scaleAsymmetric(NodeContext &node, Value input, ArrayRef<double> scales,
                      edge::ResizeMode mode, edge::NearestMode nearest) {
  Resampling resampling;
  resampling.mode = mode;
  resampling.coordinates = edge::CoordinateMode::asymmetric;
  resampling.nearest = nearest;
  resampling.scales.assign(scales.begin(), scales.end());
  if (failed(setExtentsFromScales(node, input, resampling)))
    return {};
  return resample(node, input, resampling);
}

/// The nearest element was the one below where a dimension grows. Where it
/// shrinks the standard did not say, and runtimes take the one above: such
/// dimensions are resized after the others.
LogicalResult resizeAsymmetric(NodeContext &node, ArrayRef<double> scales) {
  std::optional<edge::ResizeMode> mode = resizeMode(node);
  if (!mode)
    return failure();
  Value input = node.input(0);
  if (scales.size() != static_cast<size_t>(node.rankOf(input)))
    return node.error("there must be one scale a dimension");
  if (*mode != edge::ResizeMode::nearest)
    return node.finish(
        scaleAsymmetric(node, input, scales, *mode, edge::NearestMode::floor));
  SmallVector<double> growing, shrinking;
  for (double scale : scales) {
    growing.push_back(scale < 1 ? 1 : scale);
    shrinking.push_back(scale < 1 ? scale : 1);
  }
  Value grown =
      scaleAsymmetric(node, input, growing, *mode, edge::NearestMode::floor);
  if (node.hasFailed())
    return failure();
  return node.finish(
      scaleAsymmetric(node, grown, shrinking, *mode, edge::NearestMode::ceil));
}

LogicalResult importUpsampleFirst(NodeContext &node) {
  if (node.rankOf(node.input(0)) != 4)
    return node.error("the input needs rank 4");
  double height = node.floatAttribute("height_scale", 1.0f);
  double width = node.floatAttribute("width_scale", 1.0f);
  return resizeAsymmetric(node, {1.0, 1.0, height, width});
}

LogicalResult importUpsampleAttribute(NodeContext &node) {
  std::optional<SmallVector<float>> scales = node.floatsAttribute("scales");
  if (!scales)
    return node.error("attribute 'scales' is missing");
  return resizeAsymmetric(node,
                          SmallVector<double>(scales->begin(), scales->end()));
}

LogicalResult importScalesInput(NodeContext &node) {
  std::optional<SmallVector<double>> scales = node.constantFloats(1);
  return scales ? resizeAsymmetric(node, *scales) : failure();
}

//===----------------------------------------------------------------------===//
// Resize
//===----------------------------------------------------------------------===//

LogicalResult readModes(NodeContext &node, Resampling &resampling) {
  resampling.extrapolation = node.floatAttribute("extrapolation_value", 0.0f);
  std::optional<edge::ResizeMode> mode = resizeMode(node);
  std::string coordinates =
      node.stringAttribute("coordinate_transformation_mode", "half_pixel");
  std::string nearest =
      node.stringAttribute("nearest_mode", "round_prefer_floor");
  resampling.cubicCoefficient = node.floatAttribute("cubic_coeff_a", -0.75f);
  resampling.excludesOutside = node.flagAttribute("exclude_outside", false);
  resampling.antialias = node.flagAttribute("antialias", false);
  std::optional<edge::CoordinateMode> coordinateMode =
      edge::symbolizeCoordinateMode(coordinates);
  if (!coordinateMode)
    return node.error("coordinate_transformation_mode '" + coordinates +
                      "' is not supported");
  std::optional<edge::NearestMode> nearestMode =
      edge::symbolizeNearestMode(nearest);
  if (!nearestMode)
    return node.error("nearest_mode '" + nearest + "' is not known");
  if (!mode)
    return failure();
  resampling.mode = *mode;
  resampling.coordinates = *coordinateMode;
  resampling.nearest = *nearestMode;
  return success();
}

/// Makes scales and sizes of `axes` agree as keep_aspect_ratio_policy asks.
LogicalResult applyAspectPolicy(NodeContext &node, ArrayRef<int64_t> axes,
                                Resampling &resampling) {
  std::string policy =
      node.stringAttribute("keep_aspect_ratio_policy", "stretch");
  if (policy == "stretch" || axes.empty())
    return success();
  if (policy != "not_larger" && policy != "not_smaller")
    return node.error("keep_aspect_ratio_policy '" + policy + "' is not known");
  double common = resampling.scales[axes.front()];
  for (int64_t axis : axes)
    common = policy == "not_larger" ? std::min(common, resampling.scales[axis])
                                    : std::max(common, resampling.scales[axis]);
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  for (int64_t axis : axes) {
    resampling.scales[axis] = common;
    resampling.extents[axis] = static_cast<int64_t>(
        std::floor(common * static_cast<double>(shape[axis]) + 0.5));
  }
  return success();
}

LogicalResult readSizes(NodeContext &node, ArrayRef<int64_t> axes,
                        Resampling &resampling) {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  std::optional<SmallVector<int64_t>> sizes = node.constantInts(3);
  if (!sizes)
    return failure();
  if (sizes->size() != axes.size())
    return node.error("there must be one size a dimension");
  resampling.extents.assign(shape.begin(), shape.end());
  for (auto [axis, size] : llvm::zip(axes, *sizes)) {
    if (size < 1 || shape[axis] < 1)
      return node.error("sizes must be positive");
    resampling.extents[axis] = size;
    resampling.scales[axis] =
        static_cast<double>(size) / static_cast<double>(shape[axis]);
  }
  return applyAspectPolicy(node, axes, resampling);
}

LogicalResult readScales(NodeContext &node, ArrayRef<int64_t> axes,
                         Resampling &resampling) {
  // It says how sizes are understood, and there are none.
  node.ignoreAttributes({"keep_aspect_ratio_policy"});
  std::optional<SmallVector<double>> scales = node.constantFloats(2);
  if (!scales)
    return failure();
  if (scales->size() != axes.size())
    return node.error("there must be one scale a dimension");
  for (auto [axis, scale] : llvm::zip(axes, *scales))
    resampling.scales[axis] = scale;
  return setExtentsFromScales(node, node.input(0), resampling);
}

/// The region of interest, which belongs to tf_crop_and_resize only: the whole
/// of dimensions that `axes` leaves out.
LogicalResult readRegion(NodeContext &node, ArrayRef<int64_t> axes,
                         Resampling &resampling) {
  if (resampling.coordinates != edge::CoordinateMode::tf_crop_and_resize)
    return success();
  if (!node.input(1))
    return node.error("coordinate_transformation_mode 'tf_crop_and_resize' "
                      "needs a region of interest, input 1");
  std::optional<SmallVector<double>> region = node.constantFloats(1);
  if (!region)
    return failure();
  if (region->size() != 2 * axes.size())
    return node.error(fmt::format("the region of interest has {} entries, "
                                  "instead of two a dimension",
                                  region->size()));
  size_t rank = resampling.scales.size();
  resampling.roi.assign(rank, 0.0);
  resampling.roi.append(rank, 1.0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    resampling.roi[axis] = (*region)[i];
    resampling.roi[rank + axis] = (*region)[axes.size() + i];
  }
  return success();
}

LogicalResult importResize(NodeContext &node) {
  Resampling resampling;
  if (failed(readModes(node, resampling)))
    return failure();
  int64_t rank = node.rankOf(node.input(0));
  resampling.scales.assign(rank, 1.0);
  SmallVector<int64_t> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  if (auto stated = node.intsAttribute("axes")) {
    axes.clear(); // In the order of the sizes, not sorted.
    (void)node.normalizedAxes(*stated, rank);
    for (int64_t axis : *stated)
      axes.push_back(node.normalizedAxis(axis, rank));
  }
  if (node.hasFailed())
    return failure();
  if (failed(readRegion(node, axes, resampling)))
    return failure();
  bool hasScales =
      node.input(2) && !llvm::is_contained(node.shapeOf(node.input(2)), 0);
  if (!hasScales && !node.input(3))
    return node.error("neither scales nor sizes are given");
  if (failed(hasScales ? readScales(node, axes, resampling)
                       : readSizes(node, axes, resampling)))
    return failure();
  return node.finish(resample(node, node.input(0), resampling));
}

} // namespace

void edgec::onnx_import::addResize(OperatorTable &table) {
  table.add({
      {"Resize", 10, 10, {2, 2}, {numbers, float32}, importScalesInput},
      {"Resize",
       11,
       newestOpset,
       {1, 4},
       {numbers, floats, float32, int64},
       importResize},
      {"Upsample", 1, 6, {1, 1}, {numbers, float32}, importUpsampleFirst},
      {"Upsample", 7, 8, {1, 1}, {numbers, float32}, importUpsampleAttribute},
      {"Upsample", 9, 9, {2, 2}, {numbers, float32}, importScalesInput},
  });
}
