//===- Tabulate.cpp - Functions of one byte as tables ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Edge/Passes.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"
#include <numeric>

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_TABULATEPASS
#include "edgec/Dialect/Edge/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

constexpr int64_t tableSize = 256;
/// Chains are followed so far: longer ones would be searched again and again.
constexpr size_t maxChain = 64;
/// Arithmetic that a pass over the bytes must save. Cheaper chains run in the
/// loop that computes their input, and need no pass at all.
constexpr int64_t minCost = 8;

bool isByte(Type type) { return getElementTypeOrSelf(type).isInteger(8); }

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

bool isScalarConstant(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return value.getDefiningOp<ConstantOp>() && type.hasStaticShape() &&
         type.getNumElements() == 1;
}

/// About as many instructions as it takes on a vector of floats.
int64_t costOf(Operation *op) {
  constexpr int64_t function = 16, division = 4;
  if (isa<ExpOp, LogOp, ErfOp, SinOp, CosOp, TanhOp, SigmoidOp, SoftplusOp,
          MishOp, EluOp, CeluOp, SeluOp, GeluOp, PowOp, LookupOp>(op))
    return function;
  if (isa<DivOp, ReciprocalOp, SqrtOp, SoftsignOp, ModOp>(op))
    return division;
  if (isa<HardSwishOp, HardSigmoidOp, LeakyReluOp, PReluOp>(op))
    return 2;
  return isa<QuantizeOp, DequantizeOp>(op) ? 0 : 1;
}

/// Elementwise operations that compute bytes from one other tensor of bytes.
struct Chain {
  Value source;
  SetVector<Operation *> ops; ///< In no particular order.

  int64_t cost() const {
    int64_t total = 0;
    for (Operation *op : ops)
      total += costOf(op);
    return total;
  }
};

class Tabulator {
public:
  void visit(QuantizeOp op) {
    std::optional<Chain> chain = match(op);
    if (!chain)
      return;
    if (chain->cost() >= minCost)
      if (auto table = compute(op, *chain)) {
        replace(op, *chain, *table);
        return;
      }
    known[op.getResult()] = std::move(*chain);
  }

private:
  /// Whether `op` computes an element from one element of each operand, seen
  /// from tensors of `shape`.
  static bool isLink(Operation *op, ArrayRef<int64_t> shape) {
    if (!op || op->getNumResults() != 1 || op->getNumRegions() != 0 ||
        shapeOf(op->getResult(0)) != shape)
      return false;
    if (isa<DequantizeOp, QuantizeOp>(op))
      return isScalarConstant(op->getOperand(1)) &&
             isScalarConstant(op->getOperand(2));
    return isa<ElementwiseOpInterface>(op);
  }

  std::optional<Chain> match(QuantizeOp last) {
    auto type = cast<RankedTensorType>(last.getType());
    if (!isByte(type) || !type.hasStaticShape() ||
        !isLink(last, type.getShape()))
      return std::nullopt;
    Chain chain;
    SmallVector<Operation *> pending{last};
    while (!pending.empty()) {
      Operation *op = pending.pop_back_val();
      if (!chain.ops.insert(op))
        continue;
      if (chain.ops.size() > maxChain)
        return std::nullopt;
      if (isa<DequantizeOp>(op) && isByte(op->getOperand(0).getType())) {
        if (!startAt(chain, op->getOperand(0)))
          return std::nullopt;
        continue;
      }
      for (Value operand : op->getOperands()) {
        if (isScalarConstant(operand))
          continue;
        Operation *producer = operand.getDefiningOp();
        if (!isLink(producer, type.getShape()))
          return std::nullopt;
        pending.push_back(producer);
      }
    }
    return chain.source ? std::optional(std::move(chain)) : std::nullopt;
  }

  /// Takes `bytes`, or what they are a function of, for the source; fails if
  /// there is another.
  bool startAt(Chain &chain, Value bytes) {
    if (bytes.getDefiningOp<ConstantOp>())
      return false;
    if (auto before = known.find(bytes); before != known.end()) {
      chain.ops.insert(before->second.ops.begin(), before->second.ops.end());
      bytes = before->second.source;
    }
    if (chain.source && chain.source != bytes)
      return false;
    chain.source = bytes;
    return true;
  }

