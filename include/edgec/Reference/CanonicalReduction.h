//===- CanonicalReduction.h - The order of sums -----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Floating-point addition is not associative: a sum is only the same on every
// CPU and for every thread count if everybody adds in the same order.
// Reductions (edge.reduce, the sums of softmax, the means of normalisations)
// use the one that is defined here, in the interpreter and in generated code.
//
//   lane l (0 <= l < 16) starts at the neutral element and takes in the
//   elements l, l + 16, l + 32, ... in this order, where elements are numbered
//   row-major over the reduced dimensions;
//   then lane l takes in lane l + 8 (0 <= l < 8), lane l + 4 (0 <= l < 4),
//   lane l + 2 (0 <= l < 2) and lane 0 takes in lane 1.
//
// Sixteen lanes are one AVX-512 register, two AVX registers or four NEON
// registers of single precision. Lanes without an element stay neutral, so that
// a masked or zero-padded last step gives the same result. A mapped element (a
// square, an exponential) is rounded before it is added: no fused multiply-add.
//
// Convolutions and matrix products do not use the tree: they accumulate along k
// one by one, with fused multiply-adds.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_REFERENCE_CANONICALREDUCTION_H
#define EDGEC_REFERENCE_CANONICALREDUCTION_H

#include <cstdint>

namespace edgec {

inline constexpr int64_t canonicalLanes = 16;

/// Combines element(0), ..., element(count - 1) in the canonical order.
template <typename T, typename Element, typename Combine>
T canonicalReduction(int64_t count, T neutral, Element element,
                     Combine combine) {
  T lanes[canonicalLanes];
  for (T &lane : lanes)
    lane = neutral;
  int64_t whole = count - count % canonicalLanes;
  for (int64_t start = 0; start < whole; start += canonicalLanes)
    for (int64_t lane = 0; lane < canonicalLanes; ++lane)
      lanes[lane] = combine(lanes[lane], element(start + lane));
  for (int64_t i = whole; i < count; ++i)
    lanes[i - whole] = combine(lanes[i - whole], element(i));
  for (int64_t width = canonicalLanes / 2; width > 0; width /= 2)
    for (int64_t lane = 0; lane < width; ++lane)
      lanes[lane] = combine(lanes[lane], lanes[lane + width]);
  return lanes[0];
}

/// The sum of element(0), ..., element(count - 1) in the canonical order.
template <typename T, typename Element>
T canonicalSum(int64_t count, Element element) {
  return canonicalReduction(count, T(0), element,
                            [](T x, T y) { return x + y; });
}

} // namespace edgec

#endif // EDGEC_REFERENCE_CANONICALREDUCTION_H
