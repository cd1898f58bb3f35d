//===- ConvTranspose.cpp - Transposed convolution -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each element of the result gathers what reaches it. Its k runs over the taps
// from the last to the first, which is the order of the input's elements, and
// innermost over the channels of a group; a tap that meets no element of the
// input multiplies zero. The bias is added to the complete sum.
//
//===----------------------------------------------------------------------===//

#include "Accumulate.h"
#include "Indexing.h"
#include "Kernels.h"
#include "Multiply.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

/// Element [n, c, position] of a spatial tensor, whatever its layout.
struct SpatialTensor {
  int64_t channels, positions;
  bool channelsLast;

  int64_t at(int64_t n, int64_t c, int64_t position) const {
    return channelsLast ? (n * positions + position) * channels + c
                        : (n * channels + c) * positions + position;
  }
};

/// `index` over `extents`, last fastest.
Strides split(int64_t index, Extents extents) {
  Strides result(extents.size());
  for (size_t axis = extents.size(); axis-- > 0; index /= extents[axis])
    result[axis] = index % extents[axis];
  return result;
}

template <typename Sum> class ConvTranspose {
public:
  ConvTranspose(ConvTransposeOp op, const Tensor &x, const Tensor &w,
                const Tensor &y)
      : op(op) {
    bool channelsLast = op.getLayout() == Layout::nhwc;
    size_t spatial = x.rank() - 2, first = channelsLast ? 1 : 2;
    size_t channelDim = channelsLast ? x.rank() - 1 : 1;
    inputExtents = llvm::to_vector(Extents(x.shape()).slice(first, spatial));
    outputExtents = llvm::to_vector(Extents(y.shape()).slice(first, spatial));
    taps = llvm::to_vector(Extents(w.shape()).drop_front(2));
    from = {x.dim(channelDim), product(inputExtents), channelsLast};
    to = {y.dim(channelDim), product(outputExtents), channelsLast};
    batch = x.dim(0);
    groupChannels = from.channels / op.getGroups();
    groupOutputs = w.dim(1);
  }

  void run(const Sum *input, const Sum *filter, const Sum *bias, Sum *result) {
    int64_t numTaps = product(taps);
    for (int64_t group = 0; group < int64_t(op.getGroups()); ++group) {
      int64_t firstInput = group * groupChannels;
      int64_t firstOutput = group * groupOutputs;
      multiply(Product<Sum>{
          batch * to.positions, groupOutputs, numTaps * groupChannels,
          [&](int64_t i, Sum *row) { fillRow(input, firstInput, i, row); },
          [&](int64_t k, int64_t first, int64_t count, Sum *values) {
            int64_t tap = numTaps - 1 - k / groupChannels;
            int64_t channel = firstInput + k % groupChannels;
            for (int64_t o = 0; o < count; ++o)
              values[o] =
                  filter[(channel * groupOutputs + first + o) * numTaps + tap];
          },
          [&](int64_t i, int64_t first, int64_t count, const Sum *sums) {
            for (int64_t o = 0; o < count; ++o) {
              int64_t c = firstOutput + first + o;
              result[to.at(i / to.positions, c, i % to.positions)] =
                  bias ? add(sums[o], bias[c]) : sums[o];
            }
          }});
    }
  }

private:
  /// What output pixel i gathers: [tap, last first][channel].
  void fillRow(const Sum *input, int64_t firstChannel, int64_t i, Sum *row) {
    Strides pixel = split(i % to.positions, outputExtents);
    for (int64_t tap = product(taps); tap-- > 0; row += groupChannels) {
      std::optional<int64_t> position = inputPosition(pixel, split(tap, taps));
      for (int64_t c = 0; c < groupChannels; ++c)
        row[c] =
            position
                ? input[from.at(i / to.positions, firstChannel + c, *position)]
                : Sum(0);
    }
  }

  /// The position of the input that `tap` carries to `pixel`, if there is one.
  std::optional<int64_t> inputPosition(Extents pixel, Extents tap) {
    int64_t position = 0;
    for (size_t axis = 0; axis < pixel.size(); ++axis) {
      int64_t distance = pixel[axis] + op.getPads()[axis] -
                         tap[axis] * op.getDilations()[axis];
      int64_t at = distance / op.getStrides()[axis];
      if (distance < 0 || distance % op.getStrides()[axis] != 0 ||
          at >= inputExtents[axis])
        return std::nullopt;
      position = position * inputExtents[axis] + at;
    }
    return position;
  }

  ConvTransposeOp op;
  llvm::SmallVector<int64_t> inputExtents, outputExtents, taps;
  SpatialTensor from, to;
  int64_t batch, groupChannels, groupOutputs;
};

void convTranspose(ConvTransposeOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  dispatchAccumulator(result.type(), [&](auto type) {
    using Sum = decltype(type);
    Widened<Sum> input(operands[0]), filter(operands[1]);
    std::optional<Widened<Sum>> bias;
    if (op.getBias())
      bias.emplace(operands[2]);
    Narrowing<Sum> sums(result);
    ConvTranspose<Sum>(op, operands[0], operands[1], result)
        .run(input.data(), filter.data(), bias ? bias->data() : nullptr,
             sums.data());
  });
}

} // namespace

void edgec::reference::addConvTransposeKernels(KernelTable &table) {
  table.add<ConvTransposeOp, convTranspose>();
}
