//===- BenchReport.h - What edgec bench prints ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_EDGEC_BENCHREPORT_H
#define EDGEC_TOOLS_EDGEC_BENCHREPORT_H

#include "edgec/Tools/LayerProfile.h"
#include "edgec/Tools/Timing.h"
#include <string>
#include <vector>

namespace edgec {

struct BenchReport {
  std::string model;
  TimingStatistics times; ///< Milliseconds of a run.
  size_t threads = 1;
  bool hasLayers = false;           ///< Layers were asked for.
  PeakRates peaks;                  ///< Of the arithmetics that layers have.
  std::vector<LayerProfile> layers; ///< In the order of execution.
};

void printTable(const BenchReport &report);
void printJson(const BenchReport &report);

} // namespace edgec

#endif // EDGEC_TOOLS_EDGEC_BENCHREPORT_H
