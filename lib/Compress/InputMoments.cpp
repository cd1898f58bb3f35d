//===- InputMoments.cpp - What weights are multiplied with ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/Passes.h"

#include "PerChannel.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace mlir;
using namespace edgec;
using namespace edgec::edge;

/// A matrix of so many rows takes 16 MiB.
static constexpr int64_t longestBlock = 2048;
/// Columns that are summed up together, in registers.
static constexpr int64_t columns = 16;

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

int64_t TapGeometry::taps() const {
  int64_t taps = channels / groups;
  for (const Window &window : windows)
    taps *= window.kernel;
  return taps;
}

int64_t TapGeometry::positions() const {
  int64_t positions = batch;
  for (const Window &window : windows)
    positions *= window.outputs;
  return positions;
}

int64_t TapGeometry::elements() const {
  int64_t elements = batch * channels;
  for (const Window &window : windows)
    elements *= window.extent;
  return elements;
}

static TapGeometry convGeometry(ConvOp op) {
  auto input = cast<RankedTensorType>(op.getInput().getType());
  auto filter = cast<RankedTensorType>(op.getFilter().getType());
  auto result = cast<RankedTensorType>(op.getType());
  bool channelsFirst = op.getLayout() == Layout::nchw;
  SmallVector<int64_t> strides = mlir::computeSuffixProduct(input.getShape());
  int64_t channelDim = channelsFirst ? 1 : input.getRank() - 1;
  TapGeometry geometry;
  geometry.batch = input.getDimSize(0);
  geometry.batchStride = strides[0];
  geometry.channels = input.getDimSize(channelDim);
  geometry.channelStride = strides[channelDim];
  geometry.groups = op.getGroups();
  for (int64_t i = 0; i < input.getRank() - 2; ++i) {
    int64_t dim = channelsFirst ? i + 2 : i + 1;
    geometry.windows.push_back({input.getDimSize(dim), strides[dim],
                                result.getDimSize(dim),
                                filter.getDimSize(i + 2), op.getStrides()[i],
                                op.getDilations()[i], op.getPads()[i]});
  }
  return geometry;
}

static TapGeometry productGeometry(MatMulOp op) {
  auto input = cast<RankedTensorType>(op.getLhs().getType());
  ArrayRef<int64_t> shape = input.getShape();
  TapGeometry geometry;
  if (!op.getTransposeLhs()) {
    geometry.channels = geometry.batchStride = shape.back();
    geometry.batch = mlir::computeProduct(shape.drop_back());
    return geometry;
  }
  int64_t rows = shape.back();
  geometry.channels = shape[shape.size() - 2];
  geometry.channelStride = rows;
  geometry.batchStride = rows * geometry.channels;
  geometry.batch = mlir::computeProduct(shape.drop_back(2));
  geometry.windows.push_back({rows, 1, rows, 1, 1, 1, 0});
  return geometry;
}

std::optional<TapGeometry> edgec::tapGeometry(Operation *op) {
  if (!matchContraction(op))
    return std::nullopt;
  auto input = dyn_cast<RankedTensorType>(op->getOperand(0).getType());
  if (!input || !input.hasStaticShape() || !input.getElementType().isF32() ||
      input.getNumElements() == 0)
    return std::nullopt;
  if (auto conv = dyn_cast<ConvOp>(op))
    return convGeometry(conv);
  return productGeometry(cast<MatMulOp>(op));
}

SmallVector<Operation *> edgec::weightedContractions(ModuleOp module) {
  SmallVector<Operation *> contractions;
  module.walk([&](Operation *op) {
    if (tapGeometry(op))
      contractions.push_back(op);
  });
  return contractions;
}

void edgec::edge::observeContractionInputs(ModuleOp module,
                                           int64_t firstPoint) {
  for (auto [index, op] : llvm::enumerate(weightedContractions(module))) {
    OpBuilder builder(op);
    builder.create<ObserveOp>(op->getLoc(), op->getOperand(0),
                              firstPoint + index, /*low=*/FloatAttr(),
                              /*high=*/FloatAttr());
  }
}

//===----------------------------------------------------------------------===//
// Moments
//===----------------------------------------------------------------------===//

InputMoments::InputMoments(TapGeometry geometry, int64_t windows)
    : shape(std::move(geometry)), windows(std::min(windows, shape.positions())),
      randomState(1), sums(shape.groups * shape.taps(), 0) {
  pending.reserve(shape.elements());
  products.resize(shape.groups * blockCount());
  for (auto [index, matrix] : llvm::enumerate(products)) {
    int64_t block = index % blockCount();
    int64_t size = blockBegin(block + 1) - blockBegin(block);
    matrix.resize(size * size, 0);
  }
}

int64_t InputMoments::blockCount() const {
  return llvm::divideCeil(shape.taps(), longestBlock);
}

int64_t InputMoments::blockBegin(int64_t block) const {
  return block * shape.taps() / blockCount();
}

