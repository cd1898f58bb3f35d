//===- RangeObserver.cpp - Ranges of tensors from samples -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/RangeObserver.h"
#include "llvm/ADT/StringSwitch.h"
#include <algorithm>
#include <cmath>

using namespace edgec;

/// Of 2048 bins a side, 8-bit steps of the narrowest range that is considered
/// have several.
static constexpr int64_t numBins = 4096;
static constexpr double firstLimit = 0x1p-20;

std::optional<RangeMethod> edgec::parseRangeMethod(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<RangeMethod>>(name)
      .Case("minmax", RangeMethod::MinMax)
      .Case("percentile", RangeMethod::Percentile)
      .Case("mse", RangeMethod::Mse)
      .Default(std::nullopt);
}

RangeObserver::RangeObserver() : limit(firstLimit), bins(numBins, 0) {}

void RangeObserver::widen(float magnitude) {
  while (magnitude >= limit) {
    std::vector<uint64_t> merged(numBins, 0);
    for (int64_t i = 0; i < numBins; ++i)
      merged[numBins / 4 + i / 2] += bins[i];
    bins = std::move(merged);
    limit *= 2;
  }
}

void RangeObserver::observe(llvm::ArrayRef<float> values) {
  float least = low, greatest = high;
  for (float value : values) {
    if (!std::isfinite(value)) {
      nonFinite = true;
      continue;
    }
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  low = least;
  high = greatest;
  count += values.size();
  widen(std::max(-low, high));
  double binsPerUnit = numBins / (2 * limit);
  for (float value : values)
    if (value != 0 && std::isfinite(value))
      ++bins[static_cast<int64_t>((value + limit) * binsPerUnit)];
}

float RangeObserver::lowEdge(int64_t bin) const {
  return static_cast<float>((bin * 2.0 / numBins - 1) * limit);
}

TensorRange RangeObserver::range(RangeMethod method, double outliers) const {
  switch (method) {
  case RangeMethod::MinMax:
    return {low, high};
  case RangeMethod::Percentile:
    return percentile(outliers);
  case RangeMethod::Mse:
    return leastError();
  }
  return {low, high};
}

TensorRange RangeObserver::percentile(double outliers) const {
  auto most = static_cast<uint64_t>(outliers * count);
  auto keptFrom = [&](auto begin, auto end) {
    uint64_t seen = 0;
    auto bin = begin;
    while (bin != end && (seen += *bin) <= most)
      ++bin;
    return bin - begin;
  };
  int64_t first = keptFrom(bins.begin(), bins.end());
  int64_t last = numBins - keptFrom(bins.rbegin(), bins.rend());
  return {std::max(low, std::min(0.0f, lowEdge(first))),
          std::min(high, std::max(0.0f, lowEdge(last)))};
}

/// Sum of the squared errors of what is in the bins: that of rounding, which is
/// spread evenly over a step, inside, and the distance outside.
double RangeObserver::errorOf(TensorRange range) const {
  double step = (static_cast<double>(range.high) - range.low) / 255;
  double rounding = step * step / 12, error = 0;
  double width = 2 * limit / numBins;
  for (int64_t bin = 0; bin < numBins; ++bin) {
    if (bins[bin] == 0)
      continue;
    double value = lowEdge(bin) + width / 2;
    double outside = std::max({range.low - value, value - range.high, 0.0});
    error += bins[bin] * (rounding + outside * outside);
  }
  return error;
}

/// Each end is drawn in by itself, as the tails may differ: first both
/// together, then one and the other.
TensorRange RangeObserver::leastError() const {
  TensorRange best{low, high};
  double least = errorOf(best);
  auto consider = [&](TensorRange range) {
    double error = errorOf(range);
    if (error < least) {
      least = error;
      best = range;
    }
  };
  constexpr int64_t numShares = 64;
  auto shareOf = [](int64_t i, float end) {
    return end * static_cast<float>(i) / numShares;
  };
  for (int64_t i = 1; i < numShares; ++i)
    consider({shareOf(i, low), shareOf(i, high)});
  TensorRange start = best;
  for (int64_t i = 1; i <= numShares; ++i)
    consider({shareOf(i, low), start.high});
  start = best;
  for (int64_t i = 1; i <= numShares; ++i)
    consider({start.low, shareOf(i, high)});
  return best;
}
