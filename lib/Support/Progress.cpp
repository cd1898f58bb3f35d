//===- Progress.cpp - Progress of long work -------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/Progress.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <fmt/format.h>

using namespace edgec;

ProgressBar::ProgressBar(std::string title, uint64_t total)
    : title(std::move(title)), total(std::max<uint64_t>(total, 1)),
      visible(llvm::errs().is_displayed()) {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::update(uint64_t done) {
  constexpr auto redrawInterval = std::chrono::milliseconds(100);
  constexpr size_t width = 30;
  Clock::time_point now = Clock::now();
  if (!visible || (drawn && now - lastDraw < redrawInterval))
    return;
  lastDraw = now;
  drawn = true;

  double fraction =
      std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  size_t filled = static_cast<size_t>(fraction * width);
  std::string remaining;
  if (fraction > 0) {
    double elapsed = std::chrono::duration<double>(now - start).count();
    remaining = fmt::format("{:.0f} s left", elapsed / fraction - elapsed);
  }
  llvm::errs() << fmt::format("\r{}  [{:-<{}}] {:3.0f} %  {:<12}", title,
                              std::string(filled, '#'), width, 100 * fraction,
                              remaining);
  llvm::errs().flush();
}

void ProgressBar::clear() {
  if (!drawn)
    return;
  drawn = false;
  llvm::errs() << "\r\x1b[K"; // Erase to the end of the line.
  llvm::errs().flush();
}
