//===- TileDotSteps.cpp - Sums of products of grouped bytes --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace edgec;

/// A loop of that few groups would cost more than it does, and its addresses,
/// computed anew each time, delay loads until registers run out.
static constexpr int64_t unrolledGroups = 3;

/// The innermost loop where b is packed for dot products, and its tail.
SmallVector<Value> TileEmitter::emitGroups(ValueRange sums, Value aBase,
                                           Value bBase, Value fetchBase) {
  unsigned dim = problem.extents.size() - 1;
  int64_t aStride = *coefficientOf(problem.a.position, dim) * dotDepth;
  int64_t bStride = *coefficientOf(problem.b.position, dim);
  int64_t groups = problem.extents[dim] / dotDepth;
  int64_t tail = problem.extents[dim] % dotDepth;
  auto step = [&](Value index, ValueRange carried) {
    emitFetch(moveFetch(fetchBase, index, bStride), bStride);
    return emitDotStep(carried, moved(aBase, index, aStride),
                       moved(bBase, index, bStride), dotDepth);
  };
  SmallVector<Value> result(sums);
  if (groups <= unrolledGroups)
    for (int64_t group = 0; group < groups; ++group)
      result = step(builder.create<arith::ConstantIndexOp>(loc, group), result);
  else
    result = emitLoop(builder, loc, 0, groups, 1, result, step);
  if (tail > 0)
    result = emitDotStep(result, advance(builder, loc, aBase, groups * aStride),
                         advance(builder, loc, bBase, groups * bStride), tail);
  return result;
}

/// `count` neighbours of a as one i32. No other byte is used, but one before
/// them may be read where k has more than `dotDepth` elements.
Value TileEmitter::loadGroup(Value index, int64_t count) {
  Type i8 = builder.getI8Type(), i32 = builder.getI32Type();
  auto load = [&](Value at) -> Value {
    Value bytes = builder.create<vector::LoadOp>(
        loc, VectorType::get({dotDepth}, i8), problem.a.memory, at);
    Value word = builder.create<vector::BitCastOp>(
        loc, VectorType::get({1}, i32), bytes);
    return builder.create<vector::ExtractOp>(loc, word, 0);
  };
  if (count == dotDepth)
    return load(index);
  auto shiftBy = [&](int64_t bytes) -> Value {
    return builder.create<arith::ConstantIntOp>(loc, 8 * bytes, i32);
  };
  if (problem.extents.back() > dotDepth) {
    Value word = load(advance(builder, loc, index, count - dotDepth));
    return builder.create<arith::ShRUIOp>(loc, word, shiftBy(dotDepth - count));
  }
  Value word;
  for (int64_t at = 0; at < count; ++at) {
    Value byte = builder.create<memref::LoadOp>(
        loc, problem.a.memory, advance(builder, loc, index, at));
    Value wide = builder.create<arith::ExtUIOp>(loc, i32, byte);
    if (!word) {
      word = wide;
      continue;
    }
    Value shifted = builder.create<arith::ShLIOp>(loc, wide, shiftBy(at));
    word = builder.create<arith::OrIOp>(loc, word, shifted);
  }
  return word;
}

/// Adds the products of `count` neighbours along k to every sum.
SmallVector<Value> TileEmitter::emitDotStep(ValueRange sums, Value aIndex,
                                            Value bIndex, int64_t count) {
  DotEmitter dot(builder, loc, *problem.dot, lanes, problem.aUnsigned,
                 problem.bUnsigned);
  SmallVector<DotEmitter::Operand> b;
  for (int64_t vector = 0; vector < vectors(); ++vector) {
    Value index = advance(builder, loc, bIndex, vector * lanes * bColumnStride);
    b.push_back(dot.prepareB(loadLanes(builder, loc, problem.b.memory, index,
                                       /*stride=*/1, lanes * dotDepth,
                                       lanes * dotDepth, access)));
  }
  SmallVector<Value> result;
  for (int64_t row = 0; row < rows(); ++row) {
    Value index =
        advance(builder, loc, aIndex, rowDistance(problem.a.position, row));
    DotEmitter::Operand a = dot.prepareA(loadGroup(index, count));
    for (int64_t vector = 0; vector < vectors(); ++vector)
      result.push_back(
          dot.multiplyAdd(a, b[vector], sums[row * vectors() + vector]));
  }
  return result;
}
