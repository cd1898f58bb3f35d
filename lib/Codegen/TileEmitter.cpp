//===- TileEmitter.cpp - The loops around a tile -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"

#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace edgec;

void TileEmitter::emitRows(function_ref<void()> body) {
  emitNest(builder, loc, loopDims, problem.extents, indices, [&] {
    int64_t outer = outerDim ? problem.extents[*outerDim] : 1;
    int64_t inner = innerDim ? problem.extents[*innerDim] : 1;
    edgec::emitTiles(builder, loc, outer, tile.outerRows,
                     [&](Value begin, int64_t size) {
                       if (outerDim)
                         indices[*outerDim] = begin;
                       outerSize = size;
                       int64_t outerOfTile = size;
                       edgec::emitTiles(builder, loc, inner, tile.innerRows,
                                        [&](Value begin, int64_t size) {
                                          if (innerDim)
                                            indices[*innerDim] = begin;
                                          outerSize = outerOfTile;
                                          innerSize = size;
                                          body();
                                        });
                     });
  });
}

void TileEmitter::emitColumns(function_ref<void()> body) {
  edgec::emitTiles(builder, loc, problem.columns(), tile.vectors * lanes,
                   [&](Value begin, int64_t size) {
                     indices[problem.columnDim()] = begin;
                     tileColumns = size;
                     body();
                   });
}

LogicalResult TileEmitter::emit() {
  if (failed(prepare()))
    return failure();
  choosePanels();
  planPrefetch();
  if (problem.packedColumns % lanes != 0)
    return op->emitOpError("b is packed for another vector length");
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  indices.assign(problem.extents.size(), zero);
  auto batch = llvm::to_vector(llvm::seq<unsigned>(0, problem.numBatch));
  emitNest(builder, loc, batch, problem.extents, indices, [&] {
    if (columnsInside())
      emitRows([&] { emitColumns([&] { emitTile(); }); });
    else
      emitColumns([&] { emitRows([&] { emitTile(); }); });
  });
  return success();
}

void TileEmitter::emitTile() {
  Value aBase = emitIndex(builder, loc, aOutside, indices);
  Value bBase = emitIndex(builder, loc, bOutside, indices);
  Type type = VectorType::get({lanes}, problem.accumulator);
  Value zero =
      builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(type));
  SmallVector<Value> sums(rows() * vectors(), zero);
  emitEpilogue(
      emitSums(problem.columnDim() + 1, sums, aBase, bBase, firstFetch(bBase)));
}

LogicalResult edgec::emitTiles(OpBuilder &builder, Operation *op,
                               TileProblem problem,
                               const TargetDescription &target) {
  return TileEmitter(builder, op, problem, target).emit();
}
