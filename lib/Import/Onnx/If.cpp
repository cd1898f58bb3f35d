//===- If.cpp - Branches ------------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

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
  return node.importSubgraph(branch, {}, results);
}

/// A dimension of an output that has another extent in the other branch, or one
/// that the run decides.
struct BranchExtent {
  unsigned output;
  int64_t dim;
};

/// The true extent of a dimension of a branch's result.
Value branchExtent(NodeContext &node, Value value, int64_t dim) {
  ArrayRef<Value> extents = node.runtimeExtents(value);
  if (!extents.empty() && extents[dim])
    return extents[dim];
  return node.scalar(node.builder().getI64Type(),
                     static_cast<double>(node.shapeOf(value)[dim]));
}

/// What the branches' outputs have in common: buffers that hold either.
FailureOr<SmallVector<Type>>
commonTypes(NodeContext &node, ArrayRef<Value> results,
            ArrayRef<Value> elseResults,
            SmallVectorImpl<BranchExtent> &different) {
  SmallVector<Type> types;
  for (auto [index, one, other] : llvm::enumerate(results, elseResults)) {
    if (node.elementTypeOf(one) != node.elementTypeOf(other) ||
        node.rankOf(one) != node.rankOf(other))
      return node.error(fmt::format("output {} has another rank or element "
                                    "type in the other branch",
                                    index));
    SmallVector<int64_t> shape(node.shapeOf(one));
    for (auto [dim, extent] : llvm::enumerate(shape)) {
      auto isDecided = [&, dim = dim](Value value) {
        ArrayRef<Value> extents = node.runtimeExtents(value);
        return !extents.empty() && extents[dim];
      };
      int64_t otherExtent = node.shapeOf(other)[dim];
      if (extent != otherExtent || isDecided(one) || isDecided(other))
        different.push_back(
            {static_cast<unsigned>(index), static_cast<int64_t>(dim)});
      extent = std::max(extent, otherExtent);
    }
    types.push_back(RankedTensorType::get(shape, node.elementTypeOf(one)));
  }
  return types;
}

/// Ends a branch: its results in buffers of `types`, and their true extents.
void finishBranch(NodeContext &node, Region &region, ArrayRef<Value> results,
                  ArrayRef<Type> types, ArrayRef<BranchExtent> different) {
  OpBuilder::InsertionGuard guard(node.builder());
  node.builder().setInsertionPointToEnd(&region.front());
  SmallVector<Value> yielded;
  for (auto [value, type] : llvm::zip(results, types)) {
    yielded.push_back(value);
    if (value.getType() == type)
      continue;
    ArrayRef<int64_t> shape = cast<RankedTensorType>(type).getShape();
    SmallVector<int64_t> low(shape.size(), 0), high;
    for (auto [to, from] : llvm::zip(shape, node.shapeOf(value)))
      high.push_back(to - from);
    auto pad = node.builder().create<edge::PadOp>(
        node.loc(), type, value, Value(), low, high, edge::PadMode::constant);
    node.graph().extents.trust(pad);
    yielded.back() = pad;
  }
  for (auto [output, dim] : different)
    yielded.push_back(branchExtent(node, results[output], dim));
  node.graph().extents.trust(
      node.builder().create<edge::YieldOp>(node.loc(), yielded));
}

LogicalResult importIf(NodeContext &node) {
  onnx::GraphProto *thenBranch = node.graphAttribute("then_branch");
  onnx::GraphProto *elseBranch = node.graphAttribute("else_branch");
  if (failed(checkBranch(node, thenBranch, "then_branch")) ||
      failed(checkBranch(node, elseBranch, "else_branch")))
    return failure();
  Value condition = node.input(0);
  SmallVector<Value> results, elseResults;
  std::optional<Tensor> known = node.knownValue(condition);
  if (known && known->size() == 1) {
    onnx::GraphProto &taken = known->asInt(0) != 0 ? *thenBranch : *elseBranch;
    if (failed(node.importSubgraph(taken, {}, results)))
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
  SmallVector<BranchExtent> different;
  auto types = commonTypes(node, results, elseResults, different);
  if (failed(types))
    return failure();
  finishBranch(node, *thenRegion, results, *types, different);
  finishBranch(node, *elseRegion, elseResults, *types, different);
  OperationState state(node.loc(), edge::IfOp::getOperationName());
  state.addOperands(node.toScalar(condition));
  state.addTypes(*types);
  state.addTypes(SmallVector<Type>(
      different.size(),
      RankedTensorType::get({}, node.builder().getI64Type())));
  state.addRegion(std::move(thenRegion));
  state.addRegion(std::move(elseRegion));
  ResultRange all = node.builder().create(state)->getResults();
  for (auto [index, extent] : llvm::enumerate(different))
    node.setExtent(all[extent.output], extent.dim, all[types->size() + index]);
  return setOutputs(node, all.take_front(types->size()));
}

} // namespace

void edgec::onnx_import::addIf(OperatorTable &table) {
  table.add({
      {"If",
       1,
       newestOpset,
       {1, 1},
       boolean,
       importIf,
       onnxDomain,
       "the run decides shapes in which the branches differ"},
  });
}
