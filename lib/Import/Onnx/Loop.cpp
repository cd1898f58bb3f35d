//===- Loop.cpp - Loops ---------------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "GraphImporter.h"
#include "IndexBounds.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

struct LoopParts {
  Value tripCount, condition;
  SmallVector<Value> carried;
  std::optional<int64_t> knownTripCount;
  /// The most iterations that there can be, if that is known.
  std::optional<int64_t> bound;
};

std::optional<LoopParts> loopOperands(NodeContext &node) {
  LoopParts parts;
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
  parts.condition = node.input(1) ? node.toScalar(node.input(1))
                                  : node.scalar(node.builder().getI1Type(), 1);
  std::optional<Tensor> starts =
      node.hasFailed() ? std::nullopt : node.knownValue(parts.condition);
  if (starts && starts->asInt(0) == 0) {
    parts.knownTripCount = 0;
    parts.tripCount = node.toScalar(node.intVector({0}));
  }
  for (unsigned index = 2; index < node.numInputs(); ++index) {
    Value value = node.input(index);
    if (!value)
      (void)node.error("a carried value is missing");
    parts.carried.push_back(value);
  }
  if (node.hasFailed())
    return std::nullopt;
  parts.bound = parts.knownTripCount
                    ? parts.knownTripCount
                    : largestValue(node.graph(), parts.tripCount);
  if (parts.bound)
    parts.bound = std::max<int64_t>(0, *parts.bound);
  return parts;
}

/// A loop whose condition is known to end it runs once.
void limitTripCount(NodeContext &node, LoopParts &parts, Value goesOn) {
  std::optional<Tensor> known = node.knownValue(goesOn);
  if (!known || known->asInt(0) != 0 || parts.knownTripCount == 0)
    return;
  std::optional<Tensor> starts = node.knownValue(parts.condition);
  if (!starts || (node.input(0) && !parts.knownTripCount))
    return;
  parts.knownTripCount = parts.bound = 1;
  parts.tripCount = node.toScalar(node.intVector({1}));
}

/// Whether all iterations that the trip count allows take place.
bool runsToItsEnd(NodeContext &node, const LoopParts &parts, Value goesOn) {
  if (parts.knownTripCount == 0)
    return true;
  std::optional<Tensor> starts = node.knownValue(parts.condition);
  std::optional<Tensor> again = node.knownValue(goesOn);
  bool startsForCertain = starts && starts->asInt(0) != 0;
  bool goesOnForCertain = again && again->asInt(0) != 0;
  return startsForCertain && (parts.knownTripCount == 1 || goesOnForCertain);
}

/// Limits a loop whose iterations the run counts to what its scan outputs have
/// room for.
LogicalResult boundScanOutputs(NodeContext &node, LoopParts &parts) {
  std::optional<int64_t> stated = node.maxElements(parts.carried.size());
  bool isReasonable = parts.bound && isReasonableShape({*parts.bound}, 8);
  if (!stated && !isReasonable)
    return node.error("scan outputs need a number of iterations that has a "
                      "bound: give the most with --max-elements=NAME=SIZE, "
                      "NAME being a scan output of the node");
  if (stated && (!parts.bound || *stated < *parts.bound)) {
    parts.bound = *stated;
    parts.tripCount = node.create<edge::MinimumOp>(
        parts.tripCount, node.scalar(node.elementTypeOf(parts.tripCount),
                                     static_cast<double>(*stated)));
  }
  return success(!node.hasFailed());
}

