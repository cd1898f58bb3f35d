//===- AttentionRows.h - Rows of scores that are alive at once --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_ATTENTIONROWS_H
#define EDGEC_CODEGEN_ATTENTIONROWS_H

#include "edgec/Codegen/TileChoice.h"

namespace edgec {

/// The extents of kernel.attention, without the batch.
struct AttentionExtents {
  int64_t queries = 1;
  int64_t keys = 1;
  int64_t depth = 1;   ///< Contracted for a score.
  int64_t columns = 1; ///< Of the values.
};

/// The most bytes of scores that a call keeps on its stack.
inline constexpr int64_t maxScoreBytes = 64 << 10;

/// Elements from one row of scores to the next: whole cache lines, an odd
/// number of them, so that the rows of a tile are in different sets of the
/// cache.
int64_t scoreStride(int64_t keys, int64_t elementBytes);

/// How many queries are taken at a time, in the least modelled time: so many
/// that reading keys and values for them pays, so few that their scores stay in
/// the first level of the cache. 0: the scores of too few have room.
int64_t chooseAttentionRows(const TargetDescription &target,
                            unsigned elementBits,
                            const AttentionExtents &extents,
                            const StepShape &step = {});

} // namespace edgec

#endif // EDGEC_CODEGEN_ATTENTIONROWS_H
