//===- Vectorizers.h - Emission of one operation ----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_VECTORIZERS_H
#define EDGEC_LIB_CODEGEN_VECTORIZERS_H

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "edgec/Target/CPU/TargetOptions.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace edgec {

/// Each emits loops before an operation on memrefs and leaves erasing the
/// operation to the caller. Failures have a diagnostic.
mlir::LogicalResult vectorizeContract(kernel::ContractOp op,
                                      const TargetDescription &target);
mlir::LogicalResult vectorizeAttention(kernel::AttentionOp op,
                                       const TargetDescription &target);
mlir::LogicalResult vectorizeDepthwise(kernel::DepthwiseOp op,
                                       const TargetDescription &target);
mlir::LogicalResult vectorizeRowwise(kernel::RowwiseOp op,
                                     const TargetDescription &target);
mlir::LogicalResult vectorizeGeneric(mlir::linalg::LinalgOp op,
                                     const TargetDescription &target);
mlir::LogicalResult vectorizeFill(mlir::linalg::FillOp op,
                                  const TargetDescription &target);
mlir::LogicalResult vectorizeCopy(mlir::memref::CopyOp op,
                                  const TargetDescription &target);

/// The constant c for which `map` contains `dim mod c`; 0: there is none.
int64_t findModulus(mlir::AffineMap map, unsigned dim);

/// The number of columns in a panel of a packed b, 0 if it is not packed.
int64_t packedColumns(mlir::AffineMap bMap, unsigned columnDim);

/// The number of neighbours along the last contracted dimension in a group of a
/// b that is packed for dot products, 0 if it is not.
int64_t packedDepth(mlir::AffineMap bMap, unsigned columnDim);

/// Where `map` leads in a row-major tensor.
mlir::AffineExpr positionIn(mlir::Value tensor, mlir::AffineMap map);

/// A constant's bytes; empty if they have been released.
llvm::ArrayRef<char> rawBytes(mlir::Attribute value);

/// Makes one contracted dimension of a convolution's taps along a line and its
/// channels, where b is constant and groups of neighbours are filled better.
void mergeTaps(kernel::ContractOp op);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_VECTORIZERS_H
