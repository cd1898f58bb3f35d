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
#include "llvm/ADT/StringSwitch.h"

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

enum class Storage { AsGiven, Signed, Unsigned };

/// Tensors that keep their integers when they are moved: all of them change, or
/// none, so that moves stay moves.
class StorageClasses {
public:
  explicit StorageClasses(ModuleOp module);

  /// How the class of `value` is to be stored, where instructions take
  /// `wanted` on the left. On the right all of them take i8; and of what is
  /// often 128 as ui8, the zero point is then 0.
  Storage storageOf(Value value, Storage wanted) const;

private:
  using Leaders = DenseSet<void *>;

  void add(Operation *op);
  void unite(Value a, Value b) {
    classes.unionSets(a.getAsOpaquePointer(), b.getAsOpaquePointer());
  }

  llvm::EquivalenceClasses<void *> classes;
  SmallVector<Value> onTheLeft, onTheRight, fixed;
  Leaders leftLeaders, rightLeaders, fixedLeaders;
};

bool isByte(Value value) {
  return getElementTypeOrSelf(value.getType()).isInteger(8);
}

} // namespace

StorageClasses::StorageClasses(ModuleOp module) {
  module.walk([&](Operation *op) { add(op); });
  std::pair<ArrayRef<Value>, Leaders *> lists[] = {{onTheLeft, &leftLeaders},
                                                   {onTheRight, &rightLeaders},
                                                   {fixed, &fixedLeaders}};
  for (auto [values, leaders] : lists)
    for (Value value : values)
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
    onTheLeft.push_back(op->getOperand(0));
    onTheRight.push_back(op->getOperand(1));
  }
}

Storage StorageClasses::storageOf(Value value, Storage wanted) const {
  void *leader = classes.getLeaderValue(value.getAsOpaquePointer());
  if (fixedLeaders.contains(leader))
    return Storage::AsGiven;
  if (!rightLeaders.contains(leader))
    return leftLeaders.contains(leader) ? wanted : Storage::AsGiven;
  bool isBoth = leftLeaders.contains(leader);
  return isBoth && wanted != Storage::Signed ? Storage::AsGiven
                                             : Storage::Signed;
}

namespace {

struct StoreActivationsPass
    : edge::impl::StoreActivationsPassBase<StoreActivationsPass> {
  using StoreActivationsPassBase::StoreActivationsPassBase;

  LogicalResult initialize(MLIRContext *context) override {
    auto known = llvm::StringSwitch<std::optional<Storage>>(left)
                     .Case("i8", Storage::Signed)
                     .Case("ui8", Storage::Unsigned)
                     .Case("any", Storage::AsGiven)
                     .Default(std::nullopt);
    if (!known)
      return emitError(UnknownLoc::get(context),
                       "left operands cannot be stored as '")
             << left << "': use left=i8, left=ui8 or left=any";
    wanted = *known;
    return success();
  }

  void runOnOperation() override {
    StorageClasses classes(getOperation());
    getOperation().walk([&](QuantizeOp op) {
      if (!isByte(op.getResult()))
        return;
      Storage storage = classes.storageOf(op.getResult(), wanted);
      bool isUnsigned = getElementTypeOrSelf(op.getType()).isUnsignedInteger();
      if (storage != Storage::AsGiven &&
          isUnsigned != (storage == Storage::Unsigned))
        store(op, storage == Storage::Unsigned);
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

  Storage wanted = Storage::AsGiven;
};

} // namespace
