//===- PlaceResults.cpp - Results through trailing arguments -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace edgec {
#define GEN_PASS_DEF_PLACERESULTS
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

/// The allocation that `value` shows as a whole, through reshapes.
memref::AllocOp findWholeAllocation(Value value) {
  while (Operation *definition = value.getDefiningOp()) {
    if (auto alloc = dyn_cast<memref::AllocOp>(definition))
      return alloc;
    if (!isa<memref::ExpandShapeOp, memref::CollapseShapeOp, memref::CastOp>(
            definition))
      return nullptr;
    value = definition->getOperand(0);
  }
  return nullptr;
}

bool isWholeBuffer(Value value) {
  auto type = cast<MemRefType>(value.getType());
  return type.hasStaticShape() && type.getLayout().isIdentity();
}

/// The argument's memory with the allocation's shape.
Value viewAs(OpBuilder &builder, Location loc, Value argument,
             MemRefType type) {
  if (argument.getType() == type)
    return argument;
  auto [strides, offset] = getStridesAndOffset(type);
  return builder.create<memref::ReinterpretCastOp>(loc, type, argument, offset,
                                                   type.getShape(), strides);
}

/// Gives arguments without elements one dimension. Nothing is read or written
/// there, and a pointer is passed all the same; but the strides of, say,
/// memref<3x0xf32> are not known to the conversion to LLVM.
void flattenEmptyArguments(func::FuncOp function) {
  OpBuilder builder = OpBuilder::atBlockBegin(&function.front());
  for (BlockArgument argument : function.getArguments()) {
    auto type = dyn_cast<MemRefType>(argument.getType());
    if (!type || !type.hasStaticShape() || type.getNumElements() != 0 ||
        type.getRank() == 1)
      continue;
    argument.setType(MemRefType::get({0}, type.getElementType()));
    if (argument.use_empty())
      continue;
    auto view = builder.create<memref::ReinterpretCastOp>(
        argument.getLoc(), type, argument, /*offset=*/0, type.getShape(),
        computeSuffixProduct(type.getShape()));
    argument.replaceAllUsesExcept(view, view);
  }
}

struct PlaceResultsPass : edgec::impl::PlaceResultsBase<PlaceResultsPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal() || !function.isPublic())
      return;
    if (!function.getBody().hasOneBlock()) {
      function.emitOpError("must have one block");
      return signalPassFailure();
    }
    auto returnOp = cast<func::ReturnOp>(function.front().getTerminator());
    for (Type type : returnOp.getOperandTypes()) {
      auto memref = dyn_cast<MemRefType>(type);
      if (!memref || !memref.hasStaticShape()) {
        function.emitOpError("returns ")
            << type << ", which has no static shape";
        return signalPassFailure();
      }
    }
    DenseSet<Operation *> taken;
    for (auto [index, value] : llvm::enumerate(returnOp.getOperands()))
      placeResult(function, returnOp, index, value, taken);
    OpBuilder builder(returnOp);
    builder.create<func::ReturnOp>(returnOp.getLoc());
    returnOp.erase();
    flattenEmptyArguments(function);
    function.setType(FunctionType::get(
        &getContext(), function.front().getArgumentTypes(), {}));
    function.removeResAttrsAttr();
  }

  void placeResult(func::FuncOp function, func::ReturnOp returnOp,
                   unsigned index, Value value, DenseSet<Operation *> &taken) {
    auto type = cast<MemRefType>(value.getType());
    auto argumentType = MemRefType::get(type.getShape(), type.getElementType());
    Location loc = returnOp.getLoc();
    BlockArgument argument = function.front().addArgument(argumentType, loc);
    if (ArrayAttr attributes = function.getArgAttrsAttr()) {
      SmallVector<Attribute> extended(attributes.begin(), attributes.end());
      extended.push_back(DictionaryAttr::get(&getContext()));
      function.setArgAttrsAttr(ArrayAttr::get(&getContext(), extended));
    }
    memref::AllocOp alloc = findWholeAllocation(value);
    if (alloc && isWholeBuffer(value) && isWholeBuffer(alloc) &&
        alloc->getBlock() == &function.front() &&
        alloc.getType().getNumElements() == type.getNumElements() &&
        taken.insert(alloc).second) {
      OpBuilder builder(alloc);
      alloc.getResult().replaceAllUsesWith(
          viewAs(builder, loc, argument, alloc.getType()));
      return;
    }
    OpBuilder builder(returnOp);
    builder.create<memref::CopyOp>(loc, value, argument);
  }
};

} // namespace
