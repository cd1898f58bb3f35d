//===- TapGroups.h - A depthwise filter in groups of four taps --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_KERNEL_TAPGROUPS_H
#define EDGEC_DIALECT_KERNEL_TAPGROUPS_H

#include "llvm/Support/MathExtras.h"
#include <cstdint>
#include <optional>

namespace edgec::kernel {

/// How a packed depthwise filter is grouped. A tile of `rows` output rows
/// reads (rows - 1) * rowStride + outerTaps input rows, four at a time. For
/// each inner tap, output row and group of input rows that meet, the filter has
/// the four taps by which that output row multiplies those input rows; but
/// where all input rows are one group, only those of the first output row,
/// from which the others are computed.
struct TapGroups {
  int64_t rows = 1;      ///< Output rows of a tile.
  int64_t rowStride = 1; ///< Input rows from one output row to the next.
  int64_t outerTaps = 1; ///< Taps along the rows.
  int64_t innerTaps = 1; ///< Taps along a row.

  static constexpr int64_t depth = 4; ///< Rows in a group.

  /// Groups of input rows that a tile reads.
  int64_t groups() const {
    return llvm::divideCeil((rows - 1) * rowStride + outerTaps, depth);
  }
  /// The outer tap by which output row `row` multiplies member `member` of
  /// `group`.
  std::optional<int64_t> tap(int64_t row, int64_t group, int64_t member) const {
    int64_t tap = group * depth + member - row * rowStride;
    return tap >= 0 && tap < outerTaps ? std::optional(tap) : std::nullopt;
  }
  /// Whether output row `row` reads anything of `group`.
  bool meet(int64_t row, int64_t group) const {
    int64_t first = group * depth - row * rowStride;
    return first < outerTaps && first + depth > 0;
  }
  /// Whether the taps of any output row are those of the first, moved along
  /// the group.
  bool areMoved() const { return groups() == 1; }
  /// Groups in the filter for one inner tap.
  int64_t groupsPerTap() const { return areMoved() ? 1 : countBefore(rows, 0); }
  /// The place in the filter of what `row` multiplies `group` by, or of what
  /// that is moved from.
  int64_t place(int64_t innerTap, int64_t row, int64_t group) const {
    int64_t inTap = areMoved() ? 0 : countBefore(row, group);
    return innerTap * groupsPerTap() + inTap;
  }
  /// Groups in the filter.
  int64_t size() const { return innerTaps * groupsPerTap(); }

private:
  int64_t countBefore(int64_t row, int64_t group) const {
    int64_t count = 0;
    for (int64_t r = 0; r <= row && r < rows; ++r)
      for (int64_t g = 0; g < (r < row ? groups() : group); ++g)
        count += meet(r, g);
    return count;
  }
};

} // namespace edgec::kernel

#endif // EDGEC_DIALECT_KERNEL_TAPGROUPS_H
