//===- SignalWindows.cpp - Windows and mel filters of known size ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constants: their extents are inputs, which have to be known. Computed in
// double precision and rounded once.
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include "edgec/Reference/Interpreter.h"
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// Longer windows, and larger filters, are no model's.
constexpr int64_t mostElements = int64_t{1} << 26;

/// The element type that attribute output_datatype names.
Type outputType(NodeContext &node) {
  int32_t number = node.intAttribute("output_datatype", 1);
  std::optional<ElementType> type = elementTypeOfOnnx(number);
  if (type)
    return fromElementType(node.context(), *type);
  (void)node.error("ONNX type " + onnxTypeName(number) + " is not supported");
  return {};
}

LogicalResult finishConstant(NodeContext &node, const Tensor &values) {
  Type type = outputType(node);
  if (node.hasFailed())
    return failure();
  return node.finish(node.castTo(node.constant(values), type));
}

/// a0 - a1 cos(x) + a2 cos(2 x) with x in [0, 2 pi].
LogicalResult cosineWindow(NodeContext &node, double a0, double a1, double a2) {
  bool isPeriodic = node.flagAttribute("periodic", true);
  std::optional<SmallVector<int64_t>> size = node.constantInts(0);
  if (!size)
    return failure();
  if (size->size() != 1 || size->front() < 0 || size->front() > mostElements)
    return node.error("size must be one number that is not negative");
  int64_t count = size->front();
  auto period = static_cast<double>(isPeriodic ? count : count - 1);
  Tensor window(ElementType::F32, {count});
  for (int64_t i = 0; i < count; ++i) {
    double x = period == 0 ? 0 : 2 * M_PI * static_cast<double>(i) / period;
    window.mutableData<float>()[i] =
        static_cast<float>(a0 - a1 * std::cos(x) + a2 * std::cos(2 * x));
  }
  return finishConstant(node, window);
}

LogicalResult importHann(NodeContext &node) {
  return cosineWindow(node, 0.5, 0.5, 0);
}

LogicalResult importHamming(NodeContext &node) {
  return cosineWindow(node, 25.0 / 46, 21.0 / 46, 0);
}

LogicalResult importBlackman(NodeContext &node) {
  return cosineWindow(node, 0.42, 0.5, 0.08);
}

//===----------------------------------------------------------------------===//
// Mel filters
//===----------------------------------------------------------------------===//

struct MelOptions {
  int64_t bands, length, rate;
  double lowest, highest;
};

std::optional<MelOptions> readMel(NodeContext &node) {
  std::array<double, 5> values;
  for (unsigned i = 0; i < values.size(); ++i) {
    std::optional<SmallVector<double>> input = node.constantFloats(i);
    if (!input)
      return std::nullopt;
    if (input->size() != 1 || !std::isfinite(input->front())) {
      (void)node.error(fmt::format("input {} must be one number", i));
      return std::nullopt;
    }
    values[i] = input->front();
  }
  MelOptions options{};
  bool areExtents =
      values[0] >= 1 && values[1] >= 1 && values[2] >= 1 && values[3] >= 0 &&
      values[4] >= values[3] &&
      values[0] * (values[1] / 2 + 1) <= static_cast<double>(mostElements) &&
      values[2] <= static_cast<double>(mostElements);
  if (!areExtents) {
    (void)node.error("bins, length and rate must be positive and not huge, "
                     "and the upper edge not below the lower one");
    return std::nullopt;
  }
  options.bands = static_cast<int64_t>(values[0]);
  options.length = static_cast<int64_t>(values[1]);
  options.rate = static_cast<int64_t>(values[2]);
  options.lowest = values[3];
  options.highest = values[4];
  return options;
}

/// Where the bands begin, peak and end, in bins of the spectrum.
std::vector<int64_t> bandEdges(const MelOptions &options) {
  auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  double low = mel(options.lowest);
  double step =
      (mel(options.highest) - low) / static_cast<double>(options.bands + 2);
  std::vector<int64_t> edges;
  for (int64_t i = 0; i < options.bands + 2; ++i) {
    double hertz =
        700 * (std::pow(10, (low + static_cast<double>(i) * step) / 2595) - 1);
    edges.push_back(static_cast<int64_t>(
        std::floor(static_cast<double>(options.length + 1) * hertz /
                   static_cast<double>(options.rate))));
  }
  return edges;
}

/// Triangles that rise from one edge to the next and fall to the third.
LogicalResult importMel(NodeContext &node) {
  std::optional<MelOptions> options = readMel(node);
  if (!options)
    return failure();
  int64_t bins = options->length / 2 + 1;
  std::vector<int64_t> edges = bandEdges(*options);
  Tensor weights(ElementType::F32, {bins, options->bands});
  for (int64_t band = 0; band < options->bands; ++band) {
    int64_t low = edges[band], peak = edges[band + 1], high = edges[band + 2];
    auto set = [&](int64_t bin, int64_t part, int64_t whole) {
      if (bin < bins)
        weights.mutableData<float>()[bin * options->bands + band] =
            static_cast<float>(static_cast<double>(part) /
                               static_cast<double>(whole));
    };
    if (low == peak)
      set(peak, 1, 1);
    for (int64_t bin = low; low != peak && bin <= peak; ++bin)
      set(bin, bin - low, peak - low);
    for (int64_t bin = peak; bin < high; ++bin)
      set(bin, high - bin, high - peak);
  }
  return finishConstant(node, weights);
}

} // namespace

void edgec::onnx_import::addSignalWindows(OperatorTable &table) {
  constexpr InputCount one{1, 1};
  table.add({
      {"BlackmanWindow", 17, newestOpset, one, indices, importBlackman},
      {"HammingWindow", 17, newestOpset, one, indices, importHamming},
      {"HannWindow", 17, newestOpset, one, indices, importHann},
      {"MelWeightMatrix",
       17,
       newestOpset,
       {5, 5},
       {indices, like(0), like(0), floats},
       importMel},
  });
}
