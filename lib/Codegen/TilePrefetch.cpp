//===- TilePrefetch.cpp - Weights on their way into the cache ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where rows are walked inside, a panel of b is read from memory by the first
// tile of rows and from the cache by the others: the first tile waits for the
// memory, which idles afterwards. So each tile fetches its share of the next
// panel, a few bytes at a step. Past the last panel stand the weights of the
// layer that is run next; no prefetch can fault.
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace edgec;

/// Bytes that one prefetch brings in, on the CPUs of today.
static constexpr int64_t lineBytes = 64;

void TileEmitter::planPrefetch() {
  fetch = PanelFetch();
  if (!problem.packedColumns || unpacked || columnsInside())
    return;
  int64_t tiles = 1;
  auto count = [&](std::optional<unsigned> dim, int64_t size) {
    if (dim)
      tiles *= llvm::divideCeil(problem.extents[*dim], size);
  };
  for (unsigned dim : loopDims)
    count(dim, 1);
  count(outerDim, tile.outerRows);
  count(innerDim, tile.innerRows);

  // From one panel to the next.
  AffineExpr distance = problem.b.position;
  for (unsigned dim = 0; dim < problem.extents.size(); ++dim)
    distance = distance.replace(
        builder.getAffineDimExpr(dim),
        builder.getAffineConstantExpr(
            dim == problem.columnDim() ? problem.packedColumns : 0));
  unsigned bits = problem.b.elementType().getIntOrFloatBitWidth();
  fetch.panel = cast<AffineConstantExpr>(distance).getValue();
  fetch.elementBytes = bits / 8;
  fetch.tiles = choosePrefetchTiles(tiles);
}

/// The number of the tile among those that read one panel.
Value TileEmitter::tileNumber() {
  auto constant = [&](int64_t value) -> Value {
    return builder.create<arith::ConstantIndexOp>(loc, value);
  };
  Value number = constant(0);
  auto append = [&](unsigned dim, int64_t size) {
    Value tiles = constant(llvm::divideCeil(problem.extents[dim], size));
    Value scaled = builder.createOrFold<arith::MulIOp>(loc, number, tiles);
    Value part =
        builder.createOrFold<arith::DivUIOp>(loc, indices[dim], constant(size));
    number = builder.createOrFold<arith::AddIOp>(loc, scaled, part);
  };
  for (unsigned dim : loopDims)
    append(dim, 1);
  if (outerDim)
    append(*outerDim, tile.outerRows);
  if (innerDim)
    append(*innerDim, tile.innerRows);
  return number;
}

Value TileEmitter::firstFetch(Value bBase) {
  if (!fetch.tiles)
    return Value();
  Value last = builder.create<arith::ConstantIndexOp>(loc, fetch.tiles - 1);
  Value share = builder.create<arith::ConstantIndexOp>(
      loc, llvm::divideCeil(fetch.panel, fetch.tiles));
  Value number = builder.createOrFold<arith::MinUIOp>(loc, tileNumber(), last);
  Value distance = builder.createOrFold<arith::MulIOp>(loc, number, share);
  Value next = advance(builder, loc, bBase, fetch.panel);
  return builder.createOrFold<arith::AddIOp>(loc, next, distance);
}

Value TileEmitter::moveFetch(Value start, Value index, int64_t bStride) {
  if (!start)
    return start;
  // Rounded up: a step more than a share is harmless, a gap is not.
  return moved(start, index, llvm::divideCeil(bStride, fetch.tiles));
}

void TileEmitter::emitFetch(Value index, int64_t bStride) {
  if (!index)
    return;
  int64_t bytes = llvm::divideCeil(bStride, fetch.tiles) * fetch.elementBytes;
  for (int64_t at = 0; at < bytes; at += lineBytes)
    builder.create<memref::PrefetchOp>(
        loc, problem.b.memory,
        advance(builder, loc, index, at / fetch.elementBytes),
        /*isWrite=*/false, /*localityHint=*/2, /*isDataCache=*/true);
}
