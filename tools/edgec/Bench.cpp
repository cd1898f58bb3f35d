//===- Bench.cpp - edgec bench --------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Support/Progress.h"
#include "edgec/Support/Terminal.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/ModelInputs.h"
#include "edgec/Tools/Timing.h"
#include "llvm/Support/JSON.h"
#include <chrono>
#include <fmt/format.h>

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

/// Adds up the time of each layer over several runs.
class LayerTimer {
public:
  explicit LayerTimer(size_t layers) : starts(layers), totals(layers) {
    context.struct_size = sizeof(context);
    context.trace = trace;
    context.trace_data = this;
  }
  LayerTimer(const LayerTimer &) = delete;
  LayerTimer &operator=(const LayerTimer &) = delete;

  const edgec_context *get() const { return &context; }
  double total(size_t layer) const { return milliseconds(totals[layer]); }

private:
  static void trace(void *data, size_t layer, int enter) {
    auto *self = static_cast<LayerTimer *>(data);
    if (layer >= self->starts.size())
      return;
    Clock::time_point now = Clock::now();
    if (enter)
      self->starts[layer] = now;
    else
      self->totals[layer] += now - self->starts[layer];
  }

  edgec_context context = {};
  std::vector<Clock::time_point> starts;
  std::vector<Clock::duration> totals;
};

/// Milliseconds of every layer, per run.
using LayerTimes = std::vector<double>;

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

  Expected<LayerTimes> measureLayers(size_t runs) {
    const EntryPointSpec &entry = artefact.spec().entryPoints.front();
    LayerTimer timer(entry.layers.size());
    for (size_t i = 0; i < runs; ++i)
      if (Error error = runOnce(timer.get()))
        return std::move(error);
    LayerTimes times;
    for (size_t layer = 0; layer < entry.layers.size(); ++layer)
      times.push_back(timer.total(layer) / static_cast<double>(runs));
    return times;
  }

private:
  Error runOnce(const edgec_context *context) {
    return artefact.run(/*entryPoint=*/0, inputs, outputs, context);
  }

  Artefact &artefact;
  std::vector<Tensor> inputs, outputs;
};

/// Billions of multiply-accumulates a second.
double macRate(uint64_t macs, double milliseconds) {
  return milliseconds > 0 ? static_cast<double>(macs) / milliseconds / 1e6 : 0;
}

void printTable(const Request &request, const TimingStatistics &times,
                ArrayRef<LayerSpec> layers, const LayerTimes &layerTimes) {
  if (!layerTimes.empty()) {
    outs() << fmt::format("{:>10} {:>7} {:>9} {:<14} {}\n", "ms", "share",
                          "GMAC/s", "kind", "layer");
    double total = 0;
    for (double time : layerTimes)
      total += time;
    for (auto [layer, time] : zip_equal(layers, layerTimes))
      outs() << fmt::format(
          "{:>10.4f} {:>5.1f} % {:>9} {:<14} {}\n", time,
          total > 0 ? 100 * time / total : 0,
          layer.macs ? fmt::format("{:.2f}", macRate(layer.macs, time)) : "",
          layer.kind, layer.name);
    outs() << "\n";
  }
  outs() << fmt::format("min {:.3f} ms, median {:.3f} ms, p90 {:.3f} ms "
                        "({} runs, {} thread{})\n",
                        times.minimum, times.median, times.p90, times.runs,
                        request.load.threads,
                        request.load.threads == 1 ? "" : "s");
}

void printJson(const Request &request, const TimingStatistics &times,
               ArrayRef<LayerSpec> layers, const LayerTimes &layerTimes) {
  json::OStream stream(outs(), /*IndentSize=*/2);
  stream.object([&] {
    stream.attribute("model", request.model);
    stream.attribute("min_ms", times.minimum);
    stream.attribute("median_ms", times.median);
    stream.attribute("p90_ms", times.p90);
    stream.attribute("mean_ms", times.mean);
    stream.attribute("runs", static_cast<uint64_t>(times.runs));
    stream.attribute("threads", static_cast<uint64_t>(request.load.threads));
    if (!request.layers)
      return;
    stream.attributeArray("layers", [&] {
      for (size_t i = 0; i < layerTimes.size(); ++i)
        stream.object([&] {
          stream.attribute("name", json::fixUTF8(layers[i].name));
          stream.attribute("kind", layers[i].kind);
          stream.attribute("macs", layers[i].macs);
          stream.attribute("ms", layerTimes[i]);
        });
    });
  });
  outs() << "\n";
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
  TimingStatistics statistics = summarise(*times);
  LayerTimes layerTimes;
  if (request->layers) {
    Expected<LayerTimes> measured = benchmark.measureLayers(statistics.runs);
    if (!measured)
      return measured.takeError();
    layerTimes = std::move(*measured);
    if (layerTimes.empty())
      reportWarning("the artefact has no layers to trace");
  }
  ArrayRef<LayerSpec> layers = artefact->spec().entryPoints.front().layers;
  if (request->json)
    printJson(*request, statistics, layers, layerTimes);
  else
    printTable(*request, statistics, layers, layerTimes);
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
