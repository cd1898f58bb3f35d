//===- CompileReport.h - What edgec compile tells at the end ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_EDGEC_COMPILEREPORT_H
#define EDGEC_TOOLS_EDGEC_COMPILEREPORT_H

#include "edgec/Pipelines/Pipelines.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>

namespace edgec {

/// Seconds since it was made.
class Stopwatch {
public:
  double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
};

struct CompileReport {
  ModelSpec spec;
  std::string target;
  uint64_t weightsSize = 0;         ///< Bytes.
  std::optional<uint64_t> codeSize; ///< Bytes; none where no object is made.
  double seconds = 0;               ///< From beginning to end.
  std::vector<PhaseTime> phases;    ///< Of compiling to artefacts.
  std::vector<std::string> files;
};

/// How many pieces of code the layers share.
size_t countKernels(const EntryPointSpec &entry);

void printSummary(const CompileReport &report, llvm::raw_ostream &stream);
void printJson(const CompileReport &report, llvm::raw_ostream &stream);

} // namespace edgec

#endif // EDGEC_TOOLS_EDGEC_COMPILEREPORT_H
