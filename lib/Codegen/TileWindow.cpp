//===- TileWindow.cpp - Sums over windows of an image --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Neighbouring windows overlap. All taps of a tile's windows are written out,
// ordered by what they read, so that every element is loaded once for all of
// them.
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <map>

using namespace mlir;
using namespace edgec;

/// Taps that are written out; those of larger windows stay in loops.
static constexpr int64_t maxWindowTaps = 64;
/// Dimensions of a window that are written out.
static constexpr unsigned maxWindowDims = 2;

void TileEmitter::chooseWindow(const ContractExtents &extents) {
  unsigned end = problem.extents.size();
  unsigned first = end;
  int64_t taps = 1;
  while (first > problem.columnDim() + 1 && end - first < maxWindowDims &&
         taps * problem.extents[first - 1] <= maxWindowTaps)
    taps *= problem.extents[--first];
  auto step = [&](unsigned dim) {
    return *coefficientOf(problem.a.position, dim);
  };
  WindowExtents window;
  if (end - first > 1) {
    window.outerTaps = problem.extents[first];
    window.outerTapStep = step(first);
  }
  if (end - first > 0) {
    window.innerTaps = problem.extents[end - 1];
    window.innerTapStep = step(end - 1);
    windowDim = first;
  }
  if (outerDim)
    window.outerRowStep = step(*outerDim);
  if (innerDim)
    window.innerRowStep = step(*innerDim);
  if (const std::optional<kernel::TapGroups> &groups = problem.tapGroups) {
    // All rows of a tile read the same groups of input rows.
    window.outerTaps = groups->groups();
    window.outerTapStep = 1;
    window.outerRowStep = 0;
    window.innerTaps = groups->innerTaps;
    TargetDescription beside = target;
    beside.registerCount -= problem.dot->stepShape().extraRegisters;
    tile = chooseWindowTile(beside, extents, window, groups->rows);
    return;
  }
  tile = chooseWindowTile(target, extents, window);
}

/// Where the windows of a tile read, relative to its first window's first tap,
/// line by line; and for which sum by which tap each element is multiplied.
/// Every sum meets its taps in their order.
namespace {
struct WindowUse {
  int64_t row;
  int64_t tapPosition; ///< In the filter, relative to the first tap.
};
using WindowReads =
    std::map<std::pair<int64_t, int64_t>, SmallVector<WindowUse>>;
} // namespace

SmallVector<Value> TileEmitter::emitWindow(ValueRange sums, Value aBase,
                                           Value bBase) {
  unsigned inner = problem.extents.size() - 1;
  bool hasOuter = *windowDim < inner;
  auto stepOf = [](AffineExpr position, std::optional<unsigned> dim) {
    return dim ? *coefficientOf(position, *dim) : 0;
  };
  std::optional<unsigned> outer =
      hasOuter ? std::optional(*windowDim) : std::nullopt;
  AffineExpr a = problem.a.position, b = problem.b.position;
  WindowReads reads;
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t i = 0; i < (hasOuter ? problem.extents[*outer] : 1); ++i)
      for (int64_t j = 0; j < problem.extents[inner]; ++j) {
        int64_t line =
            row / innerSize * stepOf(a, outerDim) + i * stepOf(a, outer);
        int64_t place =
            row % innerSize * stepOf(a, innerDim) + j * stepOf(a, inner);
        reads[{line, place}].push_back(
            {row, i * stepOf(b, outer) + j * stepOf(b, inner)});
      }

  SmallVector<Value> result(sums);
  std::map<int64_t, Value> weights;
  auto load = [&](const FlatBuffer &buffer, Value base, int64_t distance,
                  int64_t stride, int64_t vector, bool isUnsigned) {
    Value index = advance(builder, loc, base, distance);
    Value loaded = loadLanes(builder, loc, buffer.memory, index, stride, lanes,
                             validLanes(vector), access);
    return widen(loaded, isUnsigned);
  };
  for (const auto &[at, uses] : reads)
    for (int64_t vector = 0; vector < vectors(); ++vector) {
      int64_t aVector = vector * lanes * aColumnStride;
      Value element = load(problem.a, aBase, at.first + at.second + aVector,
                           aColumnStride, vector, problem.aUnsigned);
      for (const WindowUse &use : uses) {
        int64_t position = use.tapPosition + vector * lanes * bColumnStride;
        Value &weight = weights[position];
        if (!weight)
          weight = load(problem.b, bBase, position, bColumnStride, vector,
                        problem.bUnsigned);
        Value &sum = result[use.row * vectors() + vector];
        sum = multiplyAdd(element, weight, sum);
      }
    }
  return result;
}

/// Four vectors of bytes, one of each input row, as groups of four bytes a
/// lane. Words change places first, then bytes within 16: two permutations
/// that every instruction set has.
static Value interleaveRows(OpBuilder &builder, Location loc,
                            ArrayRef<Value> rows) {
  int64_t lanes = cast<VectorType>(rows.front().getType()).getNumElements();
  constexpr int64_t wordBytes = 4, chunkBytes = 16;
  auto concat = [&](Value low, Value high) -> Value {
    int64_t count = cast<VectorType>(low.getType()).getNumElements();
    return builder.create<vector::ShuffleOp>(
        loc, low, high, llvm::to_vector(llvm::seq<int64_t>(0, 2 * count)));
  };
  Value bytes = concat(concat(rows[0], rows[1]), concat(rows[2], rows[3]));
  auto byteType = cast<VectorType>(bytes.getType());
  if (int64_t words = lanes / wordBytes; words > 1) {
    SmallVector<int64_t> order;
    for (int64_t word = 0; word < words; ++word)
      for (int64_t row = 0; row < dotDepth; ++row)
        order.push_back(row * words + word);
    Value asWords = builder.create<vector::BitCastOp>(
        loc, VectorType::get({lanes}, builder.getI32Type()), bytes);
    asWords = builder.create<vector::ShuffleOp>(loc, asWords, asWords, order);
    bytes = builder.create<vector::BitCastOp>(loc, byteType, asWords);
  }
  SmallVector<int64_t> order;
  for (int64_t chunk = 0; chunk < lanes * dotDepth; chunk += chunkBytes)
    for (int64_t lane = 0; lane < wordBytes; ++lane)
      for (int64_t row = 0; row < dotDepth; ++row)
        order.push_back(chunk + row * wordBytes + lane);
  return builder.create<vector::ShuffleOp>(loc, bytes, bytes, order);
}

