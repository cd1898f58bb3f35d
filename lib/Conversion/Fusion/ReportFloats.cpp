//===- ReportFloats.cpp - Float tensors of quantized models ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Conversion/Passes.h"

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

namespace edgec {
#define GEN_PASS_DEF_REPORTFLOATS
#include "edgec/Conversion/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

bool isIntegerKernel(Operation *op) {
  if (auto contract = dyn_cast<kernel::ContractOp>(op))
    return isa<IntegerType>(contract.getAccumulator());
  if (auto depthwise = dyn_cast<kernel::DepthwiseOp>(op))
    return isa<IntegerType>(depthwise.getAccumulator());
  return false;
}

/// Those that read `value`, seen through reshapes.
void collectReaders(Value value, SmallVectorImpl<Operation *> &readers) {
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp>(user))
      collectReaders(user->getResult(0), readers);
    else
      readers.push_back(user);
  }
}

/// Why a tensor of floats is in memory; empty for a result of the model.
StringRef reasonFor(Operation *op, ArrayRef<Operation *> readers) {
  if (llvm::any_of(readers, [](Operation *reader) {
        return reader->hasTrait<OpTrait::ReturnLike>();
      }))
    return "";
  auto reduces = [](Operation *candidate) {
    auto generic = dyn_cast<linalg::GenericOp>(candidate);
    return generic && generic.getNumReductionLoops() != 0;
  };
  if (reduces(op))
    return "a reduction computes it";
  if (llvm::any_of(readers, reduces))
    return "a reduction reads it";
  if (llvm::any_of(readers, [](Operation *reader) {
        return isa<kernel::ContractOp, kernel::DepthwiseOp>(reader) &&
               !isIntegerKernel(reader);
      }))
    return "a float kernel reads it";
  if (readers.size() > 1)
    return "it has several readers";
  return "its reader could not be fused with it";
}

struct ReportFloatsPass : edgec::impl::ReportFloatsBase<ReportFloatsPass> {
  void runOnOperation() override {
    bool isQuantized = getOperation()
                           .walk([](Operation *op) {
                             return isIntegerKernel(op)
                                        ? WalkResult::interrupt()
                                        : WalkResult::advance();
                           })
                           .wasInterrupted();
    if (!isQuantized)
      return;
    getOperation().walk([](Operation *op) {
      if (!isa<linalg::GenericOp, kernel::ContractOp, kernel::DepthwiseOp>(op))
        return;
      for (Value result : op->getResults()) {
        auto type = dyn_cast<RankedTensorType>(result.getType());
        SmallVector<Operation *> readers;
        collectReaders(result, readers);
        StringRef reason = reasonFor(op, readers);
        if (type && isa<FloatType>(type.getElementType()) && !reason.empty())
          op->emitRemark("stores ") << type << " because " << reason;
      }
    });
  }
};

} // namespace
