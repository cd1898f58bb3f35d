//===- TileEmitter.h - Register-blocked sums of products --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one template behind kernel.contract and kernel.depthwise:
//
//   for each batch, panel of columns, tile of rows:   (order by `rowsInside`)
//     sums[rows][vectors] = 0
//     for each k: sums += a[rows] * b[vectors]
//     c = epilogue(sums, extras)
//
// Each operand's position in memory is linear in the rows of a tile, so that
// within a tile all addresses differ by constants.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_TILEEMITTER_H
#define EDGEC_LIB_CODEGEN_TILEEMITTER_H

#include "DotProduct.h"
#include "FlatBuffer.h"
#include "LaneProduct.h"
#include "LowBits.h"
#include "SharedNest.h"
#include "edgec/Codegen/TileChoice.h"
#include "edgec/Dialect/Kernel/TapGroups.h"

namespace edgec {

/// An iteration space of batch, row, column and contracted dimensions, in this
/// order, and where the operands' elements are.
struct TileProblem {
  llvm::SmallVector<int64_t> extents;
  unsigned numBatch = 0;
  unsigned numRows = 0;
  FlatBuffer a, b, c;
  llvm::SmallVector<FlatBuffer> extras;
  bool aUnsigned = false;
  bool bUnsigned = false;
  mlir::Type accumulator;
  mlir::Block *epilogue = nullptr;
  /// Columns in a packed panel of b; 0: b is not packed.
  int64_t packedColumns = 0;
  /// The instruction for which b is packed in groups along the last contracted
  /// dimension; none: it is not grouped.
  std::optional<DotRow> dot;
  /// The order of a packed b with elements of less than a byte.
  std::optional<LowBitLayout> lowBits;
  /// The instruction that takes a's elements from lanes; filled in by
  /// emitTiles.
  std::optional<LaneRow> byLane;
  bool isDepthwise = false;
  /// The order of a depthwise filter that is packed for `dot`.
  std::optional<kernel::TapGroups> tapGroups;

  /// The indices of the batch dimensions where there are loops around the
  /// tiles already, of one batch then; empty: loops over them are emitted.
  llvm::SmallVector<mlir::Value> batchIndices;
  LayerPart part; ///< The part of the tiles that is to be emitted.

  unsigned columnDim() const { return numBatch + numRows; }
  int64_t columns() const { return extents[columnDim()]; }
  /// Whether a packed b has one panel, of which tiles take parts.
  bool hasWholeRows() const {
    return dot && dot->broadcastsGroups() && packedColumns == columns();
  }
};

/// Emits the loops at the builder's insertion point. Fails, with a diagnostic,
/// where an index map is not linear in the way described above.
mlir::LogicalResult emitTiles(mlir::OpBuilder &builder, mlir::Operation *op,
                              TileProblem problem,
                              const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_TILEEMITTER_H
