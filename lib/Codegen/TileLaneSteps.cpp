//===- TileLaneSteps.cpp - Sums of products by lane ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec;

/// The innermost loop over as many elements of a as a register holds, and what
/// remains. The order of the sums stays that of k.
SmallVector<Value> TileEmitter::emitLanes(ValueRange sums, Value aBase,
                                          Value bBase, Value fetchBase) {
  unsigned dim = problem.extents.size() - 1;
  int64_t extent = problem.extents[dim], count = problem.byLane->lanes;
  int64_t bStride = *coefficientOf(problem.b.position, dim);
  int64_t rest = extent % count;
  SmallVector<Value> result = emitLoop(
      builder, loc, 0, extent - rest, count, sums,
      [&](Value index, ValueRange carried) {
        Value aIndex = moved(aBase, index, /*stride=*/1);
        emitFetch(moveFetch(fetchBase, index, bStride), count * bStride);
        return emitLaneStep(carried, loadRows(aIndex, count, count),
                            moved(bBase, index, bStride),
                            /*firstLane=*/0, count);
      });
  if (rest == 0)
    return result;
  // Elements before the remaining ones make a full register, if there are any.
  bool isWhole = extent >= count;
  Value aIndex = isWhole ? advance(builder, loc, aBase, extent - count) : aBase;
  return emitLaneStep(result, loadRows(aIndex, count, isWhole ? count : rest),
                      advance(builder, loc, bBase, (extent - rest) * bStride),
                      /*firstLane=*/isWhole ? count - rest : 0, rest);
}

/// The first `valid` of `count` neighbours along k of each row of a.
SmallVector<Value> TileEmitter::loadRows(Value index, int64_t count,
                                         int64_t valid) {
  SmallVector<Value> result;
  for (int64_t row = 0; row < rows(); ++row) {
    Value at =
        advance(builder, loc, index, rowDistance(problem.a.position, row));
    result.push_back(loadLanes(builder, loc, problem.a.memory, at,
                               /*stride=*/1, count, valid, access));
  }
  return result;
}

/// Adds the products of lanes [firstLane, firstLane + count) of `a` and as many
/// rows of b to every sum.
SmallVector<Value> TileEmitter::emitLaneStep(ValueRange sums, ValueRange a,
                                             Value bIndex, int64_t firstLane,
                                             int64_t count) {
  bool isShort = problem.byLane->instruction == LaneInstruction::Smlal;
  Type type = isShort ? builder.getI16Type() : problem.accumulator;
  int64_t bStride =
      *coefficientOf(problem.b.position, problem.extents.size() - 1);
  SmallVector<Value> converted, result(sums);
  for (Value row : a)
    converted.push_back(
        convertElements(builder, loc, row, type, problem.aUnsigned));
  for (int64_t k = 0; k < count; ++k) {
    Value index = advance(builder, loc, bIndex, k * bStride);
    SmallVector<Value> b = loadColumns(index, type);
    for (int64_t row = 0; row < rows(); ++row)
      for (int64_t vector = 0; vector < vectors(); ++vector) {
        Value &sum = result[row * vectors() + vector];
        if (isShort) {
          sum = multiplyAddShort(builder, loc, converted[row], firstLane + k,
                                 b[vector], sum);
          continue;
        }
        Value element =
            repeatLane(builder, loc, converted[row], firstLane + k, lanes);
        sum = multiplyAdd(element, b[vector], sum);
      }
  }
  return result;
}

/// A row of b, as vectors of `type`. Integers are loaded and widened by twice
/// the lanes: there is an instruction for each half of what results.
SmallVector<Value> TileEmitter::loadColumns(Value bIndex, Type type) {
  int64_t width = type.isInteger(16) && vectors() > 1 ? 2 * lanes : lanes;
  SmallVector<Value> result;
  for (int64_t first = 0; first < vectors() * lanes; first += width) {
    width = std::min(width, vectors() * lanes - first);
    int64_t valid =
        problem.packedColumns ? width : std::min(width, tileColumns - first);
    Value index = advance(builder, loc, bIndex, first * bColumnStride);
    Value loaded = loadLanes(builder, loc, problem.b.memory, index,
                             bColumnStride, width, valid, access);
    loaded = convertElements(builder, loc, loaded, type, problem.bUnsigned);
    if (width == lanes) {
      result.push_back(loaded);
      continue;
    }
    for (int64_t half : {int64_t(0), lanes})
      result.push_back(builder.create<vector::ExtractStridedSliceOp>(
          loc, loaded, ArrayRef<int64_t>{half}, ArrayRef<int64_t>{lanes},
          ArrayRef<int64_t>{1}));
  }
  return result;
}
