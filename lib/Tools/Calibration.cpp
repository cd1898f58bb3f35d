//===- Calibration.cpp - Ranges of a model's tensors ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Calibration.h"
#include "edgec/Data/Samples.h"
#include "edgec/Support/Progress.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/ModelLoader.h"
#include "edgec/Tools/PrecisionSearch.h"

using namespace edgec;
using namespace llvm;

edgec_context edgec::observingContext(const PointObserver &observer) {
  edgec_context context = {};
  context.struct_size = sizeof(context);
  context.observe = [](void *data, size_t point, const void *elements,
                       size_t count) {
    (*static_cast<const PointObserver *>(data))(
        point, {static_cast<const float *>(elements), count});
  };
  context.observe_data = const_cast<PointObserver *>(&observer);
  return context;
}

Error edgec::forEachBatch(const Calibration &calibration,
                          const EntryPointSpec &entry, StringRef title,
                          function_ref<Error(ArrayRef<Tensor>)> visit) {
  Expected<Samples> samples =
      calibration.data.empty()
          ? Samples::make(calibration.range, calibration.preprocessing,
                          entry.inputs)
          : Samples::open(calibration.data, calibration.preprocessing,
                          entry.inputs);
  if (!samples)
    return samples.takeError();
  int64_t count = std::min(samples->size(), calibration.limit);
  int64_t batch = samples->batchSize();
  if (count < batch)
    return usageError("--calibrate: the model takes " + Twine(batch) +
                      " samples at a time, and there are " + Twine(count) +
                      "; give more, or a smaller batch with --shape");
  std::optional<ProgressBar> progress;
  if (!title.empty())
    progress.emplace(title.str(), count);
  for (int64_t first = 0; first + batch <= count; first += batch) {
    Expected<std::vector<Tensor>> inputs = samples->batch(first);
    if (!inputs)
      return inputs.takeError();
    if (Error error = visit(*inputs))
      return error;
    if (progress)
      progress->update(first + batch);
  }
  return Error::success();
}

namespace {

/// What the points of a model have seen.
struct Observations {
  std::vector<RangeObserver> ranges;
  /// Of the points that come after those.
  std::vector<std::shared_ptr<InputMoments>> moments;

  void observe(size_t point, ArrayRef<float> elements) {
    if (point < ranges.size())
      ranges[point].observe(elements);
    else
      moments[point - ranges.size()]->observe(elements);
  }
};

/// Windows that are drawn for the moments of a layer. Some thousand are enough
/// for rows of some hundred weights, and soon done.
constexpr int64_t drawnWindows = 16384;

} // namespace

/// Something to observe for each point of the model at `path`.
static Expected<Observations> describePoints(StringRef path,
                                             const LoadOptions &options) {
  CompilerSession session(/*quiet=*/true);
  auto module = session.import(path, options);
  if (!module)
    return module.takeError();
  mlir::FailureOr<CalibrationPoints> points = insertCalibrationPoints(**module);
  if (failed(points))
    return session.takeErrors("the model cannot be prepared for calibration");
  Observations observations;
  observations.ranges.resize(points->ranges);
  if (!options.adaptation.observeLayerInputs)
    return observations;
  int64_t windows = divideCeil(drawnWindows, options.calibration->limit);
  for (TapGeometry &layer : points->layers)
    observations.moments.push_back(
        std::make_shared<InputMoments>(std::move(layer), windows));
  return observations;
}

static Error missingSamples(const LoadOptions &options) {
  bool canDoWithout = !options.adaptation.quantization->needsRanges();
  return usageError(
      "--quantize needs samples of the model's input: add --calibrate=x.npy, " +
      Twine(canDoWithout ? "--data-free for made ones, or --rounding=nearest "
                           "to do without"
                         : "or --data-free for made ones"));
}

/// Runs the model on the samples.
static Error observeSamples(Artefact &model, const Calibration &calibration,
                            Observations &observations) {
  PointObserver observer = [&](size_t point, ArrayRef<float> elements) {
    observations.observe(point, elements);
  };
  edgec_context context = observingContext(observer);
  const EntryPointSpec &entry = model.spec().entryPoints.front();
  return forEachBatch(
      calibration, entry, "calibrating", [&](ArrayRef<Tensor> inputs) {
        return model.run(/*entryPoint=*/0, inputs, &context).takeError();
      });
}

/// Finds what the quantization in `options` has to know of the model at `path`.
static Error calibrateOnSamples(StringRef path, LoadOptions &options) {
  if (!options.calibration)
    return missingSamples(options);
  LoadOptions observing = options;
  observing.target = {};
  // All points, also of layers that stay float: their ranges do not depend on
  // that choice.
  observing.adaptation = Adaptation();
  observing.adaptation.observe = true;
  observing.adaptation.observeLayerInputs =
      options.adaptation.quantization->needsMoments();
  observing.reference = false;
  observing.quiet = true; // What there is to say is said when it is compiled.
  Expected<Artefact> model = loadArtefact(path, observing);
  if (!model)
    return model.takeError();
  Expected<Observations> observations = describePoints(path, observing);
  if (!observations)
    return observations.takeError();
  if (Error error = observeSamples(*model, *options.calibration, *observations))
    return error;
  Quantization &quantization = *options.adaptation.quantization;
  for (const RangeObserver &point : observations->ranges) {
    if (point.sawNonFinite())
      return createFileError(
          path, createStringError("a tensor is infinite or not a number on the "
                                  "calibration samples; check --scale, --mean "
                                  "and --std"));
    if (quantization.needsRanges())
      quantization.ranges.push_back(
          point.isEmpty()
              ? std::nullopt
              : std::optional(point.range(options.calibration->method)));
  }
  quantization.moments.assign(observations->moments.begin(),
                              observations->moments.end());
  return Error::success();
}

Error edgec::calibrate(StringRef path, LoadOptions &options) {
  if (!options.adaptation.quantization || options.adaptation.observe ||
      options.adaptation.quantization->isCalibrated)
    return Error::success();
  Quantization &quantization = *options.adaptation.quantization;
  quantization.isCalibrated = true;
  if (quantization.needsSamples())
    if (Error error = calibrateOnSamples(path, options))
      return error;
  return searchPrecision(path, options);
}
