//===- SumCorrection.h - What is added to integer sums ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_SUMCORRECTION_H
#define EDGEC_LIB_CODEGEN_SUMCORRECTION_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinTypes.h"

namespace edgec {

/// Lets the epilogue of `op`, a ContractOp or DepthwiseOp of i32 sums, begin
/// with sums that are larger by the elements of `extra`, a tensor of i32 that
/// `map` leads to.
template <typename ContractionOp>
void addToSums(ContractionOp op, mlir::Value extra, mlir::AffineMap map) {
  mlir::OpBuilder builder(op);
  mlir::Location loc = op.getLoc();
  mlir::Type i32 = builder.getI32Type();
  llvm::SmallVector<mlir::Attribute> maps(op.getExtraMaps().begin(),
                                          op.getExtraMaps().end());
  maps.push_back(mlir::AffineMapAttr::get(map));
  op.getExtrasMutable().append(extra);
  op.setExtraMapsAttr(builder.getArrayAttr(maps));
  mlir::Block &epilogue = op.getEpilogue().front();
  mlir::Value argument = epilogue.addArgument(i32, loc);
  builder.setInsertionPointToStart(&epilogue);
  mlir::Value sum = epilogue.getArgument(0);
  auto corrected = builder.create<mlir::arith::AddIOp>(loc, sum, argument);
  sum.replaceAllUsesExcept(corrected, corrected);
}

/// The same with a constant of the shape of the extents that `map` takes.
template <typename ContractionOp>
void addToSums(ContractionOp op, llvm::ArrayRef<int32_t> elements,
               llvm::ArrayRef<int64_t> shape, mlir::AffineMap map) {
  mlir::OpBuilder builder(op);
  auto type = mlir::RankedTensorType::get(shape, builder.getI32Type());
  addToSums(op,
            mlir::Value(builder.create<mlir::arith::ConstantOp>(
                op.getLoc(), mlir::DenseElementsAttr::get(type, elements))),
            map);
}

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_SUMCORRECTION_H
