//===- ResizeTaps.h - Which elements a resized one is made of ---*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_REFERENCE_RESIZETAPS_H
#define EDGEC_REFERENCE_RESIZETAPS_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "llvm/ADT/SmallVector.h"

namespace edgec {

/// One input element along a dimension and its share.
struct ResizeTap {
  int64_t index;
  double weight;
};
using ResizeTaps = llvm::SmallVector<ResizeTap, 4>;

/// A dimension that is resized.
struct ResizedDimension {
  int64_t input, result;
  double scale;
  /// The region of interest, in extents of the input.
  double start = 0, end = 1;
};

/// The input coordinate of a result index (ONNX:
/// coordinate_transformation_mode).
double resizedCoordinate(const ResizedDimension &dimension, int64_t index,
                         edge::CoordinateMode mode);

/// Keys' cubic convolution kernel at distance t from the coordinate.
double cubicWeight(double t, double coefficient);

/// Whether a dimension's elements are others than the input's.
bool isResampled(edge::ResizeOp op, int64_t axis);

/// For each index of the result along `axis`, the input indices that it is
/// interpolated from, ascending, without those of weight zero: one in nearest
/// mode and where nothing is resized, up to two in linear and four in cubic
/// mode. Indices are inside the input; weights add up to one. Shapes must be
/// static and the input not empty.
///
/// A resize is the product of its dimensions: they are resized one after the
/// other, the first dimension first; each sum takes in its taps in order,
/// rounding products and sums in single precision (double for f64).
llvm::SmallVector<ResizeTaps> resizeTaps(edge::ResizeOp op, int64_t axis);

/// For each index of the result along `axis`, whether its position is outside
/// the input, so that elements there are the extrapolation value. Empty where
/// none is.
llvm::SmallVector<bool> resizeOutside(edge::ResizeOp op, int64_t axis);

} // namespace edgec

#endif // EDGEC_REFERENCE_RESIZETAPS_H
