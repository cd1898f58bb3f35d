//===- Resize.cpp - Resampling --------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "Indexing.h"
#include "Kernels.h"
#include "edgec/Reference/ResizeTaps.h"
#include <algorithm>

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::reference;

//===----------------------------------------------------------------------===//
// Coordinates and weights
//===----------------------------------------------------------------------===//

double edgec::resizedCoordinate(const ResizedDimension &d, int64_t index,
                                CoordinateMode mode) {
  // The result's extent before it was rounded down.
  double exactResult = d.scale * static_cast<double>(d.input);
  double x = static_cast<double>(index);
  double halfPixel = (x + 0.5) / d.scale - 0.5;
  switch (mode) {
  case CoordinateMode::half_pixel:
    return halfPixel;
  case CoordinateMode::half_pixel_symmetric: {
    // Keeps the image's centre where it is although the extent was rounded.
    double adjustment = static_cast<double>(d.result) / exactResult;
    double center = static_cast<double>(d.input) / 2;
    return center * (1 - adjustment) + halfPixel;
  }
  case CoordinateMode::pytorch_half_pixel:
    return d.result > 1 ? halfPixel : 0;
  case CoordinateMode::align_corners:
    if (d.result == 1)
      return 0;
    return x * static_cast<double>(d.input - 1) / (exactResult - 1);
  case CoordinateMode::asymmetric:
    return x / d.scale;
  case CoordinateMode::tf_half_pixel_for_nn:
    return (x + 0.5) / d.scale;
  case CoordinateMode::tf_crop_and_resize: {
    double last = static_cast<double>(d.input - 1);
    if (d.result == 1)
      return 0.5 * (d.start + d.end) * last;
    return d.start * last +
           x * (d.end - d.start) * last / static_cast<double>(d.result - 1);
  }
  }
  llvm_unreachable("not a coordinate mode");
}

double edgec::cubicWeight(double t, double a) {
  t = std::fabs(t);
  if (t <= 1)
    return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2)
    return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return 0;
}

namespace {

double nearestCoordinate(double x, NearestMode mode) {
  switch (mode) {
  case NearestMode::round_prefer_floor:
    return std::ceil(x - 0.5);
  case NearestMode::round_prefer_ceil:
    return std::floor(x + 0.5);
  case NearestMode::floor:
    return std::floor(x);
  case NearestMode::ceil:
    return std::ceil(x);
  }
  llvm_unreachable("not a rounding of coordinates");
}

class TapBuilder {
public:
  TapBuilder(ResizeOp op, ResizedDimension dimension) : op(op), d(dimension) {}

  ResizeTaps at(int64_t index) {
    // Far outside, only the border matters; 2^53 keeps conversions defined.
    constexpr double limit = 9007199254740992.0;
    double x = std::clamp(coordinate(index), -limit, limit);
    switch (op.getMode()) {
    case ResizeMode::nearest:
      return {{clamped(nearestCoordinate(x, op.getNearestMode())), 1.0}};
    case ResizeMode::linear:
      return linear(x);
    case ResizeMode::cubic:
      return cubic(x);
    }
    llvm_unreachable("not an interpolation");
  }

  bool isOutside(int64_t index) {
    double x = coordinate(index);
    return x < 0 || x > static_cast<double>(d.input - 1);
  }

private:
  double coordinate(int64_t index) {
    return resizedCoordinate(d, index, op.getCoordinates());
  }

  int64_t clamped(double coordinate) const {
    return std::clamp<int64_t>(static_cast<int64_t>(coordinate), 0,
                               d.input - 1);
  }

  ResizeTaps linear(double x) {
    x = std::clamp<double>(x, 0, static_cast<double>(d.input - 1));
    double low = std::floor(x), share = x - low;
    if (share == 0)
      return {{clamped(low), 1.0}};
    return {{clamped(low), 1 - share}, {clamped(low + 1), share}};
  }

  ResizeTaps cubic(double x) {
    double a = op.getCubicCoefficient().convertToDouble();
    double low = std::floor(x), sum = 0;
    ResizeTaps taps;
    for (int64_t i = -1; i <= 2; ++i) {
      double at = low + static_cast<double>(i);
      bool outside = at < 0 || at > static_cast<double>(d.input - 1);
      double weight = cubicWeight(at - x, a);
      if (weight == 0 || (outside && op.getExcludeOutside()))
        continue;
      taps.push_back({clamped(at), weight});
      sum += weight;
    }
    // All taps outside: ONNX has no answer; take the border.
    if (taps.empty() || sum == 0)
      return {{clamped(low), 1.0}};
    if (op.getExcludeOutside())
      for (ResizeTap &tap : taps)
        tap.weight /= sum;
    return taps;
  }

  ResizeOp op;
  ResizedDimension d;
};

} // namespace

static ResizedDimension dimensionOf(ResizeOp op, int64_t axis) {
  ResizedDimension dimension{op.getInput().getType().getDimSize(axis),
                             op.getResult().getType().getDimSize(axis),
                             op.getScales()[axis]};
  if (std::optional<llvm::ArrayRef<double>> roi = op.getRoi()) {
    dimension.start = (*roi)[axis];
    dimension.end = (*roi)[axis + roi->size() / 2];
  }
  return dimension;
}

