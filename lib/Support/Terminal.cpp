//===- Terminal.cpp - Messages for people ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/Terminal.h"
#include "llvm/Support/Process.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

bool edgec::showsColour(raw_ostream &stream) {
  // https://no-color.org: set and not empty.
  std::optional<std::string> noColour = sys::Process::GetEnv("NO_COLOR");
  if (noColour && !noColour->empty())
    return false;
  return stream.is_displayed() && stream.has_colors();
}

static void report(raw_ostream::Colors colour, StringRef severity,
                   const Twine &message) {
  raw_ostream &stream = errs();
  outs().flush(); // Keep the order when both go to one place.
  bool colours = showsColour(stream);
  stream << "edgec: ";
  if (colours)
    stream.changeColor(colour, /*Bold=*/true);
  stream << severity << ":";
  if (colours)
    stream.resetColor();
  stream << " " << message << "\n";
}

void edgec::reportError(const Twine &message) {
  report(raw_ostream::RED, "error", message);
}

void edgec::reportError(Error error) {
  handleAllErrors(std::move(error), [](const ErrorInfoBase &info) {
    reportError(info.message());
  });
}

void edgec::reportWarning(const Twine &message) {
  report(raw_ostream::MAGENTA, "warning", message);
}

void edgec::reportNote(const Twine &message) {
  report(raw_ostream::CYAN, "note", message);
}

void edgec::reportRemark(const Twine &message) {
  report(raw_ostream::BLUE, "remark", message);
}

std::string edgec::formatBytes(uint64_t bytes) {
  constexpr const char *units[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024)
    return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(units)) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, units[unit]);
}
