//===- LayerErrors.cpp - Where a quantization loses accuracy --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/LayerErrors.h"
#include "edgec/Support/Progress.h"
#include "edgec/Tools/Calibration.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/ModelLoader.h"
#include "edgec/Tools/QuantizationSites.h"
#include "llvm/ADT/STLExtras.h"

using namespace edgec;
using namespace llvm;

namespace {

/// A model with observation points, and what they saw in the last run.
class ObservedModel {
public:
  static Expected<ObservedModel> load(StringRef path,
                                      const LoadOptions &options) {
    Expected<Artefact> artefact = loadArtefact(path, options);
    if (!artefact)
      return artefact.takeError();
    return ObservedModel(std::move(*artefact));
  }

  const EntryPointSpec &entryPoint() const {
    return artefact.spec().entryPoints.front();
  }

  Expected<std::vector<Tensor>> run(ArrayRef<Tensor> inputs) {
    for (std::vector<float> &values : points)
      values.clear();
    PointObserver observer = [&](size_t point, ArrayRef<float> elements) {
      if (points.size() <= point)
        points.resize(point + 1);
      append_range(points[point], elements);
    };
    edgec_context context = observingContext(observer);
    return artefact.run(/*entryPoint=*/0, inputs, &context);
  }

  /// Empty where the last run did not come to the point.
  ArrayRef<float> seen(size_t point) const {
    return point < points.size() ? ArrayRef(points[point]) : ArrayRef<float>();
  }

private:
  explicit ObservedModel(Artefact artefact) : artefact(std::move(artefact)) {}

  Artefact artefact;
  std::vector<std::vector<float>> points;
};

/// The points, then the outputs that are floats.
std::vector<LayerError> makeRows(const QuantizationSites &sites,
                                 const Quantization &quantization,
                                 const EntryPointSpec &entry) {
  std::vector<LayerError> rows;
  for (auto [point, name] : enumerate(sites.points)) {
    LayerError row;
    row.name = name;
    if (point < quantization.ranges.size())
      row.represented = quantization.ranges[point];
    rows.push_back(std::move(row));
  }
  for (const TensorSpec &output : entry.outputs) {
    LayerError row;
    row.name = "output '" + output.name + "'";
    rows.push_back(std::move(row));
  }
  return rows;
}

void addRun(const ObservedModel &reference, ArrayRef<Tensor> expected,
            const ObservedModel &quantized, ArrayRef<Tensor> actual,
            std::vector<LayerError> &rows) {
  size_t points = rows.size() - expected.size();
  for (size_t point = 0; point != points; ++point)
    if (quantized.seen(point).size() == reference.seen(point).size())
      rows[point].sums.add(quantized.seen(point), reference.seen(point));
  for (auto [i, output] : enumerate(expected))
    if (output.type() == ElementType::F32)
      rows[points + i].sums.add(
          {actual[i].data<float>(), static_cast<size_t>(actual[i].size())},
          {output.data<float>(), static_cast<size_t>(output.size())});
}

} // namespace

Expected<std::vector<LayerError>> edgec::measureErrors(StringRef path,
                                                       LoadOptions options) {
  if (!options.adaptation.quantization)
    return usageError("the error is that of a quantization: add "
                      "--quantize=int8");
  if (!options.calibration)
    return usageError("the error is that on samples of the model's input: add "
                      "--calibrate=x.npy, or --data-free for made ones");
  if (Error error = calibrate(path, options))
    return std::move(error);
  Expected<QuantizationSites> sites = findQuantizationSites(path, options);
  if (!sites)
    return sites.takeError();

  options.adaptation.observe = true;
  LoadOptions floating = options;
  floating.adaptation = Adaptation();
  floating.adaptation.observe = true;
  auto reference = ObservedModel::load(path, floating);
  if (!reference)
    return reference.takeError();
  auto quantized = ObservedModel::load(path, options);
  if (!quantized)
    return quantized.takeError();

  const EntryPointSpec &entry = reference->entryPoint();
  std::vector<LayerError> rows =
      makeRows(*sites, *options.adaptation.quantization, entry);
  auto runBoth = [&](ArrayRef<Tensor> inputs) -> Error {
    auto expected = reference->run(inputs);
    if (!expected)
      return expected.takeError();
    auto actual = quantized->run(inputs);
    if (!actual)
      return actual.takeError();
    addRun(*reference, *expected, *quantized, *actual, rows);
    return Error::success();
  };
  if (Error error = forEachBatch(*options.calibration, entry,
                                 "measuring errors", runBoth))
    return std::move(error);
  erase_if(rows, [](const LayerError &row) { return row.sums.count() == 0; });
  sort(rows, [](const LayerError &a, const LayerError &b) {
    return std::pair(a.sums.sqnr(), StringRef(a.name)) <
           std::pair(b.sums.sqnr(), StringRef(b.name));
  });
  return rows;
}
