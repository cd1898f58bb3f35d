//===- FilterRounding.h - Integers for the weights of a layer ---*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_COMPRESS_FILTERROUNDING_H
#define EDGEC_LIB_COMPRESS_FILTERROUNDING_H

#include "PerChannel.h"
#include "edgec/Compress/InputMoments.h"
#include "edgec/Compress/QuantizationScale.h"

namespace edgec::edge {

/// The weights of an output channel are a row, which has an element a tap.
struct FilterRows {
  explicit FilterRows(const Contraction &contraction);
  /// Of a matrix whose rows lie together.
  FilterRows(int64_t rows, int64_t taps)
      : rows(rows), taps(taps), rowStride(taps), tapStride(1) {}

  int64_t at(int64_t row, int64_t tap) const {
    return row * rowStride + tap * tapStride;
  }
  int64_t groupOf(int64_t row) const { return row / (rows / groups); }

  int64_t rows, taps, groups = 1;
  int64_t rowStride, tapStride;
};

struct FilterRounding {
  unsigned bits = 8;
  ScaleLayout scales; ///< One for all weights, unless it says otherwise.
  /// Rather than each weight by itself, so that sums differ least.
  bool bySums = false;
  /// What sums differ by on average is made up for in the bias: the rest
  /// counts.
  bool correctBias = false;
  /// Scales are not smaller; one for each scale, or none.
  llvm::ArrayRef<float> leastScales;
};

/// Rounds the f32 weights of a contraction; `moments` are of its input, or
/// null. Fails where a weight is not finite.
llvm::FailureOr<QuantizedWeights> roundFilter(const Tensor &weights,
                                              const FilterRows &rows,
                                              const FilterRounding &rounding,
                                              const InputMoments *moments);

/// How far the sums of all rows are above what rounding adds to them, as a
/// ratio of mean squares in decibels; of what they differ by from their means,
/// where the means are made up for. Infinite where nothing is added.
double signalToRoundingNoise(const Tensor &weights,
                             const QuantizedWeights &rounded,
                             const FilterRows &rows,
                             const InputMoments &moments, bool isCentered);

/// What the sums of each row are too small by, on average over the inputs.
llvm::SmallVector<double> meanErrors(const Tensor &weights,
                                     const QuantizedWeights &rounded,
                                     const FilterRows &rows,
                                     const InputMoments &moments);

} // namespace edgec::edge

#endif // EDGEC_LIB_COMPRESS_FILTERROUNDING_H
