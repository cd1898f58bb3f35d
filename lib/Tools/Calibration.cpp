//===- Calibration.cpp - Ranges of a model's tensors ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Calibration.h"
#include "edgec/Support/Progress.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/ModelLoader.h"

using namespace edgec;
using namespace llvm;

namespace {

/// What the points of a model have seen.
struct Observations {
  std::vector<RangeObserver> points;

  static void observe(void *self, size_t point, const void *elements,
                      size_t count) {
    auto &points = static_cast<Observations *>(self)->points;
    if (points.size() <= point)
      points.resize(point + 1);
    points[point].observe({static_cast<const float *>(elements), count});
  }

  edgec_context context() {
    edgec_context context = {};
    context.struct_size = sizeof(context);
    context.observe = &observe;
    context.observe_data = this;
    return context;
  }
};

Expected<Tensor> readSamples(const Calibration &calibration,
                             const EntryPointSpec &entry) {
  if (entry.inputs.size() != 1)
    return createStringError("--calibrate: the model has " +
                             Twine(entry.inputs.size()) +
                             " inputs, and samples are for one");
  Expected<Tensor> samples = readTensor(calibration.data);
  if (!samples)
    return samples;
  if (Error error = calibration.preprocessing.check(*samples))
    return std::move(error);
  if (Error error = checkSamples(*samples, entry.inputs.front()).takeError())
    return createFileError(calibration.data, std::move(error));
  return samples;
}

Error runSamples(Artefact &model, const Calibration &calibration,
                 Observations &observations) {
  const EntryPointSpec &entry = model.spec().entryPoints.front();
  Expected<Tensor> samples = readSamples(calibration, entry);
  if (!samples)
    return samples.takeError();
  const TensorSpec &input = entry.inputs.front();
  int64_t count = std::min(samples->dim(0), calibration.limit);
  int64_t batch = input.shape.empty() ? 1 : input.shape.front();
  edgec_context context = observations.context();
  ProgressBar progress("calibrating", count);
  // Whole batches: the zeros that fill up a last one are no samples.
  for (int64_t first = 0; first + batch <= count; first += batch) {
    Tensor values =
        makeBatch(*samples, first, input, calibration.preprocessing);
    auto outputs = model.run(/*entryPoint=*/0, values, &context);
    if (!outputs)
      return outputs.takeError();
    progress.update(first + batch);
  }
  return Error::success();
}

} // namespace

Error edgec::calibrate(StringRef path, LoadOptions &options) {
  if (!options.adaptation.quantization || options.adaptation.observe ||
      !options.adaptation.quantization->ranges.empty())
    return Error::success();
  if (!options.calibration)
    return usageError("--quantize needs samples of the model's input: add "
                      "--calibrate=x.npy");
  LoadOptions observing = options;
  observing.target = TargetOptions();
  observing.adaptation.weights = WeightStorage::AsGiven;
  observing.adaptation.observe = true;
  observing.reference = false;
  observing.quiet = true; // What there is to say is said when it is compiled.
  Expected<Artefact> model = loadArtefact(path, observing);
  if (!model)
    return model.takeError();
  Observations observations;
  if (Error error = runSamples(*model, *options.calibration, observations))
    return error;
  for (const RangeObserver &point : observations.points) {
    if (point.sawNonFinite())
      return createFileError(
          path, createStringError("a tensor is infinite or not a number on the "
                                  "calibration samples; check --scale, --mean "
                                  "and --std"));
    options.adaptation.quantization->ranges.push_back(
        point.isEmpty()
            ? std::nullopt
            : std::optional(point.range(options.calibration->method)));
  }
  return Error::success();
}
