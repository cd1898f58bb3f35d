//===- LanePattern.h - Lanes that are no neighbours in memory ---*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Channel shuffles, strided and reversed slices, repeated elements: where the
// lanes of a vector lie follows a pattern. They are read as a few windows of
// neighbours and put in order by shuffles, instead of one by one.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_LANEPATTERN_H
#define EDGEC_LIB_CODEGEN_LANEPATTERN_H

#include "FlatBuffer.h"

namespace edgec {

/// Where the elements of a block of iterations lie, the same in every block.
struct LanePattern {
  /// Relative to the block's first element; one an iteration.
  llvm::SmallVector<int64_t> offsets;
  /// The first elements of windows, relative to the block's first element.
  llvm::SmallVector<int64_t> windows;
  int64_t lanes = 1; ///< Elements of a window, of which the last may have less.

  /// The pattern of blocks of `block` iterations along `dim` of `extent`, which
  /// does not matter behind the last whole block. Nothing where blocks differ,
  /// or where a vector of `lanes` would need too many windows.
  static std::optional<LanePattern> find(mlir::AffineExpr position,
                                         unsigned dim, int64_t extent,
                                         int64_t block, int64_t lanes);

  /// Lanes of the window `window` that can be read.
  int64_t windowSize(unsigned window) const;
};

/// Reads the `lanes` iterations from `begin` on of the block whose first
/// element is at `index`.
mlir::Value loadPattern(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value memory, mlir::Value index,
                        const LanePattern &pattern, int64_t begin,
                        LaneAccess access);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_LANEPATTERN_H
