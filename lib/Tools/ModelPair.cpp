//===- ModelPair.cpp - A model compiled and interpreted -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelPair.h"
#include "edgec/Support/Progress.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

/// Compares the results of several threads with those of one: bit for bit.
static Error checkOneThread(RunnableModel &model, ArrayRef<Tensor> inputs,
                            ArrayRef<Tensor> actual) {
  if (Error error = model.useThreads(1))
    return error;
  Expected<std::vector<Tensor>> serial = model.run(inputs);
  if (!serial)
    return serial.takeError();
  for (auto [spec, a, b] :
       zip_equal(model.entryPoint().outputs, actual, *serial))
    if (StringRef(a.bytes(), a.byteCount()) !=
        StringRef(b.bytes(), b.byteCount()))
      return createStringError("output '" + spec.name +
                               "' has other bits on several threads than on "
                               "one; this is a fault of edgec, please report "
                               "the model");
  return Error::success();
}

Expected<ModelPair::Outputs> ModelPair::run(ArrayRef<Tensor> inputs,
                                            ArrayRef<Tensor> referenceInputs,
                                            Verified &result) const {
  Expected<std::vector<Tensor>> actual = compiled.run(inputs);
  if (!actual)
    return actual.takeError();
  if (threads > 1) {
    if (Error error = checkOneThread(compiled, inputs, *actual))
      return std::move(error);
    if (Error error = compiled.useThreads(threads))
      return std::move(error);
  }
  Expected<std::vector<Tensor>> expected = reference.run(referenceInputs);
  if (!expected)
    return expected.takeError();
  for (auto [spec, a, b] :
       zip_equal(compiled.entryPoint().outputs, *actual, *expected)) {
    Expected<Comparison> comparison = edgec::compare(a, b);
    if (!comparison)
      return createStringError("output '" + spec.name +
                               "': " + toString(comparison.takeError()));
    // A NaN where none should be makes the ratio NaN: neither may pass.
    if (!(comparison->sqnr >= minSqnr))
      return createStringError(fmt::format(
          "output '{}': {:.1f} dB signal to noise against the interpreter, "
          "less than {:g}; max-error {:.2g}",
          spec.name, comparison->sqnr, minSqnr, comparison->maxError));
    result.maxError = std::max(result.maxError, comparison->maxError);
    result.sqnr = std::min(*result.sqnr, comparison->sqnr);
  }
  return Outputs{std::move(*actual), std::move(*expected)};
}

Error ModelPair::compare(ArrayRef<Tensor> inputs, Verified &result) const {
  return run(inputs, inputs, result).takeError();
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

namespace {

/// How many steps there are of random inputs, where no limit says.
constexpr int64_t randomSteps = 16;

/// What the steps take: a sequence, states, and the same or random tensors for
/// the other inputs.
struct StepInputs {
  std::optional<Stream> stream;
  std::vector<StateLink> states;
  std::vector<size_t> random; ///< Inputs that are others in every step.
  std::vector<Tensor> first;
  int64_t count = 0;

  /// Replaces what is not the last step's.
  void advance(std::vector<Tensor> &inputs, ArrayRef<Tensor> drawn,
               int64_t step) const {
    for (size_t index : random)
      inputs[index] = drawn[index];
    if (stream)
      inputs[stream->input] = stream->steps.at(step);
  }
};

Expected<StepInputs> readSteps(const EntryPointSpec &entry,
                               const VerificationData &data) {
  Expected<std::vector<InputFile>> files =
      readInputFiles(data.inputs, namesOf(entry.inputs));
  if (!files)
    return files.takeError();
  StepInputs steps;
  steps.count = data.stream.limit == 0 ? randomSteps : data.stream.limit;
  if (!data.stream.steps.empty()) {
    Expected<Stream> stream = openStream(data.stream, entry, *files);
    if (!stream)
      return stream.takeError();
    steps.stream = std::move(*stream);
    steps.states = steps.stream->states;
    steps.count = steps.stream->steps.size();
    if (data.stream.limit != 0)
      steps.count = std::min(steps.count, data.stream.limit);
  } else {
    auto states = parseStateLinks(data.stream.states, entry);
    if (!states)
      return states.takeError();
    steps.states = std::move(*states);
    addStates(steps.states, entry, *files);
  }
  std::vector<Tensor> drawn = randomInputs(entry.inputs, /*seed=*/1);
  for (auto [index, file] : enumerate(*files)) {
    if (!file.path.empty())
      continue;
    file = {"random", std::move(drawn[index])};
    steps.random.push_back(index);
  }
  Expected<std::vector<Tensor>> first =
      bindInputs(std::move(*files), entry.inputs);
  if (!first)
    return first.takeError();
  steps.first = std::move(*first);
  return steps;
}

} // namespace

Error edgec::verifySteps(const ModelPair &models, const VerificationData &data,
                         Verified &result) {
  const EntryPointSpec &entry = models.compiled.entryPoint();
  Expected<StepInputs> steps = readSteps(entry, data);
  if (!steps)
    return steps.takeError();
  std::vector<Tensor> inputs = steps->first, referenceInputs = steps->first;
  ProgressBar progress("comparing steps", steps->count);
  for (int64_t step = 0; step < steps->count; ++step) {
    std::vector<Tensor> drawn = randomInputs(entry.inputs, step + 1);
    steps->advance(inputs, drawn, step);
    steps->advance(referenceInputs, drawn, step);
    Expected<ModelPair::Outputs> outputs =
        models.run(inputs, referenceInputs, result);
    if (!outputs)
      return createStringError("step " + Twine(step) + ": " +
                               toString(outputs.takeError()));
    for (StateLink state : steps->states) {
      inputs[state.input] = outputs->compiled[state.output];
      referenceInputs[state.input] = outputs->reference[state.output];
    }
    progress.update(step + 1);
  }
  return Error::success();
}
