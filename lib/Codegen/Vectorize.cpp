//===- Vectorize.cpp - Kernels and linalg become loops -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

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

struct VectorizePass : edgec::impl::VectorizeBase<VectorizePass> {
  using VectorizeBase::VectorizeBase;

  LogicalResult initialize(MLIRContext *context) override {
    return resolveTargetOption(context, target, cpu, features, description);
  }

  void runOnOperation() override {
    SmallVector<Operation *> operations;
    getOperation().walk([&](Operation *op) {
      if (isa<kernel::ContractOp, kernel::DepthwiseOp, linalg::LinalgOp,
              memref::CopyOp>(op))
        operations.push_back(op);
    });
    for (Operation *op : operations) {
      // Becomes a memcpy.
      auto copy = dyn_cast<memref::CopyOp>(op);
      if (copy && !isEmpty(op) && isContiguous(copy.getSource()) &&
          isContiguous(copy.getTarget()))
        continue;
      if (op->getNumResults() != 0) {
        op->emitOpError("must be on memrefs to be vectorised");
        return signalPassFailure();
      }
      if (!isEmpty(op) && failed(emit(op)))
        return signalPassFailure();
      op->erase();
    }
  }

  LogicalResult emit(Operation *op) {
    if (auto contract = dyn_cast<kernel::ContractOp>(op))
      return vectorizeContract(contract, description);
    if (auto depthwise = dyn_cast<kernel::DepthwiseOp>(op))
      return vectorizeDepthwise(depthwise, description);
    if (auto fill = dyn_cast<linalg::FillOp>(op))
      return vectorizeFill(fill, description);
    if (auto copy = dyn_cast<memref::CopyOp>(op))
      return vectorizeCopy(copy, description);
    return vectorizeGeneric(cast<linalg::LinalgOp>(op), description);
  }

  TargetDescription description;
};

} // namespace
