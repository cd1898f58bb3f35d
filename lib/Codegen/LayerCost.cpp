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

/// More than there are threads anywhere.
constexpr int64_t maxParts = 4096;

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

int64_t edgec::chooseMaxParts(const LayerCost &cost, int64_t grain) {
  double parts = modelledNanoseconds(cost) /
                 static_cast<double>(std::max<int64_t>(grain, 1));
  if (grain == 0)
    parts = static_cast<double>(maxParts);
  return std::clamp<int64_t>(static_cast<int64_t>(parts), 1, maxParts);
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
