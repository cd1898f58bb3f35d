//===- InsertObservers.cpp - Which tensors will be quantized --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/Passes.h"

#include "ConstantRewriter.h"
#include "Quantized.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_INSERTOBSERVERSPASS
#include "edgec/Compress/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

bool isContraction(Operation *op) {
  return isa<ConvOp, ConvTransposeOp, MatMulOp>(op);
}

bool isElementwise(Operation *op) { return isa<ElementwiseOpInterface>(op); }

/// Operations on whole rows, which compute in float.
bool isRowwise(Operation *op) { return isa<SoftmaxOp, LayerNormOp>(op); }

bool isFloatActivation(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32() && type.hasStaticShape() &&
         type.getNumElements() > 1;
}

class ObserverPlacement {
public:
  explicit ObserverPlacement(llvm::StringSet<> keepFloat)
      : keepFloat(std::move(keepFloat)) {}

  /// Whether `value` has to be quantized for what is computed from it.
  bool isObserved(Value value) {
    if (!isFloatActivation(value) || isConstant(value))
      return false;
    if (Operation *definition = value.getDefiningOp())
      if (selectsElements(definition))
        return false;
    return isNeeded(value);
  }

private:
  bool isConstant(Value value) {
    Operation *definition = value.getDefiningOp();
    return definition && (definition->hasTrait<OpTrait::ConstantLike>() ||
                          (selectsElements(definition) &&
                           isConstant(definition->getOperand(0))));
  }

  bool keepsFloat(Operation *op) const {
    return keepFloat.contains(nodeName(op));
  }

  /// Whether a contraction of integers may read what is computed from `value`.
  bool reachesContraction(Value value) {
    auto [found, isNew] = reaching.try_emplace(value, false);
    if (!isNew)
      return found->second;
    bool reaches = llvm::any_of(value.getUses(), [&](OpOperand &use) {
      Operation *user = use.getOwner();
      if (isContraction(user))
        return !keepsFloat(user) || reachesThrough(user);
      return reachesThrough(user);
    });
    return reaching[value] = reaches;
  }

  bool reachesThrough(Operation *op) {
    if (auto yield = dyn_cast<YieldOp>(op))
      op = yield->getParentOp();
    return llvm::any_of(op->getResults(), [&](Value result) {
      return reachesContraction(result);
    });
  }

  bool isNeeded(Value value) {
    return llvm::any_of(value.getUses(),
                        [&](OpOperand &use) { return isNeededBy(use); });
  }

  bool isNeededBy(OpOperand &use) {
    Operation *user = use.getOwner();
    if (isContraction(user))
      return !keepsFloat(user);
    if (selectsElements(user))
      return use.getOperandNumber() == 0 && isNeeded(user->getResult(0));
    if (isa<YieldOp>(user))
      return reachesThrough(user);
    if (user->getNumResults() != 1 || !reachesThrough(user))
      return false;
    // What is joined gets the scale of the whole where it is computed.
    if (isa<ConcatOp>(user))
      return !use.get().hasOneUse();
    return !staysInLoop(use);
  }

  /// Whether the loop that computes a value goes on to its only reader, without
  /// storing it.
  bool staysInLoop(OpOperand &use) {
    Operation *user = use.getOwner();
    if (!use.get().hasOneUse())
      return false;
    if (isRowwise(user))
      return endsLoop(use.get());
    if (!isElementwise(user) || !endsLoop(use.get()))
      return false;
    // One loop ends in it: that of the operand which is computed last. The
    // results of elementwise chains join it.
    Operation *last = nullptr;
    for (Value operand : user->getOperands()) {
      Operation *definition = operand.getDefiningOp();
      if (definition && operand.hasOneUse() && endsLoop(operand) &&
          definition->getBlock() == user->getBlock() &&
          (!last || last->isBeforeInBlock(definition)))
        last = definition;
    }
    return !last || use.get().getDefiningOp() == last ||
           !isStored(use.get().getDefiningOp());
  }

