//===- ExtentCarrier.h - How extents go through an operation ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_EXTENTCARRIER_H
#define EDGEC_LIB_IMPORT_ONNX_EXTENTCARRIER_H

#include "RuntimeExtents.h"

namespace edgec::onnx_import {

/// Finds the extents of one operation's results from those of its operands. A
/// rule sets those of all results, or says why it cannot.
class ExtentCarrier {
public:
  using Extents = RuntimeExtents::Extents;

  /// `results` stand for those of `op` from then on; a rule may replace them.
  ExtentCarrier(const RuntimeExtents &known, mlir::OpBuilder &builder,
                mlir::Operation *op,
                llvm::SmallVectorImpl<mlir::Value> &results);

  mlir::LogicalResult run();

  llvm::SmallVector<Extents> extents;           ///< Of each result.
  llvm::SmallVector<mlir::Operation *> trusted; ///< Made here, and right.
  std::string reason;                           ///< Why it failed.

private:
  static llvm::ArrayRef<int64_t> staticShape(mlir::Value value);
  static mlir::Type elementOf(mlir::Value value);
  mlir::Value extentOf(mlir::Value value, int64_t dim) const;

  mlir::LogicalResult refuse(mlir::Value operand, int64_t dim,
                             llvm::StringRef why);
  /// Refuses the first run-time extent that there is.
  mlir::LogicalResult refuseAny();
  mlir::LogicalResult refuseAlong(mlir::Value operand, int64_t dim,
                                  llvm::StringRef why);
  /// Refuses indices along a dimension that may be negative: they would count
  /// from the end of the buffer.
  mlir::LogicalResult checkIndexed(mlir::Value input, int64_t dim,
                                   mlir::Value indices);
  /// Notes that a result's dimension has the operand's extent.
  mlir::LogicalResult keep(unsigned result, int64_t resultDim,
                           mlir::Value operand, int64_t dim);

  mlir::LogicalResult carryElementwise();
  /// Lines along `axis` are whole or not there.
  mlir::LogicalResult carryLines(mlir::Value input, int64_t axis,
                                 bool dropsAxis = false);
  mlir::LogicalResult carry(edge::TransposeOp transpose);
  mlir::LogicalResult carry(edge::ReshapeOp reshape);
  mlir::LogicalResult carry(edge::SliceOp slice);
  mlir::LogicalResult carry(edge::GatherOp gather);
  mlir::LogicalResult carry(edge::GatherElementsOp gather);
  mlir::LogicalResult carry(edge::GatherNdOp gather);
  mlir::LogicalResult carry(edge::MatMulOp matmul);
  mlir::LogicalResult carry(edge::TopKOp top);
  mlir::LogicalResult carry(edge::CumulativeSumOp sum);
  mlir::LogicalResult carry(edge::BatchNormOp norm);
  mlir::LogicalResult carry(edge::LayerNormOp norm);

  // Concatenations (ExtentConcat.cpp).
  mlir::LogicalResult carry(edge::ConcatOp concat);
  /// Takes the parts of a concatenation together at their true extents.
  void joinParts(edge::ConcatOp concat);
  mlir::Value sum(mlir::Value lhs, mlir::Value rhs);
  mlir::Value number(int64_t value);

  // Operations that would take the others for data (ExtentMasks.cpp).
  mlir::LogicalResult carry(edge::SoftmaxOp softmax);
  mlir::LogicalResult carry(edge::ArgReduceOp reduce);
  mlir::LogicalResult carry(edge::NonZeroOp nonZero);
  mlir::LogicalResult carry(edge::ReduceOp reduce);
  /// Makes a mean of a sum.
  void divideByCount(edge::ReduceOp reduce, mlir::Value input);
  mlir::LogicalResult maskSummed(mlir::Value lhs, int64_t lhsDim,
                                 mlir::Value rhs, int64_t rhsDim);
  /// The operand with `fill` beyond its extents along `dims`.
  mlir::Value masked(mlir::Value value, llvm::ArrayRef<int64_t> dims,
                     mlir::Attribute fill);
  /// Replaces operand `index` by one with `fill` beyond its extents.
  void maskOperand(unsigned index, llvm::ArrayRef<int64_t> dims,
                   mlir::Attribute fill);
  mlir::Attribute leastElement(mlir::Value value);

  const RuntimeExtents &known;
  mlir::OpBuilder &builder;
  mlir::Operation *op;
  llvm::SmallVectorImpl<mlir::Value> &results;
};

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_EXTENTCARRIER_H