/// The input rows of `group` at `column`; zeros for those that no output row of
/// the tile reads, which may not exist.
Value TileEmitter::loadInputGroup(Value aBase, int64_t group, int64_t column) {
  unsigned outerTap = problem.columnDim() + 1;
  int64_t rowStep = *coefficientOf(problem.a.position, outerTap);
  auto type = VectorType::get({lanes}, builder.getI8Type());
  SmallVector<Value> inputRows;
  for (int64_t member = 0; member < dotDepth; ++member) {
    bool isRead = false;
    for (int64_t row = 0; row < outerSize; ++row)
      isRead |= problem.tapGroups->tap(row, group, member).has_value();
    if (!isRead) {
      inputRows.push_back(
          builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(type)));
      continue;
    }
    Value index = advance(builder, loc, aBase,
                          (group * dotDepth + member) * rowStep + column);
    inputRows.push_back(loadLanes(builder, loc, problem.a.memory, index,
                                  aColumnStride, lanes, validLanes(0), access));
  }
  return interleaveRows(builder, loc, inputRows);
}

/// The group of taps at `place`, moved up by `distance` members, with zeros in
/// the first.
SmallVector<Value, 2> TileEmitter::loadTapGroup(Value bBase, int64_t place,
                                                int64_t distance) {
  auto wordType = VectorType::get({lanes}, builder.getI32Type());
  auto load = [&](int64_t at, int64_t count) -> Value {
    Value index = advance(builder, loc, bBase, at);
    return loadLanes(builder, loc, problem.b.memory, index, /*stride=*/1, count,
                     count, access);
  };
  auto shift = [&](Value taps, int64_t bits) -> Value {
    if (bits == 0)
      return taps;
    Value words = builder.create<vector::BitCastOp>(loc, wordType, taps);
    Value by = builder.create<arith::ConstantOp>(
        loc, DenseElementsAttr::get(wordType, builder.getI32IntegerAttr(bits)));
    words = builder.create<arith::ShLIOp>(loc, words, by);
    return builder.create<vector::BitCastOp>(loc, taps.getType(), words);
  };
  int64_t start = place * lanes * dotDepth;
  if (problem.dot->instruction != DotInstruction::Vpmaddwd) {
    DotEmitter dot(builder, loc, *problem.dot, lanes, problem.aUnsigned,
                   problem.bUnsigned);
    return dot.prepareB(shift(load(start, lanes * dotDepth), 8 * distance));
  }
  // Members 0 and 2, 1 and 3. Moved up by one, those at even places are at the
  // odd ones as they are. Nothing but zeros is moved out.
  Value even = load(start, 2 * lanes), odd = load(start + 2 * lanes, 2 * lanes);
  if (distance % 2 != 0)
    std::swap(even, odd);
  return {shift(even, distance > 0 ? 16 : 0),
          shift(odd, distance > 1 ? 16 : 0)};
}

SmallVector<Value> TileEmitter::emitDotWindow(ValueRange sums, Value aBase,
                                              Value bBase) {
  const kernel::TapGroups &groups = *problem.tapGroups;
  DotEmitter dot(builder, loc, *problem.dot, lanes, problem.aUnsigned,
                 problem.bUnsigned);
  unsigned innerTap = problem.columnDim() + 2;
  int64_t tapStep =
      groups.innerTaps == 1 ? 0 : *coefficientOf(problem.a.position, innerTap);
  int64_t pixelStep =
      innerDim ? *coefficientOf(problem.a.position, *innerDim) : 0;
  SmallVector<Value> result(sums);
  std::map<std::pair<int64_t, int64_t>, SmallVector<Value, 2>> weights;
  for (int64_t group = 0; group < groups.groups(); ++group) {
    // Columns of the input, from left to right, with (pixel, tap) that meet.
    std::map<int64_t, SmallVector<std::pair<int64_t, int64_t>>> columns;
    for (int64_t pixel = 0; pixel < innerSize; ++pixel)
      for (int64_t tap = 0; tap < groups.innerTaps; ++tap)
        columns[pixel * pixelStep + tap * tapStep].push_back({pixel, tap});
    for (const auto &[column, uses] : columns) {
      DotEmitter::Operand input;
      for (auto [pixel, tap] : uses)
        for (int64_t row = 0; row < outerSize; ++row) {
          if (!groups.meet(row, group))
            continue;
          if (input.empty())
            input = dot.prepareGroups(loadInputGroup(aBase, group, column));
          int64_t place = groups.place(tap, row, group);
          int64_t distance = groups.areMoved() ? row * groups.rowStride : 0;
          SmallVector<Value, 2> &weight = weights[{place, distance}];
          if (weight.empty())
            weight = loadTapGroup(bBase, place, distance);
          Value &sum = result[row * innerSize + pixel];
          sum = dot.multiplyAdd(input, weight, sum);
        }
    }
  }
  return result;
}
