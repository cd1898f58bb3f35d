//===- WidenBooleans.cpp - Booleans in memory are bytes ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace edgec {
#define GEN_PASS_DEF_WIDENBOOLEANS
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

/// The byte type for a memref or tensor of booleans, null for others.
Type widened(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped || !shaped.getElementType().isInteger(1) || isa<VectorType>(type))
    return {};
  return shaped.clone(IntegerType::get(type.getContext(), 8));
}

void widenValues(ValueRange values) {
  for (Value value : values)
    if (Type type = widened(value.getType()))
      value.setType(type);
}

/// In a region whose arguments are elements of `operands`: bytes come in and,
/// for the yielded values, go out.
void widenElements(Block &body, ValueRange operands,
                   ArrayRef<unsigned> argumentOf, OperandRange inits) {
  OpBuilder builder = OpBuilder::atBlockBegin(&body);
  Type byte = builder.getI8Type(), boolean = builder.getI1Type();
  Location loc = body.getParentOp()->getLoc();
  for (auto [operand, index] : llvm::zip(operands, argumentOf)) {
    BlockArgument argument = body.getArgument(index);
    if (getElementTypeOrSelf(operand.getType()) != byte ||
        argument.getType() != boolean)
      continue;
    argument.setType(byte);
    if (argument.use_empty())
      continue;
    auto narrow = builder.create<arith::TruncIOp>(loc, boolean, argument);
    argument.replaceAllUsesExcept(narrow, narrow);
  }
  Operation *yield = body.getTerminator();
  builder.setInsertionPoint(yield);
  for (auto [operand, init] : llvm::zip(yield->getOpOperands(), inits))
    if (getElementTypeOrSelf(init.getType()) == byte &&
        operand.get().getType() == boolean)
      operand.set(builder.create<arith::ExtUIOp>(loc, byte, operand.get()));
}

void widenGlobal(memref::GlobalOp global) {
  Type type = widened(global.getType());
  if (!type)
    return;
  global.setType(cast<MemRefType>(type));
  Type byte = IntegerType::get(global.getContext(), 8);
  // A resource has a byte for each boolean already.
  if (auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(
          global.getInitialValueAttr())) {
    global.setInitialValueAttr(DenseResourceElementsAttr::get(
        cast<ShapedType>(resource.getType()).clone(byte),
        resource.getRawHandle()));
    return;
  }
  auto value =
      dyn_cast_or_null<DenseElementsAttr>(global.getInitialValueAttr());
  if (!value)
    return;
  global.setInitialValueAttr(value.mapValues(
      byte, [](const APInt &element) { return element.zext(8); }));
}

void widenOperation(Operation *op) {
  Type byte = IntegerType::get(op->getContext(), 8);
  Type boolean = IntegerType::get(op->getContext(), 1);
  OpBuilder builder(op);
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    if (load.getMemRefType().getElementType() != byte ||
        load.getType() != boolean)
      return;
    builder.setInsertionPointAfter(op);
    load.getResult().setType(byte);
    auto narrow = builder.create<arith::TruncIOp>(op->getLoc(), boolean, load);
    load.getResult().replaceAllUsesExcept(narrow, narrow);
  } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
    if (store.getMemRefType().getElementType() == byte &&
        store.getValue().getType() == boolean)
      store.getValueMutable().assign(
          builder.create<arith::ExtUIOp>(op->getLoc(), byte, store.getValue()));
  } else if (auto generic = dyn_cast<linalg::LinalgOp>(op)) {
    auto arguments =
        llvm::to_vector(llvm::seq<unsigned>(0, op->getNumOperands()));
    if (auto fill = dyn_cast<linalg::FillOp>(op))
      if (fill.getInputs()[0].getType() == boolean)
        fill.getInputsMutable().assign(
            ValueRange{builder.create<arith::ExtUIOp>(op->getLoc(), byte,
                                                      fill.getInputs()[0])});
    widenElements(*generic.getBlock(), op->getOperands(), arguments,
                  generic.getDpsInits());
  } else if (auto rowwise = dyn_cast<kernel::RowwiseOp>(op)) {
    // Regions take the inputs' elements first; reductions are of floats.
    auto arguments =
        llvm::to_vector(llvm::seq<unsigned>(0, rowwise.getInputs().size()));
    for (Region &body : rowwise.getBodies())
      widenElements(body.front(), rowwise.getInputs(), arguments,
                    &body == &rowwise.getBodies().back()
                        ? op->getOperands().take_back(1)
                        : op->getOperands().take_back(0));
  } else if (auto contract = dyn_cast<kernel::ContractOp>(op)) {
    auto arguments = llvm::to_vector(
        llvm::seq<unsigned>(1, contract.getExtras().size() + 1));
    widenElements(contract.getEpilogue().front(), contract.getExtras(),
                  arguments, op->getOperands().take_back(1));
  } else if (auto depthwise = dyn_cast<kernel::DepthwiseOp>(op)) {
    auto arguments = llvm::to_vector(
        llvm::seq<unsigned>(1, depthwise.getExtras().size() + 1));
    widenElements(depthwise.getEpilogue().front(), depthwise.getExtras(),
                  arguments, op->getOperands().take_back(1));
  } else if (auto attention = dyn_cast<kernel::AttentionOp>(op)) {
    auto arguments = llvm::to_vector(
        llvm::seq<unsigned>(1, attention.getExtras().size() + 1));
    widenElements(attention.getScore().front(), attention.getExtras(),
                  arguments, op->getOperands().take_front(0));
  }
}

struct WidenBooleansPass : edgec::impl::WidenBooleansBase<WidenBooleansPass> {
  void runOnOperation() override {
    // First all types, then the operations that look at elements.
    getOperation().walk([](Operation *op) {
      if (auto global = dyn_cast<memref::GlobalOp>(op))
        widenGlobal(global);
      widenValues(op->getResults());
      for (Region &region : op->getRegions())
        for (Block &block : region)
          widenValues(block.getArguments());
    });
    getOperation().walk([](func::FuncOp function) {
      auto widen = [](TypeRange types) {
        SmallVector<Type> result;
        for (Type type : types)
          result.push_back(widened(type) ? widened(type) : type);
        return result;
      };
      function.setType(FunctionType::get(function.getContext(),
                                         widen(function.getArgumentTypes()),
                                         widen(function.getResultTypes())));
    });
    SmallVector<Operation *> operations;
    getOperation().walk([&](Operation *op) { operations.push_back(op); });
    for (Operation *op : operations)
      widenOperation(op);
  }
};

} // namespace
