//===- BenchReport.cpp - What edgec bench prints --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BenchReport.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

/// Giga-operations a second of a peak in multiply-accumulates a second.
static double gopsOf(double macRate) { return 2 * macRate / 1e9; }

//===----------------------------------------------------------------------===//
// For people
//===----------------------------------------------------------------------===//

static std::string numberUnless(bool empty, double value) {
  return empty ? "" : fmt::format("{:.1f}", value);
}

static void printRow(const LayerProfile &row, double total) {
  std::optional<double> percent = row.percentOfPeak();
  outs() << fmt::format("{:>10.4f} {:>5.1f} % {:>8} {:>8} {:>7} {:<14} ",
                        row.minimum, total > 0 ? 100 * row.minimum / total : 0,
                        numberUnless(row.macs == 0, row.gops()),
                        percent ? fmt::format("{:.1f} %", *percent) : "",
                        numberUnless(row.bytes == 0, row.bandwidth()),
                        row.kind);
}

static void printLayers(const BenchReport &report) {
  LayerProfile total = summariseAll(report.layers);
  auto header = [](const char *last) {
    outs() << fmt::format("{:>10} {:>7} {:>8} {:>8} {:>7} {:<14} {}\n", "ms",
                          "share", "GOP/s", "of peak", "GB/s", "kind", last);
  };
  header("layer");
  for (const LayerProfile &layer : report.layers) {
    printRow(layer, total.minimum);
    outs() << layer.name;
    if (layer.rounds != 1)
      outs() << fmt::format(" ({} times)", layer.rounds);
    outs() << "\n";
  }
  outs() << "\n";
  header("layers");
  std::vector<LayerProfile> rows = summariseKinds(report.layers);
  rows.push_back(total);
  for (const LayerProfile &row : rows) {
    printRow(row, total.minimum);
    outs() << row.layers << "\n";
  }
  for (auto [arithmetic, rate] : report.peaks)
    outs() << fmt::format("peak of {}, measured: {:.1f} GOP/s\n",
                          name(arithmetic).str(), gopsOf(rate));
  outs() << "\n";
}

void edgec::printTable(const BenchReport &report) {
  if (!report.layers.empty())
    printLayers(report);
  const TimingStatistics &times = report.times;
  outs() << fmt::format("min {:.3f} ms, median {:.3f} ms, p90 {:.3f} ms, p99 "
                        "{:.3f} ms ({} runs, {} thread{})\n",
                        times.minimum, times.median, times.p90, times.p99,
                        times.runs, report.threads,
                        report.threads == 1 ? "" : "s");
}

//===----------------------------------------------------------------------===//
// For programs
//===----------------------------------------------------------------------===//

static void writeProfile(json::OStream &stream, const LayerProfile &profile) {
  stream.attribute("kind", profile.kind);
  stream.attribute("macs", profile.macs);
  stream.attribute("bytes", profile.bytes);
  stream.attribute("ms", profile.minimum);
  stream.attribute("median_ms", profile.median);
  if (profile.macs != 0)
    stream.attribute("gops", profile.gops());
  if (std::optional<double> percent = profile.percentOfPeak())
    stream.attribute("percent_of_peak", *percent);
}

static void writeLayers(json::OStream &stream, const BenchReport &report) {
  stream.attributeObject("peak_gops", [&] {
    for (auto [arithmetic, rate] : report.peaks)
      stream.attribute(name(arithmetic), gopsOf(rate));
  });
  stream.attributeArray("layers", [&] {
    for (const LayerProfile &layer : report.layers)
      stream.object([&] {
        stream.attribute("name", json::fixUTF8(layer.name));
        stream.attribute("rounds", layer.rounds);
        writeProfile(stream, layer);
      });
  });
  stream.attributeArray("kinds", [&] {
    for (const LayerProfile &kind : summariseKinds(report.layers))
      stream.object([&] {
        stream.attribute("layers", static_cast<uint64_t>(kind.layers));
        writeProfile(stream, kind);
      });
  });
}

void edgec::printJson(const BenchReport &report) {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.object([&] {
    stream.attribute("model", report.model);
    stream.attribute("min_ms", report.times.minimum);
    stream.attribute("median_ms", report.times.median);
    stream.attribute("p90_ms", report.times.p90);
    stream.attribute("p99_ms", report.times.p99);
    stream.attribute("mean_ms", report.times.mean);
    stream.attribute("runs", static_cast<uint64_t>(report.times.runs));
    stream.attribute("threads", static_cast<uint64_t>(report.threads));
    if (report.hasLayers)
      writeLayers(stream, report);
  });
  outs() << "\n";
}
