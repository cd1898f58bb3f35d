//===- LayerProfile.cpp - Where a run's time goes -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/LayerProfile.h"
#include "edgec/Tools/Timing.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace edgec;

/// `amount` of anything in `milliseconds`, as billions a second.
static double billionsPerSecond(double amount, double milliseconds) {
  return milliseconds > 0 ? amount / milliseconds / 1e6 : 0;
}

double LayerProfile::gops() const {
  return billionsPerSecond(2 * static_cast<double>(macs), minimum);
}

double LayerProfile::bandwidth() const {
  return billionsPerSecond(static_cast<double>(bytes), minimum);
}

std::optional<double> LayerProfile::percentOfPeak() const {
  if (comparable <= 0)
    return std::nullopt;
  return 100 * atPeak / comparable;
}

std::vector<LayerProfile> edgec::profileLayers(llvm::ArrayRef<LayerSpec> layers,
                                               llvm::ArrayRef<LayerTimes> times,
                                               const PeakRates &peaks) {
  std::vector<LayerProfile> profiles;
  for (auto [layer, timesOfLayer] : llvm::zip_equal(layers, times)) {
    TimingStatistics statistics = summarise(timesOfLayer.milliseconds);
    LayerProfile &profile = profiles.emplace_back();
    profile.name = layer.name;
    profile.kind = layer.kind;
    profile.rounds = timesOfLayer.rounds;
    profile.macs = layer.macs * profile.rounds;
    profile.bytes = layer.bytes * profile.rounds;
    profile.minimum = statistics.minimum;
    profile.median = statistics.median;
    std::optional<Arithmetic> arithmetic = parseArithmetic(layer.arithmetic);
    auto peak = arithmetic ? peaks.find(*arithmetic) : peaks.end();
    if (peak == peaks.end() || peak->second <= 0)
      continue;
    profile.atPeak = static_cast<double>(profile.macs) / peak->second * 1000;
    profile.comparable = profile.minimum;
  }
  return profiles;
}

static void add(LayerProfile &sum, const LayerProfile &profile) {
  sum.layers += profile.layers;
  sum.macs += profile.macs;
  sum.bytes += profile.bytes;
  sum.minimum += profile.minimum;
  sum.median += profile.median;
  sum.atPeak += profile.atPeak;
  sum.comparable += profile.comparable;
}

std::vector<LayerProfile>
edgec::summariseKinds(llvm::ArrayRef<LayerProfile> profiles) {
  std::vector<LayerProfile> kinds;
  llvm::StringMap<size_t> indexOf;
  for (const LayerProfile &profile : profiles) {
    auto [known, isNew] = indexOf.try_emplace(profile.kind, kinds.size());
    if (isNew) {
      kinds.emplace_back();
      kinds.back().kind = profile.kind;
      kinds.back().layers = 0;
    }
    add(kinds[known->second], profile);
  }
  llvm::sort(kinds, [](const LayerProfile &a, const LayerProfile &b) {
    return std::tie(b.minimum, a.kind) < std::tie(a.minimum, b.kind);
  });
  return kinds;
}

LayerProfile edgec::summariseAll(llvm::ArrayRef<LayerProfile> profiles) {
  LayerProfile all;
  all.kind = "total";
  all.layers = 0;
  for (const LayerProfile &profile : profiles)
    add(all, profile);
  return all;
}
