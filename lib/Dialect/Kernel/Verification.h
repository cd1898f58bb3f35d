//===- Verification.h - What the kernels' verifiers share -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_KERNEL_VERIFICATION_H
#define EDGEC_LIB_DIALECT_KERNEL_VERIFICATION_H

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include <utility>

namespace edgec::kernel {

/// (C1) to (C3) of kernel.contract for one operand and its map. `excluded` is
/// the range of dimensions that the map must not use.
mlir::LogicalResult verifyMap(mlir::Operation *op, llvm::StringRef name,
                              mlir::AffineMap map, mlir::Value operand,
                              llvm::ArrayRef<int64_t> extents,
                              std::pair<int64_t, int64_t> excluded = {});

/// An epilogue takes a sum of type `accumulator` and the extras' elements, and
/// yields `result`.
mlir::LogicalResult verifyEpilogue(mlir::Operation *op,
                                   llvm::StringRef constraint,
                                   mlir::Region &region, mlir::Type accumulator,
                                   mlir::ValueRange extras, mlir::Type result);

/// The constraints that errors about combiners and about regions name.
struct RowConstraints {
  llvm::StringRef combiners, bodies;
};

/// The combiners and regions of kernel.rowwise: see there. `firstRegion` is the
/// first body's number among the operation's regions, `inputs` the types of the
/// inputs' elements, `result` the type that the last region must yield.
mlir::LogicalResult verifyRowBodies(
    mlir::Operation *op, RowConstraints constraints, mlir::ArrayAttr combiners,
    mlir::MutableArrayRef<mlir::Region> bodies, unsigned firstRegion,
    llvm::ArrayRef<mlir::Type> inputs, mlir::Type result);

/// Destination-passing style: a tensor init is returned, a memref init is
/// written in place.
mlir::LogicalResult verifyResults(mlir::Operation *op, mlir::Value init);

/// Reads of all memrefs but `init`, which is written.
void addEffects(mlir::Operation *op, mlir::OpOperand &init,
                llvm::SmallVectorImpl<mlir::SideEffects::EffectInstance<
                    mlir::MemoryEffects::Effect>> &effects);

} // namespace edgec::kernel

#endif // EDGEC_LIB_DIALECT_KERNEL_VERIFICATION_H
