//===- PrecisionSearch.cpp - Bits for each layer within a budget ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/PrecisionSearch.h"
#include "edgec/Support/Compare.h"
#include "edgec/Support/Progress.h"
#include "edgec/Support/Terminal.h"
#include "edgec/Tools/Calibration.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/Evaluation.h"
#include "edgec/Tools/ModelInputs.h"
#include "edgec/Tools/ModelLoader.h"
#include "llvm/ADT/STLExtras.h"
#include <chrono>
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

//===----------------------------------------------------------------------===//
// The order of steps
//===----------------------------------------------------------------------===//

std::vector<PrecisionStep>
edgec::orderSteps(ArrayRef<LayerSensitivity> sensitivities) {
  double allBits = 0, allMacs = 0;
  for (const LayerSensitivity &one : sensitivities) {
    allBits += 32.0 * static_cast<double>(one.layer.weights);
    allMacs += static_cast<double>(one.layer.macs);
  }
  auto bitsOf = [](unsigned precision) { return precision ? precision : 32; };
  /// Noise that goes for each part of the model's cost that comes.
  auto gain = [&](const LayerSensitivity &one, size_t level) {
    unsigned from = one.precisions[level], to = one.precisions[level + 1];
    double cost = static_cast<double>(one.layer.weights) *
                  (bitsOf(to) - bitsOf(from)) / allBits;
    if (to == 0 && allMacs != 0)
      cost += static_cast<double>(one.layer.macs) / allMacs;
    return (one.noise[level] - one.noise[level + 1]) / cost;
  };
  std::vector<size_t> levels(sensitivities.size(), 0);
  std::vector<PrecisionStep> steps;
  while (true) {
    std::optional<size_t> best;
    for (size_t i = 0; i != levels.size(); ++i)
      if (levels[i] + 1 != sensitivities[i].precisions.size() &&
          (!best || gain(sensitivities[i], levels[i]) >
                        gain(sensitivities[*best], levels[*best])))
        best = i;
    if (!best)
      return steps;
    const LayerSensitivity &one = sensitivities[*best];
    steps.push_back({one.layer.name, one.precisions[++levels[*best]]});
  }
}

//===----------------------------------------------------------------------===//
// Measurement
//===----------------------------------------------------------------------===//

namespace {

/// Samples that tell how sensitive a layer is.
constexpr int64_t sensitivitySamples = 32;

struct Candidate {
  double sqnr = 0;         ///< Of the worst output.
  uint64_t bytes = 0;      ///< Weights and code.
  double milliseconds = 0; ///< The fastest of several runs.
  double drop = 0;         ///< Of top-1, in percentage points.
  double dropError = 0;    ///< Its standard error.
};

class PrecisionSearch {
public:
  PrecisionSearch(StringRef path, LoadOptions &options)
      : path(path), options(options), budget(options.budget),
        quantization(*options.adaptation.quantization) {}

  Error run();

private:
  Error loadReference();
  Expected<Candidate> measure(const LayerBits &layers, bool isSensitivity);
  Expected<double> measureSqnr(RunnableModel &model);
  Expected<double> measureLatency(Artefact &model);
  Error measureDrop(RunnableModel &model, Candidate &candidate);
  std::vector<unsigned>
  precisionsOf(const QuantizationSites::Layer &layer) const;
  Expected<std::vector<LayerSensitivity>> measureSensitivities();
  LayerBits choiceAfter(size_t count) const;
  Expected<Candidate> candidateAfter(size_t count);
  bool isAccurate(const Candidate &candidate) const;
  bool isCheap(const Candidate &candidate) const;
  Expected<size_t> firstThat(function_ref<bool(const Candidate &)> holds);
  std::string describe(const Candidate &candidate) const;
  Expected<size_t> chooseSteps();

  StringRef path;
  LoadOptions &options;
  const Budget budget;
  Quantization &quantization;
  QuantizationSites sites;
  std::unique_ptr<RunnableModel> reference;
  std::vector<PrecisionStep> steps;
  LayerBits fewest; ///< What the user has decided.
  std::map<size_t, Candidate> measured;
};

} // namespace

Error PrecisionSearch::loadReference() {
  LoadOptions floating = options;
  floating.adaptation = Adaptation();
  floating.budget = Budget();
  auto model = loadModel(path, floating);
  if (!model)
    return model.takeError();
  reference = std::move(*model);
  return Error::success();
}

Expected<double> PrecisionSearch::measureSqnr(RunnableModel &model) {
  const EntryPointSpec &entry = model.entryPoint();
  std::vector<ErrorSums> sums(entry.outputs.size());
  Calibration samples = *options.calibration;
  samples.limit = std::min(samples.limit, sensitivitySamples);
  auto addRun = [&](ArrayRef<Tensor> inputs) -> Error {
    auto expected = reference->run(inputs);
    if (!expected)
      return expected.takeError();
    auto actual = model.run(inputs);
    if (!actual)
      return actual.takeError();
    for (auto [sum, a, e] : zip_equal(sums, *actual, *expected))
      for (int64_t i = 0; i != a.size(); ++i)
        sum.add(a.asDouble(i), e.asDouble(i),
                std::fabs(a.asDouble(i) - e.asDouble(i)));
    return Error::success();
  };
  if (Error error = forEachBatch(samples, entry, "", addRun))
    return std::move(error);
  double worst = std::numeric_limits<double>::infinity();
  for (const ErrorSums &sum : sums)
    worst = std::min(worst, sum.sqnr());
  return worst;
}

