//===- TileUnpack.cpp - Elements of b unpacked for many rows -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where many rows are multiplied by the same elements of less than a byte,
// these become floats in memory first, and tiles are those of floats:
//
//   for each batch, panel of columns:
//     floats[k][columns] = unpack(b)
//     for each tile of rows: ...
//
// Of a panel that is too deep for that, one block along k after the other is
// unpacked, while the sums of some tiles wait in memory:
//
//   for each batch, panel of columns, block of tiles:
//     sums[tiles] = 0
//     for each block of k:
//       floats[k][columns] = unpack(b)
//       for each tile: sums[tile] += a[rows] * floats[k]
//     for each tile: c = epilogue(sums[tile], extras)
//
// Either way every sum has its products in the order of k.
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace edgec;

/// Decides whether elements are unpacked before or beside the products; what
/// the tile choice should know of it.
StepShape TileEmitter::chooseLowBitStep(const StepShape &step,
                                        const ContractExtents &extents) {
  const LowBitLayout &layout = *problem.lowBits;
  if (!isa<FloatType>(problem.accumulator))
    return withLowBits(step, layout.bits, problem.dot);
  PackedElements elements{layout.bits, /*haveScales=*/layout.group > 0};
  ArrayRef<int64_t> contracted =
      ArrayRef(problem.extents).drop_front(problem.columnDim() + 1);
  std::optional<NestBlock> block = choosePanelBlock(
      contracted, layout.group ? layout.group : layout.blockDepth(),
      maxUnpackedBytes / (layout.panel * int64_t(sizeof(float))));
  if (!block || !innerDim)
    return unpackBeside(target, step, elements);
  StepShape chosen =
      chooseUnpacking(target, step, elements, extents, layout.panel / lanes);
  if (chosen.workOnPanels > 0) {
    unpacked.emplace();
    unpacked->block = *block;
    unpacked->extents.assign(contracted.begin(), contracted.end());
  }
  return chosen;
}

Value TileEmitter::allocate(int64_t elements) {
  return allocateOnStack(builder, loc, elements, builder.getF32Type());
}

/// Puts unpacked elements in b's place.
void TileEmitter::placeUnpacked() {
  UnpackedPanel &panel = *unpacked;
  panel.packed = problem.b;
  panel.outside = bOutside;
  panel.layout = *problem.lowBits;
  panel.first.assign(panel.extents.size(), Value());
  AffineExpr position = builder.getAffineConstantExpr(0);
  bOutside = position;
  int64_t stride = panel.layout.panel;
  for (unsigned level = panel.extents.size(); level-- > panel.block.level;) {
    AffineExpr dim = builder.getAffineDimExpr(problem.columnDim() + 1 + level);
    position = position + dim * stride;
    stride *=
        level == panel.block.level ? panel.block.size : panel.extents[level];
  }
  problem.b = {position, allocate(stride)};
  problem.lowBits.reset();
  if (panel.block.isWhole(panel.extents))
    return;

  SmallVector<int64_t> trips;
  for (const NestLoop &loop : rowLoops())
    trips.push_back(llvm::divideCeil(loop.extent, loop.step));
  int64_t tileBytes = tileFloats() * sizeof(float);
  panel.tiles = chooseTileBlock(trips, maxWaitingBytes / tileBytes);
  int64_t count = panel.tiles.size;
  for (int64_t inside : ArrayRef(trips).drop_front(panel.tiles.level + 1))
    count *= inside;
  panel.sums = allocate(count * tileFloats());
}

