//===- Layout.h - The parts of edge-layout ----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_LAYOUT_LAYOUT_H
#define EDGEC_LIB_CONVERSION_LAYOUT_LAYOUT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include <functional>
#include <optional>

namespace edgec {

/// How an operation is computed on operands in another order of dimensions:
/// where operand i is transpose(x_i, permutation), the result is
/// transpose(op'(x_0, x_1, ...), resultPermutation).
struct Relayout {
  llvm::SmallVector<int64_t> resultPermutation;
  /// Operands that stay as they are (scalars, indices, per-channel vectors).
  llvm::SmallVector<bool> stays;
  /// Changes the attributes of a copy of the operation.
  std::function<void(mlir::Operation *copy)> update;
};

/// Nothing where the operation minds the order of its dimensions. All operands
/// that do not stay are read with the result's rank (elementwise) or have the
/// permutation's rank.
std::optional<Relayout> relayout(mlir::Operation *op,
                                 llvm::ArrayRef<int64_t> permutation);

/// Where a tensor of shape `from`, transposed by `permutation` from x, is
/// reshaped to `to`: the permutation p with which this is transpose(reshape(x),
/// p). Nothing where the reshape merges what the transpose moves apart.
std::optional<llvm::SmallVector<int64_t>>
permutationAfterReshape(llvm::ArrayRef<int64_t> from,
                        llvm::ArrayRef<int64_t> to,
                        llvm::ArrayRef<int64_t> permutation);

/// Whether transposing the value costs nothing at run time: a constant, or one
/// whose dimensions other than 1 keep their order.
bool isFreeToTranspose(mlir::Value value, llvm::ArrayRef<int64_t> permutation);

/// Puts convolutions, pools and local response normalisations between
/// transposes, channels last.
void setChannelsLast(mlir::func::FuncOp function);

/// Moving transposes down, and cancelling them.
void populateMoveTransposesPatterns(mlir::RewritePatternSet &patterns);
/// What is left: weights behind a flattened image take its transpose, and what
/// moves unit dimensions only becomes a reshape.
void populateAbsorbTransposesPatterns(mlir::RewritePatternSet &patterns);
/// Channel shuffles move down through what treats channels one by one, into the
/// filters of a convolution of all channels; a grouped one reads through them.
void populateMoveShufflesPatterns(mlir::RewritePatternSet &patterns);

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_LAYOUT_LAYOUT_H
