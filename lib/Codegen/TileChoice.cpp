//===- TileChoice.cpp - How many accumulators a loop keeps ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/TileChoice.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace edgec;

namespace {

/// Multiply-accumulate instructions that a core starts in a cycle, the cycles
/// until a result can be accumulated to again, and vector loads in a cycle.
/// They hold for the cores of the last ten years well enough to compare tiles.
constexpr double fmasPerCycle = 2;
constexpr double fmaLatency = 4;
constexpr double loadsPerCycle = 2;
/// Cycles that entering and leaving a tile costs (set-up of sums, epilogue,
/// stores), per accumulator and once, in steps along k of a typical layer.
constexpr double tileOverhead = 0.02;

/// Registers of sums.
int64_t countSums(const StepShape &step, int64_t rows, int64_t vectors) {
  return llvm::alignTo(rows, step.blockRows) * vectors;
}

bool fitsRegisters(const TargetDescription &target, const StepShape &step,
                   int64_t rows, int64_t vectors) {
  if (rows > step.maxRows)
    return false;
  // One broadcast element of a, or the elements of all rows; one row of b, and
  // the one for the next step where a register of a serves several. Blocks need
  // not have all their columns at once.
  int64_t a = step.broadcastsA ? 1 : llvm::divideCeil(rows, step.blockRows);
  int64_t b = step.stepsOfA > 1 ? 2 * vectors : vectors;
  if (step.blockRows > 1)
    b = std::max(b, 2 * step.blockRows);
  return countSums(step, rows, vectors) + a + b + step.extraRegisters <=
         static_cast<int64_t>(target.registerCount);
}

/// Cycles of one step along k of a tile.
double stepCost(const StepShape &step, int64_t rows, int64_t vectors) {
  int64_t sums = countSums(step, rows, vectors);
  int64_t prepared = llvm::divideCeil(rows, step.blockRows) * step.workOnA;
  double fmas = sums + double(prepared) / step.stepsOfA;
  double loads = double(rows) / step.stepsOfA + vectors * step.blockRows;
  return std::max({fmas / fmasPerCycle, loads / loadsPerCycle, fmaLatency}) +
         tileOverhead * sums + 0.5;
}

/// Cycles of one step along k of all tiles over the rows, for one panel.
double rowsCost(const StepShape &step, const ContractExtents &extents,
                const ContractTile &tile, int64_t vectors) {
  double cost = 0;
  int64_t outerMain = extents.outerRows / tile.outerRows;
  int64_t outerTail = extents.outerRows % tile.outerRows;
  int64_t innerMain = extents.innerRows / tile.innerRows;
  int64_t innerTail = extents.innerRows % tile.innerRows;
  auto add = [&](int64_t count, int64_t rows) {
    if (count > 0 && rows > 0)
      cost += count * stepCost(step, rows, vectors);
  };
  add(outerMain * innerMain, tile.rows());
  add(outerMain, tile.outerRows * innerTail);
  add(innerMain, outerTail * tile.innerRows);
  add(1, outerTail * innerTail);
  return cost;
}

double tileCost(const TargetDescription &target, unsigned accumulatorBits,
                const StepShape &step, const ContractExtents &extents,
                const ContractTile &tile) {
  int64_t lanes = target.lanes(accumulatorBits);
  int64_t panel = tile.vectors * lanes;
  double cost =
      extents.columns / panel * rowsCost(step, extents, tile, tile.vectors);
  if (int64_t rest = extents.columns % panel)
    cost += rowsCost(step, extents, tile, llvm::divideCeil(rest, lanes));
  return cost;
}

} // namespace

ContractTile edgec::chooseRowTile(const TargetDescription &target,
                                  unsigned accumulatorBits,
                                  const ContractExtents &extents,
                                  int64_t vectors, const StepShape &step) {
  ContractTile best{1, 1, vectors};
  double bestCost = tileCost(target, accumulatorBits, step, extents, best);
  auto consider = [&](int64_t outer, int64_t inner) {
    ContractTile tile{outer, inner, vectors};
    double cost = tileCost(target, accumulatorBits, step, extents, tile);
    if (cost >= bestCost)
      return;
    best = tile;
    bestCost = cost;
  };
  int64_t maximum = target.registerCount;
  for (int64_t inner = 1; inner <= std::min(extents.innerRows, maximum);
       ++inner)
    if (fitsRegisters(target, step, inner, vectors))
      consider(1, inner);
  // Several lines only where a line fits as a whole: addresses stay constants.
  int64_t line = extents.innerRows;
  for (int64_t outer = 2; outer <= std::min(extents.outerRows, maximum);
       ++outer)
    if (fitsRegisters(target, step, outer * line, vectors))
      consider(outer, line);
  return best;
}

ContractTile edgec::chooseContractTile(const TargetDescription &target,
                                       unsigned accumulatorBits,
                                       const ContractExtents &extents,
                                       const StepShape &step) {
  int64_t lanes = target.lanes(accumulatorBits);
  int64_t needed = llvm::divideCeil(extents.columns, lanes);
  ContractTile best = chooseRowTile(target, accumulatorBits, extents, 1, step);
  double bestCost = tileCost(target, accumulatorBits, step, extents, best);
  // Eight vectors hide the latency of a single row (matrix times vector).
  for (int64_t vectors = 2; vectors <= std::min<int64_t>(needed, 8);
       ++vectors) {
    if (!fitsRegisters(target, step, 1, vectors))
      break;
    ContractTile tile =
        chooseRowTile(target, accumulatorBits, extents, vectors, step);
    double cost = tileCost(target, accumulatorBits, step, extents, tile);
    if (cost >= bestCost)
      continue;
    best = tile;
    bestCost = cost;
  }
  return best;
}

ContractTile edgec::chooseDepthwiseTile(const TargetDescription &target,
                                        unsigned accumulatorBits,
                                        const ContractExtents &extents) {
  // Each sum needs a load of its own: enough of them to hide the latency, and
  // few enough that the taps' loops unroll into little code.
  int64_t limit = target.registerCount >= 32 ? 8 : 6;
  int64_t lanes = target.lanes(accumulatorBits);
  int64_t vectors =
      extents.columns >= 2 * lanes && extents.innerRows < 4 ? 2 : 1;
  int64_t tiles = llvm::divideCeil(extents.innerRows, limit);
  int64_t pixels = llvm::divideCeil(extents.innerRows, tiles);
  return {1, pixels, vectors};
}

LoopOrder edgec::chooseLoopOrder(int64_t aBytes, int64_t bBytes) {
  return bBytes < aBytes ? LoopOrder::ColumnsInside : LoopOrder::RowsInside;
}

int64_t edgec::choosePrefetchTiles(int64_t tiles) {
  // A single tile reads b at the memory's pace anyway. Of many tiles the first
  // ones have time enough, and a larger share is rounded less.
  constexpr int64_t mostTiles = 16;
  return tiles < 2 ? 0 : std::min(tiles, mostTiles);
}
