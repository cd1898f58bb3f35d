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
  result.p90 = times[(count * 9 + 9) / 10 - 1];
  result.mean = std::accumulate(times.begin(), times.end(), 0.0) /
                static_cast<double>(count);
  return result;
}
