//===- BufferizableOpInterfaceImpl.cpp - Kernel bufferization -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Kernel/BufferizableOpInterfaceImpl.h"

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace edgec::kernel;

namespace {

/// The same operation on buffers, the regions moved over.
LogicalResult bufferizeKernelOp(RewriterBase &rewriter, Operation *op,
                                const BufferizationOptions &options) {
  if (op->getNumResults() == 0)
    return success();
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  SmallVector<Value> buffers;
  for (Value operand : op->getOperands()) {
    if (!isa<TensorType>(operand.getType())) {
      buffers.push_back(operand);
      continue;
    }
    FailureOr<Value> buffer = getBuffer(rewriter, operand, options);
    if (failed(buffer))
      return failure();
    buffers.push_back(*buffer);
  }
  OperationState state(op->getLoc(), op->getName(), buffers, TypeRange(),
                       op->getAttrs());
  for (Region &region : op->getRegions())
    state.addRegion()->takeBody(region);
  Operation *onBuffers = rewriter.create(state);
  Value init =
      cast<DestinationStyleOpInterface>(onBuffers).getDpsInitOperand(0)->get();
  replaceOpWithBufferizedValues(rewriter, op, init);
  return success();
}

struct ContractModel
    : DstBufferizableOpInterfaceExternalModel<ContractModel, ContractOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    auto contract = cast<ContractOp>(op);
    return !contract.isDpsInit(&operand) || !contract.coversInit();
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options) const {
    return bufferizeKernelOp(rewriter, op, options);
  }
};

struct DepthwiseModel
    : DstBufferizableOpInterfaceExternalModel<DepthwiseModel, DepthwiseOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    return !cast<DepthwiseOp>(op).isDpsInit(&operand);
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options) const {
    return bufferizeKernelOp(rewriter, op, options);
  }
};

struct RowwiseModel
    : DstBufferizableOpInterfaceExternalModel<RowwiseModel, RowwiseOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    return !cast<RowwiseOp>(op).isDpsInit(&operand);
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options) const {
    return bufferizeKernelOp(rewriter, op, options);
  }
};

struct AttentionModel
    : DstBufferizableOpInterfaceExternalModel<AttentionModel, AttentionOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    auto attention = cast<AttentionOp>(op);
    return !attention.isDpsInit(&operand) || !attention.coversInit();
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options) const {
    return bufferizeKernelOp(rewriter, op, options);
  }
};

struct ObserveModel
    : BufferizableOpInterface::ExternalModel<ObserveModel, ObserveOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return true;
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }
  AliasingValueList getAliasingValues(Operation *, OpOperand &,
                                      const AnalysisState &) const {
    return {};
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options) const {
    auto observe = cast<ObserveOp>(op);
    FailureOr<Value> buffer = getBuffer(rewriter, observe.getInput(), options);
    if (failed(buffer))
      return failure();
    rewriter.replaceOpWithNewOp<ObserveOp>(op, *buffer, observe.getPoint());
    return success();
  }
};

} // namespace

void edgec::kernel::registerBufferizableOpInterfaceExternalModels(
    DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, KernelDialect *) {
    AttentionOp::attachInterface<AttentionModel>(*context);
    ContractOp::attachInterface<ContractModel>(*context);
    DepthwiseOp::attachInterface<DepthwiseModel>(*context);
    RowwiseOp::attachInterface<RowwiseModel>(*context);
    ObserveOp::attachInterface<ObserveModel>(*context);
  });
}
