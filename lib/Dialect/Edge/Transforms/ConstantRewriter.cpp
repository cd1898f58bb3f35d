//===- ConstantRewriter.cpp - New constants for rewritten layers ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ConstantRewriter.h"

#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Iterators.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace edgec::edge {

void ConstantRewriter::eraseDead(Operation *root) {
  root->walk<WalkOrder::PostOrder, ReverseIterator>([&](Operation *op) {
    if (!isa<ConstantOp>(op) && isOpTriviallyDead(op))
      op->erase();
  });
  root->walk([&](ConstantOp op) { uses.eraseIfUnused(op); });
}

Value ConstantRewriter::createConstant(OpBuilder &builder, const Tensor &tensor,
                                       const std::string &name) {
  Location loc = NameLoc::get(builder.getStringAttr(name));
  auto constant = builder.create<ConstantOp>(
      loc, toAttribute(tensor, name, builder.getContext()));
  uses.add(constant);
  return constant;
}

Value ConstantRewriter::createScales(OpBuilder &builder, ArrayRef<float> scales,
                                     const std::string &name) {
  std::vector<int64_t> shape;
  if (scales.size() != 1)
    shape.push_back(scales.size());
  Tensor tensor(ElementType::F32, shape);
  llvm::copy(scales, tensor.mutableData<float>());
  return createConstant(builder, tensor, name);
}

} // namespace edgec::edge