/// The loops over panels and rows that are around what is emitted at a time: a
/// tile or a block of them.
SmallVector<NestLoop> TileEmitter::unpackedLoops() {
  SmallVector<NestLoop> loops{columnLoop()}, rows = rowLoops();
  if (!unpacked->sums) {
    auto enter = loops.front().enter;
    loops.front().enter = [this, enter](Value begin, int64_t size) {
      enter(begin, size);
      emitPanelBlocks(0, [this] { emitUnpacked(); });
    };
    llvm::append_range(loops, rows);
    return loops;
  }
  const NestBlock &tiles = unpacked->tiles;
  llvm::append_range(loops, ArrayRef(rows).take_front(tiles.level));
  const NestLoop &last = rows[tiles.level];
  loops.push_back(
      {last.extent, last.step * tiles.size, [this](Value begin, int64_t size) {
         unpacked->tileBegin = begin;
         unpacked->tileExtent = size;
       }});
  return loops;
}

/// Calls `body` for each block of the panel along k.
void TileEmitter::emitPanelBlocks(unsigned level, function_ref<void()> body) {
  const NestBlock &block = unpacked->block;
  if (level > block.level)
    return body();
  edgec::emitTiles(builder, loc, unpacked->extents[level],
                   level == block.level ? block.size : 1,
                   [&](Value begin, int64_t size) {
                     unpacked->first[level] = begin;
                     problem.extents[problem.columnDim() + 1 + level] = size;
                     emitPanelBlocks(level + 1, body);
                   });
}

/// Calls `body` for each tile of a block, with where its sums are.
void TileEmitter::emitWaitingTiles(unsigned level, Value place,
                                   function_ref<void(Value place)> body) {
  SmallVector<NestLoop> loops = rowLoops();
  if (level == loops.size())
    return body(place);
  const NestLoop &loop = loops[level];
  int64_t floats = tileFloats();
  for (const NestLoop &inside : ArrayRef(loops).drop_front(level + 1))
    floats *= llvm::divideCeil(inside.extent, inside.step);
  bool isCut = level == unpacked->tiles.level;
  edgec::emitTiles(
      builder, loc, isCut ? unpacked->tileExtent : loop.extent, loop.step,
      [&](Value begin, int64_t size) {
        loop.enter(isCut ? moved(unpacked->tileBegin, begin, 1) : begin, size);
        emitWaitingTiles(level + 1,
                         moved(place, divided(begin, loop.step), floats), body);
      });
}

/// A block of tiles, from their first products to what they store.
void TileEmitter::emitTileBlock() {
  Value sums = unpacked->sums;
  Value start = builder.create<arith::ConstantIndexOp>(loc, 0);
  auto vectorType = VectorType::get({lanes}, problem.accumulator);
  Value zero =
      builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(vectorType));
  int64_t size = cast<MemRefType>(sums.getType()).getNumElements();
  emitLoop(builder, loc, 0, size, lanes, [&](Value index) {
    storeLanes(builder, loc, zero, sums, index, /*stride=*/1, lanes, access);
  });
  auto load = [&](Value place) {
    SmallVector<Value> result;
    for (int64_t at = 0; at < rows() * vectors(); ++at)
      result.push_back(loadLanes(builder, loc, sums,
                                 advance(builder, loc, place, at * lanes),
                                 /*stride=*/1, lanes, lanes, access));
    return result;
  };
  unsigned level = unpacked->tiles.level;
  emitPanelBlocks(0, [&] {
    emitUnpacked();
    emitWaitingTiles(level, start, [&](Value place) {
      for (auto [at, sum] : llvm::enumerate(emitTileSums(load(place))))
        storeLanes(builder, loc, sum, sums,
                   advance(builder, loc, place, at * lanes), /*stride=*/1,
                   lanes, access);
    });
  });
  emitWaitingTiles(level, start,
                   [&](Value place) { emitEpilogue(load(place)); });
}

/// How far a block is from the first elements along k in an operand.
Value TileEmitter::movedToBlock(Value base, AffineExpr position) {
  for (auto [level, first] : llvm::enumerate(unpacked->first))
    if (first)
      base = moved(base, first,
                   *coefficientOf(position, problem.columnDim() + 1 + level));
  return base;
}

