//===- LayerDescription.cpp - What a layer does and costs ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerDescription.h"

#include "edgec/Codegen/Passes.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace edgec;

/// The source model's names in a location, each once.
static void collectNames(Location location, SmallVectorImpl<StringRef> &names) {
  if (auto name = dyn_cast<NameLoc>(location)) {
    if (!llvm::is_contained(names, name.getName().getValue()))
      names.push_back(name.getName().getValue());
  } else if (auto fused = dyn_cast<FusedLoc>(location)) {
    for (Location part : fused.getLocations())
      collectNames(part, names);
  } else if (auto call = dyn_cast<CallSiteLoc>(location)) {
    collectNames(call.getCallee(), names);
  }
}

static int64_t countRows(kernel::ContractOp op) {
  int64_t rows = 1;
  for (int64_t extent : op.getExtents().take_front(op.getColumnDim()))
    rows *= extent;
  return rows;
}

StringRef edgec::layerKind(Operation *op) {
  if (auto contract = dyn_cast<kernel::ContractOp>(op))
    return countRows(contract) == 1 ? "gemv" : "contract";
  if (isa<kernel::DepthwiseOp>(op))
    return "depthwise";
  if (isa<kernel::AttentionOp>(op))
    return "attention";
  if (isa<kernel::RowwiseOp>(op))
    return "rowwise";
  if (isa<linalg::FillOp>(op))
    return "fill";
  if (isa<memref::CopyOp, linalg::CopyOp>(op))
    return "copy";
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  return linalgOp && linalgOp.getNumReductionLoops() > 0 ? "reduction"
                                                         : "elementwise";
}

static int64_t countScores(kernel::AttentionOp op) {
  int64_t scores = 1;
  for (int64_t extent : op.getExtents().take_front(op.getDepthDim()))
    scores *= extent;
  return scores;
}

static int64_t countMacs(Operation *op) {
  if (auto contract = dyn_cast<kernel::ContractOp>(op)) {
    int64_t macs = 1;
    for (int64_t extent : contract.getExtents())
      macs *= extent;
    return macs;
  }
  if (auto attention = dyn_cast<kernel::AttentionOp>(op))
    return countScores(attention) *
           (attention.getExtents()[attention.getDepthDim()] +
            attention.getExtents()[attention.getColumnDim()]);
  if (auto depthwise = dyn_cast<kernel::DepthwiseOp>(op)) {
    int64_t macs =
        cast<ShapedType>(depthwise.getInit().getType()).getNumElements();
    for (int64_t extent : depthwise.getTapExtents())
      macs *= extent;
    return macs;
  }
  return 0;
}

/// The name of the arithmetic by which elements of `a` and `b` are multiplied
/// and added in `accumulator`.
static std::string arithmeticOf(Value a, Value b, Type accumulator) {
  auto isByte = [](Value value) {
    return getElementTypeOrSelf(value.getType()).isInteger(8);
  };
  if (accumulator.isF32())
    return name(Arithmetic::F32).str();
  if (accumulator.isInteger(32) && isByte(a) && isByte(b))
    return name(Arithmetic::Int8).str();
  return "";
}

static std::string arithmeticOf(Operation *op) {
  if (auto contract = dyn_cast<kernel::ContractOp>(op))
    return arithmeticOf(contract.getA(), contract.getB(),
                        contract.getAccumulator());
  if (auto attention = dyn_cast<kernel::AttentionOp>(op))
    return arithmeticOf(attention.getQuery(), attention.getKey(),
                        attention.getScore().getArgument(0).getType());
  if (auto depthwise = dyn_cast<kernel::DepthwiseOp>(op))
    return arithmeticOf(depthwise.getInput(), depthwise.getFilter(),
                        depthwise.getAccumulator());
  return "";
}

/// Elementwise operations of a body for each of its elements.
static int64_t countSteps(Block &body) {
  int64_t steps = 0;
  for (Operation &op : body.without_terminator())
    steps += isa<math::MathDialect>(op.getDialect()) && !isa<math::FmaOp>(op)
                 ? transcendentalSteps
                 : 1;
  return steps;
}

LayerCost edgec::layerCost(Operation *op) {
  LayerCost cost;
  for (Value operand : op->getOperands())
    if (auto memref = dyn_cast<MemRefType>(operand.getType()))
      cost.bytes +=
          memref.getNumElements() * elementBytes(memref.getElementType());
  cost.macs = countMacs(op);
  if (cost.macs != 0)
    cost.macBits = getElementTypeOrSelf(op->getOperand(0).getType())
                       .getIntOrFloatBitWidth();
  if (auto rowwise = dyn_cast<kernel::RowwiseOp>(op)) {
    for (Region &body : rowwise.getBodies())
      cost.steps += countSteps(body.front());
    for (int64_t extent : rowwise.getExtents())
      cost.steps *= extent;
  }
  if (auto attention = dyn_cast<kernel::AttentionOp>(op)) {
    for (Region &body : attention.getBodies())
      cost.steps += countSteps(body.front());
    cost.steps *= countScores(attention);
  }
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
    cost.steps = countSteps(*linalgOp.getBlock());
    for (int64_t extent : linalgOp.getStaticLoopRanges())
      cost.steps *= extent;
  }
  return cost;
}

LayerSpec edgec::describeLayer(Operation *op) {
  SmallVector<StringRef> names;
  collectNames(op->getLoc(), names);
  LayerCost cost = layerCost(op);
  LayerSpec spec;
  spec.name = llvm::join(names, " + ");
  spec.kind = layerKind(op).str();
  spec.arithmetic = arithmeticOf(op);
  spec.macs = cost.macs;
  spec.bytes = cost.bytes;
  return spec;
}
