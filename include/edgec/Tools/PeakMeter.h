//===- PeakMeter.h - What a core does at best -------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_PEAKMETER_H
#define EDGEC_TOOLS_PEAKMETER_H

#include "edgec/Target/Artefact.h"
#include "edgec/Target/CPU/TargetOptions.h"

namespace edgec {

/// Measures a core's peak with code generated for a target: a loop of the
/// multiply-accumulate instructions that compiled models of that target use.
class PeakMeter {
public:
  static llvm::Expected<PeakMeter> create(const TargetDescription &target,
                                          Arithmetic arithmetic);

  /// Runs the loop for that long. The best of all calls counts: on a machine
  /// that others use too, a peak is only ever seen too low.
  llvm::Error measure(double milliseconds);

  /// Multiply-accumulates a second of one core; 0 before `measure`.
  double macRate() const { return best; }

private:
  PeakMeter(Artefact loop, uint64_t macs);

  Artefact loop;
  uint64_t macs;
  std::vector<Tensor> inputs, outputs;
  double best = 0;
};

/// The target for which an artefact tells that it was compiled: the name that
/// TargetDescription::displayName gave.
llvm::Expected<TargetDescription>
resolveDisplayName(llvm::StringRef triple, llvm::StringRef displayName);

} // namespace edgec

#endif // EDGEC_TOOLS_PEAKMETER_H
