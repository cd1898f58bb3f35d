//===- LanePattern.cpp - Lanes that are no neighbours in memory ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LanePattern.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace edgec;

/// Windows of one vector: beyond that, shuffles are no cheaper than elements.
static constexpr unsigned maxWindows = 4;

namespace {

/// The value of an expression of one dimension.
int64_t evaluate(AffineExpr expr, int64_t value) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return value;
  int64_t lhs = evaluate(binary.getLHS(), value);
  int64_t rhs = evaluate(binary.getRHS(), value);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return lhs + rhs;
  case AffineExprKind::Mul:
    return lhs * rhs;
  case AffineExprKind::Mod:
    return llvm::mod(lhs, rhs);
  case AffineExprKind::FloorDiv:
    return llvm::divideFloorSigned(lhs, rhs);
  default:
    return llvm::divideCeilSigned(lhs, rhs);
  }
}

/// The summands of `expr` that depend on `dim` alone; null if another depends
/// on it too.
AffineExpr partOf(AffineExpr expr, unsigned dim) {
  AffineExpr zero = getAffineConstantExpr(0, expr.getContext());
  if (!expr.isFunctionOfDim(dim))
    return zero;
  if (expr.getKind() == AffineExprKind::Add) {
    auto sum = cast<AffineBinaryOpExpr>(expr);
    AffineExpr lhs = partOf(sum.getLHS(), dim), rhs = partOf(sum.getRHS(), dim);
    return lhs && rhs ? lhs + rhs : AffineExpr();
  }
  auto isOther = expr.walk([&](AffineExpr part) {
                       auto other = dyn_cast<AffineDimExpr>(part);
                       return other && other.getPosition() != dim
                                  ? WalkResult::interrupt()
                                  : WalkResult::advance();
                     })
                     .wasInterrupted();
  return isOther ? AffineExpr() : expr;
}

/// Starts of windows of `lanes` that cover the sorted `offsets`.
SmallVector<int64_t> coverOffsets(ArrayRef<int64_t> offsets, int64_t lanes) {
  SmallVector<int64_t> windows;
  for (int64_t offset : offsets)
    if (windows.empty() || offset >= windows.back() + lanes)
      windows.push_back(offset);
  return windows;
}

} // namespace

std::optional<LanePattern> LanePattern::find(AffineExpr position, unsigned dim,
                                             int64_t extent, int64_t block,
                                             int64_t lanes) {
  AffineExpr along = partOf(position, dim);
  if (!along || extent < block)
    return std::nullopt;
  LanePattern pattern;
  pattern.lanes = lanes;
  // Blocks of a linear position are alike.
  int64_t end = coefficientOf(along, dim) ? block : extent;
  for (int64_t first = 0; first + block <= end; first += block) {
    int64_t start = evaluate(along, first);
    for (int64_t at = 0; at < block; ++at) {
      int64_t offset = evaluate(along, first + at) - start;
      if (first == 0)
        pattern.offsets.push_back(offset);
      else if (pattern.offsets[at] != offset)
        return std::nullopt;
    }
  }
  SmallVector<int64_t> sorted(pattern.offsets);
  llvm::sort(sorted);
  pattern.windows = coverOffsets(sorted, lanes);
  // What one vector reads, at most.
  for (int64_t begin = 0; begin < block; begin += lanes) {
    SmallVector<int64_t> part(
        ArrayRef<int64_t>(pattern.offsets).slice(begin, lanes));
    llvm::sort(part);
    if (coverOffsets(part, lanes).size() > maxWindows)
      return std::nullopt;
  }
  return pattern;
}

int64_t LanePattern::windowSize(unsigned window) const {
  int64_t last = *std::max_element(offsets.begin(), offsets.end());
  return std::min(lanes, last - windows[window] + 1);
}

Value edgec::loadPattern(OpBuilder &builder, Location loc, Value memory,
                         Value index, const LanePattern &pattern, int64_t begin,
                         LaneAccess access) {
  int64_t lanes = pattern.lanes;
  Value result;
  for (auto [number, window] : llvm::enumerate(pattern.windows)) {
    // Lanes of the result that are in this window; the others stay.
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, lanes));
    bool isUsed = false;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      int64_t place = pattern.offsets[begin + lane] - window;
      if (place < 0 || place >= lanes)
        continue;
      order[lane] = lanes + place;
      isUsed = true;
    }
    if (!isUsed)
      continue;
    Value loaded =
        loadLanes(builder, loc, memory, advance(builder, loc, index, window),
                  /*stride=*/1, lanes, pattern.windowSize(number), access);
    result = builder.create<vector::ShuffleOp>(loc, result ? result : loaded,
                                               loaded, order);
  }
  return result;
}
