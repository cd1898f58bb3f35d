//===- Indexing.cpp - Walks over broadcast and strided tensors ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Indexing.h"
#include "Elements.h"

using namespace edgec;
using namespace edgec::reference;

int64_t reference::product(Extents extents) {
  int64_t count = 1;
  for (int64_t extent : extents)
    count *= extent;
  return count;
}

Strides reference::stridesOf(Extents shape) {
  Strides strides(shape.size());
  int64_t stride = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

Strides reference::broadcastStrides(Extents shape, Extents result) {
  Strides strides(result.size() - shape.size(), 0);
  Strides own = stridesOf(shape);
  for (size_t axis = 0; axis < shape.size(); ++axis)
    strides.push_back(shape[axis] == 1 ? 0 : own[axis]);
  return strides;
}

llvm::SmallVector<int64_t> reference::offsetsOf(Extents shape,
                                                const Strides &strides) {
  llvm::SmallVector<int64_t> list;
  list.reserve(product(shape));
  const Strides walks[] = {strides};
  forEachIndex(shape, walks,
               [&](const int64_t *offsets) { list.push_back(offsets[0]); });
  return list;
}

namespace {

template <typename T> class Gather {
public:
  Gather(const Tensor &input, llvm::ArrayRef<OffsetTable> tables,
         const char *value, Tensor &result)
      : from(raw<T>(input)), to(raw<T>(result)), tables(tables) {
    if (value)
      std::memcpy(&fill, value, sizeof(T));
  }

  void run(size_t axis, int64_t base) {
    const OffsetTable &table = tables[axis];
    if (axis + 1 == tables.size())
      return copyRow(table, base);
    for (int64_t offset : table.offsets) {
      if (offset == OffsetTable::fill)
        skip(axis + 1);
      else
        run(axis + 1, base + offset);
    }
  }

private:
  void copyRow(const OffsetTable &table, int64_t base) {
    const T *row = from + base;
    const int64_t *offsets = table.offsets.data();
    size_t count = table.offsets.size();
    if (table.fills)
      for (size_t i = 0; i < count; ++i)
        to[i] = offsets[i] == OffsetTable::fill ? fill : row[offsets[i]];
    else
      for (size_t i = 0; i < count; ++i)
        to[i] = row[offsets[i]];
    to += count;
  }

  /// Fills the dimensions from `axis` on.
  void skip(size_t axis) {
    int64_t count = 1;
    for (; axis < tables.size(); ++axis)
      count *= tables[axis].offsets.size();
    std::fill(to, to + count, fill);
    to += count;
  }

  const T *from;
  T *to;
  llvm::ArrayRef<OffsetTable> tables;
  T fill = 0;
};

} // namespace

void reference::gatherElements(const Tensor &input,
                               llvm::ArrayRef<OffsetTable> tables,
                               const char *value, Tensor &result) {
  if (result.size() == 0)
    return;
  if (tables.empty()) {
    std::memcpy(result.mutableBytes(), input.bytes(), input.byteCount());
    return;
  }
  dispatchWidth(result.type(), [&](auto type) {
    Gather<decltype(type)>(input, tables, value, result).run(0, 0);
  });
}
