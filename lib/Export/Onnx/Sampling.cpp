//===- Sampling.cpp - Grids, regions of interest, determinants ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

/// The operator set since which grids have any rank, and modes other names.
constexpr int64_t anyRankSince = 20;

LogicalResult exportGridSample(edge::GridSampleOp op, NodeWriter &node) {
  std::string mode = edge::stringifyResizeMode(op.getMode()).str();
  if (node.opset() < anyRankSince && op.getMode() != edge::ResizeMode::nearest)
    mode = "bi" + mode;
  return node.finish(
      "GridSample", node.operands(),
      {{"mode", StringRef(mode)},
       {"padding_mode", edge::stringifyGridPadding(op.getPadding())},
       {"align_corners", op.getAlignCorners()}});
}

int64_t gridSampleOpset(edge::GridSampleOp op) {
  constexpr int64_t since = 16, imageRank = 4;
  bool isImage = NodeWriter::shapeOf(op.getInput()).size() == imageRank;
  return isImage ? since : anyRankSince;
}

LogicalResult exportRoiAlign(edge::RoiAlignOp op, NodeWriter &node) {
  return node.finish(
      "RoiAlign", node.operands(),
      {{"mode", edge::stringifyRoiKind(op.getKind())},
       {"coordinate_transformation_mode",
        op.getHalfPixel() ? "half_pixel" : "output_half_pixel"},
       {"output_height", static_cast<int64_t>(op.getHeight())},
       {"output_width", static_cast<int64_t>(op.getWidth())},
       {"sampling_ratio", static_cast<int64_t>(op.getSamplingRatio())},
       {"spatial_scale", op.getSpatialScale()}});
}

int64_t roiAlignOpset(edge::RoiAlignOp) {
  constexpr int64_t halfPixelSince = 16;
  return halfPixelSince;
}

} // namespace

void onnx_export::addSampling(HandlerTable &table) {
  table.add(exportGridSample, gridSampleOpset);
  table.add(exportRoiAlign, roiAlignOpset);
  table.add<edge::DetOp>("Det");
}
