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

/// The innermost loop where b is packed for dot products, and its tail. An
/// iteration takes the groups that stand in the same bytes of b.
SmallVector<Value> TileEmitter::emitGroups(ValueRange sums, Value aBase,
                                           Value bBase, Value fetchBase) {
  unsigned dim = problem.extents.size() - 1;
  int64_t aStride = *coefficientOf(problem.a.position, dim) * dotDepth;
  int64_t bStride = blockStride(), inByte = stepsInByte();
  int64_t groups = problem.extents[dim] / dotDepth;
  int64_t tail = problem.extents[dim] % dotDepth;
  auto steps = [&](Value aIndex, Value bIndex, int64_t count,
                   ValueRange carried) {
    SmallVector<Value> result(carried);
    for (int64_t step = 0; step < count; ++step)
      result =
          emitDotStep(result, advance(builder, loc, aIndex, step * aStride),
                      bIndex, dotDepth, step);
    return result;
  };
  auto block = [&](Value index, ValueRange carried) {
    emitFetch(moveFetch(fetchBase, index, bStride), bStride);
    return steps(moved(aBase, index, aStride * inByte),
                 moved(bBase, index, bStride), inByte, carried);
  };
  int64_t blocks = groups / inByte;
  SmallVector<Value> result(sums);
  if (groups <= unrolledGroups)
    for (int64_t at = 0; at < blocks; ++at)
      result = block(builder.create<arith::ConstantIndexOp>(loc, at), result);
  else
    result = emitLoop(builder, loc, 0, blocks, 1, result, block);
  Value bIndex = advance(builder, loc, bBase, blocks * bStride);
  result = steps(advance(builder, loc, aBase, blocks * inByte * aStride),
                 bIndex, groups % inByte, result);
  if (tail > 0)
    result = emitDotStep(result, advance(builder, loc, aBase, groups * aStride),
                         bIndex, tail, groups % inByte);
  return result;
}

/// The steps of a line of b. They are written out: of which bits of b a step
/// is depends on its run.
SmallVector<Value> TileEmitter::emitRuns(ValueRange sums, Value aBase,
                                         Value bBase, Value fetchBase) {
  const LowBitLayout &layout = *problem.lowBits;
  unsigned dim = problem.extents.size() - 1;
  int64_t aStride = *coefficientOf(problem.a.position, dim);
  emitFetch(fetchBase, layout.bytes());
  SmallVector<Value> result(sums);
  for (int64_t run = 0, step = 0; run < layout.runs; ++run)
    for (int64_t k = 0; k < layout.extent; k += dotDepth, ++step)
      result = emitDotStep(
          result, advance(builder, loc, aBase, run * runStride + k * aStride),
          advance(builder, loc, bBase,
                  step / layout.stepsInByte() * layout.stepBytes()),
          std::min(dotDepth, layout.extent - k), step % layout.stepsInByte());
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

/// Adds the products of `count` neighbours along k, step `step` of the bytes of
/// b, to every sum.
SmallVector<Value> TileEmitter::emitDotStep(ValueRange sums, Value aIndex,
                                            Value bIndex, int64_t count,
                                            int64_t step) {
  DotEmitter dot(builder, loc, *problem.dot, lanes, problem.aUnsigned,
                 problem.bUnsigned);
  SmallVector<DotEmitter::Operand> b;
  for (int64_t vector = 0; vector < vectors(); ++vector) {
    Value index = advance(builder, loc, bIndex, vector * lanes * bColumnStride);
    Value loaded =
        loadLanes(builder, loc, problem.b.memory, index,
                  /*stride=*/1, lanes * dotDepth, lanes * dotDepth, access);
    b.push_back(unpackGroup(dot, loaded, step));
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