bool edgec::isResampled(ResizeOp op, int64_t axis) {
  ResizedDimension d = dimensionOf(op, axis);
  if (op.getRoi())
    return d.input != d.result || d.start != 0 || d.end != 1;
  return d.scale != 1 || d.input != d.result;
}

llvm::SmallVector<ResizeTaps> edgec::resizeTaps(ResizeOp op, int64_t axis) {
  ResizedDimension dimension = dimensionOf(op, axis);
  bool resampled = isResampled(op, axis);
  TapBuilder builder(op, dimension);
  llvm::SmallVector<ResizeTaps> taps;
  for (int64_t i = 0; i < dimension.result; ++i)
    taps.push_back(resampled ? builder.at(i) : ResizeTaps{{i, 1.0}});
  return taps;
}

llvm::SmallVector<bool> edgec::resizeOutside(ResizeOp op, int64_t axis) {
  if (!op.getRoi() || !isResampled(op, axis))
    return {};
  ResizedDimension dimension = dimensionOf(op, axis);
  TapBuilder builder(op, dimension);
  llvm::SmallVector<bool> outside;
  for (int64_t i = 0; i < dimension.result; ++i)
    outside.push_back(builder.isOutside(i));
  if (!llvm::is_contained(outside, true))
    outside.clear();
  return outside;
}

//===----------------------------------------------------------------------===//
// Interpolation
//===----------------------------------------------------------------------===//

namespace {

void resizeNearest(ResizeOp op, const Tensor &input, Tensor &result) {
  Strides strides = stridesOf(input.shape());
  llvm::SmallVector<OffsetTable> tables(strides.size());
  for (size_t axis = 0; axis < strides.size(); ++axis)
    for (const ResizeTaps &taps : resizeTaps(op, axis))
      tables[axis].offsets.push_back(taps.front().index * strides[axis]);
  gatherElements(input, tables, nullptr, result);
}

/// Resizes dimension `axis` of `values`, whose extents are `shape`.
template <typename Real>
std::vector<Real> resizeAlong(llvm::ArrayRef<ResizeTaps> taps,
                              const std::vector<Real> &values, Extents shape,
                              size_t axis) {
  int64_t outer = product(shape.take_front(axis));
  int64_t inner = product(shape.drop_front(axis + 1));
  std::vector<Real> resized(outer * taps.size() * inner);
  Real *to = resized.data();
  for (int64_t i = 0; i < outer; ++i) {
    const Real *from = values.data() + i * shape[axis] * inner;
    for (const ResizeTaps &point : taps) {
      for (const ResizeTap &tap : point) {
        Real weight = static_cast<Real>(tap.weight);
        const Real *x = from + tap.index * inner;
        bool first = &tap == &point.front();
        for (int64_t j = 0; j < inner; ++j)
          to[j] = first ? weight * x[j] : to[j] + weight * x[j];
      }
      to += inner;
    }
  }
  return resized;
}

void interpolate(ResizeOp op, const Tensor &input, Tensor &result) {
  if (op.getMode() == ResizeMode::nearest)
    return resizeNearest(op, input, result);
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    using Real = std::conditional_t<std::is_same_v<T, double>, double, float>;
    const T *from = input.data<T>();
    std::vector<Real> values(input.size());
    std::transform(from, from + input.size(), values.begin(),
                   [](T x) { return static_cast<Real>(load(x)); });
    llvm::SmallVector<int64_t> shape = llvm::to_vector(input.shape());
    for (size_t axis = 0; axis < shape.size(); ++axis) {
      if (!isResampled(op, axis))
        continue;
      values = resizeAlong<Real>(resizeTaps(op, axis), values, shape, axis);
      shape[axis] = result.dim(axis);
    }
    std::transform(values.begin(), values.end(), result.mutableData<T>(),
                   [](Real x) { return convert<T>(x); });
  });
}

/// Sets what lies outside the input along `axis`.
void extrapolate(ResizeOp op, size_t axis, Tensor &result) {
  llvm::SmallVector<bool> outside = resizeOutside(op, axis);
  if (outside.empty())
    return;
  double value = op.getExtrapolation().convertToDouble();
  int64_t inner = product(Extents(result.shape()).drop_front(axis + 1));
  dispatchNumber(result.type(), [&](auto type) {
    using T = decltype(type);
    T *to = result.mutableData<T>();
    for (int64_t i = 0, rows = result.size() / inner; i < rows; ++i)
      if (outside[i % outside.size()])
        std::fill_n(to + i * inner, inner, convert<T>(value));
  });
}

void resize(ResizeOp op, Operands operands, Tensor &result) {
  const Tensor &input = operands[0];
  if (result.size() == 0 || input.size() == 0)
    return;
  interpolate(op, input, result);
  for (size_t axis = 0; axis < result.shape().size(); ++axis)
    extrapolate(op, axis, result);
}

} // namespace

void reference::addResizeKernels(KernelTable &table) {
  table.add<ResizeOp, resize>();
}