/// Types of the scan outputs: the slices of every iteration, stacked.
LogicalResult addScanTypes(NodeContext &node, const LoopParts &parts,
                           ArrayRef<Value> slices,
                           SmallVectorImpl<Type> &types) {
  for (Value slice : slices) {
    SmallVector<int64_t> shape(node.shapeOf(slice));
    shape.insert(shape.begin(), *parts.bound);
    if (!isReasonableShape(shape, 8))
      return node.error("its scan outputs would be larger than any machine's "
                        "memory");
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

/// The body as a region without a yield; `yielded` is what it will yield.
std::unique_ptr<Region> importBody(NodeContext &node, onnx::GraphProto &body,
                                   const LoopParts &parts,
                                   SmallVectorImpl<Value> &yielded) {
  auto region = std::make_unique<Region>();
  OpBuilder::InsertionGuard guard(node.builder());
  Block *block = node.builder().createBlock(region.get());
  auto scalar = RankedTensorType::get({}, node.builder().getI64Type());
  // The body runs only while its condition holds.
  Value iteration = block->addArgument(scalar, node.loc());
  node.graph().extents.setCount(iteration);
  if (parts.bound)
    node.graph().iterationCounts[iteration] = *parts.bound;
  SmallVector<Value> arguments{iteration,
                               node.scalar(node.builder().getI1Type(), 1)};
  for (Value value : parts.carried)
    arguments.push_back(block->addArgument(value.getType(), node.loc()));
  if (failed(node.importSubgraph(body, arguments, yielded)))
    return nullptr;
  yielded.front() = node.toScalar(yielded.front());
  return node.hasFailed() ? nullptr : std::move(region);
}

/// Ends the body. Where it `counts`, how many iterations there were is one more
/// carried value, which none of them reads.
void finishBody(NodeContext &node, Block &body, bool counts, size_t carried,
                SmallVectorImpl<Value> &yielded) {
  OpBuilder::InsertionGuard guard(node.builder());
  node.builder().setInsertionPointToEnd(&body);
  if (counts) {
    Type i64 = node.builder().getI64Type();
    body.addArgument(RankedTensorType::get({}, i64), node.loc());
    yielded.insert(
        yielded.begin() + 1 + carried,
        node.create<edge::AddOp>(body.getArgument(0), node.scalar(i64, 1)));
  }
  node.builder().create<edge::YieldOp>(node.loc(), yielded);
}

Operation *createLoop(NodeContext &node, const LoopParts &parts,
                      ArrayRef<Type> types, std::unique_ptr<Region> body,
                      bool counts) {
  SmallVector<Value> carried(parts.carried);
  if (counts)
    carried.push_back(node.scalar(node.builder().getI64Type(), 0));
  OperationState state(node.loc(), edge::LoopOp::getOperationName());
  state.addOperands({parts.tripCount, parts.condition});
  state.addOperands(carried);
  state.addTypes(types);
  state.addRegion(std::move(body));
  return node.builder().create(state);
}

/// The node's outputs from the loop's results: carried values, the count where
/// it `counts`, scan outputs.
LogicalResult setOutputs(NodeContext &node, const LoopParts &parts,
                         Operation *loop, bool counts, bool isDecided) {
  size_t carried = parts.carried.size();
  Value iterations;
  if (counts)
    iterations = loop->getResult(carried);
  else if (isDecided)
    iterations = node.create<edge::ClampOp>(
        node.castTo(parts.tripCount, node.builder().getI64Type()), APFloat(0.0),
        APFloat(static_cast<double>(*parts.bound)));
  for (unsigned output = 0; output < node.numOutputs(); ++output) {
    bool isScan = output >= carried;
    Value value = loop->getResult(output + (isScan && counts));
    if (isScan && isDecided)
      node.setExtent(value, 0, iterations);
    node.setOutput(output, value);
  }
  return success(!node.hasFailed());
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

  SmallVector<Value> yielded;
  std::unique_ptr<Region> region = importBody(node, *body, *parts, yielded);
  if (!region || failed(checkCarried(node, *parts, yielded)))
    return failure();
  limitTripCount(node, *parts, yielded.front());
  bool isWhole = runsToItsEnd(node, *parts, yielded.front());
  bool isDecided =
      node.numOutputs() > carried && !(isWhole && parts->knownTripCount);
  if (isDecided && failed(boundScanOutputs(node, *parts)))
    return failure();
  bool counts = isDecided && !isWhole;
  SmallVector<Type> types(ValueRange(parts->carried).getTypes());
  if (counts)
    types.push_back(RankedTensorType::get({}, node.builder().getI64Type()));
  if (failed(addScanTypes(node, *parts,
                          ArrayRef(yielded).drop_front(1 + carried), types)))
    return failure();
  finishBody(node, region->front(), counts, carried, yielded);
  Operation *loop = createLoop(node, *parts, types, std::move(region), counts);
  return setOutputs(node, *parts, loop, counts, isDecided);
}

} // namespace

void edgec::onnx_import::addLoop(OperatorTable &table) {
  table.add({
      {"Loop",
       1,
       newestOpset,
       {0, anyNumber},
       InputTypes({int64, boolean, anyElement}).repeatingLast(1),
       importLoop,
       onnxDomain,
       "scan outputs of unbounded iterations need --max-elements"},
  });
}
