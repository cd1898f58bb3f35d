//===- Common.h - Pieces that several conversions share ---------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_COMMON_H
#define EDGEC_LIB_CONVERSION_COMMON_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace edgec {

/// Fails, with a diagnostic for each, where an edge operation below `root` has
/// dynamic shapes or quantized elements: no code can be generated for these.
mlir::LogicalResult requireStaticTypes(mlir::Operation *root);

inline mlir::RankedTensorType tensorType(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType());
}
inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return tensorType(value).getShape();
}
inline bool isUnsigned(mlir::Type elementType) {
  return elementType.isUnsignedInteger();
}

/// The type of the same width without a sign; other types as they are. Also
/// for tensors of such elements.
mlir::Type toSignless(mlir::Type type);

/// `value` as a tensor of `type`, which differs in signedness at most.
mlir::Value castSign(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Value value, mlir::Type type);
mlir::Value castToSignless(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value value);

/// An edge.transpose, or `value` itself for the identity.
mlir::Value transpose(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value value, llvm::ArrayRef<int64_t> permutation);
/// An edge.reshape, or `value` itself if it has that shape already.
mlir::Value reshape(mlir::OpBuilder &builder, mlir::Location loc,
                    mlir::Value value, llvm::ArrayRef<int64_t> shape);

/// The permutation from channels second to channels last (0, 2, ..., 1), and
/// its inverse.
llvm::SmallVector<int64_t> toChannelsLast(int64_t rank);
llvm::SmallVector<int64_t> toChannelsSecond(int64_t rank);

/// A signless tensor padded with the scalar `fill`; negative pads crop.
mlir::Value pad(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high,
                mlir::Value fill);

/// A scalar constant: `value` converted to a signless integer or float type.
mlir::Value scalarConstant(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Type type, double value);

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_COMMON_H
