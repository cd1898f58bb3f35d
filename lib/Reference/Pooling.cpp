//===- Pooling.cpp - Pooling ----------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A window's elements are taken one by one in row-major order, in either
// layout; sums are rounded at each step (f16 and bf16: in f32).
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

/// The windows of a pooling operation.
class Windows {
public:
  template <typename Op>
  Windows(Op op, const Tensor &x, const Tensor &y)
      : kernel(op.getKernel()), strides(op.getStrides()),
        dilations(op.getDilations()), pads(op.getPads()) {
    bool channelsLast = isChannelsLast(op);
    size_t rank = kernel.size(), first = channelsLast ? 1 : 2;
    input = llvm::to_vector(Extents(x.shape()).slice(first, rank));
    output = llvm::to_vector(Extents(y.shape()).slice(first, rank));
    inputSize = product(input);
    outputSize = product(output);
    int64_t channels = x.dim(channelsLast ? x.rank() - 1 : 1);
    step = channelsLast ? channels : 1;
    int64_t planesApart = channelsLast ? 1 : inputSize;
    for (int64_t n = 0; n < x.dim(0); ++n)
      for (int64_t c = 0; c < channels; ++c)
        inputPlanes.push_back(n * channels * inputSize + c * planesApart);
    planesApart = channelsLast ? 1 : outputSize;
    for (int64_t n = 0; n < x.dim(0); ++n)
      for (int64_t c = 0; c < channels; ++c)
        outputPlanes.push_back(n * channels * outputSize + c * planesApart);
  }

  /// Calls visit(position, index, taps) for each output position: its offset
  /// and index in a plane, and the offsets in the input's plane of the window's
  /// elements that are inside, in order.
  template <typename Visit> void forEach(Visit visit) const {
    llvm::SmallVector<int64_t> taps;
    llvm::SmallVector<int64_t> index(kernel.size(), 0);
    for (int64_t position = 0; position < outputSize; ++position) {
      taps.clear();
      collect(index, 0, 0, taps);
      visit(position * step, Extents(index), Extents(taps));
      advance(index);
    }
  }

  /// Of the window at output index `index`, the elements along `axis` before
  /// coordinate `end` that are not before -pad.
  int64_t countAlong(size_t axis, int64_t index, int64_t end) const {
    int64_t start = index * strides[axis] - pads[axis], count = 0;
    for (int64_t k = 0; k < kernel[axis]; ++k)
      count += start + k * dilations[axis] < end;
    return count;
  }

  llvm::SmallVector<int64_t> input, output;
  llvm::ArrayRef<int64_t> kernel, strides, dilations, pads;
  /// Offsets of the images' channels in the input and in the output.
  llvm::SmallVector<int64_t> inputPlanes, outputPlanes;
  int64_t inputSize, outputSize;
  int64_t step; ///< Elements between neighbours in a plane.

private:
  template <typename Op> static bool isChannelsLast(Op op) {
    if constexpr (std::is_same_v<Op, MaxPoolWithIndicesOp>)
      return false;
    else
      return op.getLayout() == Layout::nhwc;
  }

  void collect(Extents index, size_t axis, int64_t base,
               llvm::SmallVector<int64_t> &taps) const {
    if (axis == kernel.size()) {
      taps.push_back(base * step);
      return;
    }
    int64_t start = index[axis] * strides[axis] - pads[axis];
    for (int64_t k = 0; k < kernel[axis]; ++k) {
      int64_t at = start + k * dilations[axis];
      if (at >= 0 && at < input[axis])
        collect(index, axis + 1, base * input[axis] + at, taps);
    }
  }

  void advance(llvm::SmallVector<int64_t> &index) const {
    for (size_t axis = index.size(); axis-- > 0;) {
      if (++index[axis] < output[axis])
        return;
      index[axis] = 0;
    }
  }
};

/// The verifier has made sure that no window is empty.
template <typename T> auto largestOf(const T *plane, Extents taps) {
  auto largest = load(plane[taps.front()]);
  for (int64_t tap : taps.drop_front())
    largest = maximum(largest, load(plane[tap]));
  return largest;
}

void maxPool(MaxPoolOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  Windows windows(op, operands[0], result);
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    const T *from = operands[0].data<T>();
    T *to = result.mutableData<T>();
    windows.forEach([&](int64_t position, Extents, Extents taps) {
      for (auto [plane, resultPlane] :
           llvm::zip_equal(windows.inputPlanes, windows.outputPlanes))
        to[resultPlane + position] = store<T>(largestOf(from + plane, taps));
    });
  });
}

/// A row-major offset in a plane as the column-major one.
int64_t inColumns(int64_t offset, Extents plane) {
  int64_t position = 0;
  for (int64_t extent : llvm::reverse(plane)) {
    position = position * extent + offset % extent;
    offset /= extent;
  }
  return position;
}

void maxPoolWithIndices(MaxPoolWithIndicesOp op, Operands operands,
                        Results results) {
  Tensor &result = results[0];
  if (result.size() == 0)
    return;
  Windows windows(op, operands[0], result);
  auto *indices = results[1].mutableData<int64_t>();
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    const T *from = operands[0].data<T>();
    T *to = result.mutableData<T>();
    windows.forEach([&](int64_t position, Extents, Extents taps) {
      for (auto [plane, resultPlane] :
           llvm::zip_equal(windows.inputPlanes, windows.outputPlanes)) {
        auto largest = largestOf(from + plane, taps);
        auto isLargest = [&, plane = plane](int64_t tap) {
          auto element = load(from[plane + tap]);
          return element == largest || element != element;
        };
        int64_t first = *llvm::find_if(taps, isLargest);
        to[resultPlane + position] = store<T>(largest);
        indices[resultPlane + position] =
            plane +
            (op.getColumnMajor() ? inColumns(first, windows.input) : first);
      }
    });
  });
}

/// What a window's sum is divided by.
int64_t divisorOf(AveragePoolOp op, const Windows &windows, Extents index,
                  Extents taps) {
  if (!op.getCountIncludePad())
    return taps.size();
  int64_t count = 1;
  size_t rank = index.size();
  for (size_t axis = 0; axis < rank; ++axis) {
    // Padding counts as far as it is the model's own.
    int64_t end = windows.input[axis] + windows.pads[rank + axis] -
                  op.getCeilPads()[axis];
    count *= windows.countAlong(axis, index[axis], end);
  }
  return count;
}

void averagePool(AveragePoolOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  Windows windows(op, operands[0], result);
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    // Integer means are exact before they are truncated.
    using Sum = std::conditional_t<isFloat<T>, Arithmetic<T>, int64_t>;
    const T *from = operands[0].data<T>();
    T *to = result.mutableData<T>();
    windows.forEach([&](int64_t position, Extents index, Extents taps) {
      auto divisor = static_cast<Sum>(divisorOf(op, windows, index, taps));
      for (auto [plane, resultPlane] :
           llvm::zip_equal(windows.inputPlanes, windows.outputPlanes)) {
        Sum sum = 0;
        for (int64_t tap : taps)
          sum = add(sum, static_cast<Sum>(load(from[plane + tap])));
        to[resultPlane + position] = store<T>(sum / divisor);
      }
    });
  });
}

} // namespace

void reference::addPoolingKernels(KernelTable &table) {
  table.add<MaxPoolOp, maxPool>();
  table.add<MaxPoolWithIndicesOp, maxPoolWithIndices>();
  table.add<AveragePoolOp, averagePool>();
}
