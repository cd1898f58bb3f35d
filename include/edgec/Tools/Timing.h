//===- Timing.h - Statistics of repeated measurements -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_TIMING_H
#define EDGEC_TOOLS_TIMING_H

#include <cstddef>
#include <vector>

namespace edgec {

struct TimingStatistics {
  double minimum = 0;
  double median = 0; ///< Mean of the two middle values of an even number.
  double p90 = 0;    ///< Nearest rank: 90 % of the values are at most this.
  double p99 = 0;    ///< The same with 99 %.
  double mean = 0;
  size_t runs = 0;
};

/// `times` in any unit; all zero where there are none.
TimingStatistics summarise(std::vector<double> times);

} // namespace edgec

#endif // EDGEC_TOOLS_TIMING_H
