//===- SplitMix64.h - Pseudorandom bits -------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_SPLITMIX64_H
#define EDGEC_SUPPORT_SPLITMIX64_H

#include <cstdint>

namespace edgec {

/// The same bits for a seed on every machine: what the standard library's
/// distributions make of its engines depends on the library (Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", 2014).
class SplitMix64 {
public:
  explicit SplitMix64(uint64_t seed) : state(seed) {}

  uint64_t next() {
    state += 0x9e3779b97f4a7c15;
    uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }

private:
  uint64_t state;
};

} // namespace edgec

#endif // EDGEC_SUPPORT_SPLITMIX64_H
