//===- Preprocessing.h - From a stored sample to an input -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DATA_PREPROCESSING_H
#define EDGEC_DATA_PREPROCESSING_H

#include "edgec/Support/Tensor.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace edgec {

/// Where the channels of a sample, or of a model's input, are.
enum class ChannelLayout {
  First, ///< "nchw": axis 1, after the batch.
  Last,  ///< "nhwc": the last axis.
};

/// Height and width in pixels.
struct ImageSize {
  int64_t height = 0, width = 0;
};
inline bool operator==(ImageSize a, ImageSize b) {
  return a.height == b.height && a.width == b.width;
}

/// How a model's input is made from a stored sample:
/// (sample · scale − mean) / deviation, in single precision. `mean` and
/// `deviation` have one value, or one for each channel.
struct Preprocessing {
  double scale = 1;
  std::vector<double> mean = {0};
  std::vector<double> deviation = {1};

  /// Nothing: axis 1 for tensors; for images, what the input's shape tells.
  std::optional<ChannelLayout> layout;

  // Images only, in this order.
  /// Pixels of the shorter side, which keeps the aspect ratio; 0: not asked.
  int64_t resizeShorter = 0;
  /// The size, whatever the aspect ratio.
  std::optional<ImageSize> resize;
  /// The part from the middle that is kept.
  std::optional<ImageSize> crop;

  bool isIdentity() const;

  /// A usage error where the number of values is neither 1 nor that of the
  /// channels, or a divisor is 0.
  llvm::Error check(int64_t channels) const;
};

/// Extent of the channel axis of a sample; 1 where it has no such axis.
/// `hasBatch`: its first axis is the batch.
int64_t channelsOf(const std::vector<int64_t> &sampleShape,
                   ChannelLayout layout, bool hasBatch);

/// Writes a sample to elements offset, offset + 1, ... of a model's input,
/// converted to its type. Values for integer inputs are rounded to the nearest
/// and saturated; without preprocessing, integers stay exact.
void storeSample(Tensor &input, int64_t offset, const Tensor &sample,
                 const Preprocessing &preprocessing, ChannelLayout layout,
                 bool hasBatch);

} // namespace edgec

#endif // EDGEC_DATA_PREPROCESSING_H
