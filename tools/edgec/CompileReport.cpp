//===- CompileReport.cpp - What edgec compile tells at the end ------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompileReport.h"
#include "edgec/Support/Terminal.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

size_t edgec::countKernels(const EntryPointSpec &entry) {
  DenseSet<uint32_t> kernels;
  for (const LayerSpec &layer : entry.layers)
    kernels.insert(layer.kernel);
  return kernels.size();
}

static uint64_t fileSize(StringRef path) {
  uint64_t size = 0;
  return sys::fs::file_size(path, size) ? 0 : size;
}

static void printLine(raw_ostream &stream, const std::string &what,
                      uint64_t bytes, const std::string &note = "") {
  std::string line = fmt::format("{:<40} {:>12}", what, formatBytes(bytes));
  stream << line << (note.empty() ? "" : "  (" + note + ")") << "\n";
}

void edgec::printSummary(const CompileReport &report, raw_ostream &stream) {
  for (const std::string &file : report.files)
    printLine(stream, file, fileSize(file));
  for (const EntryPointSpec &entry : report.spec.entryPoints)
    printLine(stream, "arena", entry.arenaSize,
              fmt::format("{} bytes, for {}; at least {} are in use at once",
                          entry.arenaSize, entry.name, entry.arenaLowerBound));
  if (!report.spec.entryPoints.empty())
    printLine(stream, "weights", report.weightsSize,
              fmt::format("{} bytes", report.weightsSize));
  if (report.codeSize) {
    size_t layers = 0, kernels = 0;
    for (const EntryPointSpec &entry : report.spec.entryPoints) {
      layers += entry.layers.size();
      kernels += countKernels(entry);
    }
    printLine(stream, "code", *report.codeSize,
              fmt::format("{} bytes, {} kernels for {} layers",
                          *report.codeSize, kernels, layers));
  }
  stream << fmt::format("compiled for {} in {:.2f} s\n", report.target,
                        report.seconds);
}

static void writeEntry(json::OStream &stream, const EntryPointSpec &entry) {
  stream.attribute("name", entry.name);
  stream.attribute("arena_bytes", entry.arenaSize);
  stream.attribute("arena_align", entry.arenaAlign);
  stream.attribute("arena_lower_bound", entry.arenaLowerBound);
  stream.attribute("arena_logical_bound", entry.arenaLogicalBound);
  stream.attribute("layers", static_cast<uint64_t>(entry.layers.size()));
  stream.attribute("kernels", static_cast<uint64_t>(countKernels(entry)));
}

void edgec::printJson(const CompileReport &report, raw_ostream &output) {
  json::OStream stream(output, /*IndentSize=*/2);
  stream.object([&] {
    stream.attributeArray("files", [&] {
      for (const std::string &file : report.files)
        stream.object([&] {
          stream.attribute("path", file);
          stream.attribute("bytes", fileSize(file));
        });
    });
    stream.attribute("name", report.spec.name);
    stream.attribute("target", report.target);
    stream.attribute("weights_bytes", report.weightsSize);
    if (report.codeSize)
      stream.attribute("code_bytes", *report.codeSize);
    stream.attributeArray("entry_points", [&] {
      for (const EntryPointSpec &entry : report.spec.entryPoints)
        stream.object([&] { writeEntry(stream, entry); });
    });
    stream.attribute("compile_seconds", report.seconds);
    stream.attributeObject("phase_seconds", [&] {
      for (const PhaseTime &time : report.phases)
        stream.attribute(time.phase, time.seconds);
    });
  });
  output << "\n";
}
