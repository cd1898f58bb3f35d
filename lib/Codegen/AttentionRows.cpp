//===- AttentionRows.cpp - Rows of scores that are alive at once ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/AttentionRows.h"

#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace edgec;

/// Of the CPUs of today.
constexpr int64_t lineBytes = 64;

/// Scores beyond so many bytes push keys and values out of a first-level cache
/// of 32 to 48 KiB.
constexpr int64_t nearScoreBytes = 40 << 10;

/// With fewer rows a tile does not fill the registers, and keys and values are
/// read from afar for too little work: so many are taken even if their scores
/// get into the second level, and less than the other number never.
constexpr int64_t usefulRows = 16;
constexpr int64_t leastRows = 4;

/// What a core reads from its second-level cache in a cycle.
constexpr double bytesPerCycle = 32;

int64_t edgec::scoreStride(int64_t keys, int64_t elementBytes) {
  int64_t lines = llvm::divideCeil(keys * elementBytes, lineBytes);
  return (lines | 1) * lineBytes / elementBytes;
}

int64_t edgec::chooseAttentionRows(const TargetDescription &target,
                                   unsigned elementBits,
                                   const AttentionExtents &extents,
                                   const StepShape &step) {
  int64_t elementBytes = elementBits / 8;
  int64_t rowBytes = scoreStride(extents.keys, elementBytes) * elementBytes;
  int64_t most = std::min(maxScoreBytes / rowBytes,
                          std::max(nearScoreBytes / rowBytes, usefulRows));
  most = std::min(most, extents.queries);
  if (most < std::min(leastRows, extents.queries))
    return 0;

  double readCycles = static_cast<double>(extents.keys * elementBytes *
                                          (extents.depth + extents.columns)) /
                      bytesPerCycle;
  auto blockCost = [&](int64_t rows) {
    if (rows == 0)
      return 0.0;
    auto cycles = [&](int64_t columns) {
      return modelledStepCycles(target, elementBits, {1, rows, columns}, step);
    };
    return static_cast<double>(extents.depth) * cycles(extents.keys) +
           static_cast<double>(extents.keys) * cycles(extents.columns) +
           readCycles;
  };
  int64_t best = most;
  double bestCost = 0;
  for (int64_t rows = most; rows >= std::min(leastRows, most); --rows) {
    double cost =
        static_cast<double>(extents.queries / rows) * blockCost(rows) +
        blockCost(extents.queries % rows);
    if (rows != most && cost >= bestCost)
      continue;
    best = rows;
    bestCost = cost;
  }
  return best;
}