Expected<double> PrecisionSearch::measureLatency(Artefact &model) {
  const EntryPointSpec &entry = model.spec().entryPoints.front();
  std::vector<Tensor> inputs = randomInputs(entry.inputs, /*seed=*/1);
  std::vector<Tensor> outputs = model.makeOutputs(/*entryPoint=*/0);
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds enough(300);
  constexpr int fewestRuns = 20;
  double fastest = std::numeric_limits<double>::infinity();
  Clock::time_point start = Clock::now();
  for (int runs = 0; runs < fewestRuns || Clock::now() - start < enough;
       ++runs) {
    Clock::time_point before = Clock::now();
    if (Error error = model.run(/*entryPoint=*/0, inputs, outputs))
      return std::move(error);
    std::chrono::duration<double, std::milli> taken = Clock::now() - before;
    fastest = std::min(fastest, taken.count());
  }
  return fastest;
}

/// Of samples that both models have right or wrong nothing is learnt: the
/// others decide, and say how much chance there is in it.
Error PrecisionSearch::measureDrop(RunnableModel &model, Candidate &candidate) {
  Expected<Samples> samples =
      Samples::open(budget.tuneData, options.calibration->preprocessing,
                    model.entryPoint().inputs);
  if (!samples)
    return samples.takeError();
  Expected<Labels> labels = Labels::open(budget.tuneLabels, *samples);
  if (!labels)
    return labels.takeError();
  Expected<Evaluation> evaluation =
      evaluate(model, *samples, &*labels, reference.get(), {});
  if (!evaluation)
    return evaluation.takeError();
  candidate.drop = evaluation->drop();
  candidate.dropError = evaluation->dropError();
  return Error::success();
}

Expected<Candidate> PrecisionSearch::measure(const LayerBits &layers,
                                             bool isSensitivity) {
  LoadOptions candidate = options;
  candidate.budget = Budget();
  candidate.quiet = true;
  // What is chosen is for the target; what it costs in accuracy is the same
  // everywhere, and can be measured here.
  candidate.target = {};
  candidate.adaptation.quantization->layers = layers;
  Candidate result;
  uint64_t codeBytes = 0;
  Expected<Artefact> artefact = loadArtefact(path, candidate, &codeBytes);
  if (!artefact)
    return artefact.takeError();
  result.bytes = artefact->weightsSize() + codeBytes;
  if (budget.maxLatency && !isSensitivity) {
    Expected<double> latency = measureLatency(*artefact);
    if (!latency)
      return latency.takeError();
    result.milliseconds = *latency;
  }
  std::unique_ptr<RunnableModel> model = makeRunnable(std::move(*artefact));
  if (budget.maxDrop && !isSensitivity)
    if (Error error = measureDrop(*model, result))
      return std::move(error);
  Expected<double> sqnr = measureSqnr(*model);
  if (!sqnr)
    return sqnr.takeError();
  result.sqnr = *sqnr;
  return result;
}

/// From the fewest bits to float (0).
std::vector<unsigned>
PrecisionSearch::precisionsOf(const QuantizationSites::Layer &layer) const {
  std::vector<unsigned> precisions;
  for (unsigned bits : {2, 4, 8})
    if (bits >= std::max(quantization.weightBits, layer.fewestBits))
      precisions.push_back(bits);
  precisions.push_back(0);
  return precisions;
}

Expected<std::vector<LayerSensitivity>>
PrecisionSearch::measureSensitivities() {
  LayerBits allFloat;
  for (const QuantizationSites::Layer &layer : sites.layers)
    allFloat[layer.name] = 0;
  std::vector<LayerSensitivity> sensitivities;
  size_t total = 0, done = 0;
  for (const QuantizationSites::Layer &layer : sites.layers)
    total += precisionsOf(layer).size() - 1;
  ProgressBar progress("measuring layers", total);
  for (const QuantizationSites::Layer &layer : sites.layers) {
    // What the user has decided is not searched for.
    if (quantization.layers.count(layer.name))
      continue;
    LayerSensitivity sensitivity{layer, precisionsOf(layer), {}};
    for (unsigned bits : sensitivity.precisions) {
      if (bits == 0) {
        sensitivity.noise.push_back(0);
        continue;
      }
      LayerBits layers = allFloat;
      layers[layer.name] = bits;
      Expected<Candidate> candidate = measure(layers, /*isSensitivity=*/true);
      if (!candidate)
        return candidate.takeError();
      constexpr double mostNoise = 1e6; // Of outputs that are all zero.
      sensitivity.noise.push_back(
          std::min(mostNoise, std::pow(10, -candidate->sqnr / 10)));
      progress.update(++done);
    }
    sensitivities.push_back(std::move(sensitivity));
  }
  return sensitivities;
}

