//===- Indexing.h - Walks over broadcast and strided tensors ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_REFERENCE_INDEXING_H
#define EDGEC_LIB_REFERENCE_INDEXING_H

#include "edgec/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace edgec::reference {

using Extents = llvm::ArrayRef<int64_t>;
using Strides = llvm::SmallVector<int64_t>;

int64_t product(Extents extents);

/// Elements between neighbours along each dimension, row-major.
Strides stridesOf(Extents shape);

/// Strides with which an operand of `shape`, aligned at the last dimension,
/// walks over `result`: 0 along the dimensions that it is repeated in.
Strides broadcastStrides(Extents shape, Extents result);

/// Calls visit(offsets) for every index of `shape` in row-major order, where
/// offsets[i] is the sum of index * strides[i].
template <size_t operandCount, typename Visit>
void forEachIndex(Extents shape, const Strides (&strides)[operandCount],
                  Visit visit) {
  if (product(shape) == 0)
    return;
  int64_t offsets[operandCount] = {};
  llvm::SmallVector<int64_t> index(shape.size(), 0);
  while (true) {
    visit(offsets);
    int64_t axis = static_cast<int64_t>(shape.size()) - 1;
    for (; axis >= 0; --axis) {
      bool carry = ++index[axis] == shape[axis];
      for (size_t i = 0; i < operandCount; ++i)
        offsets[i] +=
            carry ? -strides[i][axis] * (shape[axis] - 1) : strides[i][axis];
      if (!carry)
        break;
      index[axis] = 0;
    }
    if (axis < 0)
      return;
  }
}

/// The offsets that forEachIndex gives for one operand, as a list.
llvm::SmallVector<int64_t> offsetsOf(Extents shape, const Strides &strides);

/// How operands broadcast to a result, with dimensions merged where all
/// operands walk on evenly: rows of `length` elements in which operand i moves
/// by steps[i] (0 or 1).
template <size_t operandCount> struct BroadcastRows {
  llvm::SmallVector<int64_t> outer; ///< Extents of the dimensions before rows.
  Strides strides[operandCount];    ///< Of the outer dimensions.
  int64_t length = 1;
  int64_t steps[operandCount] = {};

  BroadcastRows(Extents result, const Extents (&shapes)[operandCount]) {
    Strides full[operandCount];
    for (size_t i = 0; i < operandCount; ++i)
      full[i] = broadcastStrides(shapes[i], result);
    auto mergesWithNext = [&](size_t axis) {
      for (const Strides &of : full)
        if (of[axis] != of[axis + 1] * result[axis + 1])
          return false;
      return true;
    };
    for (size_t axis = 0; axis < result.size(); ++axis) {
      length *= result[axis];
      if (axis + 1 < result.size() && mergesWithNext(axis))
        continue;
      outer.push_back(length);
      for (size_t i = 0; i < operandCount; ++i)
        strides[i].push_back(full[i][axis]);
      length = 1;
    }
    if (outer.empty())
      return;
    length = outer.pop_back_val();
    for (size_t i = 0; i < operandCount; ++i)
      steps[i] = strides[i].pop_back_val();
  }
};

/// Where each result index along one dimension finds its element: an offset in
/// elements, or `fill` for an element that is not in the input.
struct OffsetTable {
  static constexpr int64_t fill = -1;
  llvm::SmallVector<int64_t> offsets;
  bool fills = false;
};

/// result[i, j, ...] = input[tables[0][i] + tables[1][j] + ...], or `value`
/// (one element, as bytes) where a table says fill. What every operation that
/// picks elements by their index in each dimension comes down to.
void gatherElements(const Tensor &input, llvm::ArrayRef<OffsetTable> tables,
                    const char *value, Tensor &result);

} // namespace edgec::reference

#endif // EDGEC_LIB_REFERENCE_INDEXING_H
