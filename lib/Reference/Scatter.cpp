//===- Scatter.cpp - Elements read and written by index -------------------===//
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

/// Negative indices count from the end; the rest is clamped.
int64_t clampedIndex(int64_t index, int64_t extent) {
  if (index < 0 && index >= -extent)
    index += extent;
  return std::clamp<int64_t>(index, 0, extent - 1);
}

void iota(IotaOp op, Operands, Tensor &result) {
  Extents shape = result.shape();
  int64_t axis = op.getAxis();
  int64_t inner = product(shape.drop_front(axis + 1));
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    T *to = result.mutableData<T>();
    for (int64_t i = 0; i < result.size(); ++i)
      to[i] = convert<T>(i / inner % shape[axis]);
  });
}

/// For each index of `indices`, in row-major order, the element of a tensor of
/// `shape` that it stands for: its own position but for `axis`.
llvm::SmallVector<int64_t> elementOffsets(Extents shape, const Tensor &indices,
                                          int64_t axis) {
  Strides strides = stridesOf(shape);
  int64_t along = strides[axis];
  strides[axis] = 0;
  llvm::SmallVector<int64_t> offsets = offsetsOf(indices.shape(), strides);
  for (size_t i = 0; i < offsets.size(); ++i)
    offsets[i] += clampedIndex(indices.asInt(i), shape[axis]) * along;
  return offsets;
}

void pickElements(GatherElementsOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  auto offsets = elementOffsets(operands[0].shape(), operands[1], op.getAxis());
  dispatchWidth(result.type(), [&](auto type) {
    using T = decltype(type);
    for (auto [i, offset] : llvm::enumerate(offsets))
      raw<T>(result)[i] = raw<T>(operands[0])[offset];
  });
}

/// The number of the slice that tuple `number` of `indices` selects in a
/// tensor of which it indexes the dimensions `extents`.
int64_t sliceNumber(const Tensor &indices, int64_t number, Extents extents) {
  int64_t slice = 0;
  for (auto [i, extent] : llvm::enumerate(extents))
    slice = slice * extent +
            clampedIndex(indices.asInt(number * extents.size() + i), extent);
  return slice;
}

void gatherNd(GatherNdOp op, Operands operands, Tensor &result) {
  const Tensor &input = operands[0], &indices = operands[1];
  if (result.size() == 0)
    return;
  int64_t batchDims = op.getBatchDims(), tuple = indices.shape().back();
  Extents shape = input.shape();
  Extents indexed = shape.slice(batchDims, tuple);
  size_t inner =
      product(shape.drop_front(batchDims + tuple)) * byteSize(input.type());
  int64_t batches = product(shape.take_front(batchDims));
  int64_t tuples = indices.size() / tuple, each = tuples / batches;
  for (int64_t i = 0; i < tuples; ++i) {
    int64_t slice =
        i / each * product(indexed) + sliceNumber(indices, i, indexed);
    std::memcpy(result.mutableBytes() + i * inner,
                input.bytes() + slice * inner, inner);
  }
}

/// What becomes of an element that an update meets.
template <typename T> T combine(ScatterKind kind, T element, T update) {
  auto x = load(element), y = load(update);
  switch (kind) {
  case ScatterKind::assign:
    return update;
  case ScatterKind::add:
    return store<T>(add(x, y));
  case ScatterKind::mul:
    return store<T>(multiply(x, y));
  case ScatterKind::max:
    return store<T>(maximum(x, y));
  case ScatterKind::min:
    return store<T>(minimum(x, y));
  }
  llvm_unreachable("not a kind of scattering");
}

/// Updates of `width` elements to the elements from `offsets` on.
void scatter(ScatterKind kind, llvm::ArrayRef<int64_t> offsets, int64_t width,
             const Tensor &updates, Tensor &result) {
  auto apply = [&](auto type) {
    using T = decltype(type);
    for (auto [number, offset] : llvm::enumerate(offsets))
      for (int64_t i = 0; i < width; ++i) {
        T &element = result.mutableData<T>()[offset + i];
        element = combine(kind, element, updates.data<T>()[number * width + i]);
      }
  };
  if (result.type() == ElementType::Bool)
    return apply(bool());
  dispatchNumber(result.type(), apply);
}

void scatterElements(ScatterElementsOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  std::memcpy(result.mutableBytes(), operands[0].bytes(), result.byteCount());
  scatter(op.getKind(),
          elementOffsets(result.shape(), operands[1], op.getAxis()),
          /*width=*/1, operands[2], result);
}

void scatterNd(ScatterNdOp op, Operands operands, Tensor &result) {
  const Tensor &indices = operands[1], &updates = operands[2];
  if (result.size() == 0)
    return;
  std::memcpy(result.mutableBytes(), operands[0].bytes(), result.byteCount());
  Extents shape = result.shape();
  int64_t tuple = indices.shape().back();
  int64_t width = product(shape.drop_front(tuple));
  llvm::SmallVector<int64_t> offsets;
  for (int64_t i = 0; i < updates.size() / width; ++i)
    offsets.push_back(sliceNumber(indices, i, shape.take_front(tuple)) * width);
  scatter(op.getKind(), offsets, width, updates, result);
}

} // namespace

void reference::addScatterKernels(KernelTable &table) {
  table.add<IotaOp, iota>();
  table.add<GatherElementsOp, pickElements>();
  table.add<GatherNdOp, gatherNd>();
  table.add<ScatterElementsOp, scatterElements>();
  table.add<ScatterNdOp, scatterNd>();
}
