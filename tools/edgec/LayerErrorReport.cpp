//===- LayerErrorReport.cpp - What a quantization costs -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerErrorReport.h"
#include "Options.h"
#include "edgec/Tools/LayerErrors.h"
#include "llvm/Support/JSON.h"
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

static std::string formatRange(double low, double high) {
  return fmt::format("[{:.4g}, {:.4g}]", low, high);
}

static std::string stored(const LayerError &row) {
  return row.represented
             ? formatRange(row.represented->low, row.represented->high)
             : "float";
}

static void printTable(ArrayRef<LayerError> rows) {
  outs() << fmt::format("{:>8} {:>9} {:>10}  {:<24}{:<24}{}\n", "SQNR dB",
                        "cosine", "max error", "values", "stored as", "layer");
  for (const LayerError &row : rows)
    outs() << fmt::format("{:>8.1f} {:>9.6f} {:>10.3g}  {:<24}{:<24}{}\n",
                          row.sums.sqnr(), row.sums.cosine(),
                          row.sums.maxError(),
                          formatRange(row.sums.lowest(), row.sums.highest()),
                          stored(row), row.name);
  if (rows.empty()) {
    outs() << "no tensor is quantized\n";
    return;
  }
  const LayerError &worst = rows.front();
  outs() << fmt::format("\nworst: {} with {:.1f} dB; its values are in {}\n",
                        worst.name, worst.sums.sqnr(),
                        formatRange(worst.sums.lowest(), worst.sums.highest()));
}

/// JSON has no infinity: what is equal has no ratio.
static void writeRatio(json::OStream &stream, double decibels) {
  if (std::isfinite(decibels))
    stream.attribute("sqnr", decibels);
  else
    stream.attribute("sqnr", nullptr);
}

static void writeRange(json::OStream &stream, StringRef key, double low,
                       double high) {
  stream.attributeArray(key, [&] {
    stream.value(low);
    stream.value(high);
  });
}

static void printJson(ArrayRef<LayerError> rows) {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.array([&] {
    for (const LayerError &row : rows)
      stream.object([&] {
        stream.attribute("layer", json::fixUTF8(row.name));
        writeRatio(stream, row.sums.sqnr());
        stream.attribute("cosine", row.sums.cosine());
        stream.attribute("max_error", row.sums.maxError());
        writeRange(stream, "values", row.sums.lowest(), row.sums.highest());
        if (row.represented)
          writeRange(stream, "represented", row.represented->low,
                     row.represented->high);
      });
  });
  outs() << "\n";
}

Error edgec::reportLayerErrors(const opt::InputArgList &arguments) {
  Expected<std::string> path = onlyInput(arguments, "model");
  if (!path)
    return path.takeError();
  Expected<LoadOptions> options = loadOptions(arguments);
  if (!options)
    return options.takeError();
  if (Error error = requireOnnx(*path))
    return error;
  auto rows = measureErrors(*path, std::move(*options));
  if (!rows)
    return rows.takeError();
  if (arguments.hasArg(OPT_json))
    printJson(*rows);
  else
    printTable(*rows);
  return Error::success();
}
