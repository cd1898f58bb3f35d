//===- Control.cpp - Blocks, branches and loops ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Regions.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;
using namespace mlir;

namespace {

Tensor borrow(const Tensor &tensor) {
  return Tensor::view(tensor.type(), tensor.shape(), tensor.bytes());
}

/// Stacks slices along a new first dimension, iteration by iteration. Slices of
/// a loop that ended early stay zero: the result's shape is static.
void storeSlice(const Tensor &slice, int64_t iteration, Tensor &stacked) {
  if (slice.byteCount() != 0)
    std::memcpy(stacked.mutableBytes() + iteration * slice.byteCount(),
                slice.bytes(), slice.byteCount());
}

} // namespace

const RegionInterpreter::LastUses &RegionInterpreter::lastUses(Block &block) {
  std::unique_ptr<LastUses> &cached = lastUsesOfBlock[&block];
  if (cached)
    return *cached;
  cached = std::make_unique<LastUses>();
  auto note = [&](Value value, Operation *producer) {
    Operation *last = producer;
    for (Operation *user : value.getUsers()) {
      Operation *ancestor = block.findAncestorOpInBlock(*user);
      if (!last || last->isBeforeInBlock(ancestor))
        last = ancestor;
    }
    if (last)
      (*cached)[last].push_back(value);
  };
  for (Value argument : block.getArguments())
    note(argument, nullptr);
  for (Operation &op : block)
    for (Value result : op.getResults())
      note(result, &op);
  return *cached;
}

FailureOr<std::vector<Tensor>> RegionInterpreter::run(Region &region,
                                                      Operands arguments) {
  if (!region.hasOneBlock())
    return region.getParentOp()->emitOpError(
        "cannot be interpreted: it has more than one block");
  Block &block = region.front();
  for (auto [value, tensor] : llvm::zip_equal(block.getArguments(), arguments))
    values[value] = borrow(tensor);
  const LastUses &drops = lastUses(block);
  Operation *terminator = block.getTerminator();
  for (Operation &op : block.without_terminator()) {
    if (failed(runOperation(&op)))
      return failure();
    if (auto found = drops.find(&op); found != drops.end())
      for (Value value : found->second)
        values.erase(value);
  }

  std::vector<Tensor> results;
  for (Value value : terminator->getOperands()) {
    // A deep copy: the value may be returned twice, or be a view of an
    // argument.
    const Tensor &result = values.find(value)->second;
    results.push_back(result);
  }
  if (auto found = drops.find(terminator); found != drops.end())
    for (Value value : found->second)
      values.erase(value);
  return results;
}

void RegionInterpreter::assign(ValueRange results,
                               std::vector<Tensor> tensors) {
  for (auto [value, tensor] : llvm::zip_equal(results, tensors))
    values[value] = std::move(tensor);
}

LogicalResult RegionInterpreter::runOperation(Operation *op) {
  if (auto branch = dyn_cast<IfOp>(op))
    return runIf(branch);
  if (auto loop = dyn_cast<LoopOp>(op))
    return runLoop(loop);
  if (auto point = dyn_cast<ObserveOp>(op)) {
    if (observer)
      observer(point.getPoint(), values.find(point.getInput())->second);
    return success();
  }
  SmallVector<Tensor> operands;
  for (Value operand : op->getOperands())
    operands.push_back(borrow(values.find(operand)->second));
  FailureOr<std::vector<Tensor>> results = evaluate(op, operands);
  if (failed(results))
    return failure();
  assign(op->getResults(), std::move(*results));
  return success();
}

LogicalResult RegionInterpreter::runIf(IfOp op) {
  bool condition = values.find(op.getCondition())->second.asInt(0) != 0;
  FailureOr<std::vector<Tensor>> results =
      run(condition ? op.getThenRegion() : op.getElseRegion(), {});
  if (failed(results))
    return failure();
  assign(op.getResults(), std::move(*results));
  return success();
}

LogicalResult RegionInterpreter::runLoop(LoopOp op) {
  int64_t tripCount = values.find(op.getTripCount())->second.asInt(0);
  bool condition = values.find(op.getCondition())->second.asInt(0) != 0;
  size_t carriedCount = op.getCarried().size();
  std::vector<Tensor> carried;
  for (Value value : op.getCarried())
    carried.push_back(values.find(value)->second);
  std::vector<Tensor> stacked;
  for (Value result : op.getResults().drop_front(carriedCount)) {
    FailureOr<Tensor> tensor = allocate(op, result.getType());
    if (failed(tensor))
      return failure();
    if (tensor->dim(0) < tripCount)
      return op.emitOpError("runs ")
             << tripCount << " times, more than its scan outputs of "
             << tensor->dim(0) << " slices hold";
    stacked.push_back(std::move(*tensor));
  }

  for (int64_t iteration = 0; iteration < tripCount && condition; ++iteration) {
    std::vector<Tensor> arguments;
    arguments.push_back(Tensor::view(ElementType::I64, {}, &iteration));
    for (const Tensor &tensor : carried)
      arguments.push_back(borrow(tensor));
    FailureOr<std::vector<Tensor>> yielded = run(op.getBody(), arguments);
    if (failed(yielded))
      return failure();
    condition = yielded->front().asInt(0) != 0;
    for (size_t i = 0; i < stacked.size(); ++i)
      storeSlice((*yielded)[1 + carriedCount + i], iteration, stacked[i]);
    for (size_t i = 0; i < carriedCount; ++i)
      carried[i] = std::move((*yielded)[1 + i]);
  }
  for (Tensor &tensor : stacked)
    carried.push_back(std::move(tensor));
  assign(op.getResults(), std::move(carried));
  return success();
}
