//===- Sampling.cpp - Rows of interpolation at run-time positions ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "llvm/ADT/APFloat.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::random;
using llvm::APFloat;

namespace {

Wanted imageOf(int64_t leastRank, int64_t mostRank) {
  Wanted wanted{Types{ElementType::F32}};
  wanted.leastRank = leastRank;
  wanted.mostRank = mostRank;
  wanted.low = -8, wanted.high = 8;
  wanted.nonEmpty = true;
  return wanted;
}

/// Positions are arguments: what a position is nearest to jumps.
void addGridSample(GraphBuilder &graph) {
  auto mode = static_cast<ResizeMode>(graph.random.between(0, 2));
  bool isCubic = mode == ResizeMode::cubic;
  RandomValue x = graph.operand(imageOf(isCubic ? 4 : 3, isCubic ? 4 : 5));
  Shape shape = {x.shape()[0]};
  for (int64_t i = 2; i < x.rank(); ++i)
    shape.push_back(graph.random.between(1, 5));
  shape.push_back(x.rank() - 2);
  RandomValue grid =
      graph.argument(ElementType::F32, shape, -1.25, 1.25, /*step=*/0);
  auto padding = static_cast<GridPadding>(
      graph.random.between(0, getMaxEnumValForGridPadding()));
  graph.add<GridSampleOp>(0, 64, x.value, grid.value, mode, padding,
                          graph.random.percent(40));
}

void addRoiAlign(GraphBuilder &graph) {
  RandomValue x = graph.operand(imageOf(4, 4));
  int64_t regions = graph.random.between(1, 4);
  double side = static_cast<double>(std::min(x.shape()[2], x.shape()[3]));
  RandomValue rois = graph.argument(ElementType::F32, {regions, 4}, 0, side, 0);
  RandomValue batches = graph.argument(
      ElementType::I64, {regions}, 0, static_cast<double>(x.shape()[0] - 1), 1);
  graph.add<RoiAlignOp>(0, 64, x.value, rois.value, batches.value,
                        graph.random.percent(50) ? RoiKind::avg : RoiKind::max,
                        graph.random.between(1, 4), graph.random.between(1, 4),
                        graph.random.between(0, 3),
                        APFloat(graph.random.among({0.5, 1.0})),
                        graph.random.percent(50));
}

} // namespace

void random::addSamplingRows(OperationRows &rows) {
  rows.insert(rows.end(), {
                              {"edge.grid_sample", addGridSample},
                              {"edge.roi_align", addRoiAlign},
                          });
}
