//===- RuntimeSlice.cpp - Slices whose place a loop decides ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeSlice.h"
#include "GraphImporter.h"
#include "NodeContext.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// An index: `factor` times the number of a loop's iteration, plus a constant.
struct LinearIndex {
  Value iteration; ///< Null where the factor is 0.
  int64_t factor = 0, constant = 0;
};

std::optional<LinearIndex> combine(std::optional<LinearIndex> a,
                                   std::optional<LinearIndex> b, int64_t sign) {
  if (!a || !b ||
      (a->iteration && b->iteration && a->iteration != b->iteration))
    return std::nullopt;
  return LinearIndex{a->iteration ? a->iteration : b->iteration,
                     a->factor + sign * b->factor,
                     a->constant + sign * b->constant};
}

/// Numbers beyond this are no places in a tensor, and their sums might not be
/// numbers.
constexpr int64_t largestIndex = int64_t{1} << 40;

std::optional<LinearIndex> matchLinear(NodeContext &node, Value value,
                                       int depth = 0) {
  constexpr int maximumDepth = 16;
  auto type = cast<RankedTensorType>(value.getType());
  if (depth > maximumDepth || type.getNumElements() != 1 ||
      !type.getElementType().isSignlessInteger())
    return std::nullopt;
  if (node.graph().iterationCounts.contains(value))
    return LinearIndex{value, 1, 0};
  if (std::optional<Tensor> known = node.knownValue(value)) {
    int64_t number = known->asInt(0);
    if (number < -largestIndex || number > largestIndex)
      return std::nullopt;
    return LinearIndex{{}, 0, number};
  }
  auto recurse = [&](Value operand) {
    return matchLinear(node, operand, depth + 1);
  };
  if (auto op = value.getDefiningOp<edge::ReshapeOp>())
    return recurse(op.getInput());
  if (auto op = value.getDefiningOp<edge::CastOp>())
    return recurse(op.getInput());
  if (auto op = value.getDefiningOp<edge::BroadcastOp>())
    return recurse(op.getInput());
  if (auto op = value.getDefiningOp<edge::AddOp>())
    return combine(recurse(op.getLhs()), recurse(op.getRhs()), 1);
  if (auto op = value.getDefiningOp<edge::SubOp>())
    return combine(recurse(op.getLhs()), recurse(op.getRhs()), -1);
  if (auto op = value.getDefiningOp<edge::MulOp>()) {
    std::optional<LinearIndex> a = recurse(op.getLhs()),
                               b = recurse(op.getRhs());
    if (a && !a->iteration)
      std::swap(a, b);
    if (!a || !b || b->iteration || std::abs(b->constant) > INT32_MAX ||
        std::abs(a->factor) > INT32_MAX || std::abs(a->constant) > INT32_MAX)
      return std::nullopt;
    return LinearIndex{a->iteration, a->factor * b->constant,
                       a->constant * b->constant};
  }
  return std::nullopt;
}

} // namespace

Value edgec::onnx_import::sliceThatMoves(NodeContext &node) {
  Value input = node.input(0), start = node.input(1);
  std::optional<LinearIndex> from = matchLinear(node, start);
  std::optional<LinearIndex> to = matchLinear(node, node.input(2));
  if (!from || !to || from->iteration != to->iteration ||
      from->factor != to->factor || !from->iteration)
    return {};
  int64_t axis = 0;
  if (node.input(3)) {
    std::optional<SmallVector<int64_t>> axes = node.constantInts(3);
    if (!axes || axes->size() != 1)
      return {};
    axis = axes->front();
  }
  axis = node.normalizedAxis(axis, node.rankOf(input));
  int64_t step = 1;
  if (node.input(4)) {
    std::optional<SmallVector<int64_t>> steps = node.constantInts(4);
    if (!steps || steps->size() != 1 || steps->front() < 1)
      return {};
    step = steps->front();
  }
  if (node.hasFailed())
    return {};

  // The first and the last iteration have the least and the greatest range.
  int64_t last = node.graph().iterationCounts.lookup(from->iteration) - 1;
  int64_t moved = 0, extent = node.shapeOf(input)[axis];
  if (llvm::MulOverflow(from->factor, std::max<int64_t>(last, 0), moved) ||
      std::abs(moved) > largestIndex)
    return {};
  int64_t length = to->constant - from->constant;
  int64_t least = from->constant + std::min<int64_t>(moved, 0);
  int64_t greatest = to->constant + std::max<int64_t>(moved, 0);
  if (length < 1 || least < 0 || greatest > extent)
    return {};
  int64_t count = (length - 1) / step + 1;
  SmallVector<int64_t> offsets;
  for (int64_t i = 0; i < count; ++i)
    offsets.push_back(i * step);
  Value indices =
      node.castTo(node.reshape(start, {1}), node.builder().getI64Type());
  if (count > 1)
    indices = node.create<edge::AddOp>(indices, node.intVector(offsets));
  return node.create<edge::GatherOp>(input, indices, axis);
}
