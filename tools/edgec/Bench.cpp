//===- Bench.cpp - edgec bench --------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BenchReport.h"
#include "Options.h"
#include "edgec/Support/Progress.h"
#include "edgec/Support/Terminal.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/ModelInputs.h"
#include "edgec/Tools/PeakMeter.h"
#include <chrono>

using namespace edgec;
using namespace llvm;

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

constexpr uint64_t inputSeed = 1;
constexpr size_t leastRuns = 10;
constexpr size_t leastWarmUpRuns = 3;
constexpr double warmUpMilliseconds = 100;
/// Times of layers are kept for every run: enough for a minimum and a median.
constexpr size_t mostTracedRuns = 2000;
/// A peak is measured before and after the layers for that long.
constexpr double peakMilliseconds = 25;

struct Request {
  std::string model;
  LoadOptions load;
  size_t runs = 0; ///< 0: as many as fit into `seconds`.
  double seconds = 2;
  bool layers = false;
  bool json = false;
};

Expected<Request> parseRequest(const opt::InputArgList &arguments) {
  Request request;
  Expected<std::string> model = onlyInput(arguments, "model");
  if (!model)
    return model.takeError();
  request.model = std::move(*model);
  Expected<LoadOptions> load = loadOptions(arguments);
  if (!load)
    return load.takeError();
  request.load = std::move(*load);
  if (arguments.hasArg(OPT_runs)) {
    Expected<int64_t> runs = countOption(arguments, OPT_runs, 0);
    if (!runs)
      return runs.takeError();
    request.runs = static_cast<size_t>(*runs);
  }
  Expected<double> seconds = numberOption(arguments, OPT_seconds, 2);
  if (!seconds)
    return seconds.takeError();
  request.seconds = *seconds;
  request.layers = arguments.hasArg(OPT_layers);
  request.json = arguments.hasArg(OPT_json);
  return request;
}

/// Takes the time of each layer in every run.
class LayerTimer {
public:
  explicit LayerTimer(size_t layers)
      : starts(layers), taken(layers), times(layers) {
    context.struct_size = sizeof(context);
    context.trace = trace;
    context.trace_data = this;
  }
  LayerTimer(const LayerTimer &) = delete;
  LayerTimer &operator=(const LayerTimer &) = delete;

  const edgec_context *get() const { return &context; }
  /// Ends a run. A layer in a loop counts as one, with all of its rounds.
  void finishRun() {
    for (auto [seen, timesOfLayer] : zip_equal(taken, times)) {
      timesOfLayer.milliseconds.push_back(milliseconds(seen.duration));
      timesOfLayer.rounds = seen.rounds;
      seen = {};
    }
  }
  std::vector<LayerTimes> takeTimes() { return std::move(times); }

private:
  static void trace(void *data, size_t layer, int enter) {
    auto *self = static_cast<LayerTimer *>(data);
    if (layer >= self->starts.size())
      return;
    Clock::time_point now = Clock::now();
    if (enter) {
      self->starts[layer] = now;
      return;
    }
    self->taken[layer].duration += now - self->starts[layer];
    ++self->taken[layer].rounds;
  }

  /// In one run.
  struct Taken {
    Clock::duration duration = {};
    uint64_t rounds = 0;
  };

  edgec_context context = {};
  std::vector<Clock::time_point> starts;
  std::vector<Taken> taken; ///< In the current run.
  std::vector<LayerTimes> times;
};

class Benchmark {
public:
  explicit Benchmark(Artefact &artefact)
      : artefact(artefact),
        inputs(randomInputs(artefact.spec().entryPoints.front().inputs,
                            inputSeed)),
        outputs(artefact.makeOutputs(0)) {}

  Error warmUp() {
    Clock::time_point start = Clock::now();
    for (size_t runs = 0;
         runs < leastWarmUpRuns ||
         milliseconds(Clock::now() - start) < warmUpMilliseconds;
         ++runs)
      if (Error error = runOnce(nullptr))
        return error;
    return Error::success();
  }

