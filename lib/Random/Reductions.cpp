//===- Reductions.cpp - Rows of reductions and pooling --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "Windows.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::random;

namespace {

/// Some of the dimensions of a tensor, at least one where it has any.
Shape someAxes(GraphBuilder &graph, const RandomValue &x) {
  Shape axes;
  for (int64_t axis = 0; axis < x.rank(); ++axis)
    if (graph.random.percent(40))
      axes.push_back(axis);
  if (axes.empty() && x.rank() > 0 && graph.random.percent(90))
    axes.push_back(graph.random.percent(60)
                       ? x.rank() - 1
                       : graph.random.between(0, x.rank() - 1));
  return axes;
}

void addReduce(GraphBuilder &graph) {
  auto kind = static_cast<ReduceKind>(
      graph.random.between(0, getMaxEnumValForReduceKind()));
  // Those that leave the integers.
  bool floats = kind == ReduceKind::mean || kind == ReduceKind::l2 ||
                kind == ReduceKind::log_sum ||
                kind == ReduceKind::log_sum_exp || graph.random.percent(60);
  Wanted wanted{floats ? anyFloat : anyInteger};
  wanted.nonEmpty = true;
  if (kind == ReduceKind::prod)
    wanted.low = 0.75, wanted.high = 1.25;
  else if (kind == ReduceKind::log_sum)
    wanted.low = 0.5;
  else if (kind == ReduceKind::log_sum_exp)
    wanted.low = -16, wanted.high = 16;
  RandomValue x = graph.operand(wanted);
  Shape axes = someAxes(graph, x);
  double step = 0;
  if (kind == ReduceKind::max || kind == ReduceKind::min)
    step = x.step;
  else if (kind == ReduceKind::sum || kind == ReduceKind::l1)
    step = x.step != 0 && x.magnitude() / x.step *
                                  static_cast<double>(x.tensor.size()) <
                              0x1p18
               ? x.step
               : 0;
  // Sums of both signs cancel.
  double growth = kind == ReduceKind::max || kind == ReduceKind::min ? 1 : 16;
  graph.add<ReduceOp>(step, growth, x.value, kind, axes,
                      graph.random.percent(50));
}

void addArgReduce(GraphBuilder &graph) {
  Wanted wanted{anyNumber};
  wanted.leastRank = 1;
  wanted.exact = wanted.nonEmpty = true;
  RandomValue x = graph.operand(wanted);
  graph.add<ArgReduceOp>(1, 1, x.value,
                         graph.random.percent(50) ? ArgKind::max : ArgKind::min,
                         graph.random.between(0, x.rank() - 1),
                         graph.random.percent(50), graph.random.percent(40));
}

void addSoftmax(GraphBuilder &graph) {
  Wanted wanted{anyFloat};
  wanted.leastRank = 1;
  wanted.low = -16, wanted.high = 16;
  RandomValue x = graph.operand(wanted);
  int64_t axis = graph.random.percent(70)
                     ? x.rank() - 1
                     : graph.random.between(0, x.rank() - 1);
  graph.add<SoftmaxOp>(0, 16, x.value, axis, graph.random.percent(30));
}

template <typename Op> void addPool(GraphBuilder &graph) {
  constexpr bool isMax = std::is_same_v<Op, MaxPoolOp>;
  Wanted wanted{!isMax             ? anyFloat
                : graph.exportable ? anyFloat | bytes
                                   : anyNumber};
  wanted.leastRank = 3;
  wanted.mostRank = 5;
  wanted.nonEmpty = true;
  RandomValue x = graph.operand(wanted);
  Layout layout = randomLayout(graph);
  RandomWindows windows(graph, x.shape(), layout);
  if constexpr (isMax) {
    graph.add<Op>(x.step, 1, x.value, windows.kernel, windows.strides,
                  windows.dilations, windows.pads, layout);
  } else {
    Shape ceilPads;
    for (size_t i = 0; i < windows.kernel.size(); ++i)
      ceilPads.push_back(graph.exportable || graph.random.percent(80)
                             ? 0
                             : graph.random.between(
                                   0, windows.pads[windows.kernel.size() + i]));
    graph.add<Op>(0, 4, x.value, windows.kernel, windows.strides,
                  windows.dilations, windows.pads, layout,
                  graph.random.percent(40), ceilPads);
  }
}

void addMaxPoolWithIndices(GraphBuilder &graph) {
  Wanted wanted{graph.exportable ? anyFloat | bytes : anyNumber};
  wanted.leastRank = 3;
  wanted.nonEmpty = wanted.exact = true;
  RandomValue x = graph.operand(wanted);
  RandomWindows windows(graph, x.shape(), Layout::nchw);
  graph.add<MaxPoolWithIndicesOp>(x.step, 1, x.value, windows.kernel,
                                  windows.strides, windows.dilations,
                                  windows.pads, graph.random.percent(40));
}

} // namespace

void random::addReductionRows(OperationRows &rows) {
  rows.insert(rows.end(),
              {
                  {"edge.reduce", addReduce, 12},
                  {"edge.arg_reduce", addArgReduce},
                  {"edge.softmax", addSoftmax, 6},
                  {"edge.max_pool", addPool<MaxPoolOp>, 6},
                  {"edge.max_pool_with_indices", addMaxPoolWithIndices},
                  {"edge.average_pool", addPool<AveragePoolOp>, 6},
              });
}
