//===- Control.cpp - Branches and loops ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// Imports a subgraph where the builder stands; gives the node up where
/// something in it could not be imported, which is reported there.
LogicalResult importBody(NodeContext &node, onnx::GraphProto &graph,
                         ValueRange arguments,
                         SmallVectorImpl<Value> &results) {
  if (failed(node.graph().importSubgraph(graph, arguments, results)))
    return node.hasFailed() ? failure() : node.giveUp();
  if (llvm::is_contained(results, Value()))
    return node.giveUp();
  return success();
}

//===----------------------------------------------------------------------===//
// If
//===----------------------------------------------------------------------===//

LogicalResult checkBranch(NodeContext &node, onnx::GraphProto *branch,
                          StringRef name) {
  if (!branch)
    return node.error("attribute '" + name + "' is missing");
  if (branch->input_size() != 0)
    return node.error("attribute '" + name + "' has inputs");
  if (static_cast<unsigned>(branch->output_size()) != node.numOutputs())
    return node.error(fmt::format("attribute '{}' has {} outputs, the node {}",
                                  name.str(), branch->output_size(),
                                  node.numOutputs()));
  return success();
}

LogicalResult setOutputs(NodeContext &node, ValueRange values) {
  for (auto [index, value] : llvm::enumerate(values))
    node.setOutput(index, value);
  return success();
}

/// Fills `region` with the branch and its yield.
LogicalResult importBranch(NodeContext &node, onnx::GraphProto &branch,
                           Region &region, SmallVectorImpl<Value> &results) {
  OpBuilder::InsertionGuard guard(node.builder());
  node.builder().createBlock(&region);
  if (failed(importBody(node, branch, {}, results)))
    return failure();
  node.builder().create<edge::YieldOp>(node.loc(), results);
  return success();
}

LogicalResult importIf(NodeContext &node) {
  onnx::GraphProto *thenBranch = node.graphAttribute("then_branch");
  onnx::GraphProto *elseBranch = node.graphAttribute("else_branch");
  if (failed(checkBranch(node, thenBranch, "then_branch")) ||
      failed(checkBranch(node, elseBranch, "else_branch")))
    return failure();
  Value condition = node.input(0);
  if (!node.elementTypeOf(condition).isInteger(1))
    return node.error("the condition must be boolean");
  SmallVector<Value> results, elseResults;
  std::optional<Tensor> known = node.knownValue(condition);
  if (known && known->size() == 1) {
    onnx::GraphProto &taken = known->asInt(0) != 0 ? *thenBranch : *elseBranch;
    if (failed(importBody(node, taken, {}, results)))
      return failure();
    return setOutputs(node, results);
  }

  auto thenRegion = std::make_unique<Region>();
  auto elseRegion = std::make_unique<Region>();
  // Both, so that everything unsupported is reported.
  LogicalResult thenDone =
      importBranch(node, *thenBranch, *thenRegion, results);
  LogicalResult elseDone =
      importBranch(node, *elseBranch, *elseRegion, elseResults);
  if (failed(thenDone) || failed(elseDone))
    return failure();
  for (auto [index, one, other] : llvm::enumerate(results, elseResults))
    if (one.getType() != other.getType())
      return node.error(
          fmt::format("output {} has another shape or type in the other "
                      "branch; only the same ones are supported",
                      index));
  OperationState state(node.loc(), edge::IfOp::getOperationName());
  state.addOperands(node.toScalar(condition));
  state.addTypes(ValueRange(results).getTypes());
  state.addRegion(std::move(thenRegion));
  state.addRegion(std::move(elseRegion));
  return setOutputs(node, node.builder().create(state)->getResults());
}

//===----------------------------------------------------------------------===//
// Loop
//===----------------------------------------------------------------------===//

struct LoopParts {
  Value tripCount, condition;
  SmallVector<Value> carried;
  std::optional<int64_t> knownTripCount;
};

