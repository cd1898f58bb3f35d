//===- Reductions.cpp - Reductions over axes ----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// The axes to reduce: all of them where the node names none, unless it says
/// that this means no reduction.
SmallVector<int64_t> reducedAxes(NodeContext &node, int inputSince) {
  int64_t rank = node.rankOf(node.input(0));
  std::optional<SmallVector<int64_t>> axes = node.axes(inputSince, 1);
  bool noneMeansNone = node.flagAttribute("noop_with_empty_axes", false);
  if (axes && !axes->empty())
    return node.normalizedAxes(*axes, rank);
  if (noneMeansNone)
    return {};
  SmallVector<int64_t> all(rank);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

/// `inputSince` is the opset from which on the axes are an input.
template <edge::ReduceKind kind, int inputSince>
LogicalResult importReduce(NodeContext &node) {
  bool keepDims = node.flagAttribute("keepdims", true);
  SmallVector<int64_t> axes = reducedAxes(node, inputSince);
  Value input = node.input(0);
  Type element = node.elementTypeOf(input);
  if (!element.isInteger(1))
    return node.finish(
        node.create<edge::ReduceOp>(input, kind, axes, keepDims));
  // Booleans are ordered like 0 and 1.
  Type byte = IntegerType::get(node.context(), 8, IntegerType::Unsigned);
  Value reduced = node.create<edge::ReduceOp>(node.castTo(input, byte), kind,
                                              axes, keepDims);
  return node.finish(node.castTo(reduced, element));
}

template <edge::ArgKind kind> LogicalResult importArgReduce(NodeContext &node) {
  int64_t rank = node.rankOf(node.input(0));
  int64_t axis = node.normalizedAxis(node.intAttribute("axis", 0), rank);
  bool keepDims = node.flagAttribute("keepdims", true);
  bool selectLast = node.flagAttribute("select_last_index", false);
  return node.finish(node.create<edge::ArgReduceOp>(node.input(0), kind, axis,
                                                    keepDims, selectLast));
}

} // namespace

void edgec::onnx_import::addReductions(OperatorTable &table) {
  using Kind = edge::ReduceKind;
  constexpr InputCount one{1, 1}, oneOrTwo{1, 2};
  table.add({
      {"ReduceL1",
       1,
       newestOpset,
       oneOrTwo,
       {numbers, int64},
       importReduce<Kind::l1, 18>},
      {"ReduceL2",
       1,
       newestOpset,
       oneOrTwo,
       {numbers, int64},
       importReduce<Kind::l2, 18>},
      {"ReduceLogSum",
       1,
       newestOpset,
       oneOrTwo,
       {floats, int64},
       importReduce<Kind::log_sum, 18>},
      {"ReduceLogSumExp",
       1,
       newestOpset,
       oneOrTwo,
       {floats, int64},
       importReduce<Kind::log_sum_exp, 18>},
      {"ReduceMax",
       1,
       newestOpset,
       oneOrTwo,
       {anyElement, int64},
       importReduce<Kind::max, 18>},
      {"ReduceMean",
       1,
       newestOpset,
       oneOrTwo,
       {numbers, int64},
       importReduce<Kind::mean, 18>},
      {"ReduceMin",
       1,
       newestOpset,
       oneOrTwo,
       {anyElement, int64},
       importReduce<Kind::min, 18>},
      {"ReduceProd",
       1,
       newestOpset,
       oneOrTwo,
       {numbers, int64},
       importReduce<Kind::prod, 18>},
      {"ReduceSum",
       1,
       newestOpset,
       oneOrTwo,
       {numbers, int64},
       importReduce<Kind::sum, 13>},
      {"ReduceSumSquare",
       1,
       newestOpset,
       oneOrTwo,
       {numbers, int64},
       importReduce<Kind::sum_square, 18>},
  });
  table.add({
      {"ArgMax", 1, newestOpset, one, numbers,
       importArgReduce<edge::ArgKind::max>},
      {"ArgMin", 1, newestOpset, one, numbers,
       importArgReduce<edge::ArgKind::min>},
  });
}
