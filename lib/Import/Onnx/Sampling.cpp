//===- Sampling.cpp - Grids and regions of interest ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
using llvm::APFloat;

namespace {

/// Interpolations were named after images before grids of any rank.
std::optional<edge::ResizeMode> gridMode(NodeContext &node) {
  constexpr int anyRankSince = 20;
  bool isOld = node.opset() < anyRankSince;
  std::string name =
      node.stringAttribute("mode", isOld ? "bilinear" : "linear");
  if (name == "bilinear")
    name = "linear";
  if (name == "bicubic")
    name = "cubic";
  std::optional<edge::ResizeMode> mode = edge::symbolizeResizeMode(name);
  if (!mode)
    (void)node.error("mode '" + name + "' is not known");
  return mode;
}

LogicalResult importGridSample(NodeContext &node) {
  std::optional<edge::ResizeMode> mode = gridMode(node);
  std::string name = node.stringAttribute("padding_mode", "zeros");
  std::optional<edge::GridPadding> padding = edge::symbolizeGridPadding(name);
  if (!padding)
    return node.error("padding_mode '" + name + "' is not known");
  if (!mode)
    return failure();
  return node.finish(node.create<edge::GridSampleOp>(
      node.input(0), node.input(1), *mode, *padding,
      node.flagAttribute("align_corners", false)));
}

LogicalResult importRoiAlign(NodeContext &node) {
  // Half an element off before the attribute came, with which it says so.
  constexpr int attributeSince = 16;
  std::string coordinates =
      node.opset() < attributeSince
          ? "output_half_pixel"
          : node.stringAttribute("coordinate_transformation_mode",
                                 "half_pixel");
  if (coordinates != "half_pixel" && coordinates != "output_half_pixel")
    return node.error("coordinate_transformation_mode '" + coordinates +
                      "' is not known");
  std::string name = node.stringAttribute("mode", "avg");
  std::optional<edge::RoiKind> kind = edge::symbolizeRoiKind(name);
  if (!kind)
    return node.error("mode '" + name + "' is not known");
  return node.finish(node.create<edge::RoiAlignOp>(
      node.input(0), node.input(1), node.input(2), *kind,
      node.intAttribute("output_height", 1),
      node.intAttribute("output_width", 1),
      node.intAttribute("sampling_ratio", 0),
      APFloat(static_cast<double>(node.floatAttribute("spatial_scale", 1.0f))),
      coordinates == "half_pixel"));
}

//===----------------------------------------------------------------------===//
// MaxRoiPool
//===----------------------------------------------------------------------===//

/// Rounded to the nearest integer, ties up: regions lie on the positive side,
/// where that is away from zero.
Value roundUp(NodeContext &node, Value x) {
  Value half = node.scalar(node.elementTypeOf(x), 0.5);
  return node.create<edge::FloorOp>(node.create<edge::AddOp>(x, half));
}

/// Of which elements of a dimension of `extent` each of `bins` parts of a
/// region takes the maximum: [regions, bins, extent]. The region goes from
/// `first` to `last`, with both, each [regions, 1, 1].
Value binMask(NodeContext &node, Value first, Value last, int64_t bins,
              int64_t extent) {
  Type f32 = node.builder().getF32Type();
  auto add = [&](Value a, Value b) { return node.create<edge::AddOp>(a, b); };
  Value one = node.scalar(f32, 1);
  Value size = node.create<edge::MaximumOp>(
      add(node.create<edge::SubOp>(last, first), one), one);
  Value width = node.create<edge::DivOp>(
      size, node.scalar(f32, static_cast<double>(bins)));
  Value bin = node.createAs<edge::IotaOp>(
      RankedTensorType::get({1, bins, 1}, f32), int64_t{1});
  auto bound = [&](Value index) {
    return node.create<edge::MulOp>(index, width);
  };
  Value start = add(node.create<edge::FloorOp>(bound(bin)), first);
  Value end = add(node.create<edge::CeilOp>(bound(add(bin, one))), first);
  Value place = node.createAs<edge::IotaOp>(
      RankedTensorType::get({1, 1, extent}, f32), int64_t{2});
  return node.create<edge::AndOp>(
      node.create<edge::CompareOp>(place, start, edge::ComparePredicate::ge),
      node.create<edge::CompareOp>(place, end, edge::ComparePredicate::lt));
}

/// The maxima of the parts of dimension `dim` of [regions, C, H, W], of which
/// the result has as many as the mask has.
Value maximumOfBins(NodeContext &node, Value x, Value mask, int64_t dim) {
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> shape(node.shapeOf(x)), maskShape(5, 1);
  shape.insert(shape.begin() + dim, 1);
  maskShape[0] = node.shapeOf(mask)[0];
  maskShape[dim] = node.shapeOf(mask)[1];
  maskShape[dim + 1] = node.shapeOf(mask)[2];
  Value least = node.scalar(node.elementTypeOf(x),
                            -std::numeric_limits<double>::infinity());
  Value parts = node.create<edge::SelectOp>(node.reshape(mask, maskShape),
                                            node.reshape(x, shape), least);
  return node.create<edge::ReduceOp>(parts, edge::ReduceKind::max,
                                     ArrayRef<int64_t>(dim + 1), false);
}

/// Maxima of rectangular parts of regions; of parts without an element 0.
LogicalResult importMaxRoiPool(NodeContext &node) {
  Value x = node.input(0), rois = node.input(1);
  double scale = node.floatAttribute("spatial_scale", 1.0f);
  std::optional<SmallVector<int64_t>> bins = node.intsAttribute("pooled_shape");
  if (!bins || bins->size() != 2 || (*bins)[0] < 1 || (*bins)[1] < 1)
    return node.error("pooled_shape must be two positive numbers");
  if (node.rankOf(x) != 4 || node.rankOf(rois) != 2 ||
      node.shapeOf(rois)[1] != 5)
    return node.error("the input needs rank 4, the regions 5 numbers each");
  Type f32 = node.builder().getF32Type();
  auto column = [&](int64_t index) {
    Value part = node.slice(rois, 1, index, 1);
    return node.castTo(node.reshape(part, {node.shapeOf(rois)[0], 1, 1}), f32);
  };
  auto edgeAt = [&](int64_t index) {
    return roundUp(
        node, node.create<edge::MulOp>(column(index), node.scalar(f32, scale)));
  };
  Value image = node.castTo(column(0), node.builder().getI64Type());
  x = node.create<edge::GatherOp>(x, node.reshape(image, node.shapeOf(rois)[0]),
                                  /*axis=*/int64_t{0});
  if (node.hasFailed())
    return failure();
  int64_t height = node.shapeOf(x)[2], width = node.shapeOf(x)[3];
  x = maximumOfBins(node, x,
                    binMask(node, edgeAt(2), edgeAt(4), (*bins)[0], height), 2);
  if (node.hasFailed())
    return failure();
  x = maximumOfBins(node, x,
                    binMask(node, edgeAt(1), edgeAt(3), (*bins)[1], width), 3);
  if (node.hasFailed())
    return failure();
  Type element = node.elementTypeOf(x);
  Value least = node.scalar(element, -std::numeric_limits<double>::infinity());
  Value isEmpty =
      node.create<edge::CompareOp>(x, least, edge::ComparePredicate::eq);
  return node.finish(
      node.create<edge::SelectOp>(isEmpty, node.scalar(element, 0), x));
}

//===----------------------------------------------------------------------===//
// AffineGrid
//===----------------------------------------------------------------------===//

/// The coordinate of element `index` of `extent`, from -1 to 1.
double gridCoordinate(int64_t index, int64_t extent, bool alignCorners) {
  double x = static_cast<double>(index), n = static_cast<double>(extent);
  if (!alignCorners)
    return (2 * x + 1) / n - 1;
  return extent == 1 ? 0 : 2 * x / (n - 1) - 1;
}

/// The coordinates of all elements of `shape`, the last dimension's first, and
/// a one: [product of shape, rank + 1].
Tensor homogeneousGrid(ArrayRef<int64_t> shape, bool alignCorners) {
  int64_t rank = shape.size(), points = 1;
  for (int64_t extent : shape)
    points *= extent;
  Tensor grid(ElementType::F32, {points, rank + 1});
  float *to = grid.mutableData<float>();
  for (int64_t point = 0; point < points; ++point) {
    int64_t rest = point;
    for (int64_t axis = rank; axis-- > 0; rest /= shape[axis])
      *to++ = static_cast<float>(
          gridCoordinate(rest % shape[axis], shape[axis], alignCorners));
    *to++ = 1;
  }
  return grid;
}

/// Every point of the grid times the transposed matrix of its image.
LogicalResult importAffineGrid(NodeContext &node) {
  Value matrices = node.input(0);
  bool alignCorners = node.flagAttribute("align_corners", false);
  std::optional<SmallVector<int64_t>> size = node.constantInts(1);
  if (!size)
    return failure();
  int64_t rank = static_cast<int64_t>(size->size()) - 2;
  if (rank != 2 && rank != 3)
    return node.error(
        fmt::format("size has {} extents instead of 4 or 5", size->size()));
  ArrayRef<int64_t> spatial = ArrayRef(*size).drop_front(2);
  if (node.shapeOf(matrices) !=
      ArrayRef<int64_t>{size->front(), rank, rank + 1})
    return node.error(fmt::format("theta must have the shape {}x{}x{}",
                                  size->front(), rank, rank + 1));
  constexpr int64_t mostPoints = int64_t{1} << 24;
  int64_t points = 1;
  for (int64_t extent : spatial) {
    if (extent < 1 || extent > mostPoints / points)
      return node.error("the grid has no points, or too many for a constant");
    points *= extent;
  }
  Value grid =
      node.castTo(node.constant(homogeneousGrid(spatial, alignCorners)),
                  node.elementTypeOf(matrices));
  Value image = node.create<edge::MatMulOp>(grid, matrices,
                                            /*transpose_lhs=*/false,
                                            /*transpose_rhs=*/true);
  SmallVector<int64_t> shape{size->front()};
  llvm::append_range(shape, spatial);
  shape.push_back(rank);
  return node.finish(node.reshape(image, shape));
}

} // namespace

void edgec::onnx_import::addSampling(OperatorTable &table) {
  table.add({
      {"AffineGrid",
       20,
       newestOpset,
       {2, 2},
       {floats, int64},
       importAffineGrid},
      {"GridSample",
       16,
       newestOpset,
       {2, 2},
       {floats, floats},
       importGridSample},
      {"MaxRoiPool", 1, newestOpset, {2, 2}, floats, importMaxRoiPool},
      {"RoiAlign",
       10,
       newestOpset,
       {3, 3},
       {floats, like(0), int64},
       importRoiAlign},
  });
}
