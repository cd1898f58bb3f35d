//===- Random.h - Random numbers, the same everywhere -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The standard library fixes the sequences of its engines but not those of its
// distributions, so both are written here. Everything uses integer arithmetic
// and correctly rounded IEEE operations only.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_DRAW_RANDOM_H
#define EDGEC_EXAMPLES_DIGITS_DRAW_RANDOM_H

#include <cstdint>

namespace digits {

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  /// A generator of its own for item `index`, so that item i does not depend
  /// on how many numbers the items before it took.
  static Random forItem(uint64_t seed, uint64_t index) {
    Random outer(seed);
    Random inner(outer.next() ^ (index * 0xD1B54A32D192ED03u));
    return Random(inner.next());
  }

  uint64_t next() {
    state += 0x9E3779B97F4A7C15u;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform() {
    constexpr double unit = 1.0 / 9007199254740992.0; // 2^-53
    return static_cast<double>(next() >> 11) * unit;
  }

  /// Uniform in [low, high).
  double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  /// Uniform in 0 .. bound - 1. The bias, below bound / 2^64, is of no concern
  /// here.
  uint64_t below(uint64_t bound) { return next() % bound; }

  /// Mean 0, standard deviation 1: the sum of 12 uniform numbers less 6, which
  /// needs no logarithm and no cosine. Cut off at 6.
  double normal() {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i)
      sum += uniform();
    return sum;
  }

private:
  uint64_t state;
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_DRAW_RANDOM_H
