//===- Contraction.cpp - Convolution and matrix multiplication ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both are sums of products along k, as reference::multiply defines them. A
// convolution's k runs over the filter's taps in row-major order and,
// innermost, over the channels of a group; padding is elements of value zero.
// The bias is added to the complete sum. f16 and bf16 accumulate in f32,
// integers of up to 32 bits in i32, and are rounded or truncated at the end.
//
//===----------------------------------------------------------------------===//

#include "Accumulate.h"
#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"
#include "Multiply.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

namespace {

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

/// The extents of a convolution, whatever its layout.
struct ConvGeometry {
  int64_t batch, channels, outputs, groups;
  llvm::SmallVector<int64_t> input, taps, output; ///< Spatial extents.
  llvm::ArrayRef<int64_t> strides, dilations, pads;
  bool channelsLast;

  ConvGeometry(ConvOp op, const Tensor &x, const Tensor &filter,
               const Tensor &result)
      : batch(x.dim(0)), outputs(filter.dim(0)), groups(op.getGroups()),
        strides(op.getStrides()), dilations(op.getDilations()),
        pads(op.getPads()), channelsLast(op.getLayout() == Layout::nhwc) {
    size_t spatial = x.rank() - 2, first = channelsLast ? 1 : 2;
    channels = x.dim(channelsLast ? x.rank() - 1 : 1);
    input = llvm::to_vector(Extents(x.shape()).slice(first, spatial));
    output = llvm::to_vector(Extents(result.shape()).slice(first, spatial));
    taps = llvm::to_vector(Extents(filter.shape()).drop_front(2));
  }
};

/// Element [n, position, c] of a spatial tensor is at
/// n * batch + position * this + c * channel.
struct SpatialStrides {
  int64_t batch, position, channel;

