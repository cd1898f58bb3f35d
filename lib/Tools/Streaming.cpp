//===- Streaming.cpp - Models that keep a state ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Streaming.h"
#include "edgec/Support/Progress.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/ModelInputs.h"
#include "llvm/ADT/STLExtras.h"
#include <cstring>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

static std::optional<size_t> indexOf(ArrayRef<TensorSpec> tensors,
                                     StringRef name) {
  for (auto [index, tensor] : enumerate(tensors))
    if (tensor.name == name)
      return index;
  return std::nullopt;
}

/// Splits `OUTPUT=INPUT`, either of which may have a '=' in its name.
static Expected<StateLink> parseStateLink(StringRef text,
                                          const EntryPointSpec &entry) {
  for (size_t at = text.find('='); at != StringRef::npos;
       at = text.find('=', at + 1)) {
    std::optional<size_t> output = indexOf(entry.outputs, text.take_front(at));
    std::optional<size_t> input = indexOf(entry.inputs, text.substr(at + 1));
    if (output && input)
      return StateLink{*output, *input};
  }
  return usageError("--state=" + text +
                    ": write --state=OUTPUT=INPUT; the model's outputs are " +
                    quotedList(namesOf(entry.outputs)) + ", its inputs " +
                    quotedList(namesOf(entry.inputs)));
}

Expected<std::vector<StateLink>>
edgec::parseStateLinks(ArrayRef<std::string> arguments,
                       const EntryPointSpec &entry) {
  std::vector<StateLink> links;
  for (const std::string &text : arguments) {
    Expected<StateLink> link = parseStateLink(text, entry);
    if (!link)
      return link.takeError();
    const TensorSpec &output = entry.outputs[link->output];
    const TensorSpec &input = entry.inputs[link->input];
    if (output.type != input.type || output.shape != input.shape)
      return usageError("--state=" + text + ": the output is " +
                        describe(output) + ", the input " + describe(input));
    if (any_of(links,
               [&](StateLink other) { return other.input == link->input; }))
      return usageError("--state=" + text + ": input '" + input.name +
                        "' was given before");
    links.push_back(*link);
  }
  return links;
}

Expected<StepSequence> StepSequence::create(Tensor tensor,
                                            const TensorSpec &input,
                                            int64_t hop, StringRef path) {
  int64_t piece = Tensor::view(input.type, input.shape, nullptr).size();
  auto refuse = [&](std::string reason) {
    return createFileError(path, createStringError(reason));
  };
  if (tensor.type() != input.type)
    return refuse(fmt::format("input '{}' takes {}, the file holds {}",
                              input.name, describe(input),
                              name(tensor.type())));
  if (tensor.rank() == 0 || piece == 0)
    return refuse(fmt::format("there are no steps for input '{}', {}",
                              input.name, describe(input)));
  StepSequence steps;
  steps.shape = input.shape;
  bool isSignal = tensor.rank() == 1 && piece != 1;
  if (!isSignal && hop != 0)
    return usageError("--hop is for signals, which have one axis; '" + path +
                      "' has " + Twine(tensor.rank()));
  if (isSignal) {
    steps.stride = hop == 0 ? piece : hop;
    steps.count =
        tensor.size() < piece ? 0 : (tensor.size() - piece) / steps.stride + 1;
  } else {
    steps.stride = piece;
    steps.count = tensor.dim(0);
    if (tensor.size() != steps.count * piece)
      return refuse(fmt::format(
          "input '{}' takes {}, the file holds {}; steps lie along its first "
          "axis, or it has one axis",
          input.name, describe(input), formatShape(tensor.shape())));
  }
  if (steps.count == 0)
    return refuse(fmt::format("{} elements are less than one step of input "
                              "'{}', {}",
                              tensor.size(), input.name, describe(input)));
  steps.tensor = std::move(tensor);
  return steps;
}

Tensor StepSequence::at(int64_t index) const {
  return Tensor::view(tensor.type(), shape,
                      tensor.bytes() +
                          index * stride * byteSize(tensor.type()));
}

void edgec::addStates(ArrayRef<StateLink> states, const EntryPointSpec &entry,
                      std::vector<InputFile> &files) {
  for (StateLink state : states) {
    const TensorSpec &spec = entry.inputs[state.input];
    if (files[state.input].path.empty())
      files[state.input] = {"zeros", Tensor(spec.type, spec.shape)};
  }
}

Expected<Stream> edgec::openStream(const StreamOptions &options,
                                   const EntryPointSpec &entry,
                                   std::vector<InputFile> &files) {
  if (options.steps.size() != 1)
    return usageError("--stream is given twice; one input has the steps");
  Expected<std::vector<InputFile>> named =
      readInputFiles(options.steps, namesOf(entry.inputs));
  if (!named)
    return named.takeError();
  size_t input =
      find_if(*named,
              [](const InputFile &file) { return !file.path.empty(); }) -
      named->begin();
  InputFile &file = (*named)[input];
  const std::string &name = entry.inputs[input].name;
  if (!files[input].path.empty())
    return usageError("input '" + name +
                      "' is given by --input and by "
                      "--stream");
  if (!file.tensor)
    return usageError("--stream=" + options.steps.front() +
                      ": raw elements do not tell how many steps there are");
  Expected<StepSequence> steps = StepSequence::create(
      std::move(*file.tensor), entry.inputs[input], options.hop, file.path);
  if (!steps)
    return steps.takeError();
  auto states = parseStateLinks(options.states, entry);
  if (!states)
    return states.takeError();
  if (any_of(*states, [&](StateLink state) { return state.input == input; }))
    return usageError("input '" + name +
                      "' is given by --stream and by "
                      "--state");
  files[input] = {file.path, steps->at(0)};
  addStates(*states, entry, files);
  return Stream{input, std::move(*steps), std::move(*states), options.limit};
}

Expected<std::vector<Tensor>>
edgec::runSteps(RunnableModel &model, std::vector<Tensor> inputs,
                size_t streamed, const StepSequence &steps,
                ArrayRef<StateLink> states, int64_t limit) {
  int64_t count = limit == 0 ? steps.size() : std::min(limit, steps.size());
  std::vector<Tensor> stacked;
  for (const TensorSpec &output : model.entryPoint().outputs) {
    std::vector<int64_t> shape = output.shape;
    shape.insert(shape.begin(), count);
    stacked.emplace_back(output.type, std::move(shape));
  }
  ProgressBar progress("running steps", count);
  for (int64_t step = 0; step < count; ++step) {
    inputs[streamed] = steps.at(step);
    Expected<std::vector<Tensor>> outputs = model.run(inputs);
    if (!outputs)
      return createStringError("step " + Twine(step) + ": " +
                               toString(outputs.takeError()));
    for (auto [all, output] : zip_equal(stacked, *outputs))
      if (output.byteCount() != 0)
        std::memcpy(all.mutableBytes() + step * output.byteCount(),
                    output.bytes(), output.byteCount());
    for (StateLink state : states)
      inputs[state.input] = (*outputs)[state.output];
    progress.update(step + 1);
  }
  progress.clear();
  return stacked;
}
