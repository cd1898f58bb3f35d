//===- TileChoice.h - How many accumulators a loop keeps --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_TILECHOICE_H
#define EDGEC_CODEGEN_TILECHOICE_H

#include "edgec/Target/CPU/TargetOptions.h"
#include <cstdint>
#include <optional>

namespace edgec {

/// The rows and columns of a contraction as the tile choice sees them: rows are
/// a grid of `outerRows` lines of `innerRows` (an image's height and width).
struct ContractExtents {
  int64_t outerRows = 1;
  int64_t innerRows = 1;
  int64_t columns = 1;
};

/// How the instruction that adds one step along k takes its operands, as far as
/// registers and cycles depend on it.
struct StepShape {
  /// An element of a is broadcast when it is needed; else a register holds what
  /// each row, or block of rows, takes.
  bool broadcastsA = true;
  /// Steps that such a register serves, because the instruction chooses a lane.
  int64_t stepsOfA = 1;
  /// Vector instructions that prepare it, which take the multiplications'
  /// place.
  int64_t workOnA = 0;
  /// Steps whose elements of b stand in the same bytes and are unpacked.
  int64_t stepsOfB = 1;
  /// Vector instructions that unpack a register of them for a step, as far as
  /// they take the multiplications' place.
  int64_t workOnB = 0;
  /// Vector instructions that unpack and store a register of them before all
  /// rows are multiplied.
  int64_t workOnPanels = 0;
  /// Rows that the instruction multiplies at once.
  int64_t blockRows = 1;
  /// The most rows for which there are registers that it can take a from.
  int64_t maxRows = 32;
  /// Registers that it needs beside sums, b and a.
  int64_t extraRegisters = 0;
  /// What is given for code: of the least time of all tiles the part that the
  /// code of the tiles that have it is worth.
  double worthOfCode = 0;
};

/// What is accumulated in registers at a time: a box of rows, `outerRows` by
/// `innerRows`, times `vectors` vector registers of neighbouring columns.
struct ContractTile {
  int64_t outerRows = 1;
  int64_t innerRows = 1;
  int64_t vectors = 1;
  int64_t rows() const { return outerRows * innerRows; }
};

/// No tile has more vectors: so many hide the latency of a single row.
inline constexpr int64_t mostTileVectors = 8;

/// The tile with the least modelled time for `accumulatorBits`-wide sums.
ContractTile chooseContractTile(const TargetDescription &target,
                                unsigned accumulatorBits,
                                const ContractExtents &extents,
                                const StepShape &step = {});

/// The same where the number of vectors is given, because the weights have
/// been packed for it.
ContractTile chooseRowTile(const TargetDescription &target,
                           unsigned accumulatorBits,
                           const ContractExtents &extents, int64_t vectors,
                           const StepShape &step = {});

/// The vectors of the panels that weights are packed in: those of
/// chooseContractTile, or, where zeros would fill a panel by much, of the tiles
/// that take hardly longer those of which least is filled.
int64_t choosePanelVectors(const TargetDescription &target,
                           unsigned accumulatorBits,
                           const ContractExtents &extents,
                           const StepShape &step = {});

/// Modelled cycles of one step along k of all tiles that chooseContractTile
/// gives; with `vectors`, that chooseRowTile gives for so many.
double modelledStepCycles(const TargetDescription &target,
                          unsigned accumulatorBits,
                          const ContractExtents &extents,
                          const StepShape &step = {},
                          std::optional<int64_t> vectors = std::nullopt);

/// A window over the last two dimensions of rows: how many taps it has along
/// each, and how far apart, in any unit, rows and taps read their elements. Two
/// taps at one distance read the same element.
struct WindowExtents {
  int64_t outerTaps = 1;
  int64_t innerTaps = 1;
  int64_t outerRowStep = 0;
  int64_t innerRowStep = 0;
  int64_t outerTapStep = 1;
  int64_t innerTapStep = 1;
};

/// The tile of an operation on windows, where what one window has read is used
/// for the others of the tile. `columns` are the channels. `outerRows` above
/// zero is given.
ContractTile chooseWindowTile(const TargetDescription &target,
                              const ContractExtents &extents,
                              const WindowExtents &window,
                              int64_t outerRows = 0);

/// Which loop around a tile is the inner one.
enum class LoopOrder {
  RowsInside,    ///< A panel of b is read once and serves all rows.
  ColumnsInside, ///< Some rows of a are read once and serve all columns.
};

/// The order in which the larger operand is read once, and the smaller one,
/// which is read again for each panel or tile, is the likelier to stay in the
/// cache meanwhile.
LoopOrder chooseLoopOrder(int64_t aBytes, int64_t bBytes);

/// How many of the `tiles` that read a panel of b one after the other share in
/// fetching the next one, an equal part each; 0: none, the CPU does well alone.
int64_t choosePrefetchTiles(int64_t tiles);

} // namespace edgec

#endif // EDGEC_CODEGEN_TILECHOICE_H