void InputMoments::observe(ArrayRef<float> piece) {
  while (!piece.empty()) {
    size_t missing = shape.elements() - pending.size();
    ArrayRef<float> part = piece.take_front(missing);
    pending.insert(pending.end(), part.begin(), part.end());
    piece = piece.drop_front(part.size());
    if (static_cast<int64_t>(pending.size()) != shape.elements())
      return;
    observeTensor();
    pending.clear();
  }
}

/// One window out of each of as many stretches of the same length.
void InputMoments::observeTensor() {
  constexpr int64_t rowsAtOnce = 64;
  int64_t width = shape.groups * shape.taps();
  std::vector<float> gathered(rowsAtOnce * width);
  int64_t positions = shape.positions(), held = 0;
  for (int64_t i = 0; i < windows; ++i) {
    // The generator of MINSTD.
    randomState = randomState * 48271 % 2147483647;
    int64_t begin = i * positions / windows;
    int64_t end = (i + 1) * positions / windows;
    int64_t position =
        begin + static_cast<int64_t>(randomState % (end - begin));
    gather(position, gathered.data() + held++ * width);
    if (held == rowsAtOnce || i + 1 == windows) {
      accumulate(gathered.data(), held);
      held = 0;
    }
  }
  rows += windows;
}

void InputMoments::gather(int64_t position, float *row) const {
  SmallVector<int64_t> corner(shape.windows.size());
  for (int64_t dim = corner.size() - 1; dim >= 0; --dim) {
    const TapGeometry::Window &window = shape.windows[dim];
    corner[dim] = position % window.outputs * window.step - window.pad;
    position /= window.outputs;
  }
  int64_t kernel = shape.taps() / (shape.channels / shape.groups);
  for (int64_t tap = 0; tap < kernel; ++tap) {
    int64_t offset = position * shape.batchStride, rest = tap;
    bool isInside = true;
    for (int64_t dim = corner.size() - 1; dim >= 0; --dim) {
      const TapGeometry::Window &window = shape.windows[dim];
      int64_t index = corner[dim] + rest % window.kernel * window.dilation;
      rest /= window.kernel;
      isInside &= index >= 0 && index < window.extent;
      offset += index * window.stride;
    }
    for (int64_t channel = 0; channel < shape.channels; ++channel)
      row[channel * kernel + tap] =
          isInside ? pending[offset + channel * shape.channelStride] : 0.0f;
  }
}

/// Adds the products of the columns of `rows`, of `width` elements each, to the
/// upper triangle of a matrix of `size` rows. `columns` are kept in registers;
/// what they hold beyond the size is not stored.
static void addProducts(ArrayRef<float> rows, int64_t width, int64_t size,
                        float *matrix) {
  int64_t count = rows.size() / width;
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t j = i / columns * columns; j < size; j += columns) {
      float total[columns] = {};
      const float *row = rows.data();
      for (int64_t r = 0; r < count; ++r, row += width)
        for (int64_t c = 0; c < columns; ++c)
          total[c] += row[i] * row[j + c];
      for (int64_t c = 0, end = std::min(columns, size - j); c < end; ++c)
        matrix[i * size + j + c] += total[c];
    }
  }
}

void InputMoments::accumulate(const float *rows, int64_t count) {
  int64_t taps = shape.taps(), width = shape.groups * taps;
  for (int64_t r = 0; r < count; ++r)
    for (int64_t i = 0; i < width; ++i)
      sums[i] += rows[r * width + i];
  std::vector<float> padded;
  for (auto [index, matrix] : llvm::enumerate(products)) {
    int64_t group = index / blockCount(), block = index % blockCount();
    int64_t begin = blockBegin(block), size = blockBegin(block + 1) - begin;
    int64_t stride = llvm::alignTo(size, columns);
    padded.assign(count * stride, 0);
    for (int64_t r = 0; r < count; ++r)
      std::copy_n(rows + r * width + group * taps + begin, size,
                  padded.data() + r * stride);
    addProducts(padded, stride, size, matrix.data());
  }
}

std::vector<double> InputMoments::mean(int64_t group) const {
  int64_t taps = shape.taps();
  std::vector<double> mean(sums.begin() + group * taps,
                           sums.begin() + (group + 1) * taps);
  for (double &value : mean)
    value /= std::max<int64_t>(rows, 1);
  return mean;
}

std::vector<double> InputMoments::second(int64_t group, int64_t block) const {
  const std::vector<float> &matrix = products[group * blockCount() + block];
  int64_t size = blockBegin(block + 1) - blockBegin(block);
  std::vector<double> second(matrix.size());
  for (int64_t i = 0; i < size; ++i)
    for (int64_t j = i; j < size; ++j)
      second[i * size + j] = second[j * size + i] =
          matrix[i * size + j] /
          static_cast<double>(std::max<int64_t>(rows, 1));
  return second;
}