  SpatialStrides(int64_t channels, int64_t positions, bool channelsLast)
      : batch(channels * positions), position(channelsLast ? channels : 1),
        channel(channelsLast ? 1 : positions) {}
};

template <typename Sum> class Convolution {
public:
  Convolution(const ConvGeometry &geometry, const Sum *input, const Sum *filter,
              const Sum *bias, Sum *result)
      : g(geometry), filter(filter), bias(bias), result(result),
        inputSize(product(g.input)), tapCount(product(g.taps)),
        outputSize(product(g.output)), groupChannels(g.channels / g.groups),
        groupOutputs(g.outputs / g.groups),
        to(g.outputs, outputSize, g.channelsLast) {
    copyChannelsLast(input);
  }

  void run() {
    for (int64_t group = 0; group < g.groups; ++group)
      multiply(Product<Sum>{
          g.batch * outputSize, groupOutputs, tapCount * groupChannels,
          [&](int64_t i, Sum *row) { fillRow(group, i, row); },
          [&](int64_t k, int64_t first, int64_t count, Sum *values) {
            fillFilter(group, k, first, count, values);
          },
          [&](int64_t i, int64_t first, int64_t count, const Sum *sums) {
            store(group * groupOutputs + first, i, count, sums);
          }});
  }

private:
  /// Channels innermost, so that those of a tap are neighbours.
  void copyChannelsLast(const Sum *input) {
    SpatialStrides from(g.channels, inputSize, g.channelsLast);
    pixels.resize(g.batch * inputSize * g.channels);
    Sum *pixel = pixels.data();
    for (int64_t n = 0; n < g.batch; ++n)
      for (int64_t position = 0; position < inputSize; ++position)
        for (int64_t c = 0; c < g.channels; ++c)
          *pixel++ = input[n * from.batch + position * from.position +
                           c * from.channel];
  }

  /// The elements under the filter at output pixel i: [tap][channel].
  void fillRow(int64_t group, int64_t i, Sum *row) const {
    size_t rank = g.output.size();
    llvm::SmallVector<int64_t, 4> corner(rank), tap(rank, 0);
    for (size_t axis = rank, rest = i % outputSize; axis-- > 0;
         rest /= g.output[axis])
      corner[axis] =
          static_cast<int64_t>(rest % g.output[axis]) * g.strides[axis] -
          g.pads[axis];
    const Sum *image = pixels.data() + i / outputSize * inputSize * g.channels +
                       group * groupChannels;
    for (int64_t t = 0; t < tapCount; ++t, row += groupChannels) {
      int64_t position = 0;
      bool inside = true;
      for (size_t axis = 0; axis < rank; ++axis) {
        int64_t at = corner[axis] + tap[axis] * g.dilations[axis];
        inside &= at >= 0 && at < g.input[axis];
        position = position * g.input[axis] + at;
      }
      if (inside)
        std::copy_n(image + position * g.channels, groupChannels, row);
      else
        std::fill_n(row, groupChannels, Sum(0));
      for (size_t axis = rank; axis-- > 0;) {
        if (++tap[axis] < g.taps[axis])
          break;
        tap[axis] = 0;
      }
    }
  }

  void fillFilter(int64_t group, int64_t k, int64_t first, int64_t count,
                  Sum *values) const {
    int64_t tap = k / groupChannels, channel = k % groupChannels;
    const Sum *from =
        filter +
        ((group * groupOutputs + first) * groupChannels + channel) * tapCount +
        tap;
    for (int64_t i = 0; i < count; ++i)
      values[i] = from[i * groupChannels * tapCount];
  }

  void store(int64_t channel, int64_t i, int64_t count, const Sum *sums) {
    Sum *pixel = result + i / outputSize * to.batch +
                 i % outputSize * to.position + channel * to.channel;
    for (int64_t c = 0; c < count; ++c)
      pixel[c * to.channel] = bias ? add(sums[c], bias[channel + c]) : sums[c];
  }

  const ConvGeometry &g;
  const Sum *filter, *bias;
  Sum *result;
  int64_t inputSize, tapCount, outputSize, groupChannels, groupOutputs;
  SpatialStrides to;
  std::vector<Sum> pixels;
};

void conv(ConvOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  ConvGeometry geometry(op, operands[0], operands[1], result);
  dispatchAccumulator(result.type(), [&](auto type) {
    using Sum = decltype(type);
    Widened<Sum> input(operands[0]), filter(operands[1]);
    std::optional<Widened<Sum>> bias;
    if (op.getBias())
      bias.emplace(operands[2]);
    Narrowing<Sum> sums(result);
    Convolution<Sum>(geometry, input.data(), filter.data(),
                     bias ? bias->data() : nullptr, sums.data())
        .run();
  });
}

//===----------------------------------------------------------------------===//
// Matrix multiplication
//===----------------------------------------------------------------------===//

/// One operand as a batch of matrices.
struct Matrices {
  llvm::SmallVector<int64_t> batch;
  int64_t rows, columns, rowStride, columnStride;

  Matrices(const Tensor &tensor, bool transposed, bool isLeft) {
    Extents shape = tensor.shape();
    batch = llvm::to_vector(shape.drop_back(std::min<size_t>(shape.size(), 2)));
    if (shape.size() == 1) {
      rows = isLeft ? 1 : shape[0];
      columns = isLeft ? shape[0] : 1;
    } else {
      rows = shape[shape.size() - 2];
      columns = shape[shape.size() - 1];
    }
    rowStride = columns;
    columnStride = 1;
    if (transposed) {
      std::swap(rows, columns);
      std::swap(rowStride, columnStride);
    }
  }

  /// Makes the batch rows of one matrix, where it lies in memory like one.
  bool flatten() {
    if (columnStride != 1 || rowStride != columns)
      return false;
    rows *= product(batch);
    batch.clear();
    return true;
  }

