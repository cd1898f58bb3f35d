//===- StoreActivations.cpp - Signs of quantized activations --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Quantized.h"
#include "edgec/Dialect/Edge/Passes.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/EquivalenceClasses.h"

using namespace mlir;

namespace edgec::edge {
#define GEN_PASS_DEF_STOREACTIVATIONSPASS
#include "edgec/Dialect/Edge/Passes.h.inc"
} // namespace edgec::edge

using namespace edgec;
using namespace edgec::edge;

namespace {

/// From a ui8 to the i8 with the same distance from its zero point.
constexpr int64_t signOffset = 128;

/// Tensors that keep their integers when they are moved: all of them change, or
/// none, so that moves stay moves.
class StorageClasses {
public:
  StorageClasses(ModuleOp module, bool toUnsigned);

  /// Whether the class of `value` is multiplied, and nothing holds it back.
  bool mayChange(Value value) const;

private:
  void add(Operation *op);
  void unite(Value a, Value b) {
    classes.unionSets(a.getAsOpaquePointer(), b.getAsOpaquePointer());
  }

  bool toUnsigned;
  llvm::EquivalenceClasses<void *> classes;
  SmallVector<Value> multiplied, fixed;
  DenseSet<void *> multipliedLeaders, fixedLeaders;
};

bool isByte(Value value) {
  return getElementTypeOrSelf(value.getType()).isInteger(8);
}

} // namespace

StorageClasses::StorageClasses(ModuleOp module, bool toUnsigned)
    : toUnsigned(toUnsigned) {
  module.walk([&](Operation *op) { add(op); });
  for (auto [values, leaders] : {std::pair(&multiplied, &multipliedLeaders),
                                 std::pair(&fixed, &fixedLeaders)})
    for (Value value : *values)
      leaders->insert(
          classes.getOrInsertLeaderValue(value.getAsOpaquePointer()));
}

void StorageClasses::add(Operation *op) {
  if (auto quantize = dyn_cast<QuantizeOp>(op)) {
    Value result = quantize.getResult();
    if (!isByte(result))
      return;
    unite(quantize.getInput(), result);
    if (!commonInteger(quantize.getZeroPoint()) ||
        !llvm::all_of(result.getUsers(), llvm::IsaPred<DequantizeOp>))
      fixed.push_back(result);
  } else if (auto dequantize = dyn_cast<DequantizeOp>(op)) {
    Value input = dequantize.getInput();
    unite(input, dequantize.getResult());
    if (!input.getDefiningOp<QuantizeOp>() ||
        !commonInteger(dequantize.getZeroPoint()))
      fixed.push_back(input);
  } else if (selectsFromOperands(op) || isa<ReluOp>(op)) {
    for (Value operand : selectedOperands(op))
      unite(operand, op->getResult(0));
  } else if (isa<ConvOp, ConvTransposeOp, MatMulOp>(op)) {
    multiplied.push_back(op->getOperand(0));
    // Instructions want i8 on the right, whatever they want on the left.
    if (toUnsigned)
      fixed.push_back(op->getOperand(1));
  }
}

bool StorageClasses::mayChange(Value value) const {
  void *leader = classes.getLeaderValue(value.getAsOpaquePointer());
  return multipliedLeaders.contains(leader) && !fixedLeaders.contains(leader);
}

namespace {

struct StoreActivationsPass
    : edge::impl::StoreActivationsPassBase<StoreActivationsPass> {
  using StoreActivationsPassBase::StoreActivationsPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    if (type == "i8" || type == "ui8")
      return success();
    return emitError(UnknownLoc::get(context),
                     "activations cannot be stored as '")
           << type << "': use type=i8 or type=ui8";
  }

  void runOnOperation() override {
    bool toUnsigned = type == "ui8";
    StorageClasses classes(getOperation(), toUnsigned);
    getOperation().walk([&](QuantizeOp op) {
      Type element = getElementTypeOrSelf(op.getType());
      if (element.isInteger(8) && element.isUnsignedInteger() != toUnsigned &&
          classes.mayChange(op.getResult()))
        store(op, toUnsigned);
    });
  }

private:
  static void store(QuantizeOp op, bool toUnsigned) {
    OpBuilder builder(op);
    Type element = toUnsigned ? builder.getIntegerType(8, /*isSigned=*/false)
                              : builder.getI8Type();
    auto shift = [&](auto quantization) {
      Value zeroPoint = quantization.getZeroPoint();
      auto shifted = cast<RankedTensorType>(zeroPoint.getType()).clone(element);
      int64_t value =
          *commonInteger(zeroPoint) + (toUnsigned ? signOffset : -signOffset);
      builder.setInsertionPoint(quantization);
      quantization.getZeroPointMutable().assign(builder.create<ConstantOp>(
          zeroPoint.getLoc(),
          DenseElementsAttr::get(shifted, APInt(8, value, !toUnsigned))));
    };
    shift(op);
    op.getResult().setType(cast<RankedTensorType>(op.getType()).clone(element));
    for (Operation *reader : op->getUsers())
      shift(cast<DequantizeOp>(reader));
  }
};

} // namespace
