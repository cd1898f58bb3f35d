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
  // A register of a has as many elements as bytes of b, or a multiple.
  int64_t bStride = blockStride(), inByte = stepsInByte();
  int64_t rest = extent % count;
  SmallVector<Value> result =
      emitLoop(builder, loc, 0, extent - rest, count, sums,
               [&](Value index, ValueRange carried) {
                 Value aIndex = moved(aBase, index, /*stride=*/1);
                 Value blocks = divided(index, inByte);
                 emitFetch(moveFetch(fetchBase, blocks, bStride),
                           count / inByte * bStride);
                 return emitLaneStep(carried, loadRows(aIndex, count, count),
                                     moved(bBase, blocks, bStride),
                                     /*firstLane=*/0, count);
               });
  if (rest == 0)
    return result;
  // Elements before the remaining ones make a full register, if there are any.
  bool isWhole = extent >= count;
  Value aIndex = isWhole ? advance(builder, loc, aBase, extent - count) : aBase;
  return emitLaneStep(
      result, loadRows(aIndex, count, isWhole ? count : rest),
      advance(builder, loc, bBase, (extent - rest) / inByte * bStride),
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
  int64_t bStride = blockStride(), inByte = stepsInByte();
  SmallVector<Value> converted, result(sums);
  for (Value row : a)
    converted.push_back(
        convertElements(builder, loc, row, type, problem.aUnsigned));
  for (int64_t k = 0; k < count; ++k) {
    Value index = advance(builder, loc, bIndex, k / inByte * bStride);
    SmallVector<Value> b = loadColumns(index, type, k % inByte);
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

/// A row of b, which is step `step` of its bytes, as vectors of `type`.
/// Integers are loaded and widened by twice the lanes: there is an instruction
/// for each half of what results, and bytes that are unpacked fill a register.
SmallVector<Value> TileEmitter::loadColumns(Value bIndex, Type type,
                                            int64_t step) {
  int64_t width = type.isInteger(16) && vectors() > 1 ? 2 * lanes : lanes;
  if (problem.lowBits)
    width = target.registerBytes;
  SmallVector<Value> result;
  for (int64_t first = 0; first < vectors() * lanes; first += width) {
    width = std::min(width, vectors() * lanes - first);
    int64_t valid =
        problem.packedColumns ? width : std::min(width, tileColumns - first);
    Value index = advance(builder, loc, bIndex, first * bColumnStride);
    Value loaded = loadLanes(builder, loc, problem.b.memory, index,
                             bColumnStride, width, valid, access);
    loaded = convertElements(builder, loc, unpackStep(loaded, step), type,
                             problem.bUnsigned);
    if (width == lanes) {
      result.push_back(scaleColumns(loaded, result.size()));
      continue;
    }
    for (int64_t part = 0; part < width; part += lanes)
      result.push_back(
          scaleColumns(builder.create<vector::ExtractStridedSliceOp>(
                           loc, loaded, ArrayRef<int64_t>{part},
                           ArrayRef<int64_t>{lanes}, ArrayRef<int64_t>{1}),
                       result.size()));
  }
  return result;
}