/// Unpacks the block of the tile's columns.
void TileEmitter::emitUnpacked() {
  const UnpackedPanel &panel = *unpacked;
  const LowBitLayout &layout = panel.layout;
  unsigned last = panel.extents.size() - 1;
  Value bytes = movedToBlock(emitIndex(builder, loc, panel.outside, indices),
                             panel.packed.position);
  if (panel.block.level == last) {
    int64_t unit = layout.group ? layout.group : layout.blockDepth();
    bytes = moved(bytes, divided(panel.first[last], unit),
                  layout.group ? layout.groupBytes() : layout.stepBytes());
  }
  emitUnpacked(panel.block.level, bytes,
               builder.create<arith::ConstantIndexOp>(loc, 0));
}

/// The loops along k from `level` on.
void TileEmitter::emitUnpacked(unsigned level, Value bytes, Value floats) {
  const UnpackedPanel &panel = *unpacked;
  unsigned dim = problem.columnDim() + 1 + level;
  int64_t extent = problem.extents[dim];
  if (level + 1 < panel.extents.size()) {
    int64_t from = *coefficientOf(panel.packed.position, dim);
    int64_t to = *coefficientOf(problem.b.position, dim);
    return emitLoop(builder, loc, 0, extent, 1, [&](Value index) {
      emitUnpacked(level + 1, moved(bytes, index, from),
                   moved(floats, index, to));
    });
  }
  const LowBitLayout &layout = panel.layout;
  if (!layout.group)
    return emitUnpackedSteps(bytes, floats, extent);
  edgec::emitTiles(
      builder, loc, extent, layout.group, [&](Value first, int64_t size) {
        Value group = divided(first, layout.group);
        emitUnpackedSteps(moved(bytes, group, layout.groupBytes()),
                          moved(floats, first, layout.panel), size);
      });
}

/// Unpacks `extent` steps, which share their scales if there are any.
void TileEmitter::emitUnpackedSteps(Value bytes, Value floats, int64_t extent) {
  const LowBitLayout &layout = unpacked->layout;
  SmallVector<UnpackedColumns> parts;
  // NEON loads as many bytes as a register has, and converts parts of it.
  int64_t width = target.isX86() ? lanes : target.registerBytes;
  for (int64_t at = 0, end = vectors() * lanes; at < end; at += width) {
    width = llvm::bit_floor<uint64_t>(std::min(width, end - at));
    Value scales;
    if (layout.group)
      scales =
          loadScales(unpacked->packed.memory,
                     advance(builder, loc, bytes,
                             at * int64_t(sizeof(float)) - layout.scaleBytes()),
                     width);
    parts.push_back({at, width, scales});
  }
  int64_t inByte = layout.stepsInByte();
  edgec::emitTiles(
      builder, loc, extent, inByte, [&](Value first, int64_t size) {
        Value from = moved(bytes, divided(first, inByte), layout.stepBytes());
        Value to = moved(floats, first, layout.panel);
        for (const UnpackedColumns &part : parts)
          emitUnpackedBlock(part, from, to, size);
      });
}

/// Unpacks `count` steps that stand in the same bytes.
void TileEmitter::emitUnpackedBlock(const UnpackedColumns &columns, Value bytes,
                                    Value floats, int64_t count) {
  const LowBitLayout &layout = unpacked->layout;
  Value loaded = loadLanes(builder, loc, unpacked->packed.memory,
                           advance(builder, loc, bytes, columns.first),
                           /*stride=*/1, columns.width, columns.width, access);
  for (int64_t step = 0; step < count; ++step) {
    Value value = unpackFloats(builder, loc, loaded, layout.bits, step, target);
    if (columns.scales)
      value = builder.create<arith::MulFOp>(loc, value, columns.scales);
    storeLanes(
        builder, loc, value, problem.b.memory,
        advance(builder, loc, floats, step * layout.panel + columns.first),
        /*stride=*/1, columns.width, access);
  }
}
