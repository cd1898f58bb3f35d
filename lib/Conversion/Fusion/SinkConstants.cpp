//===- SinkConstants.cpp - Scalar constants to where they are used --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fusion/Fusion.h"

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace edgec {

/// The scalar constants outside of `body` that its operations use.
static llvm::MapVector<Operation *, SmallVector<OpOperand *>>
outerConstants(Block &body) {
  llvm::MapVector<Operation *, SmallVector<OpOperand *>> uses;
  body.walk([&](Operation *op) {
    for (OpOperand &operand : op->getOpOperands()) {
      auto constant = operand.get().getDefiningOp<arith::ConstantOp>();
      if (constant && constant->getBlock() != &body &&
          constant.getType().isIntOrIndexOrFloat())
        uses[constant].push_back(&operand);
    }
  });
  return uses;
}

void sinkScalarConstants(func::FuncOp function) {
  SmallVector<Operation *> constants;
  function.walk([&](Operation *op) {
    if (!isa<linalg::GenericOp, kernel::ContractOp, kernel::DepthwiseOp,
             kernel::RowwiseOp>(op))
      return;
    for (Region &region : op->getRegions()) {
      Block &body = region.front();
      auto uses = outerConstants(body);
      OpBuilder builder = OpBuilder::atBlockBegin(&body);
      for (auto &[constant, operands] : uses) {
        Operation *copy = builder.clone(*constant);
        for (OpOperand *operand : operands)
          operand->set(copy->getResult(0));
        constants.push_back(constant);
      }
    }
  });
  llvm::SetVector<Operation *> unique(constants.begin(), constants.end());
  for (Operation *constant : unique)
    if (constant->use_empty())
      constant->erase();
}

} // namespace edgec
