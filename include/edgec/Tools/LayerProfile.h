//===- LayerProfile.h - Where a run's time goes -----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_LAYERPROFILE_H
#define EDGEC_TOOLS_LAYERPROFILE_H

#include "edgec/Target/ModelSpec.h"
#include "llvm/ADT/ArrayRef.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace edgec {

/// Multiply-accumulates a second that a machine can do at best with all threads
/// in use, by the arithmetic.
using PeakRates = std::map<Arithmetic, double>;

/// The times of one layer over several runs, or of several layers.
struct LayerProfile {
  std::string name; ///< Of the layer, or of what the layers have in common.
  std::string kind;
  size_t layers = 1;
  uint64_t rounds = 1; ///< In a run: more than one in a loop, none in a branch
                       ///< that is not taken. Of a sum without a meaning.
  uint64_t macs = 0;   ///< In all rounds.
  uint64_t bytes = 0;  ///< In all rounds.
  double minimum = 0;  ///< Milliseconds.
  double median = 0;   ///< Milliseconds.
  double atPeak = 0;   ///< Milliseconds that `macs` would take at the peak.
  double comparable = 0; ///< The part of `minimum` that `atPeak` stands for.

  /// Billions of operations a second; a multiply-accumulate counts as two.
  double gops() const;
  /// Billions of bytes a second.
  double bandwidth() const;
  /// Per cent of the peak; nothing where no layer has one to compare with.
  std::optional<double> percentOfPeak() const;
};

/// What was seen of a layer.
struct LayerTimes {
  std::vector<double> milliseconds; ///< In every run, of all rounds.
  uint64_t rounds = 0;              ///< In the last run.
};

/// One entry a layer.
std::vector<LayerProfile> profileLayers(llvm::ArrayRef<LayerSpec> layers,
                                        llvm::ArrayRef<LayerTimes> times,
                                        const PeakRates &peaks);

/// One entry for each kind of layers, the slowest kind first.
std::vector<LayerProfile> summariseKinds(llvm::ArrayRef<LayerProfile> profiles);

/// All layers in one.
LayerProfile summariseAll(llvm::ArrayRef<LayerProfile> profiles);

} // namespace edgec

#endif // EDGEC_TOOLS_LAYERPROFILE_H
