//===- TileChoice.cpp - How many accumulators a loop keeps ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/TileChoice.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <set>

using namespace edgec;

namespace {

/// Multiply-accumulate instructions that a core starts in a cycle, the cycles
/// until a result can be accumulated to again, and vector loads in a cycle.
/// They hold for the cores of the last ten years well enough to compare tiles.
constexpr double fmasPerCycle = 2;
constexpr double fmaLatency = 4;
constexpr double loadsPerCycle = 2;
/// What the narrower cores among those that take elements from lanes start in a
/// cycle, and how many of these places a vector load takes: a pair of loads is
/// three operations, which start together and leave places empty before them.
constexpr double startsPerCycle = 3;
constexpr double startsPerLoad = 1.9;
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
  int64_t b = step.stepsOfA > 1 || step.stepsOfB > 1 ? 2 * vectors : vectors;
  if (step.blockRows > 1)
    b = std::max(b, 2 * step.blockRows);
  return countSums(step, rows, vectors) + a + b + step.extraRegisters <=
         static_cast<int64_t>(target.registerCount);
}

/// Vectors of the widest tile.
int64_t mostVectors(const TargetDescription &target, unsigned accumulatorBits,
                    const ContractExtents &extents, const StepShape &step) {
  int64_t needed =
      llvm::divideCeil(extents.columns, target.lanes(accumulatorBits));
  int64_t vectors = 1;
  while (vectors < std::min(needed, mostTileVectors) &&
         fitsRegisters(target, step, 1, vectors + 1))
    ++vectors;
  return vectors;
}

/// Cycles of one step along k of a tile.
double stepCost(const StepShape &step, int64_t rows, int64_t vectors) {
  int64_t sums = countSums(step, rows, vectors);
  int64_t prepared = llvm::divideCeil(rows, step.blockRows) * step.workOnA;
  double fmas = sums + double(prepared) / step.stepsOfA +
                double(vectors * step.blockRows * step.workOnB);
  double loads = double(rows) / step.stepsOfA +
                 double(vectors * step.blockRows) / step.stepsOfB;
  double cycles =
      std::max({fmas / fmasPerCycle, loads / loadsPerCycle, fmaLatency});
  if (step.stepsOfA > 1)
    cycles = std::max(cycles, (fmas + startsPerLoad * loads) / startsPerCycle);
  // A round of the loop takes all steps that a register of a serves.
  return cycles + tileOverhead * sums + 0.5 / step.stepsOfA;
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
  int64_t registers = llvm::divideCeil(extents.columns, lanes);
  return cost + double(registers * step.workOnPanels) / fmasPerCycle;
}

/// Sums in the code of all tiles, which is written out for each size of them.
int64_t writtenSums(const TargetDescription &target, unsigned accumulatorBits,
                    const StepShape &step, const ContractExtents &extents,
                    const ContractTile &tile) {
  int64_t lanes = target.lanes(accumulatorBits);
  int64_t panel = tile.vectors * lanes, rest = extents.columns % panel;
  int64_t vectors = (extents.columns >= panel ? tile.vectors : 0) +
                    llvm::divideCeil(rest, lanes);
  int64_t outer = tile.outerRows + extents.outerRows % tile.outerRows;
  int64_t inner = tile.innerRows + extents.innerRows % tile.innerRows;
  return countSums(step, outer * inner, vectors);
}

/// The tiles that fit the registers, and the one to take.
class TileCandidates {
public:
  TileCandidates(const TargetDescription &target, unsigned accumulatorBits,
                 const ContractExtents &extents, const StepShape &step)
      : target(target), accumulatorBits(accumulatorBits), extents(extents),
        step(step) {}

  /// All with so many vectors; of those with one row, whether it fits or not.
  void add(int64_t vectors);
  ContractTile choose() const;

private:
  struct Candidate {
    ContractTile tile;
    double cycles;
  };

  void consider(const ContractTile &tile) {
    candidates.push_back(
        {tile, tileCost(target, accumulatorBits, step, extents, tile)});
  }
  int64_t sumsOf(const Candidate &candidate) const {
    return writtenSums(target, accumulatorBits, step, extents, candidate.tile);
  }

  const TargetDescription &target;
  unsigned accumulatorBits;
  const ContractExtents &extents;
  const StepShape &step;
  llvm::SmallVector<Candidate, 32> candidates;
};

void TileCandidates::add(int64_t vectors) {
  consider({1, 1, vectors});
  int64_t maximum = target.registerCount;
  for (int64_t inner = 2; inner <= std::min(extents.innerRows, maximum);
       ++inner)
    if (fitsRegisters(target, step, inner, vectors))
      consider({1, inner, vectors});
  // Several lines only where a line fits as a whole: addresses stay constants.
  int64_t line = extents.innerRows;
  for (int64_t outer = 2; outer <= std::min(extents.outerRows, maximum);
       ++outer)
    if (fitsRegisters(target, step, outer * line, vectors))
      consider({outer, line, vectors});
}

ContractTile TileCandidates::choose() const {
  auto isFaster = [](const Candidate &left, const Candidate &right) {
    return left.cycles < right.cycles;
  };
  const Candidate *best = llvm::min_element(candidates, isFaster);
  if (step.worthOfCode == 0)
    return best->tile;
  auto valueOf = [&](const Candidate &candidate) {
    return candidate.cycles / best->cycles +
           step.worthOfCode * sumsOf(candidate) / sumsOf(*best);
  };
  return llvm::min_element(candidates,
                           [&](const Candidate &left, const Candidate &right) {
                             return valueOf(left) < valueOf(right);
                           })
      ->tile;
}

} // namespace

