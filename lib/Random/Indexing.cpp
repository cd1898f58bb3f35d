//===- Indexing.cpp - Rows of elements chosen by run-time values ----------===//
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

namespace {

constexpr Types indexTypes{ElementType::I64, ElementType::I32};

Wanted dataOf(Types types, int64_t leastRank) {
  Wanted wanted{types};
  wanted.leastRank = leastRank;
  wanted.mostRank = 4;
  wanted.nonEmpty = true;
  return wanted;
}

/// Indices of an extent, from the end too.
RandomValue indices(GraphBuilder &graph, const Shape &shape, int64_t extent) {
  Wanted wanted{indexTypes};
  wanted.low = static_cast<double>(-extent);
  wanted.high = static_cast<double>(extent - 1);
  wanted.clampIntegers = true;
  return graph.operandOf(wanted, indexTypes.pick(graph.random), shape);
}

void addIota(GraphBuilder &graph) {
  ElementType type = anyNumber.pick(graph.random);
  Shape shape = graph.shape(1, 4);
  int64_t axis = graph.random.between(0, shape.size() - 1);
  graph.finish(graph.builder.create<IotaOp>(graph.builder.getUnknownLoc(),
                                            graph.typeOf(type, shape), axis),
               1);
}

/// A shape that `x` has along an axis, and at most elsewhere.
Shape shapeWithin(GraphBuilder &graph, const RandomValue &x, int64_t axis) {
  Shape shape;
  for (int64_t i = 0; i < x.rank(); ++i)
    shape.push_back(i == axis ? graph.extent(9)
                    : graph.random.percent(60)
                        ? x.shape()[i]
                        : graph.random.between(1, x.shape()[i]));
  return shape;
}

void addGatherElements(GraphBuilder &graph) {
  RandomValue x = graph.operand(dataOf(anyType, 1));
  int64_t axis = graph.random.between(0, x.rank() - 1);
  RandomValue index =
      indices(graph, shapeWithin(graph, x, axis), x.shape()[axis]);
  graph.add<GatherElementsOp>(x.step, 1, x.value, index.value, axis);
}

/// Tuples of indices, each of which is one of all of the dimensions: as the
/// extents differ, of the least of them.
RandomValue tuples(GraphBuilder &graph, Shape shape, const RandomValue &x,
                   int64_t first, int64_t count) {
  int64_t least = x.shape()[first];
  for (int64_t i = 1; i < count; ++i)
    least = std::min(least, x.shape()[first + i]);
  shape.push_back(count);
  return indices(graph, shape, least);
}

void addGatherNd(GraphBuilder &graph) {
  RandomValue x = graph.operand(dataOf(anyType, 1));
  int64_t batch = x.rank() > 1 && graph.random.percent(30) ? 1 : 0;
  Shape shape(x.shape().begin(), x.shape().begin() + batch);
  shape.push_back(graph.extent(9));
  int64_t count = graph.random.between(1, x.rank() - batch);
  RandomValue index = tuples(graph, shape, x, batch, count);
  graph.add<GatherNdOp>(x.step, 1, x.value, index.value, batch);
}

/// Sums of floats at one place have an order, which is the same everywhere.
ScatterKind scatterKind(GraphBuilder &graph, const RandomValue &x) {
  if (x.type() == ElementType::Bool || graph.random.percent(40))
    return ScatterKind::assign;
  return graph.random.among(
      {ScatterKind::add, ScatterKind::max, ScatterKind::min, ScatterKind::mul});
}

double scatterStep(const RandomValue &x, const RandomValue &updates,
                   ScatterKind kind) {
  bool isExact = x.isExact() && updates.isExact();
  if (!isExact || kind == ScatterKind::mul)
    return 0;
  return std::min(x.step, updates.step);
}

void addScatterElements(GraphBuilder &graph) {
  RandomValue x = graph.operand(dataOf(anyType, 1));
  int64_t axis = graph.random.between(0, x.rank() - 1);
  Shape shape = shapeWithin(graph, x, axis);
  RandomValue index = indices(graph, shape, x.shape()[axis]);
  ScatterKind kind = scatterKind(graph, x);
  Wanted wanted{anyType};
  if (kind == ScatterKind::mul)
    wanted.low = -1.25, wanted.high = 1.25;
  RandomValue updates = graph.operandOf(wanted, x.type(), shape);
  graph.add<ScatterElementsOp>(scatterStep(x, updates, kind), 16, x.value,
                               index.value, updates.value, axis, kind);
}

void addScatterNd(GraphBuilder &graph) {
  RandomValue x = graph.operand(dataOf(anyType, 1));
  int64_t count = graph.random.between(1, x.rank());
  Shape shape = {graph.extent(9)};
  RandomValue index = tuples(graph, shape, x, 0, count);
  shape.insert(shape.end(), x.shape().begin() + count, x.shape().end());
  ScatterKind kind = scatterKind(graph, x);
  Wanted wanted{anyType};
  if (kind == ScatterKind::mul)
    wanted.low = -1.25, wanted.high = 1.25;
  RandomValue updates = graph.operandOf(wanted, x.type(), shape);
  graph.add<ScatterNdOp>(scatterStep(x, updates, kind), 16, x.value,
                         index.value, updates.value, kind);
}

void addCumulativeSum(GraphBuilder &graph) {
  Wanted wanted = dataOf(anyNumber, 1);
  wanted.low = -4, wanted.high = 4;
  RandomValue x = graph.operand(wanted);
  graph.add<CumulativeSumOp>(
      x.step, 16, x.value, graph.random.between(0, x.rank() - 1),
      graph.random.percent(40), graph.random.percent(40));
}

/// Which elements there are depends on what exactly they are.
RandomValue exactData(GraphBuilder &graph, Types types) {
  Wanted wanted = dataOf(types, 1);
  wanted.exact = true;
  wanted.mostRank = 3;
  return graph.operand(wanted);
}

void addTopK(GraphBuilder &graph) {
  RandomValue x = exactData(graph, anyNumber);
  int64_t axis = graph.random.between(0, x.rank() - 1);
  graph.add<TopKOp>(x.step, 1, x.value,
                    graph.random.between(0, x.shape()[axis]), axis,
                    graph.random.percent(50));
}

void addNonZero(GraphBuilder &graph) {
  graph.add<NonZeroOp>(1, 1, exactData(graph, anyType).value);
}

void addCompress(GraphBuilder &graph) {
  RandomValue x = graph.operand(dataOf(anyType, 1));
  int64_t axis = graph.random.between(0, x.rank() - 1);
  int64_t extent = x.shape()[axis];
  RandomValue condition = graph.operandOf(
      {boolean}, ElementType::Bool,
      {graph.random.percent(70) ? extent : graph.random.between(1, extent)});
  graph.add<CompressOp>(x.step, 1, x.value, condition.value, axis);
}

void addUnique(GraphBuilder &graph) {
  RandomValue x = exactData(graph, anyNumber);
  graph.add<UniqueOp>(x.step, 1, x.value, graph.random.percent(60));
}

/// The corners of boxes are few bits wide, and so are scores: areas, but not
/// their quotients, are exact. Thresholds are no quotients of such areas.
void addNonMaxSuppression(GraphBuilder &graph) {
  constexpr ElementType f32 = ElementType::F32, i64 = ElementType::I64;
  int64_t batch = graph.random.between(1, 2),
          classes = graph.random.between(1, 3),
          count = graph.random.between(1, 12);
  RandomValue boxes =
      graph.argument(f32, {batch, count, 4}, 0, 8, /*step=*/0.25);
  RandomValue scores =
      graph.argument(f32, {batch, classes, count}, 0, 1, /*step=*/0x1p-6);
  double most = static_cast<double>(graph.random.between(0, 6));
  RandomValue limit = graph.constant(i64, {}, most, most, 1);
  double overlap = 0.31415926, least = graph.random.uniform(0.01, 0.5);
  graph.add<NonMaxSuppressionOp>(
      1, 1, boxes.value, scores.value, limit.value,
      graph.constant(f32, {}, overlap, overlap, 0).value,
      graph.constant(f32, {}, least, least, 0).value,
      static_cast<int64_t>(most), graph.random.percent(40));
}

} // namespace

void random::addIndexingRows(OperationRows &rows) {
  rows.insert(rows.end(),
              {
                  {"edge.iota", addIota, 4, false},
                  {"edge.gather_elements", addGatherElements},
                  {"edge.gather_nd", addGatherNd},
                  {"edge.scatter_elements", addScatterElements},
                  {"edge.scatter_nd", addScatterNd},
                  {"edge.cumulative_sum", addCumulativeSum},
                  {"edge.top_k", addTopK},
                  {"edge.non_zero", addNonZero, 2, false},
                  {"edge.compress", addCompress, 2, false},
                  {"edge.unique", addUnique, 2, false},
                  {"edge.non_max_suppression", addNonMaxSuppression, 2, false},
              });
}