std::optional<LoopParts> loopOperands(NodeContext &node) {
  LoopParts parts;
  Type i64 = node.builder().getI64Type(), i1 = node.builder().getI1Type();
  parts.tripCount = node.input(0);
  if (!parts.tripCount) {
    parts.tripCount =
        node.toScalar(node.intVector({std::numeric_limits<int64_t>::max()}));
  } else {
    std::optional<Tensor> known = node.knownValue(parts.tripCount);
    if (known && known->size() == 1)
      parts.knownTripCount = std::max<int64_t>(0, known->asInt(0));
    parts.tripCount = node.toScalar(parts.tripCount);
  }
  parts.condition =
      node.input(1) ? node.toScalar(node.input(1)) : node.scalar(i1, 1);
  for (unsigned index = 2; index < node.numInputs(); ++index) {
    Value value = node.input(index);
    if (!value)
      (void)node.error("a carried value is missing");
    parts.carried.push_back(value);
  }
  if (node.hasFailed())
    return std::nullopt;
  if (node.elementTypeOf(parts.tripCount) != i64 ||
      node.elementTypeOf(parts.condition) != i1) {
    (void)node.error("the trip count must be int64, the condition boolean");
    return std::nullopt;
  }
  return parts;
}

/// Types of the scan outputs: the slices of every iteration, stacked.
LogicalResult addScanTypes(NodeContext &node, const LoopParts &parts,
                           ArrayRef<Value> yielded,
                           SmallVectorImpl<Type> &types) {
  ArrayRef<Value> slices = yielded.drop_front(1 + parts.carried.size());
  if (slices.empty())
    return success();
  if (!parts.knownTripCount)
    return node.error("scan outputs need a trip count that is known at "
                      "compile time");
  std::optional<Tensor> goesOn = node.knownValue(yielded.front());
  std::optional<Tensor> starts = node.knownValue(parts.condition);
  if (!goesOn || goesOn->asInt(0) == 0 || !starts || starts->asInt(0) == 0)
    return node.error("scan outputs of a loop that may end early have a size "
                      "that is not known at compile time");
  for (Value slice : slices) {
    SmallVector<int64_t> shape(node.shapeOf(slice));
    shape.insert(shape.begin(), *parts.knownTripCount);
    types.push_back(RankedTensorType::get(shape, node.elementTypeOf(slice)));
  }
  return success();
}

LogicalResult checkCarried(NodeContext &node, const LoopParts &parts,
                           ArrayRef<Value> yielded) {
  for (auto [index, before, after] :
       llvm::enumerate(parts.carried, yielded.slice(1, parts.carried.size())))
    if (before.getType() != after.getType())
      return node.error(fmt::format("carried value {} changes its shape or "
                                    "type from one iteration to the next",
                                    index));
  return success();
}

LogicalResult importLoop(NodeContext &node) {
  onnx::GraphProto *body = node.graphAttribute("body");
  if (!body)
    return node.error("attribute 'body' is missing");
  std::optional<LoopParts> parts = loopOperands(node);
  if (!parts)
    return failure();
  size_t carried = parts->carried.size();
  if (static_cast<size_t>(body->input_size()) != carried + 2 ||
      static_cast<size_t>(body->output_size()) != node.numOutputs() + 1 ||
      node.numOutputs() < carried)
    return node.error("the body's inputs or outputs do not fit the node's");

  auto region = std::make_unique<Region>();
  SmallVector<Value> yielded;
  {
    OpBuilder::InsertionGuard guard(node.builder());
    Block *block = node.builder().createBlock(region.get());
    auto scalar = RankedTensorType::get({}, node.builder().getI64Type());
    // The body runs only while its condition holds.
    SmallVector<Value> arguments{block->addArgument(scalar, node.loc()),
                                 node.scalar(node.builder().getI1Type(), 1)};
    for (Value value : parts->carried)
      arguments.push_back(block->addArgument(value.getType(), node.loc()));
    if (failed(importBody(node, *body, arguments, yielded)))
      return failure();
    yielded.front() = node.toScalar(yielded.front());
    if (node.hasFailed())
      return failure();
    node.builder().create<edge::YieldOp>(node.loc(), yielded);
  }
  SmallVector<Type> types(ValueRange(parts->carried).getTypes());
  if (failed(checkCarried(node, *parts, yielded)) ||
      failed(addScanTypes(node, *parts, yielded, types)))
    return failure();
  OperationState state(node.loc(), edge::LoopOp::getOperationName());
  state.addOperands({parts->tripCount, parts->condition});
  state.addOperands(parts->carried);
  state.addTypes(types);
  state.addRegion(std::move(region));
  return setOutputs(node, node.builder().create(state)->getResults());
}

} // namespace

void edgec::onnx_import::addControl(OperatorTable &table) {
  table.add({
      {"If", 1, newestOpset, {1, 1}, importIf},
      {"Loop", 1, newestOpset, {0, anyNumber}, importLoop},
  });
}
