//===- Timing.cpp - Statistics of repeated measurements -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Timing.h"
#include <algorithm>
#include <numeric>

using namespace edgec;

TimingStatistics edgec::summarise(std::vector<double> times) {
  TimingStatistics result;
  result.runs = times.size();
  if (times.empty())
    return result;
  std::sort(times.begin(), times.end());
  size_t count = times.size();
  result.minimum = times.front();
  result.median = (times[(count - 1) / 2] + times[count / 2]) / 2;
  auto nearestRank = [&](size_t percent) {
    return times[(count * percent + 99) / 100 - 1];
  };
  result.p90 = nearestRank(90);
  result.p99 = nearestRank(99);
  result.mean = std::accumulate(times.begin(), times.end(), 0.0) /
                static_cast<double>(count);
  return result;
}
