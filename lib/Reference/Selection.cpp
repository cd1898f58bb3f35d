//===- Selection.cpp - Elements in order, and those that are selected -----===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"
#include <algorithm>
#include <numeric>

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

/// x < y in an order of all values: NaN is larger than every number.
template <typename T> bool isBefore(T x, T y) {
  auto a = load(x), b = load(y);
  if constexpr (isFloat<T>)
    if (std::isnan(a) || std::isnan(b))
      return !std::isnan(a) && std::isnan(b);
  return a < b;
}

/// Sorts indices; of two of which none comes before the other, the lower one
/// does.
template <typename Before>
void sortIndices(llvm::SmallVectorImpl<int64_t> &indices, Before before) {
  std::sort(indices.begin(), indices.end(), [&](int64_t i, int64_t j) {
    return before(i, j) || (i < j && !before(j, i));
  });
}

//===----------------------------------------------------------------------===//
// Along an axis
//===----------------------------------------------------------------------===//

/// The lines of a tensor along an axis. Element i of a line is at
/// start + i * stride.
struct Lines {
  int64_t count, stride;

  Lines(Extents shape, int64_t axis)
      : count(shape[axis]), stride(product(shape.drop_front(axis + 1))) {}

  int64_t start(int64_t line) const {
    return line / stride * count * stride + line % stride;
  }
};

int64_t numberOfLines(Extents shape, int64_t axis) {
  return product(shape.take_front(axis)) * product(shape.drop_front(axis + 1));
}

void topK(TopKOp op, Operands operands, Results results) {
  Extents shape = operands[0].shape();
  int64_t axis = op.getAxis();
  if (results[0].size() == 0)
    return;
  Lines from(shape, axis), to(results[0].shape(), axis);
  dispatchNumber(operands[0].type(), [&](auto type) {
    using T = decltype(type);
    llvm::SmallVector<int64_t> order(from.count);
    for (int64_t line = 0; line < numberOfLines(shape, axis); ++line) {
      const T *input = operands[0].data<T>() + from.start(line);
      std::iota(order.begin(), order.end(), 0);
      sortIndices(order, [&](int64_t i, int64_t j) {
        T x = input[i * from.stride], y = input[j * from.stride];
        return op.getLargest() ? isBefore(y, x) : isBefore(x, y);
      });
      for (int64_t i = 0; i < to.count; ++i) {
        int64_t position = to.start(line) + i * to.stride;
        results[0].mutableData<T>()[position] = input[order[i] * from.stride];
        results[1].mutableData<int64_t>()[position] = order[i];
      }
    }
  });
}

void cumulativeSum(CumulativeSumOp op, Operands operands, Tensor &result) {
  Extents shape = operands[0].shape();
  if (result.size() == 0)
    return;
  Lines lines(shape, op.getAxis());
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    for (int64_t line = 0; line < numberOfLines(shape, op.getAxis()); ++line) {
      Arithmetic<T> sum(0);
      for (int64_t step = 0; step < lines.count; ++step) {
        int64_t i = op.getReverse() ? lines.count - 1 - step : step;
        int64_t position = lines.start(line) + i * lines.stride;
        T &to = result.mutableData<T>()[position];
        if (op.getExclusive())
          to = store<T>(sum);
        sum = add(sum, load(operands[0].data<T>()[position]));
        if (!op.getExclusive())
          to = store<T>(sum);
      }
    }
  });
}

//===----------------------------------------------------------------------===//
// Results as large as the data say
//===----------------------------------------------------------------------===//

void setCount(Tensor &tensor, int64_t count) {
  *tensor.mutableData<int64_t>() = count;
}

void nonZero(NonZeroOp, Operands operands, Results results) {
  const Tensor &input = operands[0];
  Strides strides = stridesOf(input.shape());
  int64_t *to = results[0].mutableData<int64_t>(), count = 0;
  dispatchAny(input.type(), [&](auto type) {
    for (int64_t i = 0; i < input.size(); ++i) {
      if (!convert<bool>(input.data<decltype(type)>()[i]))
        continue;
      for (int64_t axis = 0; axis < input.rank(); ++axis)
        to[axis * input.size() + count] = i / strides[axis] % input.dim(axis);
      ++count;
    }
  });
  setCount(results[1], count);
}

void compress(CompressOp op, Operands operands, Results results) {
  const Tensor &input = operands[0], &condition = operands[1];
  Tensor &result = results[0];
  int64_t axis = op.getAxis(), count = 0;
  Extents shape = input.shape();
  int64_t outer = product(shape.take_front(axis));
  size_t inner = product(shape.drop_front(axis + 1)) * byteSize(input.type());
  for (int64_t i = 0; i < condition.size(); ++i) {
    if (!condition.data<bool>()[i])
      continue;
    for (int64_t o = 0; o < outer && inner != 0; ++o)
      std::memcpy(result.mutableBytes() +
                      (o * result.dim(axis) + count) * inner,
                  input.bytes() + (o * input.dim(axis) + i) * inner, inner);
    ++count;
  }
  setCount(results[1], count);
}

/// Whether slice i comes before slice j.
template <typename T>
bool isSliceBefore(const T *data, int64_t width, int64_t i, int64_t j) {
  for (int64_t k = 0; k < width; ++k) {
    T x = data[i * width + k], y = data[j * width + k];
    if (isBefore(x, y))
      return true;
    if (isBefore(y, x))
      return false;
  }
  return false;
}

