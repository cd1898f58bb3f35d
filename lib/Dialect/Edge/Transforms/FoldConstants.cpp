//===- FoldConstants.cpp - Compute operations on constants ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LowBitWeights.h"
#include "Resources.h"
#include "edgec/Dialect/Edge/Passes.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_FOLDCONSTANTSPASS
#include "edgec/Dialect/Edge/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// Results of this size are worth folding however small the operands are: the
/// shape computations and masks of exported models.
constexpr int64_t alwaysAllowedBytes = 64 * 1024;
/// What all results together may take beyond `max-growth` times the constants
/// at the start: enough for any model's shape computations.
constexpr int64_t totalAllowance = 64 * 1024 * 1024;
/// Multiply-accumulates that the interpreter does in about a second.
constexpr int64_t maxMacs = 1 << 28;

/// factor * bytes, at most INT64_MAX.
int64_t scaled(int64_t factor, int64_t bytes) {
  int64_t product = 0;
  return llvm::MulOverflow(factor, bytes, product)
             ? std::numeric_limits<int64_t>::max()
             : product;
}

/// What folding may cost, and what it has cost so far.
class Budget {
public:
  Budget(ModuleOp module, int64_t maxGrowth) : maxGrowth(maxGrowth) {
    int64_t constants = 0;
    module.walk([&](ConstantOp op) { constants += storedBytes(op); });
    remaining = std::max(scaled(maxGrowth, constants), totalAllowance);
  }

  /// Whether `op`, whose operands are constants, may be computed.
  bool allows(Operation *op) const {
    int64_t operands = 0, results = 0;
    for (Value operand : op->getOperands()) {
      auto constant = operand.getDefiningOp<ConstantOp>();
      if (!canExpand(constant))
        return false;
      operands += storedBytes(constant);
    }
    for (Type result : op->getResultTypes())
      if (llvm::AddOverflow(results, tensorBytes(result), results))
        return false;
    int64_t allowed = std::max(scaled(maxGrowth, operands), alwaysAllowedBytes);
    return results <= std::min(allowed, remaining);
  }

  /// Negative where constants were freed.
  void spend(int64_t bytes) { remaining -= bytes; }

private:
  int64_t maxGrowth;
  int64_t remaining;
};

bool hasConstantOperands(Operation *op) {
  return op->getNumOperands() != 0 &&
         llvm::all_of(op->getOperands(), [](Value operand) {
           return operand.getDefiningOp<ConstantOp>() != nullptr;
         });
}

/// From 16 bits to f32.
bool isWidening(Operation *op) {
  auto cast = dyn_cast<CastOp>(op);
  if (!cast || !getElementTypeOrSelf(cast.getType()).isF32())
    return false;
  Type from = getElementTypeOrSelf(cast.getInput().getType());
  return from.isF16() || from.isBF16();
}

/// A dequantization of weights that a kernel can take as integers.
bool isLowBitWeights(Operation *op) {
  return isa<DequantizeOp>(op) && !op->use_empty() &&
         llvm::all_of(op->getUses(), [](OpOperand &use) {
           return matchLowBitWeights(use).has_value();
         });
}

struct FoldConstantsPass
    : edge::impl::FoldConstantsPassBase<FoldConstantsPass> {
  using FoldConstantsPassBase::FoldConstantsPassBase;

  void runOnOperation() override {
    ResourceUses uses(getOperation());
    Budget budget(getOperation(), maxGrowth);
    // In program order, so that chains fold in one go.
    getOperation().walk([&](Operation *op) {
      if (isCandidate(op) && budget.allows(op))
        fold(op, uses, budget);
    });
    getOperation().walk([&](ConstantOp op) { uses.eraseIfUnused(op); });
  }

private:
  bool isCandidate(Operation *op) const {
    auto cost = dyn_cast<CostOpInterface>(op);
    return cost && op->getNumRegions() == 0 && hasConstantOperands(op) &&
           cost.getMacs() <= maxMacs &&
           (foldDequantize || !isa<DequantizeOp>(op)) &&
           (foldWidening || !isWidening(op)) &&
           (foldLowBits || !isLowBitWeights(op));
  }

  /// Replaces `op` by constants and frees what they are computed from.
  void fold(Operation *op, ResourceUses &uses, Budget &budget) {
    SetVector<Value> operands(op->operand_begin(), op->operand_end());
    Block::iterator next = std::next(op->getIterator());
    Block *block = op->getBlock();
    Operation *previous = op->getPrevNode();
    OpBuilder builder(op);
    if (!shareBytes(op, builder) &&
        !foldThroughInterpreter(op, builder, maxElements))
      return;
    Block::iterator first =
        previous ? std::next(previous->getIterator()) : block->begin();
    for (Operation &constant : llvm::make_range(first, next)) {
      uses.add(&constant);
      budget.spend(storedBytes(cast<ConstantOp>(constant)));
    }
    for (Value operand : operands)
      budget.spend(-uses.eraseIfUnused(operand));
  }

  /// A reshape, which folds without copying.
  bool shareBytes(Operation *op, OpBuilder &builder) {
    SmallVector<OpFoldResult> results;
    if (!isa<ReshapeOp>(op) || failed(op->fold(results)) || results.size() != 1)
      return false;
    auto value =
        dyn_cast_if_present<ElementsAttr>(dyn_cast<Attribute>(results.front()));
    if (!value)
      return false;
    op->getResult(0).replaceAllUsesWith(
        builder.create<ConstantOp>(op->getLoc(), value).getResult());
    op->erase();
    return true;
  }
};

} // namespace
