//===- NoiseSource.h - Made samples -----------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DATA_NOISESOURCE_H
#define EDGEC_DATA_NOISESOURCE_H

#include "edgec/Data/SampleSource.h"

namespace edgec {

/// Values that stored samples have.
struct SampleRange {
  double low = 0, high = 255;
};

/// Sample number `index` of noise in which every octave of frequencies has the
/// same power, as in images and sounds: what a network computes from it has
/// about the ranges that it has for data. Contrasts differ from sample to
/// sample, and channels have most in common. The last two dimensions are the
/// plane, or the first two of three where the last one is that of colours.
Tensor makeNoiseSample(std::vector<int64_t> shape, uint64_t index,
                       SampleRange range);

/// Any number of such samples for each input.
std::unique_ptr<SampleSource>
makeNoiseSource(SampleShape shape, SampleRange range, ChannelLayout layout);

} // namespace edgec

#endif // EDGEC_DATA_NOISESOURCE_H
