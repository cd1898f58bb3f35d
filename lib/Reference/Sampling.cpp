//===- Sampling.cpp - Interpolation at run-time positions -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each step is rounded (f16 and bf16: in f32); sums take in the elements of the
// last dimension first.
//
//===----------------------------------------------------------------------===//

#include "edgec/Reference/Sampling.h"
#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"
#include <algorithm>

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

//===----------------------------------------------------------------------===//
// Grid sample
//===----------------------------------------------------------------------===//

namespace {

/// The elements that a coordinate reads along one dimension.
template <typename Real> struct Taps {
  llvm::SmallVector<int64_t, 4> index; ///< Negative where a zero is read.
  llvm::SmallVector<Real, 4> weight;   ///< Empty: the only element itself.
};

template <typename Real> class GridAxis {
public:
  GridAxis(GridSampleOp op, int64_t extent)
      : mode(op.getMode()), padding(op.getPadding()),
        alignCorners(op.getAlignCorners()), extent(static_cast<Real>(extent)) {}

  Taps<Real> at(Real position) const {
    Real x = coordinate(position);
    if (mode == ResizeMode::nearest)
      return {{pixel(std::nearbyint(x))}, {}};
    Real low = std::floor(x), share = x - low;
    if (mode == ResizeMode::linear)
      return {{pixel(low), pixel(low + 1)}, {1 - share, share}};
    Taps<Real> taps;
    for (int tap = 0; tap < 4; ++tap) {
      taps.index.push_back(pixel(low + Real(tap - 1)));
      Real distance = tap < 2 ? share + Real(1 - tap) : Real(tap - 1) - share;
      taps.weight.push_back(cubicWeight(distance, tap == 1 || tap == 2));
    }
    return taps;
  }

private:
  /// From [-1, 1]. No number is far to the left.
  Real coordinate(Real position) const {
    Real x = alignCorners ? (position + 1) / 2 * (extent - 1)
                          : ((position + 1) * extent - 1) / 2;
    x = x > -Real(sampling::farthest) ? x : -Real(sampling::farthest);
    return x < Real(sampling::farthest) ? x : Real(sampling::farthest);
  }

  static Real cubicWeight(Real t, bool near) {
    const Real a(sampling::cubicCoefficient);
    if (near)
      return ((a + 2) * t - (a + 3)) * t * t + 1;
    return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  }

  /// `at` is whole.
  int64_t pixel(Real at) const {
    Real last = extent - 1;
    switch (padding) {
    case GridPadding::zeros:
      return at < 0 || at > last ? -1 : static_cast<int64_t>(at);
    case GridPadding::border:
      return static_cast<int64_t>(std::clamp<Real>(at, 0, last));
    case GridPadding::reflection: {
      // Mirrored at the centres of the outermost elements or at their edges.
      Real period = 2 * (alignCorners ? std::max<Real>(last, 1) : extent);
      Real rest = at - period * std::floor(at / period);
      Real mirrored = period - (alignCorners ? 0 : 1) - rest;
      return static_cast<int64_t>(
          std::min(last, std::min<Real>(rest, mirrored)));
    }
    }
    llvm_unreachable("not a padding");
  }

  ResizeMode mode;
  GridPadding padding;
  bool alignCorners;
  Real extent;
};

/// The interpolation of a plane along the dimensions from `axis` on.
template <typename T, typename Real = Arithmetic<T>>
Real interpolate(llvm::ArrayRef<Taps<Real>> taps, Extents extents,
                 const T *plane, int64_t offset) {
  if (taps.empty())
    return load(plane[offset]);
  Real sum = 0;
  for (auto [tap, index] : llvm::enumerate(taps.front().index)) {
    Real term =
        index < 0
            ? Real(0)
            : interpolate<T, Real>(taps.drop_front(), extents.drop_front(),
                                   plane, offset * extents.front() + index);
    if (taps.front().weight.empty())
      return term;
    term = taps.front().weight[tap] * term;
    sum = tap == 0 ? term : sum + term;
  }
  return sum;
}

template <typename T>
void sampleGrid(GridSampleOp op, const Tensor &input, const Tensor &grid,
                Tensor &result) {
  using Real = Arithmetic<T>;
  Extents spatial = Extents(input.shape()).drop_front(2);
  size_t rank = spatial.size();
  llvm::SmallVector<GridAxis<Real>> axes;
  for (int64_t extent : spatial)
    axes.emplace_back(op, extent);
  int64_t channels = input.dim(1), planeSize = product(spatial);
  int64_t points = product(Extents(result.shape()).drop_front(2));
  dispatchFloat(grid.type(), [&](auto gridType) {
    using Grid = decltype(gridType);
    const Grid *position = grid.data<Grid>();
    for (int64_t n = 0; n < input.dim(0); ++n) {
      const T *planes = input.data<T>() + n * channels * planeSize;
      T *to = result.mutableData<T>() + n * channels * points;
      for (int64_t point = 0; point < points; ++point, position += rank) {
        llvm::SmallVector<Taps<Real>> taps;
        for (size_t axis = 0; axis < rank; ++axis)
          taps.push_back(axes[axis].at(
              static_cast<Real>(load(position[rank - 1 - axis]))));
        for (int64_t c = 0; c < channels; ++c)
          to[c * points + point] = store<T>(
              interpolate<T, Real>(taps, spatial, planes + c * planeSize, 0));
      }
    }
  });
}

void gridSample(GridSampleOp op, Operands operands, Tensor &result) {
  if (result.size() == 0)
    return;
  dispatchFloat(result.type(), [&](auto type) {
    sampleGrid<decltype(type)>(op, operands[0], operands[1], result);
  });
}

//===----------------------------------------------------------------------===//
// Region-of-interest alignment
//===----------------------------------------------------------------------===//

/// One direction of a region.
template <typename Real> struct RoiAxis {
  RoiAxis(RoiAlignOp op, Real low, Real high, int64_t extent, int64_t bins)
      : extent(extent) {
    const Real scale(op.getSpatialScale().convertToDouble());
    const Real shift(op.getHalfPixel() ? 0.5 : 0.0);
    start = low * scale - shift;
    Real length = (high * scale - shift) - start;
    if (!op.getHalfPixel())
      length = maximum(length, Real(1));
    bin = length / static_cast<Real>(bins);
    samples = op.getSamplingRatio();
    if (samples == 0)
      samples = std::clamp<int64_t>(toInteger(std::ceil(bin)), 0,
                                    sampling::mostSamples);
  }

  /// Where sample `i` of bin `index` falls; false outside the input.
  bool at(int64_t index, int64_t i, int64_t &low, int64_t &high,
          Real &share) const {
    Real offset =
        (static_cast<Real>(i) + Real(0.5)) * bin / static_cast<Real>(samples);
    Real x = start + static_cast<Real>(index) * bin + offset;
    if (!(x >= -1 && x <= static_cast<Real>(extent)))
      return false;
    x = std::max<Real>(x, 0);
    low = std::min(static_cast<int64_t>(x), extent - 1);
    high = std::min(low + 1, extent - 1);
    share = high == low ? Real(0) : x - static_cast<Real>(low);
    return true;
  }

  int64_t extent, samples;
  Real start, bin;
};

template <typename T> class RoiPlane {
public:
  using Real = Arithmetic<T>;

  RoiPlane(RoiAlignOp op, const RoiAxis<Real> &y, const RoiAxis<Real> &x)
      : isMax(op.getKind() == RoiKind::max), y(y), x(x) {}

  T bin(const T *plane, int64_t row, int64_t column) const {
    Real result = isMax ? -std::numeric_limits<Real>::infinity() : Real(0);
    for (int64_t i = 0; i < y.samples; ++i)
      for (int64_t j = 0; j < x.samples; ++j)
        result = combine(result, sample(plane, row, i, column, j));
    int64_t count = y.samples * x.samples;
    if (isMax)
      return store<T>(count == 0 ? Real(0) : result);
    return store<T>(result / static_cast<Real>(std::max<int64_t>(count, 1)));
  }

private:
  Real combine(Real soFar, Real next) const {
    return isMax ? maximum(soFar, next) : soFar + next;
  }

  /// The weighted sum of the four elements around a sample; ONNX's maximum is
  /// that of the weighted elements.
  Real sample(const T *plane, int64_t row, int64_t i, int64_t column,
              int64_t j) const {
    int64_t top, bottom, left, right;
    Real down, across;
    if (!y.at(row, i, top, bottom, down) ||
        !x.at(column, j, left, right, across))
      return 0;
    auto element = [&](int64_t r, int64_t c) {
      return load(plane[r * x.extent + c]);
    };
    Real up = 1 - down, back = 1 - across;
    Real sum = up * back * element(top, left);
    sum = combine(sum, up * across * element(top, right));
    sum = combine(sum, down * back * element(bottom, left));
    return combine(sum, down * across * element(bottom, right));
  }

  bool isMax;
  const RoiAxis<Real> &y, &x;
};

template <typename T>
void alignRegions(RoiAlignOp op, const Tensor &input, const Tensor &rois,
                  const Tensor &batches, Tensor &result) {
  using Real = Arithmetic<T>;
  int64_t channels = input.dim(1), height = input.dim(2), width = input.dim(3);
  int64_t rows = op.getHeight(), columns = op.getWidth();
  T *to = result.mutableData<T>();
  for (int64_t region = 0; region < rois.dim(0); ++region) {
    const T *corners = rois.data<T>() + 4 * region;
    RoiAxis<Real> x(op, load(corners[0]), load(corners[2]), width, columns);
    RoiAxis<Real> y(op, load(corners[1]), load(corners[3]), height, rows);
    RoiPlane<T> plane(op, y, x);
    // Any image for an index that is none.
    int64_t image = std::clamp<int64_t>(batches.asInt(region), 0,
                                        std::max<int64_t>(input.dim(0) - 1, 0));
    for (int64_t c = 0; c < channels; ++c) {
      const T *from = input.data<T>() + (image * channels + c) * height * width;
      for (int64_t row = 0; row < rows; ++row)
        for (int64_t column = 0; column < columns; ++column)
          *to++ = plane.bin(from, row, column);
    }
  }
}

void roiAlign(RoiAlignOp op, Operands operands, Tensor &result) {
  if (result.size() == 0 || operands[0].size() == 0)
    return;
  dispatchFloat(result.type(), [&](auto type) {
    alignRegions<decltype(type)>(op, operands[0], operands[1], operands[2],
                                 result);
  });
}

} // namespace

void reference::addSamplingKernels(KernelTable &table) {
  table.add<GridSampleOp, gridSample>();
  table.add<RoiAlignOp, roiAlign>();
}
