//===- TileSteps.cpp - The sums of products of a tile --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec;

/// bf16 to f32: the same bits with zeros below. LLVM does that lane by lane
/// where the target has no conversion of its own.
static Value widenBFloat16(OpBuilder &builder, Location loc, Value value) {
  auto with = [&](Type element) -> Type {
    if (auto vector = dyn_cast<VectorType>(value.getType()))
      return vector.clone(element);
    return element;
  };
  Type i32 = with(builder.getI32Type());
  Value bits = builder.create<arith::ExtUIOp>(
      loc, i32,
      builder.create<arith::BitcastOp>(loc, with(builder.getI16Type()), value));
  Value distance = builder.create<arith::ConstantOp>(
      loc, isa<VectorType>(i32)
               ? TypedAttr(SplatElementsAttr::get(
                     cast<VectorType>(i32), builder.getI32IntegerAttr(16)))
               : TypedAttr(builder.getI32IntegerAttr(16)));
  Value shifted = builder.create<arith::ShLIOp>(loc, bits, distance);
  return builder.create<arith::BitcastOp>(loc, with(builder.getF32Type()),
                                          shifted);
}

Value edgec::convertElements(OpBuilder &builder, Location loc, Value value,
                             Type type, bool isUnsigned) {
  Type from = getElementTypeOrSelf(value.getType());
  if (from == type)
    return value;
  Type to = type;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    to = vector.clone(type);
  if (from.isBF16() && type.isF32())
    return widenBFloat16(builder, loc, value);
  if (isa<FloatType>(from)) {
    if (from.getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth())
      return builder.create<arith::ExtFOp>(loc, to, value);
    return builder.create<arith::TruncFOp>(loc, to, value);
  }
  if (isa<FloatType>(type)) {
    if (isUnsigned)
      return builder.create<arith::UIToFPOp>(loc, to, value);
    return builder.create<arith::SIToFPOp>(loc, to, value);
  }
  if (isUnsigned)
    return builder.create<arith::ExtUIOp>(loc, to, value);
  return builder.create<arith::ExtSIOp>(loc, to, value);
}

int64_t TileEmitter::rowDistance(AffineExpr position, int64_t row) const {
  int64_t distance = 0;
  if (innerDim)
    distance += *coefficientOf(position, *innerDim) * (row % innerSize);
  if (outerDim)
    distance += *coefficientOf(position, *outerDim) * (row / innerSize);
  return distance;
}

/// The loops over the contracted dimensions from `dim` on.
SmallVector<Value> TileEmitter::emitSums(unsigned dim, ValueRange sums,
                                         Value aBase, Value bBase,
                                         Value fetchBase) {
  if (problem.tapGroups)
    return emitDotWindow(sums, aBase, bBase);
  if (dim == windowDim)
    return emitWindow(sums, aBase, bBase);
  if (dim == problem.extents.size()) {
    emitFetch(fetchBase, problem.packedColumns);
    return emitStep(sums, aBase, bBase, /*step=*/0);
  }
  bool isInnermost = dim + 1 == problem.extents.size();
  if (isInnermost && problem.lowBits && problem.lowBits->group)
    return emitScaledGroups(sums, aBase, bBase, fetchBase);
  if (isInnermost && (problem.dot || problem.byLane || problem.lowBits))
    return emitInnermost(sums, aBase, bBase, fetchBase);
  if (problem.extents[dim] == 1)
    return emitSums(dim + 1, sums, aBase, bBase, fetchBase);
  int64_t aStride = *coefficientOf(problem.a.position, dim);
  int64_t bStride = *coefficientOf(problem.b.position, dim);
  return emitLoop(builder, loc, 0, problem.extents[dim], 1, sums,
                  [&](Value index, ValueRange carried) {
                    return emitSums(dim + 1, carried,
                                    moved(aBase, index, aStride),
                                    moved(bBase, index, bStride),
                                    moveFetch(fetchBase, index, bStride));
                  });
}

