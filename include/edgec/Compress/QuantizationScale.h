//===- QuantizationScale.h - Scales and rounded values ----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_COMPRESS_QUANTIZATIONSCALE_H
#define EDGEC_COMPRESS_QUANTIZATIONSCALE_H

#include "edgec/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/LogicalResult.h"

namespace edgec {

/// x is about (q - zeroPoint) * scale with q in [0, 2^bits - 1].
struct ActivationScale {
  float scale = 1;
  int64_t zeroPoint = 0;
};

/// The scale for values in [low, high], which holds 0. The zero point is exact:
/// 0 stands for itself, as paddings need. A range of one point gets scale 1.
/// `bits` is at most 16.
ActivationScale chooseActivationScale(float low, float high, unsigned bits = 8);

/// Which elements of a tensor of weights share a scale. Scales are a tensor as
/// edge.dequantize takes them.
class ScaleLayout {
public:
  /// One scale for all elements.
  ScaleLayout() = default;
  /// One for each index of `axis`.
  static ScaleLayout perChannel(llvm::ArrayRef<int64_t> shape, int64_t axis);
  /// One for `block` neighbours along `axis`, the last of which may be fewer.
  static ScaleLayout blocked(llvm::ArrayRef<int64_t> shape, int64_t axis,
                             int64_t block);

  llvm::ArrayRef<int64_t> shape() const { return scaleShape; }
  int64_t count() const;
  /// The axis that scales belong to, and the size of a block; 0 without blocks.
  int64_t axis() const { return scaleAxis; }
  int64_t blockSize() const { return isBlocked ? block : 0; }
  /// The scale of an element, both in row-major order.
  int64_t scaleOf(int64_t element) const {
    int64_t index = element / inner % extent / block;
    if (!isBlocked)
      return index;
    return (element / inner / extent * scaleShape[scaleAxis] + index) * inner +
           element % inner;
  }

private:
  llvm::SmallVector<int64_t> scaleShape; ///< Empty: a scalar.
  int64_t scaleAxis = 0;
  int64_t inner = 1;  ///< Elements from one index of the axis to the next.
  int64_t extent = 1; ///< Of the axis.
  int64_t block = 1;
  bool isBlocked = false;
};

/// Weights as integers times scales. Zero points are 0.
struct QuantizedWeights {
  Tensor integers; ///< I8, of the weights' shape.
  llvm::SmallVector<float> scales;
  ScaleLayout layout; ///< Of the scales.

  float scaleOf(int64_t element) const {
    return scales[layout.scaleOf(element)];
  }
};

/// Rounds f32 weights to the nearest of `bits` bits; the range is symmetric,
/// [-127, 127] for 8 bits, and its end is the largest magnitude among those
/// that share a scale. No scale is smaller than `leastScales` says, if it says
/// something. Fails where a weight is not finite.
llvm::FailureOr<QuantizedWeights>
quantizeWeightsToNearest(const Tensor &weights, ScaleLayout layout,
                         unsigned bits, llvm::ArrayRef<float> leastScales = {});

/// The fewest of 2, 4 and 8 bits with which a row of so many elements is whole
/// bytes, as it has to be to be found among others.
unsigned fewestRowBits(int64_t elements);

} // namespace edgec

#endif // EDGEC_COMPRESS_QUANTIZATIONSCALE_H
