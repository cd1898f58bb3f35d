//===- Progress.h - Progress of long work -----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_PROGRESS_H
#define EDGEC_SUPPORT_PROGRESS_H

#include <chrono>
#include <cstdint>
#include <string>

namespace edgec {

/// A bar on standard error, only when that is a terminal: redrawn in place at
/// most ten times a second, erased when this object goes.
///
///   evaluating  [#########-----------]  45 %  12 s left
class ProgressBar {
public:
  ProgressBar(std::string title, uint64_t total);
  ~ProgressBar();
  ProgressBar(const ProgressBar &) = delete;
  ProgressBar &operator=(const ProgressBar &) = delete;

  /// `done` of the total units are finished.
  void update(uint64_t done);
  /// Takes the bar off the screen, so that something can be printed.
  void clear();

private:
  using Clock = std::chrono::steady_clock;
  std::string title;
  uint64_t total;
  bool visible;
  bool drawn = false;
  Clock::time_point start = Clock::now();
  Clock::time_point lastDraw;
};

} // namespace edgec

#endif // EDGEC_SUPPORT_PROGRESS_H