/// The loop over the last contracted dimension, where a step takes more than
/// one element of it.
SmallVector<Value> TileEmitter::emitInnermost(ValueRange sums, Value aBase,
                                              Value bBase, Value fetchBase) {
  if (hasBlocks())
    return emitBlocks(sums, aBase, bBase, fetchBase);
  if (problem.dot && problem.dot->isByLane())
    return emitGroupLanes(sums, aBase, bBase, fetchBase);
  if (problem.lowBits && problem.lowBits->runs > 1)
    return emitRuns(sums, aBase, bBase, fetchBase);
  if (problem.dot)
    return emitGroups(sums, aBase, bBase, fetchBase);
  if (problem.byLane)
    return emitLanes(sums, aBase, bBase, fetchBase);
  return emitPackedSteps(sums, aBase, bBase, fetchBase);
}

/// `base` and `index` steps of `stride`.
Value TileEmitter::moved(Value base, Value index, int64_t stride) {
  Value factor = builder.create<arith::ConstantIndexOp>(loc, stride);
  Value distance = builder.createOrFold<arith::MulIOp>(loc, index, factor);
  return builder.createOrFold<arith::AddIOp>(loc, base, distance);
}

/// The loop's `index`, of which `divisor` is a divisor, by it.
Value TileEmitter::divided(Value index, int64_t divisor) {
  if (divisor == 1)
    return index;
  Value by = builder.create<arith::ConstantIndexOp>(loc, divisor);
  return builder.createOrFold<arith::DivUIOp>(loc, index, by);
}

Value TileEmitter::widen(Value value, bool isUnsigned) {
  return convertElements(builder, loc, value, problem.accumulator, isUnsigned);
}

Value TileEmitter::multiplyAdd(Value a, Value b, Value sum) {
  if (isa<FloatType>(problem.accumulator)) {
    if (target.hasFma)
      return builder.create<math::FmaOp>(loc, a, b, sum);
    Value product = builder.create<arith::MulFOp>(loc, a, b);
    return builder.create<arith::AddFOp>(loc, sum, product);
  }
  Value product = builder.create<arith::MulIOp>(loc, a, b);
  return builder.create<arith::AddIOp>(loc, sum, product);
}

/// Adds the products of an element of each row and a row of b, which is step
/// `step` of its bytes.
SmallVector<Value> TileEmitter::emitStep(ValueRange sums, Value aIndex,
                                         Value bIndex, int64_t step) {
  Type type = problem.accumulator;
  SmallVector<Value> b, result;
  for (int64_t vector = 0; vector < vectors(); ++vector) {
    // A packed panel is padded with zeros.
    int64_t valid = problem.packedColumns ? lanes : validLanes(vector);
    Value index = advance(builder, loc, bIndex, vector * lanes * bColumnStride);
    Value loaded = loadLanes(builder, loc, problem.b.memory, index,
                             bColumnStride, lanes, valid, access);
    loaded = convertElements(builder, loc, unpackStep(loaded, step), type,
                             problem.bUnsigned);
    b.push_back(scaleColumns(loaded, vector));
  }
  for (int64_t row = 0; row < rows(); ++row) {
    Value index =
        advance(builder, loc, aIndex, rowDistance(problem.a.position, row));
    Value broadcast;
    if (aColumnStride == 0) {
      Value element = loadLanes(builder, loc, problem.a.memory, index, 0,
                                /*lanes=*/1, 1, access);
      element = convertElements(builder, loc, element, type, problem.aUnsigned);
      broadcast = splat(builder, loc, element, lanes);
    }
    for (int64_t vector = 0; vector < vectors(); ++vector) {
      Value a = broadcast;
      if (!a) {
        Value at = advance(builder, loc, index, vector * lanes * aColumnStride);
        a = loadLanes(builder, loc, problem.a.memory, at, aColumnStride, lanes,
                      validLanes(vector), access);
        a = convertElements(builder, loc, a, type, problem.aUnsigned);
      }
      result.push_back(
          multiplyAdd(a, b[vector], sums[row * vectors() + vector]));
    }
  }
  return result;
}
