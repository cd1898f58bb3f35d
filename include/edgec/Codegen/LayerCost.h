//===- LayerCost.h - Which layers are divided among threads -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_LAYERCOST_H
#define EDGEC_CODEGEN_LAYERCOST_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>

namespace edgec {

/// What a layer does, as far as its time depends on it.
struct LayerCost {
  int64_t macs = 0;     ///< Multiply-accumulates of a contraction.
  int64_t macBits = 32; ///< Width of their factors.
  int64_t steps = 0;    ///< Elementwise operations, counted per element.
  int64_t bytes = 0;    ///< Of all operands.
};

/// Elementwise operations that a call of exp, tanh and the like amounts to.
inline constexpr int64_t transcendentalSteps = 16;

/// Nanoseconds on one fast core (AVX-512): a lower bound for others.
double modelledNanoseconds(const LayerCost &cost);

/// Into how many parts it pays to divide the layer at most, 1: into none, where
/// a part is to take `grain` nanoseconds at least.
int64_t chooseMaxParts(const LayerCost &cost, int64_t grain);

/// How many loops of a nest, from the outermost on, are to be walked as one
/// that is cut into equal parts: the fewest that make the parts even. `trips`
/// has the number of iterations of each.
unsigned chooseSharedLoops(llvm::ArrayRef<int64_t> trips);

} // namespace edgec

#endif // EDGEC_CODEGEN_LAYERCOST_H
