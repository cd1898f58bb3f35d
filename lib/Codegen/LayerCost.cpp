//===- LayerCost.cpp - Which layers are divided among threads ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/LayerCost.h"

#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace edgec;

/// What a fast core does in a nanosecond, short of its peak.
constexpr double macBitsPerNanosecond = 2048; // 64 products of 32 bits
constexpr double stepsPerNanosecond = 16;
constexpr double bytesPerNanosecond = 32;

/// The least that a part must take for handing it over (a few cache misses of
/// 0.1 us each) to be a small matter.
constexpr double leastPartNanoseconds = 1000;

/// The largest part may be so much longer than the mean.
constexpr double acceptedImbalance = 0.03;

/// Numbers of parts for which a nest is to be cut evenly.
constexpr int64_t commonParts = 8;

double edgec::modelledNanoseconds(const LayerCost &cost) {
  double compute = static_cast<double>(cost.macs) *
                       static_cast<double>(cost.macBits) /
                       macBitsPerNanosecond +
                   static_cast<double>(cost.steps) / stepsPerNanosecond;
  return std::max(compute,
                  static_cast<double>(cost.bytes) / bytesPerNanosecond);
}

int64_t edgec::chooseMaxParts(const LayerCost &cost) {
  return std::max<int64_t>(1, static_cast<int64_t>(modelledNanoseconds(cost) /
                                                   leastPartNanoseconds));
}

unsigned edgec::chooseSharedLoops(llvm::ArrayRef<int64_t> trips) {
  int64_t total = 1;
  for (unsigned depth = 0; depth < trips.size(); ++depth) {
    total *= trips[depth];
    bool even = true;
    for (int64_t parts = 2; parts <= commonParts && even; ++parts) {
      double largest =
          static_cast<double>(llvm::divideCeil(total, parts) * parts);
      even = largest <= (1 + acceptedImbalance) * static_cast<double>(total);
    }
    if (even)
      return depth + 1;
  }
  return trips.size();
}
