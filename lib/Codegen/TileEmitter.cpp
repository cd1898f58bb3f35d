//===- TileEmitter.cpp - The loops around a tile -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace edgec;

NestLoop TileEmitter::loopOver(unsigned dim) {
  return {problem.extents[dim], 1,
          [this, dim](Value index, int64_t) { indices[dim] = index; }};
}

SmallVector<NestLoop> TileEmitter::rowLoops() {
  SmallVector<NestLoop> loops;
  for (unsigned dim : loopDims)
    loops.push_back(loopOver(dim));
  if (outerDim)
    loops.push_back({problem.extents[*outerDim], tile.outerRows,
                     [this](Value begin, int64_t size) {
                       indices[*outerDim] = begin;
                       outerSize = size;
                     }});
  if (innerDim)
    loops.push_back({problem.extents[*innerDim], tile.innerRows,
                     [this](Value begin, int64_t size) {
                       indices[*innerDim] = begin;
                       innerSize = size;
                     }});
  return loops;
}

NestLoop TileEmitter::columnLoop() {
  return {problem.columns(), tile.vectors * lanes,
          [this](Value begin, int64_t size) {
            indices[problem.columnDim()] = begin;
            tileColumns = size;
          }};
}

LogicalResult TileEmitter::emit() {
  if (failed(prepare()))
    return failure();
  choosePanels();
  planPrefetch();
  if (!problem.hasWholeRows() && problem.packedColumns % lanes != 0)
    return op->emitOpError("b is packed for another vector length");
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  indices.assign(problem.extents.size(), zero);
  SmallVector<NestLoop> loops;
  llvm::copy(problem.batchIndices, indices.begin());
  if (problem.batchIndices.empty())
    for (unsigned dim = 0; dim < problem.numBatch; ++dim)
      loops.push_back(loopOver(dim));
  if (unpacked) {
    placeUnpacked();
    llvm::append_range(loops, unpackedLoops());
    emitSharedNest(builder, loc, loops, problem.part,
                   [&] { unpacked->sums ? emitTileBlock() : emitTile(); });
    return success();
  }
  bool inside = columnsInside();
  if (!inside)
    loops.push_back(columnLoop());
  llvm::append_range(loops, rowLoops());
  if (inside)
    loops.push_back(columnLoop());
  emitSharedNest(builder, loc, loops, problem.part, [&] { emitTile(); });
  return success();
}

SmallVector<Value> TileEmitter::emitTileSums(ValueRange sums) {
  Value aBase = emitIndex(builder, loc, aOutside, indices);
  Value bBase = emitIndex(builder, loc, bOutside, indices);
  if (unpacked)
    aBase = movedToBlock(aBase, problem.a.position);
  return emitSums(problem.columnDim() + 1, sums, aBase, bBase,
                  firstFetch(bBase));
}

void TileEmitter::emitTile() {
  int64_t sumRows = hasBlocks() ? llvm::alignTo<2>(rows()) : rows();
  SmallVector<Value> sums = emitTileSums(initialSums(sumRows));
  emitEpilogue(hasBlocks() ? unzipBlocks(sums) : sums);
}

LogicalResult edgec::emitTiles(OpBuilder &builder, Operation *op,
                               TileProblem problem,
                               const TargetDescription &target) {
  return TileEmitter(builder, op, problem, target).emit();
}
