//===- TilePrepare.cpp - What is decided before a tile is emitted --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"

using namespace mlir;
using namespace edgec;

/// The positions that matter for a class of dimensions.
static SmallVector<AffineExpr *> positionsOf(TileProblem &problem, bool withB) {
  SmallVector<AffineExpr *> positions{&problem.a.position, &problem.c.position};
  if (withB)
    positions.push_back(&problem.b.position);
  for (FlatBuffer &extra : problem.extras)
    positions.push_back(&extra.position);
  return positions;
}

static AffineExpr setToZero(AffineExpr expr, unsigned dim) {
  MLIRContext *context = expr.getContext();
  return expr.replace(getAffineDimExpr(dim, context),
                      getAffineConstantExpr(0, context));
}

/// Rows are tiled along the last two dimensions in which every operand is
/// linear; b does not depend on them.
LogicalResult TileEmitter::findTileDims() {
  SmallVector<AffineExpr *> positions = positionsOf(problem, /*withB=*/false);
  for (unsigned dim = problem.columnDim(); dim-- > problem.numBatch;) {
    if (problem.extents[dim] == 1 && !problem.tapGroups)
      continue;
    bool linear = llvm::all_of(positions, [&](AffineExpr *position) {
      return coefficientOf(*position, dim).has_value();
    });
    if (linear && !innerDim)
      innerDim = dim;
    else if (linear && !outerDim && loopDims.empty())
      outerDim = dim;
    else
      loopDims.push_back(dim);
  }
  std::reverse(loopDims.begin(), loopDims.end());
  return success();
}

/// Leaves of b's position where the first element of a line is, with lines in
/// the place of the runs that they have.
void TileEmitter::placeLines() {
  const LowBitLayout &layout = *problem.lowBits;
  unsigned last = problem.extents.size() - 1;
  problem.b.position = setToZero(problem.b.position, last);
  if (layout.runs == 1)
    return;
  unsigned dim = last - 1;
  AffineExpr run = builder.getAffineDimExpr(dim);
  runStride = coefficientOf(problem.a.position, dim).value_or(0);
  problem.extents[dim] /= layout.runs;
  problem.a.position = problem.a.position.replace(run, run * layout.runs);
  problem.b.position =
      setToZero(problem.b.position, dim) + run * layout.bytes();
}

LogicalResult TileEmitter::prepare() {
  unsigned column = problem.columnDim(), end = problem.extents.size();
  SmallVector<AffineExpr *> positions = positionsOf(problem, /*withB=*/true);
  if (problem.batchIndices.empty())
    mergeDims(problem.extents, 0, problem.numBatch, positions);
  // A packed depthwise filter was packed for rows and taps as they are.
  if (!problem.tapGroups) {
    mergeDims(problem.extents, problem.numBatch, column, positions);
    mergeDims(problem.extents, column + 1, end, positions);
  }
  if (problem.lowBits) {
    // Steps along the last dimension are found without the map.
    placeLines();
  } else if (problem.dot) {
    // Steps along the last dimension are groups from here on, in b.
    AffineExpr k = getAffineDimExpr(end - 1, builder.getContext());
    AffineExpr zero = getAffineConstantExpr(0, builder.getContext());
    int64_t depth = problem.dot->depth();
    problem.b.position = problem.b.position.replace(k % depth, zero)
                             .replace(k.floorDiv(depth), k);
  }

  aOutside = problem.a.position;
  bOutside = problem.b.position;
  for (unsigned dim = column + 1; dim < end; ++dim) {
    if (!coefficientOf(problem.a.position, dim) ||
        !coefficientOf(problem.b.position, dim))
      return op->emitOpError("cannot be vectorised: an index is not linear in "
                             "contracted dimension ")
             << dim;
    aOutside = setToZero(aOutside, dim);
    bOutside = setToZero(bOutside, dim);
  }
  auto columnStride = [&](AffineExpr position) {
    return coefficientOf(position, column);
  };
  AffineExpr bColumns = problem.b.position;
  if (int64_t packed = problem.packedColumns) {
    AffineExpr j = getAffineDimExpr(column, builder.getContext());
    bColumns =
        setToZero(bColumns.replace(j % packed,
                                   getAffineDimExpr(end, builder.getContext())),
                  column);
    bColumns = bColumns.replace(getAffineDimExpr(end, builder.getContext()), j);
  }
  std::optional<int64_t> a = columnStride(problem.a.position),
                         b = columnStride(bColumns),
                         c = columnStride(problem.c.position);
  if (!a || !b || !c)
    return op->emitOpError(
        "cannot be vectorised: an index is not linear in the column");
  aColumnStride = *a, bColumnStride = *b, cColumnStride = *c;
  for (FlatBuffer &extra : problem.extras) {
    std::optional<int64_t> stride = columnStride(extra.position);
    if (!stride)
      return op->emitOpError("cannot be vectorised: an extra operand's index "
                             "is not linear in the column");
    extraColumnStride.push_back(*stride);
  }
  if (!problem.dot && aColumnStride == 0 && end > column + 1)
    problem.byLane = chooseLaneRow(
        target, {problem.a.elementType(),
                 unpackedElement(problem.b.elementType(), problem.accumulator,
                                 problem.lowBits ? problem.lowBits->bits : 0),
                 problem.accumulator, problem.extents.back(),
                 coefficientOf(problem.a.position, end - 1)});
  return findTileDims();
}

void TileEmitter::choosePanels() {
  unsigned bits = problem.accumulator.getIntOrFloatBitWidth();
  lanes = target.lanes(bits);
  StepShape step;
  if (problem.dot)
    step = problem.dot->stepShape();
  else if (problem.byLane)
    step = problem.byLane->stepShape();
  ContractExtents extents;
  extents.outerRows = outerDim ? problem.extents[*outerDim] : 1;
  extents.innerRows = innerDim ? problem.extents[*innerDim] : 1;
  extents.columns = problem.columns();
  if (problem.lowBits)
    step = chooseLowBitStep(step, extents);
  if (problem.isDepthwise)
    return chooseWindow(extents);
  int64_t vectors = problem.packedColumns / lanes;
  bool isTile =
      problem.packedColumns % lanes == 0 && vectors <= mostTileVectors;
  if (problem.packedColumns && isTile)
    tile = chooseRowTile(target, bits, extents, vectors, step);
  else
    tile = chooseContractTile(target, bits, extents, step);
}

bool TileEmitter::columnsInside() const {
  if (unpacked) // A panel is unpacked once for all rows.
    return false;
  auto bytes = [](const FlatBuffer &buffer) {
    return cast<MemRefType>(buffer.memory.getType()).getNumElements() *
           buffer.elementType().getIntOrFloatBitWidth() / 8;
  };
  return problem.isDepthwise ||
         chooseLoopOrder(bytes(problem.a), bytes(problem.b)) ==
             LoopOrder::ColumnsInside;
}