  /// The chain as a function of all bytes. Its constants become scalars of rank
  /// 0, as the tensor has one dimension.
  static OwningOpRef<func::FuncOp> outline(QuantizeOp last,
                                           const Chain &chain) {
    auto tableOf = [](Value value) {
      return RankedTensorType::get({tableSize},
                                   getElementTypeOrSelf(value.getType()));
    };
    OpBuilder builder(last.getContext());
    auto type = builder.getFunctionType({tableOf(chain.source)},
                                        {tableOf(last.getResult())});
    OwningOpRef<func::FuncOp> function =
        func::FuncOp::create(last.getLoc(), "table", type);
    builder.setInsertionPointToStart(function->addEntryBlock());
    IRMapping mapping;
    mapping.map(chain.source, function->getArgument(0));
    auto copyConstant = [&](Value value) {
      auto constant = value.getDefiningOp<ConstantOp>();
      if (!constant || mapping.contains(value))
        return;
      FailureOr<Tensor> tensor = toTensor(constant.getValue());
      assert(succeeded(tensor) && "one element is always stored");
      Value scalar = builder.create<ConstantOp>(
          value.getLoc(),
          toAttribute(tensor->reshaped({}), "scalar", builder.getContext()));
      mapping.map(value, scalar);
    };
    SmallVector<Operation *> ordered(chain.ops.begin(), chain.ops.end());
    llvm::sort(ordered, [](Operation *a, Operation *b) {
      return a->isBeforeInBlock(b);
    });
    for (Operation *op : ordered) {
      for (Value operand : op->getOperands())
        copyConstant(operand);
      Operation *copy = builder.clone(*op, mapping);
      copy->getResult(0).setType(tableOf(op->getResult(0)));
      if (isa<QuantizeOp, DequantizeOp>(copy))
        copy->setAttr("axis", builder.getI64IntegerAttr(0));
    }
    builder.create<func::ReturnOp>(last.getLoc(),
                                   mapping.lookup(last.getResult()));
    return function;
  }

  static std::optional<SmallVector<int8_t>> compute(QuantizeOp last,
                                                    const Chain &chain) {
    for (Operation *op : chain.ops)
      if (op->getBlock() != last->getBlock())
        return std::nullopt;
    OwningOpRef<func::FuncOp> function = outline(last, chain);
    auto type = toElementType(getElementTypeOrSelf(chain.source.getType()));
    Tensor bytes(*type, {tableSize});
    std::iota(bytes.mutableBytes(), bytes.mutableBytes() + tableSize, 0);
    // What cannot be computed stays, and whoever uses it says why.
    ScopedDiagnosticHandler silence(last.getContext(),
                                    [](Diagnostic &) { return success(); });
    auto results = interpret(*function, bytes);
    if (failed(results))
      return std::nullopt;
    const char *table = results->front().bytes();
    return SmallVector<int8_t>(table, table + tableSize);
  }

  void replace(QuantizeOp op, const Chain &chain, ArrayRef<int8_t> table) {
    OpBuilder builder(op);
    auto lookup = builder.create<LookupOp>(op.getLoc(), op.getType(),
                                           chain.source, table);
    op.getResult().replaceAllUsesWith(lookup.getResult());
    Chain whole{chain.source, {}};
    whole.ops.insert(lookup);
    known[lookup.getResult()] = std::move(whole);
    dead.push_back(op);
  }

public:
  /// Erases what only the replaced operations read.
  void eraseDead() {
    while (!dead.empty()) {
      Operation *op = dead.pop_back_val();
      SetVector<Operation *> producers;
      for (Value operand : op->getOperands())
        if (Operation *producer = operand.getDefiningOp())
          producers.insert(producer);
      op->erase();
      for (Operation *producer : producers)
        if (producer->use_empty() && !isa<ConstantOp>(producer) &&
            isMemoryEffectFree(producer))
          dead.push_back(producer);
    }
  }

private:
  /// The chains of bytes that other chains may start at.
  DenseMap<Value, Chain> known;
  SmallVector<Operation *> dead;
};

struct TabulatePass : edge::impl::TabulatePassBase<TabulatePass> {
  void runOnOperation() override {
    Tabulator tabulator;
    SmallVector<QuantizeOp> quantized;
    getOperation().walk([&](QuantizeOp op) { quantized.push_back(op); });
    for (QuantizeOp op : quantized)
      tabulator.visit(op);
    tabulator.eraseDead();
  }
};

} // namespace
