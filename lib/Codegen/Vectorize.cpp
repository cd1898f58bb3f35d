//===- Vectorize.cpp - Kernels and linalg become loops -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedNest.h"
#include "Vectorizers.h"
#include "edgec/Codegen/Passes.h"
#include "edgec/Codegen/TargetOption.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"

namespace edgec {
#define GEN_PASS_DEF_VECTORIZE
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

bool isContiguous(Value memref) {
  return cast<MemRefType>(memref.getType()).getLayout().isIdentity();
}

/// Whether the operation has nothing to do: a loop without iterations. A
/// reduction over nothing leaves its output as it is.
bool isEmpty(Operation *op) {
  return llvm::any_of(op->getOperandTypes(), [](Type type) {
    auto memref = dyn_cast<MemRefType>(type);
    return memref && memref.hasStaticShape() && memref.getNumElements() == 0;
  });
}

/// What nobody has divided into parts is done by the first one alone.
void leaveToFirstPart(func::FuncOp function) {
  if (!function->hasAttr(maxPartsAttr) || function.isExternal())
    return;
  Value part = function.getArguments().take_back(2).front();
  if (!part.use_empty())
    return;
  Block &block = function.front();
  Location loc = function.getLoc();
  OpBuilder builder = OpBuilder::atBlockBegin(&block);
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  Value isFirst =
      builder.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, part, zero);
  auto ifOp = builder.create<scf::IfOp>(loc, isFirst);
  Block *then = ifOp.thenBlock();
  then->getOperations().splice(then->begin(), block.getOperations(),
                               std::next(ifOp->getIterator()),
                               block.getTerminator()->getIterator());
}

struct VectorizePass : edgec::impl::VectorizeBase<VectorizePass> {
  using VectorizeBase::VectorizeBase;

  LogicalResult initialize(MLIRContext *context) override {
    return resolveTargetOption(context, target, cpu, features, description);
  }

  void runOnOperation() override {
    SmallVector<Operation *> operations;
    getOperation().walk([&](Operation *op) {
      if (isa<kernel::AttentionOp, kernel::ContractOp, kernel::DepthwiseOp,
              kernel::RowwiseOp, linalg::LinalgOp, memref::CopyOp>(op))
        operations.push_back(op);
    });
    for (Operation *op : operations) {
      // Becomes a memcpy, unless several threads share the work.
      auto copy = dyn_cast<memref::CopyOp>(op);
      if (copy && !isEmpty(op) && isContiguous(copy.getSource()) &&
          isContiguous(copy.getTarget()) && !partAround(op))
        continue;
      if (op->getNumResults() != 0) {
        op->emitOpError("must be on memrefs to be vectorised");
        return signalPassFailure();
      }
      if (!isEmpty(op) && failed(emit(op)))
        return signalPassFailure();
      op->erase();
    }
    leaveToFirstPart(getOperation());
  }

  LogicalResult emit(Operation *op) {
    if (auto attention = dyn_cast<kernel::AttentionOp>(op))
      return vectorizeAttention(attention, description);
    if (auto contract = dyn_cast<kernel::ContractOp>(op))
      return vectorizeContract(contract, description);
    if (auto depthwise = dyn_cast<kernel::DepthwiseOp>(op))
      return vectorizeDepthwise(depthwise, description);
    if (auto rowwise = dyn_cast<kernel::RowwiseOp>(op))
      return vectorizeRowwise(rowwise, description);
    if (auto fill = dyn_cast<linalg::FillOp>(op))
      return vectorizeFill(fill, description);
    if (auto copy = dyn_cast<memref::CopyOp>(op))
      return vectorizeCopy(copy, description);
    return vectorizeGeneric(cast<linalg::LinalgOp>(op), description);
  }

  TargetDescription description;
};

} // namespace