ContractTile edgec::chooseRowTile(const TargetDescription &target,
                                  unsigned accumulatorBits,
                                  const ContractExtents &extents,
                                  int64_t vectors, const StepShape &step) {
  TileCandidates candidates(target, accumulatorBits, extents, step);
  candidates.add(vectors);
  return candidates.choose();
}

ContractTile edgec::chooseContractTile(const TargetDescription &target,
                                       unsigned accumulatorBits,
                                       const ContractExtents &extents,
                                       const StepShape &step) {
  TileCandidates candidates(target, accumulatorBits, extents, step);
  int64_t most = mostVectors(target, accumulatorBits, extents, step);
  for (int64_t vectors = 1; vectors <= most; ++vectors)
    candidates.add(vectors);
  return candidates.choose();
}

int64_t edgec::choosePanelVectors(const TargetDescription &target,
                                  unsigned accumulatorBits,
                                  const ContractExtents &extents,
                                  const StepShape &step) {
  constexpr double mostCycles = 1.02;
  constexpr int64_t leastPadding = 32; // A part of the columns.
  auto padding = [&](int64_t vectors) {
    int64_t panel = vectors * target.lanes(accumulatorBits);
    return int64_t(llvm::alignTo(extents.columns, panel)) - extents.columns;
  };
  auto cycles = [&](int64_t vectors) {
    return modelledStepCycles(target, accumulatorBits, extents, step, vectors);
  };
  int64_t fastest =
      chooseContractTile(target, accumulatorBits, extents, step).vectors;
  if (padding(fastest) * leastPadding < extents.columns)
    return fastest;
  double limit = cycles(fastest) * mostCycles;
  int64_t best = fastest;
  int64_t most = mostVectors(target, accumulatorBits, extents, step);
  for (int64_t vectors = 1; vectors <= most; ++vectors)
    if (padding(vectors) < padding(best) && cycles(vectors) <= limit)
      best = vectors;
  return best;
}

double edgec::modelledStepCycles(const TargetDescription &target,
                                 unsigned accumulatorBits,
                                 const ContractExtents &extents,
                                 const StepShape &step,
                                 std::optional<int64_t> vectors) {
  ContractTile tile =
      vectors ? chooseRowTile(target, accumulatorBits, extents, *vectors, step)
              : chooseContractTile(target, accumulatorBits, extents, step);
  return tileCost(target, accumulatorBits, step, extents, tile);
}

namespace {

/// Multiply-accumulate instructions in the code of one tile, beyond which it
/// no longer pays to write out more.
constexpr int64_t maxWindowSteps = 240;
constexpr int64_t maxWindowRows = 4;
/// Cycles that a vector costs that was not in the nearest cache, times how
/// often that happens, and those around a tile.
constexpr double missCost = 0.5;
constexpr double windowOverhead = 4;

/// Distinct places that `rows` windows of `taps` read along one dimension.
int64_t countReads(int64_t rows, int64_t rowStep, int64_t taps,
                   int64_t tapStep) {
  std::set<int64_t> places;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t tap = 0; tap < taps; ++tap)
      places.insert(row * rowStep + tap * tapStep);
  return places.size();
}

double windowTileCost(const WindowExtents &window, int64_t outer,
                      int64_t inner) {
  int64_t taps = window.outerTaps * window.innerTaps;
  double reads = countReads(outer, window.outerRowStep, window.outerTaps,
                            window.outerTapStep) *
                 countReads(inner, window.innerRowStep, window.innerTaps,
                            window.innerTapStep);
  double steps = taps * outer * inner / fmasPerCycle;
  return std::max(steps, (reads + taps) / loadsPerCycle) + missCost * reads +
         windowOverhead;
}

/// Cycles of all tiles.
double windowCost(const ContractExtents &extents, const WindowExtents &window,
                  int64_t outer, int64_t inner) {
  double cost = 0;
  auto add = [&](int64_t count, int64_t outerSize, int64_t innerSize) {
    if (count > 0 && outerSize > 0 && innerSize > 0)
      cost += count * windowTileCost(window, outerSize, innerSize);
  };
  int64_t outerTail = extents.outerRows % outer;
  int64_t innerTail = extents.innerRows % inner;
  int64_t outerTiles = extents.outerRows / outer;
  int64_t innerTiles = extents.innerRows / inner;
  add(outerTiles * innerTiles, outer, inner);
  add(outerTiles, outer, innerTail);
  add(innerTiles, outerTail, inner);
  add(1, outerTail, innerTail);
  return cost;
}

/// The sums, the weights that are in use at a time, and two elements.
bool windowFits(const TargetDescription &target, const WindowExtents &window,
                int64_t outer, int64_t inner) {
  int64_t live = (outer > 1 ? window.outerTaps : 1) * window.innerTaps;
  return outer * inner + live + 2 <= int64_t(target.registerCount);
}

} // namespace

ContractTile edgec::chooseWindowTile(const TargetDescription &target,
                                     const ContractExtents &extents,
                                     const WindowExtents &window,
                                     int64_t outerRows) {
  ContractTile best{std::max<int64_t>(outerRows, 1), 1, 1};
  double bestCost = windowCost(extents, window, best.outerRows, 1);
  int64_t taps = window.outerTaps * window.innerTaps;
  int64_t first = outerRows > 0 ? outerRows : 1;
  int64_t last =
      outerRows > 0 ? outerRows : std::min(maxWindowRows, extents.outerRows);
  for (int64_t outer = first; outer <= last; ++outer)
    for (int64_t inner = 1; inner <= extents.innerRows; ++inner) {
      if (outer * inner * taps > maxWindowSteps ||
          !windowFits(target, window, outer, inner))
        break;
      double cost = windowCost(extents, window, outer, inner);
      if (cost >= bestCost)
        continue;
      best.outerRows = outer;
      best.innerRows = inner;
      bestCost = cost;
    }
  return best;
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
