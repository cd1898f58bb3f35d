//===- BatchDimensions.h - Where the samples of a batch lie -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_BATCHDIMENSIONS_H
#define EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_BATCHDIMENSIONS_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/MapVector.h"

namespace edgec::edge {

/// The dimension of a value that holds samples. Its extent is outer x batch x
/// rest, in row-major order: mostly the batch itself, and more where dimensions
/// have been merged with it.
struct SampleDimension {
  int64_t dim;
  int64_t outer = 1;

  bool operator==(const SampleDimension &other) const {
    return dim == other.dim && outer == other.outer;
  }
  bool operator!=(const SampleDimension &other) const {
    return !(*this == other);
  }
};

/// Where the samples of a batch lie in the values of a function. Values that no
/// sample decides have none.
class BatchDimensions {
public:
  /// Follows the samples from the arguments that have edge.batch, whose first
  /// extent is `batch`. Fails, after a diagnostic, where an operation does not
  /// treat every sample by itself, or a result has samples in another
  /// dimension than its first.
  mlir::LogicalResult follow(mlir::func::FuncOp function, int64_t batch);

  std::optional<SampleDimension> of(mlir::Value value) const;

  /// Operands that hold the same for every sample, written out `batch` times,
  /// and the dimension along which they do: constants and broadcasts.
  const llvm::MapVector<mlir::OpOperand *, SampleDimension> &repeated() const {
    return repeats;
  }

private:
  using Dimension = std::optional<SampleDimension>;

  mlir::LogicalResult followBlock(mlir::Block &block);
  mlir::LogicalResult followOperation(mlir::Operation *op);
  mlir::LogicalResult followIf(IfOp op);
  mlir::LogicalResult followLoop(LoopOp op);
  mlir::LogicalResult checkResults(mlir::func::ReturnOp op);

  /// The dimension of all results of an operation that has samples in an
  /// operand; nothing where samples mix or that is not known.
  Dimension resultDimension(mlir::Operation *op);
  Dimension ofOnly(mlir::OpOperand &operand) const;
  Dimension ofOnlyUnless(mlir::OpOperand &operand, int64_t axis) const;
  Dimension broadcast(mlir::Operation *op, mlir::OperandRange operands,
                      int64_t trailing);
  Dimension ofMatMul(MatMulOp op);
  Dimension ofConcat(ConcatOp op);
  Dimension ofReshape(ReshapeOp op) const;
  Dimension ofGather(GatherOp op) const;
  Dimension ofSlice(SliceOp op) const;
  Dimension ofPad(PadOp op) const;
  Dimension ofResize(ResizeOp op) const;
  Dimension ofRowScales(DequantizeOp op) const;
  Dimension ofElementwiseIndices(mlir::Operation *op, int64_t axis);
  Dimension reduced(mlir::OpOperand &operand, llvm::ArrayRef<int64_t> axes,
                    bool keepDims) const;

  /// Whether `operand`, which has no samples, holds the same for each along
  /// `samples`; remembers it.
  bool repeat(mlir::OpOperand &operand, SampleDimension samples);

  int64_t batch = 0;
  llvm::DenseMap<mlir::Value, SampleDimension> dimensions;
  llvm::MapVector<mlir::OpOperand *, SampleDimension> repeats;
  /// Carried by loops that have not been followed to the end, and computed from
  /// such values alone.
  llvm::DenseSet<mlir::Value> undecided;
};

} // namespace edgec::edge

#endif // EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_BATCHDIMENSIONS_H
