//===- TileArmDotSteps.cpp - Sums of products of grouped bytes on Arm ----===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace edgec;

/// Calls `step` for every `count` neighbours of a along the last dimension and
/// for what remains, with the neighbours of all rows and how many groups they
/// have. What follows the last element are other elements of a: b is zero
/// there.
SmallVector<Value> TileEmitter::emitGroupChunks(ValueRange sums, Value aBase,
                                                Value bBase, Value fetchBase,
                                                int64_t count, GroupStep step) {
  unsigned dim = problem.extents.size() - 1;
  int64_t depth = problem.dot->depth();
  int64_t extent = problem.extents[dim], rest = extent % count;
  int64_t bStride = blockStride() * (count / depth / stepsInByte());
  SmallVector<Value> result =
      emitLoop(builder, loc, 0, extent / count, 1, sums,
               [&](Value index, ValueRange carried) {
                 Value aIndex = moved(aBase, index, count);
                 emitFetch(moveFetch(fetchBase, index, bStride), bStride);
                 return step(carried, loadRows(aIndex, count, count),
                             moved(bBase, index, bStride), count / depth);
               });
  if (rest == 0)
    return result;
  int64_t tail = rest % depth;
  if (extent < count && tail != 0 && tail != rest && stepsInByte() == 1) {
    // The last group in a register of its own needs no insertion; and if it
    // comes first, LLVM does not take it from other rows' loads.
    result =
        step(result,
             loadRows(advance(builder, loc, aBase, rest - tail), count, tail),
             advance(builder, loc, bBase, rest / depth * blockStride()), 1);
    return step(result, loadRows(aBase, count, rest - tail), bBase,
                rest / depth);
  }
  // Elements before the remaining ones make a full register, if there are any.
  bool isWhole = extent >= count;
  Value aIndex = isWhole ? advance(builder, loc, aBase, extent - count) : aBase;
  SmallVector<Value> a = loadRows(aIndex, count, isWhole ? count : rest);
  if (isWhole)
    for (Value &row : a) {
      SmallVector<int64_t> moved;
      for (int64_t at = 0; at < count; ++at)
        moved.push_back((at + count - rest) % count);
      row = builder.create<vector::ShuffleOp>(loc, row, row, moved);
    }
  return step(result, a, advance(builder, loc, bBase, extent / count * bStride),
              llvm::divideCeil(rest, depth));
}

/// Register `part` of the group of b that is step `step` of the bytes at
/// `index`.
Value TileEmitter::loadGroupPart(Value index, int64_t part, int64_t step) {
  int64_t bytes = target.registerBytes;
  Value loaded = loadLanes(builder, loc, problem.b.memory,
                           advance(builder, loc, index, part * bytes),
                           /*stride=*/1, bytes, bytes, access);
  return unpackStep(loaded, step);
}

/// A register with four groups of each row of a, multiplied by lane.
SmallVector<Value> TileEmitter::emitGroupLanes(ValueRange sums, Value aBase,
                                               Value bBase, Value fetchBase) {
  DotEmitter dot(builder, loc, *problem.dot, lanes, problem.aUnsigned,
                 problem.bUnsigned);
  int64_t bStride = blockStride(), inByte = stepsInByte();
  auto step = [&](ValueRange carried, ValueRange a, Value bIndex,
                  int64_t groups) {
    SmallVector<Value> result(carried);
    SmallVector<SmallVector<DotEmitter::Operand, 4>> prepared;
    for (Value row : a)
      prepared.push_back(dot.prepareLanes(row));
    for (int64_t group = 0; group < groups; ++group) {
      Value index = advance(builder, loc, bIndex, group / inByte * bStride);
      SmallVector<DotEmitter::Operand> b;
      for (int64_t vector = 0; vector < vectors(); ++vector)
        b.push_back(dot.prepareB(loadGroupPart(index, vector, group % inByte)));
      for (int64_t row = 0; row < rows(); ++row)
        for (int64_t vector = 0; vector < vectors(); ++vector) {
          Value &sum = result[row * vectors() + vector];
          sum = dot.multiplyAdd(prepared[row][group], b[vector], sum);
        }
    }
    return result;
  };
  return emitGroupChunks(sums, aBase, bBase, fetchBase, target.registerBytes,
                         step);
}

/// Group `group` of the neighbours in `row`.
static Value groupOf(OpBuilder &builder, Location loc, Value row,
                     int64_t group) {
  if (cast<VectorType>(row.getType()).getNumElements() == matrixDepth)
    return row;
  return builder.create<vector::ExtractStridedSliceOp>(
      loc, row, ArrayRef<int64_t>{group * matrixDepth},
      ArrayRef<int64_t>{matrixDepth}, ArrayRef<int64_t>{1});
}

/// A group of two rows of a times a group of two columns of b in an
/// instruction. Sums are blocks of two rows and two columns.
SmallVector<Value> TileEmitter::emitBlocks(ValueRange sums, Value aBase,
                                           Value bBase, Value fetchBase) {
  DotEmitter dot(builder, loc, *problem.dot, lanes, problem.aUnsigned,
                 problem.bUnsigned);
  int64_t blocks = 2 * vectors(), inByte = stepsInByte();
  auto step = [&](ValueRange carried, ValueRange a, Value bIndex,
                  int64_t groups) {
    SmallVector<Value> result(carried);
    for (int64_t group = 0; group < groups; ++group) {
      auto part = [&](int64_t row) {
        return groupOf(builder, loc, a[std::min(row, rows() - 1)], group);
      };
      SmallVector<DotEmitter::Operand> pairs;
      for (int64_t row = 0; row < rows(); row += 2)
        pairs.push_back(dot.preparePair(part(row), part(row + 1)));
      for (int64_t block = 0; block < blocks; ++block) {
        DotEmitter::Operand b =
            dot.prepareB(loadGroupPart(bIndex, block, group));
        for (auto [pair, operand] : llvm::enumerate(pairs)) {
          Value &sum = result[pair * blocks + block];
          sum = dot.multiplyAdd(operand, b, sum);
        }
      }
    }
    return result;
  };
  return emitGroupChunks(sums, aBase, bBase, fetchBase, matrixDepth * inByte,
                         step);
}

/// From blocks of two rows and two columns to vectors of columns.
SmallVector<Value> TileEmitter::unzipBlocks(ValueRange blocks) {
  SmallVector<Value> result;
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t vector = 0; vector < vectors(); ++vector) {
      int64_t first = (row / 2 * vectors() + vector) * 2;
      int64_t lane = row % 2 * 2;
      result.push_back(builder.create<vector::ShuffleOp>(
          loc, blocks[first], blocks[first + 1],
          ArrayRef<int64_t>{lane, lane + 1, lane + 4, lane + 5}));
    }
  return result;
}