  Expected<std::vector<double>> measure(const Request &request) {
    double limit = request.seconds * 1000;
    std::vector<double> times;
    ProgressBar progress("measuring", request.runs != 0
                                          ? request.runs
                                          : static_cast<uint64_t>(limit));
    Clock::time_point start = Clock::now();
    while (true) {
      double elapsed = milliseconds(Clock::now() - start);
      bool enough = request.runs != 0
                        ? times.size() >= request.runs
                        : times.size() >= leastRuns && elapsed >= limit;
      if (enough)
        return times;
      Clock::time_point before = Clock::now();
      if (Error error = runOnce(nullptr))
        return std::move(error);
      times.push_back(milliseconds(Clock::now() - before));
      progress.update(request.runs != 0 ? times.size()
                                        : static_cast<uint64_t>(elapsed));
    }
  }

  Expected<std::vector<LayerTimes>> measureLayers(size_t runs) {
    LayerTimer timer(artefact.spec().entryPoints.front().layers.size());
    for (size_t i = 0; i < std::min(runs, mostTracedRuns); ++i) {
      if (Error error = runOnce(timer.get()))
        return std::move(error);
      timer.finishRun();
    }
    return timer.takeTimes();
  }

private:
  Error runOnce(const edgec_context *context) {
    return artefact.run(/*entryPoint=*/0, inputs, outputs, context);
  }

  Artefact &artefact;
  std::vector<Tensor> inputs, outputs;
};

/// The peaks of the arithmetics that the layers use, on the machine that the
/// artefact was compiled for.
class Peaks {
public:
  static Expected<Peaks> create(const Artefact &artefact,
                                ArrayRef<LayerSpec> layers) {
    Peaks peaks;
    Expected<TargetDescription> target =
        resolveDisplayName(artefact.info().target, artefact.info().cpu);
    if (!target)
      return target.takeError();
    for (const LayerSpec &layer : layers) {
      std::optional<Arithmetic> arithmetic = parseArithmetic(layer.arithmetic);
      if (!arithmetic || peaks.meters.count(*arithmetic))
        continue;
      Expected<PeakMeter> meter = PeakMeter::create(*target, *arithmetic);
      if (!meter)
        return meter.takeError();
      peaks.meters.emplace(*arithmetic, std::move(*meter));
    }
    return peaks;
  }

  Error measure() {
    for (auto &[arithmetic, meter] : meters)
      if (Error error = meter.measure(peakMilliseconds))
        return error;
    return Error::success();
  }

  PeakRates rates(size_t threads) const {
    PeakRates rates;
    for (const auto &[arithmetic, meter] : meters)
      rates[arithmetic] = meter.macRate() * static_cast<double>(threads);
    return rates;
  }

private:
  std::map<Arithmetic, PeakMeter> meters;
};

Error addLayers(Artefact &artefact, Benchmark &benchmark, BenchReport &report) {
  ArrayRef<LayerSpec> layers = artefact.spec().entryPoints.front().layers;
  report.hasLayers = true;
  if (layers.empty()) {
    reportWarning("the artefact has no layers to trace");
    return Error::success();
  }
  Expected<Peaks> peaks = Peaks::create(artefact, layers);
  if (!peaks)
    return peaks.takeError();
  if (Error error = peaks->measure())
    return error;
  Expected<std::vector<LayerTimes>> times =
      benchmark.measureLayers(report.times.runs);
  if (!times)
    return times.takeError();
  if (Error error = peaks->measure())
    return error;
  report.peaks = peaks->rates(report.threads);
  report.layers = profileLayers(layers, *times, report.peaks);
  return Error::success();
}

Error run(const opt::InputArgList &arguments) {
  Expected<Request> request = parseRequest(arguments);
  if (!request)
    return request.takeError();
  Expected<Artefact> artefact = loadArtefact(request->model, request->load);
  if (!artefact)
    return artefact.takeError();
  Benchmark benchmark(*artefact);
  if (Error error = benchmark.warmUp())
    return error;
  Expected<std::vector<double>> times = benchmark.measure(*request);
  if (!times)
    return times.takeError();
  BenchReport report;
  report.model = request->model;
  report.times = summarise(*times);
  report.threads = request->load.threads;
  if (request->layers)
    if (Error error = addLayers(*artefact, benchmark, report))
      return error;
  if (request->json)
    printJson(report);
  else
    printTable(report);
  return Error::success();
}

} // namespace

const Command edgec::benchCommand = {
    "bench",
    "MODEL.onnx|ARTEFACT.so [options]",
    "Measure the latency of a model or an artefact.",
    "Inputs come from a generator with a fixed seed; a symbolic first "
    "dimension\n"
    "is 1. Example: edgec bench lenet.onnx --layers",
    BenchCommand,
    run};
