//===- Unpacking.h - Weights of few bits become floats ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights of 8, 4 or 2 bits that floats are multiplied by are unpacked in one
// of two ways: in registers beside the products, for each tile of rows again;
// or before them in memory, once for all rows. The memory is on the stack,
// because every thread needs its own, and small enough for the nearest cache: a
// deep panel is unpacked in blocks along k, and the sums of some tiles wait in
// memory from one block to the next.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_UNPACKING_H
#define EDGEC_CODEGEN_UNPACKING_H

#include "edgec/Codegen/TileChoice.h"
#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <optional>

namespace edgec {

/// Weights of a byte or less.
struct PackedElements {
  int64_t bits = 4;
  bool haveScales = false; ///< They are multiplied by as they are unpacked.
};

/// How a contraction of which `step` is one with floats does one when it
/// unpacks b beside the products.
StepShape unpackBeside(const TargetDescription &target, StepShape step,
                       const PackedElements &elements);
/// The same when it has unpacked b before.
StepShape unpackBefore(const TargetDescription &target, StepShape step,
                       const PackedElements &elements);

/// The one of these that takes less time, with as many `vectors` in a panel as
/// given, or as are best for it; workOnPanels tells which it is.
StepShape chooseUnpacking(const TargetDescription &target,
                          const StepShape &step, const PackedElements &elements,
                          const ContractExtents &extents,
                          std::optional<int64_t> vectors = std::nullopt);

/// Bytes of unpacked weights: with 512 bits, 256 steps of two registers.
constexpr int64_t maxUnpackedBytes = 32 * 1024;
/// Bytes of waiting sums: of as many rows that unpacking is little beside the
/// products, and of not more, for they are read and written in every block.
constexpr int64_t maxWaitingBytes = 16 * 1024;

/// The inner iterations of a nest: of loop `level` some, of those inside it
/// all, of those around it one at a time.
struct NestBlock {
  unsigned level = 0;
  int64_t size = 1; ///< Iterations of `level`; there may be fewer at the end.

  /// Whether it is all of a nest of `extents`.
  bool isWhole(llvm::ArrayRef<int64_t> extents) const {
    return level == 0 && size >= extents.front();
  }
};

/// The block of at most `maxSteps` steps along the contracted dimensions of
/// `extents`, outermost first. Along the last one it has a multiple of `unit`
/// steps, which stand together. Nothing where one unit is too much.
std::optional<NestBlock> choosePanelBlock(llvm::ArrayRef<int64_t> extents,
                                          int64_t unit, int64_t maxSteps);

/// The block of at most `maxTiles` tiles in a nest of loops with `trips`
/// iterations, outermost first.
NestBlock chooseTileBlock(llvm::ArrayRef<int64_t> trips, int64_t maxTiles);

} // namespace edgec

#endif // EDGEC_CODEGEN_UNPACKING_H