  /// Whether an elementwise reader can be computed where the value is.
  bool endsLoop(Value value) {
    Operation *definition = value.getDefiningOp();
    return !definition || isContraction(definition) ||
           isElementwise(definition) ||
           (isa<GatherOp>(definition) && isConstant(definition->getOperand(0)));
  }

  /// Whether the loop that computes it is one that has to store a result: the
  /// sums of a contraction.
  bool isStored(Operation *definition) {
    if (!definition)
      return false;
    if (isContraction(definition))
      return true;
    return isElementwise(definition) &&
           llvm::any_of(definition->getOperands(), [&](Value operand) {
             return operand.hasOneUse() && isFloatActivation(operand) &&
                    isStored(operand.getDefiningOp());
           });
  }

  llvm::StringSet<> keepFloat;
  llvm::DenseMap<Value, bool> reaching;
};

struct InsertObserversPass
    : edge::impl::InsertObserversPassBase<InsertObserversPass> {
  using InsertObserversPassBase::InsertObserversPassBase;

  void runOnOperation() override {
    llvm::StringSet<> names;
    for (const std::string &name : keepFloat)
      names.insert(name);
    if (failed(checkFloat()) || failed(checkNames(names)))
      return signalPassFailure();
    // Points keep their numbers whatever stays float, so that ranges of one
    // calibration serve any choice.
    ObserverPlacement all(llvm::StringSet<>{}), placement(names);
    int64_t point = 0;
    SmallVector<std::pair<Value, int64_t>> observed;
    auto consider = [&](Value value) {
      if (!all.isObserved(value))
        return;
      if (placement.isObserved(value))
        observed.push_back({value, point});
      ++point;
    };
    for (auto function : getOperation().getOps<func::FuncOp>())
      function->walk<WalkOrder::PreOrder>([&](Operation *op) {
        for (Region &region : op->getRegions())
          for (Block &block : region)
            llvm::for_each(block.getArguments(), consider);
        llvm::for_each(op->getResults(), consider);
      });
    for (auto [value, number] : observed) {
      OpBuilder builder(&getContext());
      builder.setInsertionPointAfterValue(value);
      builder.create<ObserveOp>(value.getLoc(), value, number,
                                /*low=*/FloatAttr(), /*high=*/FloatAttr());
    }
  }

  LogicalResult checkFloat() {
    WalkResult walk = getOperation().walk([&](Operation *op) {
      if (!isa<QuantizeOp, DequantizeOp>(op))
        return WalkResult::advance();
      op->emitOpError("says that the model is quantized already: compile it "
                      "without a quantization");
      return WalkResult::interrupt();
    });
    return failure(walk.wasInterrupted());
  }

  /// A name that no operation has is a mistake that would go unseen.
  LogicalResult checkNames(const llvm::StringSet<> &names) {
    llvm::StringSet<> known;
    getOperation().walk([&](Operation *op) {
      if (isContraction(op) || embeddingTable(op))
        known.insert(nodeName(op));
    });
    for (const auto &name : names)
      if (!known.contains(name.getKey()))
        return getOperation().emitError("cannot keep '")
               << name.getKey()
               << "' in float: no convolution, matrix product or gather from a "
                  "table has that name";
    return success();
  }
};

} // namespace

LogicalResult
edge::setObservedRanges(ModuleOp module,
                        ArrayRef<std::optional<TensorRange>> ranges) {
  SmallVector<ObserveOp> points;
  module.walk([&](ObserveOp point) { points.push_back(point); });
  for (ObserveOp point : points) {
    size_t index = point.getPoint();
    if (index >= ranges.size() || !ranges[index]) {
      point.emitWarning("stays in float: no calibration sample got there");
      point.erase();
      continue;
    }
    Builder builder(point);
    point.setLowAttr(builder.getF32FloatAttr(ranges[index]->low));
    point.setHighAttr(builder.getF32FloatAttr(ranges[index]->high));
  }
  return success();
}