  /// Strides, in elements, of the batch over a result's batch.
  Strides batchStrides(Extents result) const {
    Strides strides = broadcastStrides(batch, result);
    for (int64_t &stride : strides)
      stride *= rows * columns;
    return strides;
  }
};

template <typename Sum>
void multiplyMatrices(const Matrices &lhs, const Sum *a, const Matrices &rhs,
                      const Sum *b, Sum *c) {
  int64_t depth = lhs.columns;
  multiply(Product<Sum>{
      lhs.rows, rhs.columns, depth,
      [&](int64_t i, Sum *row) {
        for (int64_t k = 0; k < depth; ++k)
          row[k] = a[i * lhs.rowStride + k * lhs.columnStride];
      },
      [&](int64_t k, int64_t first, int64_t count, Sum *values) {
        for (int64_t j = 0; j < count; ++j)
          values[j] = b[k * rhs.rowStride + (first + j) * rhs.columnStride];
      },
      [&](int64_t i, int64_t first, int64_t count, const Sum *sums) {
        std::copy_n(sums, count, c + i * rhs.columns + first);
      }});
}

void matmul(MatMulOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  Matrices lhs(operands[0], op.getTransposeLhs(), /*isLeft=*/true);
  Matrices rhs(operands[1], op.getTransposeRhs(), /*isLeft=*/false);
  // A weight that all of the batch shares is packed once.
  if (rhs.batch.empty())
    lhs.flatten();
  // Vector operands have dropped dimensions of the result.
  size_t matrixRank = (operands[0].rank() > 1) + (operands[1].rank() > 1);
  llvm::SmallVector<int64_t> batch;
  if (!lhs.batch.empty() || !rhs.batch.empty())
    batch = llvm::to_vector(Extents(result.shape()).drop_back(matrixRank));
  dispatchAccumulator(result.type(), [&](auto type) {
    using Sum = decltype(type);
    Widened<Sum> a(operands[0]), b(operands[1]);
    Narrowing<Sum> sums(result);
    Sum *c = sums.data();
    const Strides strides[] = {lhs.batchStrides(batch),
                               rhs.batchStrides(batch)};
    forEachIndex(batch, strides, [&](const int64_t *offsets) {
      multiplyMatrices(lhs, a.data() + offsets[0], rhs, b.data() + offsets[1],
                       c);
      c += lhs.rows * rhs.columns;
    });
  });
}

//===----------------------------------------------------------------------===//
// Determinants
//===----------------------------------------------------------------------===//

/// By elimination, in place; a column of zeros gives zero.
template <typename Real> Real eliminate(Real *matrix, int64_t extent) {
  Real determinant = 1;
  for (int64_t step = 0; step < extent; ++step) {
    Real *row = matrix + step * extent, *best = row;
    for (int64_t i = step + 1; i < extent; ++i)
      if (std::fabs(matrix[i * extent + step]) > std::fabs(best[step]))
        best = matrix + i * extent;
    if (best != row)
      std::swap_ranges(row + step, row + extent, best + step);
    Real pivot = row[step];
    determinant *= pivot;
    if (best != row)
      determinant = -determinant;
    for (int64_t i = step + 1; i < extent; ++i) {
      Real *below = matrix + i * extent;
      Real factor = pivot == 0 ? Real(0) : below[step] / pivot;
      for (int64_t j = step + 1; j < extent; ++j)
        below[j] = below[j] - factor * row[j];
    }
  }
  return determinant;
}

void determinant(DetOp, Operands operands, Tensor &result) {
  const Tensor &input = operands[0];
  int64_t extent = input.shape().back();
  dispatchFloat(result.type(), [&](auto type) {
    using T = decltype(type);
    std::vector<Arithmetic<T>> matrix(extent * extent);
    const T *from = input.data<T>();
    T *to = result.mutableData<T>();
    for (int64_t i = 0; i < result.size(); ++i) {
      std::transform(from, from + matrix.size(), matrix.begin(), load<T>);
      to[i] = store<T>(eliminate(matrix.data(), extent));
      from += matrix.size();
    }
  });
}

} // namespace

void reference::addContractionKernels(KernelTable &table) {
  table.add<DetOp, determinant>();
  table.add<ConvOp, conv>();
  table.add<MatMulOp, matmul>();
}
