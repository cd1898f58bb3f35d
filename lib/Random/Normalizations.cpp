//===- Normalizations.cpp - Rows of normalisations ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::random;
using llvm::APFloat;

namespace {

void addBatchNorm(GraphBuilder &graph) {
  Wanted wanted{anyFloat};
  wanted.leastRank = 2;
  RandomValue x = graph.operand(wanted);
  ElementType type = x.type();
  int64_t axis = graph.exportable || graph.random.percent(80) ? 1 : 0;
  Shape channels = {x.shape()[axis]};
  // Constants are folded into the convolution before them, others are not.
  bool constants = graph.random.percent(80);
  auto vector = [&](double low, double high) {
    if (constants)
      return graph.constant(type, channels, low, high, 0, true).value;
    return graph.argument(type, channels, low, high, 0).value;
  };
  mlir::Value scale = vector(0.5, 1.5), bias = vector(-1, 1),
              mean = vector(-1, 1), variance = vector(0.5, 2);
  graph.add<BatchNormOp>(0, 4, x.value, scale, bias, mean, variance,
                         APFloat(1e-3), axis);
}

void addLayerNorm(GraphBuilder &graph) {
  Wanted wanted{anyFloat};
  wanted.leastRank = 1;
  RandomValue x = graph.operand(wanted);
  int64_t axis = graph.random.percent(70)
                     ? x.rank() - 1
                     : graph.random.between(0, x.rank() - 1);
  Shape shape(x.shape().begin() + axis, x.shape().end());
  Wanted affine{anyFloat};
  affine.low = -4, affine.high = 4;
  affine.constant = true;
  RandomValue scale = graph.operandLike(affine, x.type(), shape);
  mlir::Value bias;
  if (graph.random.percent(60))
    bias = graph.operandLike(affine, x.type(), shape).value;
  // Rows may be of equal elements: a small number to divide by would make
  // anything of their rounding.
  graph.add<LayerNormOp>(0, 16, x.value, scale.value, bias, axis,
                         APFloat(graph.random.percent(50) ? 0.01 : 0.1));
}

void addLrn(GraphBuilder &graph) {
  Wanted wanted{anyFloat};
  wanted.leastRank = graph.exportable ? 3 : 2;
  wanted.mostRank = 4;
  wanted.low = -8, wanted.high = 8;
  RandomValue x = graph.operand(wanted);
  int64_t axis = graph.exportable || graph.random.percent(80) ? 1 : 0;
  graph.add<LrnOp>(0, 4, x.value, graph.random.between(1, 6),
                   APFloat(graph.random.uniform(0.001, 0.5)),
                   APFloat(graph.random.among({0.5, 0.75, 1.0, 0.6})),
                   APFloat(graph.random.uniform(0.8, 2)), axis);
}

} // namespace

void random::addNormalizationRows(OperationRows &rows) {
  rows.insert(rows.end(), {
                              {"edge.batch_norm", addBatchNorm, 6},
                              {"edge.layer_norm", addLayerNorm, 6},
                              {"edge.lrn", addLrn},
                          });
}
