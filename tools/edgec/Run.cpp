//===- Run.cpp - edgec run ------------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Tools/Errors.h"
#include "edgec/Tools/ModelInputs.h"
#include "edgec/Tools/OnnxSignature.h"
#include "edgec/Tools/Streaming.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include <cmath>
#include <fmt/format.h>
#include <numeric>

using namespace edgec;
using namespace llvm;

namespace {

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

/// Seed of --random-inputs; nothing where inputs come from files.
Expected<std::optional<uint64_t>>
randomSeed(const opt::InputArgList &arguments) {
  if (const opt::Arg *argument = arguments.getLastArg(OPT_random_inputs_seed)) {
    uint64_t seed;
    if (StringRef(argument->getValue()).getAsInteger(10, seed))
      return usageError("--random-inputs=" + Twine(argument->getValue()) +
                        ": a whole number is needed as seed");
    return seed;
  }
  if (arguments.hasArg(OPT_random_inputs))
    return 1;
  return std::nullopt;
}

/// Reads the input files, and lets them decide the extents that an ONNX model
/// leaves open.
Expected<std::vector<InputFile>>
readInputs(StringRef model, ArrayRef<std::string> given, LoadOptions &options) {
  Expected<std::vector<OnnxInput>> inputs = readOnnxInputs(model);
  if (!inputs)
    return inputs.takeError();
  erase_if(*inputs, [&](const OnnxInput &input) {
    return options.values.contains(input.name);
  });
  std::vector<std::string> names;
  for (const OnnxInput &input : *inputs)
    names.push_back(input.name);
  Expected<std::vector<InputFile>> files = readInputFiles(given, names);
  if (!files)
    return files.takeError();
  for (auto [input, file] : zip_equal(*inputs, *files))
    if (input.isSymbolic() && file.tensor)
      options.shapes.try_emplace(input.name, file.tensor->shape());
  return files;
}

struct LoadedRun {
  std::unique_ptr<RunnableModel> model;
  std::vector<Tensor> inputs;
  std::optional<Stream> stream = std::nullopt;
};

/// Options that mean nothing without another one.
Error checkStreamOptions(const opt::InputArgList &arguments) {
  if (arguments.hasArg(OPT_stream))
    return arguments.hasArg(OPT_random_inputs, OPT_random_inputs_seed)
               ? usageError("--stream and --random-inputs cannot be combined")
               : Error::success();
  for (auto [option, name] : {std::pair{OPT_state, "--state"},
                              {OPT_hop, "--hop"},
                              {OPT_limit, "--limit"}})
    if (arguments.hasArg(option))
      return usageError(Twine(name) + " needs --stream");
  return Error::success();
}

Expected<LoadedRun> loadWithFiles(StringRef path,
                                  const opt::InputArgList &arguments,
                                  LoadOptions options) {
  std::vector<std::string> given = arguments.getAllArgValues(OPT_input);
  Expected<ModelFileKind> kind = modelFileKind(path);
  if (!kind)
    return kind.takeError();
  std::vector<InputFile> files;
  if (*kind == ModelFileKind::Onnx) {
    auto read = readInputs(path, given, options);
    if (!read)
      return read.takeError();
    files = std::move(*read);
  }
  auto model = loadModel(path, options);
  if (!model)
    return model.takeError();
  const EntryPointSpec &entry = (*model)->entryPoint();
  if (*kind == ModelFileKind::Artefact) {
    auto read = readInputFiles(given, namesOf(entry.inputs));
    if (!read)
      return read.takeError();
    files = std::move(*read);
  }
  std::optional<Stream> stream;
  if (arguments.hasArg(OPT_stream)) {
    Expected<StreamOptions> named = streamOptions(arguments);
    if (!named)
      return named.takeError();
    Expected<Stream> opened = openStream(*named, entry, files);
    if (!opened)
      return opened.takeError();
    stream = std::move(*opened);
  }
  Expected<std::vector<Tensor>> inputs =
      bindInputs(std::move(files), entry.inputs);
  if (!inputs)
    return inputs.takeError();
  return LoadedRun{std::move(*model), std::move(*inputs), std::move(stream)};
}

Expected<LoadedRun> load(const opt::InputArgList &arguments) {
  Expected<std::string> path = onlyInput(arguments, "model");
  if (!path)
    return path.takeError();
  Expected<LoadOptions> options = loadOptions(arguments);
  if (!options)
    return options.takeError();
  if (Error error = checkStreamOptions(arguments))
    return std::move(error);
  Expected<std::optional<uint64_t>> seed = randomSeed(arguments);
  if (!seed)
    return seed.takeError();
  if (!*seed)
    return loadWithFiles(*path, arguments, std::move(*options));
  if (arguments.hasArg(OPT_input))
    return usageError("--input and --random-inputs cannot be combined");
  auto model = loadModel(*path, *options);
  if (!model)
    return model.takeError();
  std::vector<Tensor> inputs =
      randomInputs((*model)->entryPoint().inputs, **seed);
  return LoadedRun{std::move(*model), std::move(inputs)};
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

/// An --output argument: a file, for one output or (no name) for what there is.
struct OutputFile {
  std::string name;
  std::string path;
};

Expected<std::vector<OutputFile>>
parseOutputs(const opt::InputArgList &arguments, ArrayRef<TensorSpec> outputs) {
  std::vector<std::string> names = namesOf(outputs);
  std::vector<OutputFile> files;
  for (const std::string &text : arguments.getAllArgValues(OPT_output)) {
    StringRef argument = text;
    OutputFile file{"", text};
    for (size_t at = argument.find('='); at != StringRef::npos;
         at = argument.find('=', at + 1))
      if (is_contained(names, argument.take_front(at)))
        file = {argument.take_front(at).str(),
                argument.drop_front(at + 1).str()};
    if (file.name.empty() && argument.contains('='))
      return usageError("--output=" + argument + ": the model has no output '" +
                        argument.split('=').first + "'; its outputs are " +
                        quotedList(names));
    if (file.name.empty() && names.size() > 1 && !argument.ends_with(".npz"))
      return usageError("--output=" + argument +
                        ": which output? Write --output=NAME=" + argument +
                        ", NAME one of " + quotedList(names) +
                        ", or name a .npz file for all of them");
    if (Error error = checkTensorDestination(file.path))
      return std::move(error);
    files.push_back(std::move(file));
  }
  return files;
}

Error writeOutputs(ArrayRef<OutputFile> files, ArrayRef<TensorSpec> specs,
                   ArrayRef<Tensor> outputs) {
  for (const OutputFile &file : files) {
    std::vector<NamedTensor> tensors;
    for (auto [spec, output] : zip_equal(specs, outputs))
      if (file.name.empty() || file.name == spec.name)
        tensors.push_back({spec.name, output});
    if (Error error = writeTensors(file.path, tensors))
      return error;
  }
  return Error::success();
}

std::string formatValue(const Tensor &tensor, int64_t index) {
  switch (tensor.type()) {
  case ElementType::F32:
  case ElementType::F64:
  case ElementType::F16:
  case ElementType::BF16:
    return fmt::format("{:.6g}", tensor.asDouble(index));
  case ElementType::U64:
    return fmt::format("{}", static_cast<uint64_t>(tensor.asInt(index)));
  default:
    return fmt::format("{}", tensor.asInt(index));
  }
}

/// Indices of the largest values, largest first; NaNs are left out.
std::vector<int64_t> largestValues(const Tensor &tensor, size_t count) {
  std::vector<int64_t> indices;
  for (int64_t i = 0, end = tensor.size(); i < end; ++i)
    if (!std::isnan(tensor.asDouble(i)))
      indices.push_back(i);
  count = std::min(count, indices.size());
  std::partial_sort(indices.begin(), indices.begin() + count, indices.end(),
                    [&](int64_t a, int64_t b) {
                      double left = tensor.asDouble(a);
                      double right = tensor.asDouble(b);
                      return left > right || (left == right && a < b);
                    });
  indices.resize(count);
  return indices;
}

struct Range {
  int64_t minimum = -1, maximum = -1; ///< Indices; −1 where all are NaN.
  int64_t nans = 0;
};

Range rangeOf(const Tensor &tensor) {
  Range range;
  for (int64_t i = 0, end = tensor.size(); i < end; ++i) {
    double value = tensor.asDouble(i);
    if (std::isnan(value)) {
      ++range.nans;
      continue;
    }
    if (range.minimum < 0 || value < tensor.asDouble(range.minimum))
      range.minimum = i;
    if (range.maximum < 0 || value > tensor.asDouble(range.maximum))
      range.maximum = i;
  }
  return range;
}

/// What looks like one score for each class: a vector, with leading ones.
bool looksLikeScores(const Tensor &tensor) {
  return tensor.size() > 1 && tensor.rank() > 0 &&
         tensor.dim(tensor.rank() - 1) == tensor.size();
}

constexpr size_t shownValues = 5;

void printOutput(const TensorSpec &spec, const Tensor &tensor) {
  outs() << spec.name << ": " << describe(spec);
  Range range = rangeOf(tensor);
  if (range.minimum >= 0)
    outs() << ", range [" << formatValue(tensor, range.minimum) << ", "
           << formatValue(tensor, range.maximum) << "]";
  if (range.nans != 0)
    outs() << ", " << range.nans << " NaN";
  outs() << "\n";
  if (looksLikeScores(tensor)) {
    outs() << "  largest:";
    for (int64_t index : largestValues(tensor, shownValues))
      outs() << fmt::format(" [{}] {}", index, formatValue(tensor, index));
  } else {
    int64_t count = std::min<int64_t>(tensor.size(), shownValues);
    outs() << "  values:";
    for (int64_t i = 0; i < count; ++i)
      outs() << " " << formatValue(tensor, i);
    if (count < tensor.size())
      outs() << " ...";
  }
  outs() << "\n";
}

void printJson(ArrayRef<TensorSpec> specs, ArrayRef<Tensor> outputs) {
  json::OStream stream(outs(), /*IndentSize=*/2);
  auto number = [&](const Tensor &tensor, int64_t index) {
    // JSON has no NaN and no infinity.
    double value = tensor.asDouble(index);
    return std::isfinite(value) ? json::Value(value) : json::Value(nullptr);
  };
  stream.object([&] {
    stream.attributeArray("outputs", [&] {
      for (auto [spec, tensor] : zip_equal(specs, outputs))
        stream.object([&, &spec = spec, &tensor = tensor] {
          stream.attribute("name", spec.name);
          stream.attribute("type", StringRef(name(spec.type)));
          stream.attributeArray("shape", [&] {
            for (int64_t extent : spec.shape)
              stream.value(extent);
          });
          Range range = rangeOf(tensor);
          if (range.minimum >= 0) {
            stream.attribute("minimum", number(tensor, range.minimum));
            stream.attribute("maximum", number(tensor, range.maximum));
          }
          stream.attribute("nans", range.nans);
          stream.attributeArray("largest", [&] {
            for (int64_t index : largestValues(tensor, shownValues))
              stream.object([&] {
                stream.attribute("index", index);
                stream.attribute("value", number(tensor, index));
              });
          });
        });
    });
  });
  outs() << "\n";
}

Expected<std::vector<Tensor>> compute(LoadedRun &loaded) {
  if (!loaded.stream)
    return loaded.model->run(loaded.inputs);
  Stream &stream = *loaded.stream;
  return runSteps(*loaded.model, std::move(loaded.inputs), stream.input,
                  stream.steps, stream.states, stream.limit);
}

Error run(const opt::InputArgList &arguments) {
  Expected<LoadedRun> loaded = load(arguments);
  if (!loaded)
    return loaded.takeError();
  std::vector<TensorSpec> specs = loaded->model->entryPoint().outputs;
  Expected<std::vector<OutputFile>> files = parseOutputs(arguments, specs);
  if (!files)
    return files.takeError();
  Expected<std::vector<Tensor>> outputs = compute(*loaded);
  if (!outputs)
    return outputs.takeError();
  if (loaded->stream)
    for (auto [spec, output] : zip_equal(specs, *outputs))
      spec.shape = output.shape();
  if (!files->empty())
    return writeOutputs(*files, specs, *outputs);
  if (arguments.hasArg(OPT_json)) {
    printJson(specs, *outputs);
    return Error::success();
  }
  for (auto [spec, output] : zip_equal(specs, *outputs))
    printOutput(spec, output);
  return Error::success();
}

} // namespace

const Command edgec::runCommand = {
    "run",
    "MODEL.onnx|ARTEFACT.so [options]",
    "Run a model or a compiled artefact.",
    "An ONNX model is compiled first. Symbolic dimensions are taken from the\n"
    "input files; a symbolic first dimension that is not given is 1. With\n"
    "--stream it runs step after step and keeps its state.\n"
    "Example: edgec run lenet.onnx --input=image=digit.npy",
    RunCommand,
    run};