void unique(UniqueOp op, Operands operands, Results results) {
  const Tensor &input = operands[0];
  int64_t slices = input.dim(0);
  int64_t width = product(Extents(input.shape()).drop_front());
  int64_t *indices = results[1].mutableData<int64_t>();
  int64_t *inverse = results[2].mutableData<int64_t>();
  int64_t *counts = results[3].mutableData<int64_t>();
  int64_t count = 0;
  dispatchNumber(input.type(), [&](auto type) {
    using T = decltype(type);
    const T *from = input.data<T>();
    llvm::SmallVector<int64_t> order(slices), leader(slices);
    std::iota(order.begin(), order.end(), 0);
    sortIndices(order, [&](int64_t i, int64_t j) {
      return isSliceBefore(from, width, i, j);
    });
    // Of equal slices, the first leads.
    for (int64_t i = 0; i < slices; ++i) {
      bool isNew = i == 0 || isSliceBefore(from, width, order[i - 1], order[i]);
      leader[order[i]] = isNew ? order[i] : leader[order[i - 1]];
    }
    for (int64_t i = 0; i < slices; ++i) {
      int64_t slice = op.getSorted() ? order[i] : i;
      if (leader[slice] == slice) {
        std::copy_n(from + slice * width, width,
                    results[0].mutableData<T>() + count * width);
        indices[count] = slice;
        inverse[slice] = count++;
      }
      inverse[slice] = inverse[leader[slice]];
      ++counts[inverse[slice]];
    }
  });
  setCount(results[4], count);
}

//===----------------------------------------------------------------------===//
// Boxes
//===----------------------------------------------------------------------===//

/// A box by its edges.
template <typename Real> struct Box {
  Real low[2], high[2];

  template <typename T> Box(const T *box, bool isCentered) {
    for (int axis = 0; axis < 2; ++axis) {
      Real first = load(box[axis]), second = load(box[axis + 2]);
      if (isCentered) {
        Real half = second / Real(2);
        low[axis] = first - half;
        high[axis] = first + half;
        continue;
      }
      low[axis] = minimum(first, second);
      high[axis] = maximum(first, second);
    }
  }

  Real area() const { return (high[0] - low[0]) * (high[1] - low[1]); }
};

/// Whether intersection over union is above `threshold`.
template <typename Real>
bool overlaps(const Box<Real> &a, const Box<Real> &b, Real threshold) {
  Real extents[2];
  for (int axis = 0; axis < 2; ++axis)
    extents[axis] = maximum(Real(0), minimum(a.high[axis], b.high[axis]) -
                                         maximum(a.low[axis], b.low[axis]));
  Real intersection = extents[0] * extents[1];
  Real all = a.area() + b.area() - intersection;
  return intersection > Real(0) && intersection / all > threshold;
}

/// The boxes of one batch and class, best first, that are selected.
template <typename T>
llvm::SmallVector<int64_t> selectBoxes(NonMaxSuppressionOp op, const T *boxes,
                                       const T *scores, int64_t n, int64_t most,
                                       float iou, float threshold) {
  using Real = Arithmetic<T>;
  llvm::SmallVector<int64_t> order, selected;
  for (int64_t i = 0; i < n; ++i)
    if (load(scores[i]) > Real(threshold))
      order.push_back(i);
  sortIndices(order, [&](int64_t i, int64_t j) {
    return load(scores[i]) > load(scores[j]);
  });
  auto boxOf = [&](int64_t i) {
    return Box<Real>(boxes + i * 4, op.getCenterPointBox());
  };
  for (int64_t i : order) {
    if (static_cast<int64_t>(selected.size()) >= most)
      break;
    bool isFree = llvm::none_of(selected, [&](int64_t j) {
      return overlaps(boxOf(i), boxOf(j), Real(iou));
    });
    if (isFree)
      selected.push_back(i);
  }
  return selected;
}

void nonMaxSuppression(NonMaxSuppressionOp op, Operands operands,
                       Results results) {
  const Tensor &boxes = operands[0], &scores = operands[1];
  int64_t classes = scores.dim(1), n = scores.dim(2), count = 0;
  int64_t most = std::min<int64_t>(operands[2].asInt(0), op.getBound());
  float iou = *operands[3].data<float>();
  float threshold = *operands[4].data<float>();
  int64_t *to = results[0].mutableData<int64_t>();
  dispatchFloat(boxes.type(), [&](auto type) {
    using T = decltype(type);
    for (int64_t b = 0; b < scores.dim(0); ++b)
      for (int64_t c = 0; c < classes; ++c)
        for (int64_t box : selectBoxes(op, boxes.data<T>() + b * n * 4,
                                       scores.data<T>() + (b * classes + c) * n,
                                       n, most, iou, threshold)) {
          int64_t row[] = {b, c, box};
          std::copy_n(row, 3, to + 3 * count++);
        }
  });
  setCount(results[1], count);
}

} // namespace

void reference::addSelectionKernels(KernelTable &table) {
  table.add<TopKOp, topK>();
  table.add<CumulativeSumOp, cumulativeSum>();
  table.add<NonZeroOp, nonZero>();
  table.add<CompressOp, compress>();
  table.add<UniqueOp, unique>();
  table.add<NonMaxSuppressionOp, nonMaxSuppression>();
}
