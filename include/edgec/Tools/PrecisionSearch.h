//===- PrecisionSearch.h - Bits for each layer within a budget --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_PRECISIONSEARCH_H
#define EDGEC_TOOLS_PRECISIONSEARCH_H

#include "edgec/Tools/QuantizationSites.h"

namespace edgec {

/// A layer that gets more bits, or stays float (0).
struct PrecisionStep {
  std::string layer;
  unsigned bits = 8;

  bool operator==(const PrecisionStep &other) const {
    return layer == other.layer && bits == other.bits;
  }
};

/// What one layer costs in accuracy at each of its precisions while all others
/// are float: Σ error² / Σ output², of the worst output of the model.
struct LayerSensitivity {
  QuantizationSites::Layer layer;
  std::vector<unsigned> precisions; ///< From the fewest bits to float (0).
  std::vector<double> noise;        ///< One for each; that of float is 0.
};

/// Steps from all layers at their fewest bits to all in float, in the order of
/// what they gain: noise that goes, for bits of weights that come and, where a
/// layer turns to float, its share of the multiplications. Noise of several
/// layers is taken as its sum.
std::vector<PrecisionStep>
orderSteps(llvm::ArrayRef<LayerSensitivity> sensitivities);

/// Where `options` have a budget: calibrates, measures the sensitivity of each
/// layer, and chooses by measurement the precision of each, in
/// `adaptation.quantization`. Accuracy budgets are met with as few steps as
/// possible, others filled with as many. An error says what is possible where
/// nothing meets the budget.
llvm::Error searchPrecision(llvm::StringRef path, LoadOptions &options);

} // namespace edgec

#endif // EDGEC_TOOLS_PRECISIONSEARCH_H
