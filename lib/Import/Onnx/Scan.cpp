//===- Scan.cpp - Loops over the elements of tensors --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A scan is a loop whose iterations take an element of every scanned tensor.
// The first version scans every sample of a batch: a loop around the loop.
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "LoopBuilder.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// The operands of a scan. Scanned tensors have the scanned axis first, in the
/// order of the iterations.
struct Scan {
  onnx::GraphProto *body = nullptr;
  SmallVector<Value> states, scanned;
  int64_t tripCount = 0;
  size_t numOutputs = 0; ///< Those that are stacked.
};

/// One entry an element; zeros where the node has no such attribute.
SmallVector<int64_t> entries(NodeContext &node, StringRef name, size_t count) {
  SmallVector<int64_t> values =
      node.intsAttribute(name).value_or(SmallVector<int64_t>(count, 0));
  if (values.size() == count)
    return values;
  (void)node.error(fmt::format("attribute '{}' has {} entries, {} are needed",
                               name.str(), values.size(), count));
  return SmallVector<int64_t>(count, 0);
}

/// `axis` first, the others in their order; or the other way round.
Value moveAxis(NodeContext &node, Value value, int64_t axis, bool toFront) {
  if (node.hasFailed())
    return {};
  axis = node.normalizedAxis(axis, node.rankOf(value));
  SmallVector<int64_t> permutation;
  for (int64_t dim = 0; dim < node.rankOf(value); ++dim)
    if (toFront ? dim != axis : dim != 0)
      permutation.push_back(dim);
  permutation.insert(permutation.begin() + (toFront ? 0 : axis),
                     toFront ? axis : 0);
  return node.transpose(value, permutation);
}

Value inDirection(NodeContext &node, Value value, int64_t direction) {
  return direction == 0 ? value : reversed(node, value, 0);
}

/// Divides the inputs from `first` on into states and scanned tensors.
Scan readScan(NodeContext &node, unsigned first) {
  Scan scan;
  scan.body = node.graphAttribute("body");
  if (!scan.body)
    (void)node.error("attribute 'body' is missing");
  int64_t count = node.requiredIntAttribute("num_scan_inputs");
  auto inputs = node.allInputs().drop_front(first);
  if (llvm::is_contained(inputs, Value()))
    (void)node.error("an input is missing");
  if (count < 1 || count > static_cast<int64_t>(inputs.size()))
    (void)node.error(
        fmt::format("num_scan_inputs = {} of {} inputs", count, inputs.size()));
  if (node.hasFailed())
    return scan;
  llvm::append_range(scan.states, inputs.drop_back(count));
  llvm::append_range(scan.scanned, inputs.take_back(count));
  if (node.numOutputs() < scan.states.size())
    (void)node.error("there are fewer outputs than states");
  else
    scan.numOutputs = node.numOutputs() - scan.states.size();
  if (static_cast<size_t>(scan.body->input_size()) != inputs.size() ||
      scan.body->output_size() != static_cast<int>(node.numOutputs()))
    (void)node.error("the body's inputs or outputs do not fit the node's");
  return scan;
}

/// Decides the number of iterations.
void readTripCount(NodeContext &node, Scan &scan) {
  for (Value value : scan.scanned) {
    if (node.hasFailed())
      return;
    if (node.rankOf(value) == 0)
      return (void)node.error("a scanned input has no axis");
    int64_t extent = node.shapeOf(value)[0];
    if (value == scan.scanned.front())
      scan.tripCount = extent;
    else if (extent != scan.tripCount)
      return (void)node.error(fmt::format(
          "scanned inputs have {} and {} elements", scan.tripCount, extent));
  }
}