//===----------------------------------------------------------------------===//
// The search
//===----------------------------------------------------------------------===//

LayerBits PrecisionSearch::choiceAfter(size_t count) const {
  LayerBits layers = fewest;
  for (const PrecisionStep &step : ArrayRef(steps).take_front(count))
    layers[step.layer] = step.bits;
  return layers;
}

Expected<Candidate> PrecisionSearch::candidateAfter(size_t count) {
  auto known = measured.find(count);
  if (known != measured.end())
    return known->second;
  Expected<Candidate> candidate =
      measure(choiceAfter(count), /*isSensitivity=*/false);
  if (candidate)
    measured[count] = *candidate;
  return candidate;
}

bool PrecisionSearch::isAccurate(const Candidate &candidate) const {
  return (!budget.minSqnr || candidate.sqnr >= *budget.minSqnr) &&
         (!budget.maxDrop ||
          candidate.drop + candidate.dropError <= *budget.maxDrop);
}

bool PrecisionSearch::isCheap(const Candidate &candidate) const {
  return (!budget.maxSize || candidate.bytes <= *budget.maxSize) &&
         (!budget.maxLatency || candidate.milliseconds <= *budget.maxLatency);
}

/// The fewest steps after which `holds`, taken to stay true from there on; one
/// more than there are where it never is. What is measured has some chance in
/// it, so that few steps are tried first, in strides that double, and the
/// answer is sought within the first stride that ends well.
Expected<size_t>
PrecisionSearch::firstThat(function_ref<bool(const Candidate &)> holds) {
  size_t low = 0, high = steps.size() + 1;
  bool isBracketed = false;
  while (low != high) {
    size_t probe =
        isBracketed ? low + (high - low) / 2 : std::min(2 * low, steps.size());
    Expected<Candidate> candidate = candidateAfter(probe);
    if (!candidate)
      return candidate.takeError();
    if (holds(*candidate)) {
      high = probe;
      isBracketed = true;
    } else {
      low = probe + 1;
    }
  }
  return low;
}

std::string PrecisionSearch::describe(const Candidate &candidate) const {
  std::string text = fmt::format("{:.1f} dB, {}", candidate.sqnr,
                                 formatBytes(candidate.bytes));
  if (budget.maxDrop)
    text += fmt::format(", a drop of {:.2f} ± {:.2f} points", candidate.drop,
                        candidate.dropError);
  if (budget.maxLatency)
    text += fmt::format(", {:.3f} ms", candidate.milliseconds);
  return text;
}

Expected<size_t> PrecisionSearch::chooseSteps() {
  size_t least = 0, most = steps.size();
  bool wantsAccuracy = budget.minSqnr || budget.maxDrop;
  if (wantsAccuracy) {
    Expected<size_t> found =
        firstThat([&](const Candidate &one) { return isAccurate(one); });
    if (!found)
      return found;
    least = *found;
    if (least > steps.size())
      return createStringError("no choice of precisions meets --min-sqnr and "
                               "--max-drop; the most accurate one has " +
                               describe(measured[steps.size()]));
  }
  if (budget.maxSize || budget.maxLatency) {
    Expected<size_t> found =
        firstThat([&](const Candidate &one) { return !isCheap(one); });
    if (!found)
      return found;
    if (*found == 0)
      return createStringError("no choice of precisions meets --max-size and "
                               "--max-latency; the smallest one has " +
                               describe(measured[0]));
    most = *found - 1;
  }
  if (least > most)
    return createStringError(
        "the budgets contradict each other: the cheapest choice that is "
        "accurate enough has " +
        describe(measured[least]));
  return wantsAccuracy ? least : most;
}

Error PrecisionSearch::run() {
  Expected<QuantizationSites> found = findQuantizationSites(path, options);
  if (!found)
    return found.takeError();
  sites = std::move(*found);
  if (Error error = loadReference())
    return error;
  auto sensitivities = measureSensitivities();
  if (!sensitivities)
    return sensitivities.takeError();
  fewest = quantization.layers;
  steps = orderSteps(*sensitivities);
  Expected<size_t> count = chooseSteps();
  if (!count)
    return count.takeError();
  Expected<Candidate> chosen = candidateAfter(*count);
  if (!chosen)
    return chosen.takeError();
  quantization.layers = choiceAfter(*count);
  reportNote("chosen with " + describe(*chosen) + ", after " + Twine(*count) +
             " of " + Twine(steps.size()) + " steps to all layers in float");
  return Error::success();
}

Error edgec::searchPrecision(StringRef path, LoadOptions &options) {
  if (options.budget.isNone())
    return Error::success();
  if (!options.calibration)
    return usageError("a budget is kept on samples of the model's input: add "
                      "--calibrate=x.npy, or --data-free for made ones");
  return PrecisionSearch(path, options).run();
}
