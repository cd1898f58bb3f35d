//===- LoopBuilder.cpp - Loops that the importer makes itself -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopBuilder.h"
#include "GraphImporter.h"
#include "NodeContext.h"

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

/// The type of `count` values like `slice`, stacked.
static RankedTensorType stackedType(Value slice, int64_t count) {
  SmallVector<int64_t> shape(NodeContext::shapeOf(slice));
  shape.insert(shape.begin(), count);
  return RankedTensorType::get(shape, NodeContext::elementTypeOf(slice));
}

/// The only iteration, where it stands.
static SmallVector<Value> inlineIteration(NodeContext &node, ValueRange carried,
                                          LoopBody body) {
  Value first = node.scalar(node.builder().getI64Type(), 0);
  LoopYield yield = body(first, carried);
  if (node.hasFailed())
    return {};
  SmallVector<Value> results(yield.carried);
  for (Value slice : yield.slices)
    results.push_back(node.reshape(slice, stackedType(slice, 1).getShape()));
  return results;
}

SmallVector<Value> edgec::onnx_import::buildLoop(NodeContext &node,
                                                 int64_t tripCount,
                                                 ValueRange carried,
                                                 LoopBody body) {
  if (node.hasFailed())
    return {};
  if (tripCount == 1)
    return inlineIteration(node, carried, body);

  OpBuilder &builder = node.builder();
  Value count = node.scalar(builder.getI64Type(), tripCount);
  Value condition = node.scalar(builder.getI1Type(), 1);
  auto region = std::make_unique<Region>();
  LoopYield yield;
  {
    OpBuilder::InsertionGuard guard(builder);
    Block *block = builder.createBlock(region.get());
    Value iteration = block->addArgument(
        RankedTensorType::get({}, builder.getI64Type()), node.loc());
    node.graph().iterationCounts[iteration] = tripCount;
    SmallVector<Value> arguments;
    for (Value value : carried)
      arguments.push_back(block->addArgument(value.getType(), node.loc()));
    yield = body(iteration, arguments);
    if (node.hasFailed())
      return {};
    SmallVector<Value> operands{node.scalar(builder.getI1Type(), 1)};
    llvm::append_range(operands, yield.carried);
    llvm::append_range(operands, yield.slices);
    builder.create<edge::YieldOp>(node.loc(), operands);
  }
  OperationState state(node.loc(), edge::LoopOp::getOperationName());
  state.addOperands({count, condition});
  state.addOperands(carried);
  state.addTypes(carried.getTypes());
  for (Value slice : yield.slices)
    state.addTypes(stackedType(slice, tripCount));
  state.addRegion(std::move(region));
  return SmallVector<Value>(builder.create(state)->getResults());
}

Value edgec::onnx_import::elementAt(NodeContext &node, Value value,
                                    Value iteration) {
  return node.create<edge::GatherOp>(value, iteration, /*axis=*/0);
}

Value edgec::onnx_import::reversed(NodeContext &node, Value value,
                                   int64_t axis) {
  if (node.hasFailed() || node.shapeOf(value)[axis] < 2)
    return value;
  SmallVector<int64_t> starts(node.rankOf(value), 0);
  SmallVector<int64_t> steps(starts.size(), 1), sizes(node.shapeOf(value));
  starts[axis] = sizes[axis] - 1;
  steps[axis] = -1;
  return node.create<edge::SliceOp>(value, starts, sizes, steps);
}