/// The states after the last iteration, then the stacked outputs.
SmallVector<Value> runScan(NodeContext &node, const Scan &scan) {
  auto iteration = [&](Value number, ValueRange states) {
    LoopYield yield;
    SmallVector<Value> arguments(states), results;
    for (Value value : scan.scanned)
      arguments.push_back(elementAt(node, value, number));
    if (node.hasFailed())
      return yield;
    if (failed(node.graph().importSubgraph(*scan.body, arguments, results)) ||
        llvm::is_contained(results, Value())) {
      if (!node.hasFailed())
        (void)node.giveUp(); // It is reported where it stands.
      return yield;
    }
    for (auto [index, before] : llvm::enumerate(states))
      if (results[index].getType() != before.getType())
        (void)node.error(fmt::format("state {} changes its shape or type from "
                                     "one iteration to the next",
                                     index));
    llvm::append_range(yield.carried,
                       ArrayRef<Value>(results).take_front(states.size()));
    llvm::append_range(yield.slices,
                       ArrayRef<Value>(results).drop_front(states.size()));
    return yield;
  };
  return buildLoop(node, scan.tripCount, scan.states, iteration);
}

LogicalResult setOutputs(NodeContext &node, ArrayRef<Value> values) {
  if (node.hasFailed())
    return failure();
  for (auto [index, value] : llvm::enumerate(values))
    node.setOutput(index, value);
  return success();
}

LogicalResult importScan(NodeContext &node) {
  Scan scan = readScan(node, /*first=*/0);
  size_t count = scan.scanned.size();
  auto axes = entries(node, "scan_input_axes", count);
  auto directions = entries(node, "scan_input_directions", count);
  auto outputAxes = entries(node, "scan_output_axes", scan.numOutputs);
  auto outputDirections =
      entries(node, "scan_output_directions", scan.numOutputs);
  for (auto [value, axis, direction] :
       llvm::zip(scan.scanned, axes, directions))
    value = inDirection(node, moveAxis(node, value, axis, /*toFront=*/true),
                        direction);
  readTripCount(node, scan);
  if (node.hasFailed())
    return failure();
  SmallVector<Value> results = runScan(node, scan);
  if (node.hasFailed())
    return failure();
  auto outputs = MutableArrayRef<Value>(results).take_back(scan.numOutputs);
  for (auto [value, axis, direction] :
       llvm::zip(outputs, outputAxes, outputDirections))
    value = moveAxis(node, inDirection(node, value, direction), axis,
                     /*toFront=*/false);
  return setOutputs(node, results);
}

/// Whether the lengths of the sequences, where they are given, are all that of
/// the scanned tensors.
bool coversSequences(NodeContext &node, int64_t steps) {
  if (!node.input(0))
    return true;
  std::optional<SmallVector<int64_t>> lengths = node.constantInts(0);
  return lengths && llvm::all_equal(*lengths) &&
         (lengths->empty() || lengths->front() == steps);
}

/// Inputs are the lengths, [N, ...] states and [N, T, ...] scanned tensors.
LogicalResult importBatchedScan(NodeContext &node) {
  Scan batched = readScan(node, /*first=*/1);
  auto directions = entries(node, "directions", batched.scanned.size());
  for (Value value : batched.scanned)
    if (!node.hasFailed() && node.rankOf(value) < 2)
      (void)node.error("a scanned input needs a batch and a sequence");
  if (node.hasFailed())
    return failure();
  int64_t steps = node.shapeOf(batched.scanned.front())[1];
  int64_t batch = node.shapeOf(batched.scanned.front())[0];
  for (Value value : node.allInputs().drop_front())
    if (node.rankOf(value) == 0 || node.shapeOf(value)[0] != batch)
      return node.error("the inputs differ in their batch");
  if (!coversSequences(node, steps))
    return node.error("sequences of different lengths are not supported");

  auto sample = [&](Value number, ValueRange) {
    Scan scan = batched;
    for (Value &state : scan.states)
      state = elementAt(node, state, number);
    for (auto [value, direction] : llvm::zip(scan.scanned, directions))
      value = inDirection(node, elementAt(node, value, number), direction);
    readTripCount(node, scan);
    LoopYield yield;
    if (!node.hasFailed())
      yield.slices = runScan(node, scan);
    return yield;
  };
  return setOutputs(node, buildLoop(node, batch, {}, sample));
}

} // namespace

void edgec::onnx_import::addScan(OperatorTable &table) {
  table.add({
      {"Scan",
       8,
       8,
       {0, anyNumber},
       InputTypes({int64, anyElement}).repeatingLast(1),
       importBatchedScan},
      {"Scan",
       9,
       newestOpset,
       {1, anyNumber},
       InputTypes(anyElement).repeatingLast(1),
       importScan},
  });
}
