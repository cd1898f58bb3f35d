//===- NpyReader.cpp - Rows of an array in a file -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/NpyReader.h"
#include "NpyHeader.h"
#include "edgec/Support/TensorFile.h"
#include <algorithm>
#include <cstring>

using namespace edgec;
using namespace llvm;

namespace {

/// Bytes of the rows that are gathered at a time from Fortran order: large
/// enough that the pieces that are read are, and small beside a model.
constexpr int64_t blockBytes = 4 << 20;

/// Elements in Fortran order (first axis fastest) to C order.
void copyFromFortranOrder(const char *from, Tensor &tensor) {
  size_t step = byteSize(tensor.type());
  size_t rank = tensor.rank();
  std::vector<int64_t> strides(rank), index(rank);
  int64_t stride = 1;
  for (size_t axis = 0; axis < rank; ++axis) {
    strides[axis] = stride;
    stride *= tensor.dim(axis);
  }
  int64_t source = 0;
  char *to = tensor.mutableBytes();
  for (int64_t i = 0, count = tensor.size(); i < count; ++i) {
    std::memcpy(to + i * step, from + source * step, step);
    for (size_t axis = rank; axis-- > 0;) {
      source += strides[axis];
      if (++index[axis] < tensor.dim(axis))
        break;
      source -= strides[axis] * index[axis];
      index[axis] = 0;
    }
  }
}

/// File order to host order.
void finish(Tensor &tensor, bool bigEndian) {
  size_t step = byteSize(tensor.type());
  char *data = tensor.mutableBytes();
  if (bigEndian)
    for (int64_t i = 0, count = tensor.size(); i < count; ++i)
      std::reverse(data + i * step, data + (i + 1) * step);
  normaliseBooleans(tensor);
}

MutableArrayRef<char> bytesOf(Tensor &tensor) {
  return {tensor.mutableBytes(), tensor.byteCount()};
}

} // namespace

Expected<NpyReader> NpyReader::open(std::shared_ptr<ByteReader> bytes) {
  uint64_t available = bytes->size();
  std::string prefix(std::min<uint64_t>(available, maximumNpyHeader), '\0');
  if (Error error =
          bytes->read(0, MutableArrayRef<char>(prefix.data(), prefix.size())))
    return std::move(error);
  StringRef rest = prefix;
  Expected<NpyLayout> layout = takeNpyHeader(rest);
  if (!layout)
    return layout.takeError();

  NpyReader reader;
  reader.dataOffset = prefix.size() - rest.size();
  Expected<int64_t> count = checkedElementCount(layout->type, layout->shape,
                                                available - reader.dataOffset);
  if (!count)
    return count.takeError();
  reader.bytes = std::move(bytes);
  reader.layout = std::move(*layout);
  return reader;
}

Expected<Tensor> NpyReader::read() const {
  Tensor tensor(layout.type, layout.shape);
  if (tensor.size() == 0) // Whose strides need not fit into an integer.
    return tensor;
  if (!layout.fortranOrder) {
    if (Error error = bytes->read(dataOffset, bytesOf(tensor)))
      return std::move(error);
  } else {
    std::string data(tensor.byteCount(), '\0');
    if (Error error = bytes->read(
            dataOffset, MutableArrayRef<char>(data.data(), data.size())))
      return std::move(error);
    copyFromFortranOrder(data.data(), tensor);
  }
  finish(tensor, layout.bigEndian);
  return tensor;
}

Error NpyReader::loadBlock(int64_t first, int64_t rowSize) {
  int64_t step = byteSize(layout.type), rows = layout.shape.front();
  blockRows =
      std::clamp<int64_t>(blockBytes / (rowSize * step), 1, rows - first);
  blockFirst = first;
  block.resize(rowSize * blockRows * step);
  for (int64_t k = 0; k < rowSize; ++k) {
    MutableArrayRef<char> to(block.data() + k * blockRows * step,
                             blockRows * step);
    if (Error error = bytes->read(dataOffset + (k * rows + first) * step, to)) {
      blockRows = 0; // Half of a block is none.
      return error;
    }
  }
  return Error::success();
}

Expected<Tensor> NpyReader::readRow(int64_t index) {
  assert(!layout.shape.empty() && index >= 0 && index < layout.shape.front());
  Tensor row(layout.type, {layout.shape.begin() + 1, layout.shape.end()});
  if (row.size() == 0)
    return row;
  if (!layout.fortranOrder) {
    if (Error error =
            bytes->read(dataOffset + index * row.byteCount(), bytesOf(row)))
      return std::move(error);
  } else {
    if (index < blockFirst || index >= blockFirst + blockRows)
      if (Error error = loadBlock(index, row.size()))
        return std::move(error);
    size_t step = byteSize(layout.type);
    std::string elements(row.byteCount(), '\0');
    for (int64_t k = 0, size = row.size(); k < size; ++k)
      std::memcpy(elements.data() + k * step,
                  block.data() + (k * blockRows + index - blockFirst) * step,
                  step);
    copyFromFortranOrder(elements.data(), row);
  }
  finish(row, layout.bigEndian);
  return row;
}
