//===- RandomSource.h - Reproducible random choices -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_RANDOM_RANDOMSOURCE_H
#define EDGEC_LIB_RANDOM_RANDOMSOURCE_H

#include "edgec/Support/SplitMix64.h"
#include "llvm/ADT/ArrayRef.h"
#include <cstdint>

namespace edgec::random {

/// The same choices for a seed on every machine.
class RandomSource : public SplitMix64 {
public:
  using SplitMix64::SplitMix64;

  /// An integer in [low, high].
  int64_t between(int64_t low, int64_t high) {
    uint64_t count = static_cast<uint64_t>(high) - low + 1;
    return low + static_cast<int64_t>(count == 0 ? next() : next() % count);
  }

  /// A number in [low, high).
  double uniform(double low, double high) {
    constexpr double unit = 0x1p-53;
    return low + (high - low) * unit * static_cast<double>(next() >> 11);
  }

  /// True so many times in a hundred.
  bool percent(unsigned chance) { return next() % 100 < chance; }

  template <typename T> T among(std::initializer_list<T> choices) {
    return choices.begin()[next() % choices.size()];
  }
  template <typename T> const T &among(llvm::ArrayRef<T> choices) {
    return choices[next() % choices.size()];
  }
};

} // namespace edgec::random

#endif // EDGEC_LIB_RANDOM_RANDOMSOURCE_H
