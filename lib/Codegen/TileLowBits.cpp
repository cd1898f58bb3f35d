//===- TileLowBits.cpp - Elements of b that have less than a byte --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace edgec;

/// What is loaded for a step, as whole bytes or as floats.
Value TileEmitter::unpackStep(Value bytes, int64_t step) {
  if (!problem.lowBits)
    return bytes;
  auto unpack =
      isa<FloatType>(problem.accumulator) ? unpackFloats : unpackBytes;
  return unpack(builder, loc, bytes, problem.lowBits->bits, step, target);
}

bool TileEmitter::unpacksPairs() const {
  return problem.lowBits && problem.dot &&
         problem.dot->instruction == DotInstruction::Vpmaddwd;
}

/// What is loaded for a step of groups, as the instruction takes it.
DotEmitter::Operand TileEmitter::unpackGroup(DotEmitter &dot, Value bytes,
                                             int64_t step) {
  if (unpacksPairs())
    return unpackPairs(builder, loc, bytes, problem.lowBits->bits, step);
  return dot.prepareB(unpackStep(bytes, step));
}

/// The scales of `count` columns, which stand as bytes in the panel.
Value TileEmitter::loadScales(Value memory, Value index, int64_t count) {
  int64_t bytes = count * sizeof(float);
  return builder.create<vector::BitCastOp>(
      loc, VectorType::get({count}, builder.getF32Type()),
      loadLanes(builder, loc, memory, index, /*stride=*/1, bytes, bytes,
                access));
}

Value TileEmitter::scaleColumns(Value b, int64_t vector) {
  if (groupScales.empty())
    return b;
  return builder.create<arith::MulFOp>(loc, b, groupScales[vector]);
}

int64_t TileEmitter::raisedSums() const {
  if (!problem.lowBits || isa<FloatType>(problem.accumulator) || unpacksPairs())
    return 0;
  return raisedBits(problem.lowBits->bits);
}

/// Between sums and sums of raised products. What is lost on the left is not
/// lost to a sum that 32 bits hold when it is raised.
Value TileEmitter::shiftSums(Value sums, bool isLeft) {
  int64_t distance = raisedSums();
  if (distance == 0)
    return sums;
  auto type = cast<VectorType>(sums.getType());
  Value by = builder.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(
               type, builder.getIntegerAttr(type.getElementType(), distance)));
  if (isLeft)
    return builder.create<arith::ShLIOp>(loc, sums, by);
  return builder.create<arith::ShRSIOp>(loc, sums, by);
}

/// The innermost loop where elements are multiplied one by one, and its tail.
/// An iteration takes the elements that stand in the same bytes of b.
SmallVector<Value> TileEmitter::emitPackedSteps(ValueRange sums, Value aBase,
                                                Value bBase, Value fetchBase) {
  unsigned dim = problem.extents.size() - 1;
  int64_t aStride = *coefficientOf(problem.a.position, dim);
  int64_t bStride = blockStride(), inByte = stepsInByte();
  int64_t blocks = problem.extents[dim] / inByte;
  auto steps = [&](Value aIndex, Value bIndex, int64_t count,
                   ValueRange carried) {
    SmallVector<Value> result(carried);
    for (int64_t step = 0; step < count; ++step)
      result = emitStep(result, advance(builder, loc, aIndex, step * aStride),
                        bIndex, step);
    return result;
  };
  SmallVector<Value> result = emitLoop(
      builder, loc, 0, blocks, 1, sums, [&](Value index, ValueRange carried) {
        emitFetch(moveFetch(fetchBase, index, bStride), bStride);
        return steps(moved(aBase, index, aStride * inByte),
                     moved(bBase, index, bStride), inByte, carried);
      });
  return steps(advance(builder, loc, aBase, blocks * inByte * aStride),
               advance(builder, loc, bBase, blocks * bStride),
               problem.extents[dim] % inByte, result);
}

/// The groups of neighbours along k that share scales, which stand before
/// their elements.
SmallVector<Value> TileEmitter::emitScaledGroups(ValueRange sums, Value aBase,
                                                 Value bBase, Value fetchBase) {
  unsigned dim = problem.extents.size() - 1;
  const LowBitLayout &layout = *problem.lowBits;
  int64_t aStride = *coefficientOf(problem.a.position, dim) * layout.group;
  int64_t extent = problem.extents[dim], groups = extent / layout.group;
  auto group = [&](Value aIndex, Value bIndex, Value fetchIndex, int64_t count,
                   ValueRange carried) {
    int64_t scaleBytes = lanes * sizeof(float);
    Value scales = advance(builder, loc, bIndex, -layout.scaleBytes());
    for (int64_t vector = 0; vector < vectors(); ++vector)
      groupScales.push_back(loadScales(
          problem.b.memory, advance(builder, loc, scales, vector * scaleBytes),
          lanes));
    problem.extents[dim] = count;
    SmallVector<Value> result =
        emitInnermost(carried, aIndex, bIndex, fetchIndex);
    problem.extents[dim] = extent;
    groupScales.clear();
    return result;
  };
  SmallVector<Value> result = emitLoop(
      builder, loc, 0, groups, 1, sums, [&](Value index, ValueRange carried) {
        return group(moved(aBase, index, aStride),
                     moved(bBase, index, layout.groupBytes()),
                     moveFetch(fetchBase, index, layout.groupBytes()),
                     layout.group, carried);
      });
  if (extent % layout.group == 0)
    return result;
  return group(advance(builder, loc, aBase, groups * aStride),
               advance(builder, loc, bBase, groups * layout.groupBytes()),
               /*fetchIndex=*/Value(), extent % layout.group, result);
}
