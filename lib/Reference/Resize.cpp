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

namespace {

/// A dimension that is resized.
struct Dimension {
  int64_t input, result;
  double scale;

  /// The result's extent before it was rounded down.
  double exactResult() const { return scale * static_cast<double>(input); }
};

/// The input coordinate of a result index (ONNX:
/// coordinate_transformation_mode).
double inputCoordinate(const Dimension &d, int64_t index, CoordinateMode mode) {
  double x = static_cast<double>(index);
  double halfPixel = (x + 0.5) / d.scale - 0.5;
  switch (mode) {
  case CoordinateMode::half_pixel:
    return halfPixel;
  case CoordinateMode::half_pixel_symmetric: {
    // Keeps the image's centre where it is although the extent was rounded.
    double adjustment = static_cast<double>(d.result) / d.exactResult();
    double center = static_cast<double>(d.input) / 2;
    return center * (1 - adjustment) + halfPixel;
  }
  case CoordinateMode::pytorch_half_pixel:
    return d.result > 1 ? halfPixel : 0;
  case CoordinateMode::align_corners:
    if (d.result == 1)
      return 0;
    return x * static_cast<double>(d.input - 1) / (d.exactResult() - 1);
  case CoordinateMode::asymmetric:
    return x / d.scale;
  case CoordinateMode::tf_half_pixel_for_nn:
    return (x + 0.5) / d.scale;
  }
  llvm_unreachable("not a coordinate mode");
}

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

/// Keys' cubic convolution kernel at distance t from the coordinate.
double cubicWeight(double t, double a) {
  t = std::fabs(t);
  if (t <= 1)
    return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2)
    return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return 0;
}

class TapBuilder {
public:
  TapBuilder(ResizeOp op, Dimension dimension) : op(op), d(dimension) {}

  ResizeTaps at(int64_t index) {
    if (d.scale == 1 && d.input == d.result)
      return {{index, 1.0}};
    // Far outside, only the border matters; 2^53 keeps conversions defined.
    constexpr double limit = 9007199254740992.0;
    double x = std::clamp(inputCoordinate(d, index, op.getCoordinates()),
                          -limit, limit);
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

private:
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
  Dimension d;
};

} // namespace

llvm::SmallVector<ResizeTaps> edgec::resizeTaps(ResizeOp op, int64_t axis) {
  Dimension dimension{op.getInput().getType().getDimSize(axis),
                      op.getResult().getType().getDimSize(axis),
                      op.getScales()[axis]};
  TapBuilder builder(op, dimension);
  llvm::SmallVector<ResizeTaps> taps;
  for (int64_t i = 0; i < dimension.result; ++i)
    taps.push_back(builder.at(i));
  return taps;
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

void resize(ResizeOp op, Operands operands, Tensor &result) {
  const Tensor &input = operands[0];
  if (result.size() == 0 || input.size() == 0)
    return;
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
      if (op.getScales()[axis] == 1 && shape[axis] == result.dim(axis))
        continue;
      values = resizeAlong<Real>(resizeTaps(op, axis), values, shape, axis);
      shape[axis] = result.dim(axis);
    }
    std::transform(values.begin(), values.end(), result.mutableData<T>(),
                   [](Real x) { return convert<T>(x); });
  });
}

} // namespace

void reference::addResizeKernels(KernelTable &table) {
  table.add<ResizeOp, resize>();
}
