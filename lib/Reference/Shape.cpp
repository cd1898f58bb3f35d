//===- Shape.cpp - Operations that move elements --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"
#include <algorithm>

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

using Tables = llvm::SmallVector<OffsetTable>;

void reshape(ReshapeOp, Operands operands, Tensor &result) {
  if (result.size() != 0)
    std::memcpy(result.mutableBytes(), operands[0].bytes(), result.byteCount());
}

/// Tables of `count[d]` elements that start at `start[d]` and lie `step[d]`
/// apart, in elements of the input.
Tables regularTables(Extents count, Extents start, Extents step) {
  Tables tables(count.size());
  for (size_t axis = 0; axis < count.size(); ++axis)
    for (int64_t i = 0; i < count[axis]; ++i)
      tables[axis].offsets.push_back(start[axis] + i * step[axis]);
  return tables;
}

void transpose(TransposeOp op, Operands operands, Tensor &result) {
  Strides strides = stridesOf(operands[0].shape());
  Strides permuted;
  for (int64_t axis : op.getPermutation())
    permuted.push_back(strides[axis]);
  Strides start(permuted.size(), 0);
  gatherElements(operands[0], regularTables(result.shape(), start, permuted),
                 nullptr, result);
}

void broadcast(BroadcastOp, Operands operands, Tensor &result) {
  Strides strides = broadcastStrides(operands[0].shape(), result.shape());
  Strides start(strides.size(), 0);
  gatherElements(operands[0], regularTables(result.shape(), start, strides),
                 nullptr, result);
}

void slice(SliceOp op, Operands operands, Tensor &result) {
  Strides strides = stridesOf(operands[0].shape());
  Strides start, step;
  for (size_t axis = 0; axis < strides.size(); ++axis) {
    start.push_back(op.getStarts()[axis] * strides[axis]);
    step.push_back(op.getSteps()[axis] * strides[axis]);
  }
  gatherElements(operands[0], regularTables(result.shape(), start, step),
                 nullptr, result);
}

/// The input index that stands at `index` (which may lie outside of [0,
/// extent)) of a padded dimension; OffsetTable::fill for the fill value.
int64_t paddedIndex(int64_t index, int64_t extent, PadMode mode) {
  if (index >= 0 && index < extent)
    return index;
  switch (mode) {
  case PadMode::constant:
    return OffsetTable::fill;
  case PadMode::edge:
    return std::clamp<int64_t>(index, 0, extent - 1);
  case PadMode::wrap:
    return (index % extent + extent) % extent;
  case PadMode::reflect: {
    // The border is not repeated: 3 2 1 | 0 1 2 3 | 2 1 0.
    int64_t period = std::max<int64_t>(2 * (extent - 1), 1);
    int64_t folded = (index % period + period) % period;
    return folded < extent ? folded : period - folded;
  }
  }
  llvm_unreachable("not a padding mode");
}

void pad(PadOp op, Operands operands, Tensor &result) {
  const Tensor &input = operands[0];
  Strides strides = stridesOf(input.shape());
  Tables tables(strides.size());
  for (size_t axis = 0; axis < strides.size(); ++axis)
    for (int64_t i = 0; i < result.dim(axis); ++i) {
      int64_t index =
          paddedIndex(i - op.getLow()[axis], input.dim(axis), op.getMode());
      bool fills = index == OffsetTable::fill;
      tables[axis].fills |= fills;
      tables[axis].offsets.push_back(fills ? index : index * strides[axis]);
    }
  const char *value = operands.size() > 1 ? operands[1].bytes() : nullptr;
  // A scalar has no dimension that could be padded.
  gatherElements(input, tables, value, result);
}

void concat(ConcatOp op, Operands operands, Tensor &result) {
  int64_t axis = op.getAxis();
  Extents shape = result.shape();
  size_t inner = product(shape.drop_front(axis + 1)) * byteSize(result.type());
  char *to = result.mutableBytes();
  for (int64_t i = 0, outer = product(shape.take_front(axis)); i < outer; ++i)
    for (const Tensor &operand : operands) {
      size_t bytes = operand.dim(axis) * inner;
      if (bytes == 0)
        continue;
      std::memcpy(to, operand.bytes() + i * bytes, bytes);
      to += bytes;
    }
}

void gather(GatherOp op, Operands operands, Tensor &result) {
  const Tensor &input = operands[0], &indices = operands[1];
  if (result.size() == 0)
    return;
  int64_t axis = op.getAxis(), extent = input.dim(axis);
  // Nothing can be picked from an empty dimension; zeros stay.
  if (extent == 0)
    return;
  Extents shape = input.shape();
  size_t inner = product(shape.drop_front(axis + 1)) * byteSize(input.type());
  int64_t count = indices.size();
  char *to = result.mutableBytes();
  for (int64_t i = 0, outer = product(shape.take_front(axis)); i < outer; ++i) {
    const char *from = input.bytes() + i * extent * inner;
    for (int64_t j = 0; j < count; ++j, to += inner) {
      int64_t index = indices.asInt(j);
      if (index < 0 && index >= -extent)
        index += extent;
      index = std::clamp<int64_t>(index, 0, extent - 1);
      std::memcpy(to, from + index * inner, inner);
    }
  }
}

} // namespace

void reference::addShapeKernels(KernelTable &table) {
  table.add<ReshapeOp, reshape>();
  table.add<TransposeOp, transpose>();
  table.add<BroadcastOp, broadcast>();
  table.add<SliceOp, slice>();
  table.add<PadOp, pad>();
  table.add<ConcatOp, concat>();
  table.add<GatherOp, gather>();
}
