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
#include <optional>

namespace edgec {

/// x is about (q - zeroPoint) * scale with q in [0, 255].
struct ActivationScale {
  float scale = 1;
  int64_t zeroPoint = 0;
};

/// The scale for values in [low, high], which holds 0. The zero point is exact:
/// 0 stands for itself, as paddings need. A range of one point gets scale 1.
ActivationScale chooseActivationScale(float low, float high);

/// Weights as integers times a scale for the tensor, or one for each index of
/// an axis. Zero points are 0.
struct QuantizedWeights {
  Tensor integers; ///< I8, of the weights' shape.
  llvm::SmallVector<float> scales;
};

/// Rounds f32 weights to the nearest of `bits` bits; the range is symmetric,
/// [-127, 127] for 8 bits, and its end is the largest magnitude. Without an
/// axis there is one scale. No scale is smaller than `leastScales` says, if it
/// says something. Fails where a weight is not finite.
llvm::FailureOr<QuantizedWeights>
quantizeWeightsToNearest(const Tensor &weights, std::optional<int64_t> axis,
                         unsigned bits, llvm::ArrayRef<float> leastScales = {});

} // namespace edgec

#endif // EDGEC_COMPRESS_QUANTIZATIONSCALE_H
