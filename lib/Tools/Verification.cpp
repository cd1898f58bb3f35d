//===- Verification.cpp - Models against expected outputs -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Verification.h"
#include "ModelPair.h"
#include "edgec/Data/Samples.h"
#include "edgec/Support/Progress.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Tools/Calibration.h"
#include "edgec/Tools/ModelInputs.h"
#include "edgec/Tools/ModelLoader.h"
#include "edgec/Tools/OnnxSignature.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cmath>
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace llvm;

namespace {

constexpr StringLiteral modelFile("model.onnx");
constexpr StringLiteral dataSetPrefix("test_data_set_");
/// Deeper folders are not searched: a link may lead back up.
constexpr unsigned maximumDepth = 8;

std::string pathBelow(StringRef folder, const Twine &name) {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return std::string(path);
}

/// The paths of the folders in `folder`, sorted.
Expected<std::vector<std::string>> subfolders(StringRef folder) {
  std::vector<std::string> found;
  std::error_code code;
  for (sys::fs::directory_iterator it(folder, code), end; it != end && !code;
       it.increment(code))
    if (sys::fs::is_directory(it->path()))
      found.push_back(it->path());
  if (code)
    return createFileError(folder, code);
  sort(found);
  return found;
}

Error search(StringRef folder, StringRef name, unsigned depth,
             std::vector<TestFolder> &found) {
  if (sys::fs::exists(pathBelow(folder, modelFile))) {
    found.push_back({folder.str(), name.str()});
    return Error::success();
  }
  if (depth == maximumDepth)
    return Error::success();
  Expected<std::vector<std::string>> below = subfolders(folder);
  if (!below)
    return below.takeError();
  for (const std::string &path : *below)
    if (Error error = search(
            path, pathBelow(depth == 0 ? "" : name, sys::path::filename(path)),
            depth + 1, found))
      return error;
  return Error::success();
}

/// `kind`_`index` in `folder`, as ONNX's suite has it or as NumPy writes it;
/// empty if there is none.
std::string findNumbered(StringRef folder, StringRef kind, size_t index) {
  for (StringRef extension : {".pb", ".npy"}) {
    std::string path = pathBelow(folder, kind + "_" + Twine(index) + extension);
    if (sys::fs::exists(path))
      return path;
  }
  return "";
}

/// input_0.pb, input_1.pb, ... as many as there are.
Expected<std::vector<Tensor>> readNumbered(StringRef folder, StringRef kind) {
  std::vector<Tensor> tensors;
  for (size_t i = 0;; ++i) {
    std::string path = findNumbered(folder, kind, i);
    if (path.empty())
      return tensors;
    Expected<Tensor> tensor = readTensor(path);
    if (!tensor)
      return tensor.takeError();
    tensors.push_back(std::move(*tensor));
  }
}

/// ONNX's test data has the bits of bfloat16 tensors as uint16, since NumPy has
/// no such type.
void restoreBFloat16(Tensor &tensor, ElementType type) {
  if (type != ElementType::BF16 || tensor.type() != ElementType::U16)
    return;
  Tensor view = Tensor::view(type, tensor.shape(), tensor.bytes());
  Tensor copy = view; // Of its own bytes, before the old ones go.
  tensor = std::move(copy);
}

/// One model on several data sets; it is compiled anew only when the shapes of
/// its inputs change.
class FolderVerifier {
public:
  FolderVerifier(StringRef folder, LoadOptions options, Tolerance tolerance)
      : modelPath(pathBelow(folder, modelFile)), options(std::move(options)),
        tolerance(tolerance) {}

  /// The largest error.
  Expected<double> verifyDataSet(StringRef dataSet) {
    Expected<std::vector<Tensor>> inputs = readNumbered(dataSet, "input");
    if (!inputs) {
      // What the model lacks is the better reason, if it lacks something.
      if (Error error = loadModel(modelPath, options).takeError()) {
        consumeError(inputs.takeError());
        return std::move(error);
      }
      return inputs.takeError();
    }
    if (Error error = load(*inputs))
      return std::move(error);
    Expected<std::vector<Tensor>> expected = readNumbered(dataSet, "output");
    if (!expected)
      return expected.takeError();
    return runAndCompare(std::move(*inputs), std::move(*expected));
  }

  std::vector<std::string> fixedInputs() const {
    std::vector<std::string> names;
    for (const auto &entry : options.values)
      names.push_back(entry.getKey().str());
    sort(names);
    return names;
  }

private:
  /// Loads the model for these inputs, from the least that is fixed to the
  /// most.
  Error load(ArrayRef<Tensor> tensors) {
    Expected<std::vector<OnnxInput>> read = readOnnxInputs(modelPath);
    if (!read)
      return read.takeError();
    inputs = std::move(*read);
    StringMap<std::vector<int64_t>> shapes;
    for (auto [input, tensor] : zip(inputs, tensors))
      if (input.isSymbolic())
        shapes[input.name] = tensor.shape();
    // Fixed values may differ from data set to data set.
    if (model && options.values.empty() && shapes == options.shapes)
      return Error::success();
    options.shapes = std::move(shapes);

    // The reason of the last attempt is told: what is left after fixing.
    size_t fixed = 0;
    Error error = loadWithFixed(tensors, [](const Tensor &) { return false; });
    for (auto isFixed : {isIndexVector, isVector}) {
      size_t count = count_if(tensors, isFixed);
      if (!error || count == fixed)
        continue;
      fixed = count;
      consumeError(std::move(error));
      error = loadWithFixed(tensors, isFixed);
    }
    if (error || options.reference)
      return error;
    LoadOptions known = options;
    for (const auto &entry : known.values)
      known.shapes.erase(entry.getKey());
    auto compiled = loadModel(modelPath, known);
    if (!compiled)
      return compiled.takeError();
    model = std::move(*compiled);
    return Error::success();
  }

  static bool isVector(const Tensor &tensor) { return tensor.rank() <= 1; }
  static bool isIndexVector(const Tensor &tensor) {
    return isVector(tensor) && (tensor.type() == ElementType::I64 ||
                                tensor.type() == ElementType::I32);
  }

  Error loadWithFixed(ArrayRef<Tensor> tensors,
                      function_ref<bool(const Tensor &)> isFixed) {
    LoadOptions attempt = options;
    attempt.values.clear();
    for (auto [input, tensor] : zip(inputs, tensors))
      if (isFixed(tensor))
        attempt.values.insert_or_assign(input.name, tensor);
    for (const auto &entry : attempt.values)
      attempt.shapes.erase(entry.getKey());
    // Whether a value must be known is the importer's say: what the code
    // generator cannot do is not to be folded away.
    LoadOptions imported = attempt;
    imported.reference = true;
    auto loaded = loadModel(modelPath, imported);
    if (!loaded)
      return loaded.takeError();
    model = std::move(*loaded);
    options.values = std::move(attempt.values);
    return Error::success();
  }

  Expected<double> runAndCompare(std::vector<Tensor> tensors,
                                 std::vector<Tensor> expected) {
    const EntryPointSpec &entry = model->entryPoint();
    for (auto [tensor, spec] : zip(expected, entry.outputs))
      restoreBFloat16(tensor, spec.type);
    std::vector<InputFile> files;
    for (auto [index, tensor] : enumerate(tensors)) {
      if (index < inputs.size() && options.values.contains(inputs[index].name))
        continue;
      if (files.size() < entry.inputs.size())
        restoreBFloat16(tensor, entry.inputs[files.size()].type);
      files.push_back({fmt::format("input_{}.pb", index), std::move(tensor)});
    }
    Expected<std::vector<Tensor>> bound =
        bindInputs(std::move(files), entry.inputs);
    if (!bound)
      return bound.takeError();
    Expected<std::vector<Tensor>> outputs = model->run(*bound);
    if (!outputs)
      return outputs.takeError();
    if (outputs->size() != expected.size())
      return createStringError("the model has %zu outputs, the folder %zu",
                               outputs->size(), expected.size());
    double largest = 0;
    for (auto [spec, output, reference] :
         zip_equal(entry.outputs, *outputs, expected))
      if (Error error =
              compareOutput(spec, output, reference, tolerance, largest))
        return std::move(error);
    return largest;
  }

  std::string modelPath;
  LoadOptions options;
  Tolerance tolerance;
  std::vector<OnnxInput> inputs;
  std::unique_ptr<RunnableModel> model;
};

} // namespace

Error edgec::compareOutput(const TensorSpec &spec, const Tensor &actual,
                           const Tensor &expected, Tolerance tolerance,
                           double &largest) {
  Expected<Comparison> comparison = compare(actual, expected, tolerance);
  if (!comparison)
    return createStringError("output '" + spec.name +
                             "': " + toString(comparison.takeError()));
  if (!(comparison->maxError <= largest))
    largest = comparison->maxError;
  if (comparison->mismatches == 0)
    return Error::success();
  return createStringError(fmt::format(
      "output '{}': {} of {} values are outside the tolerance, max-error "
      "{:.2g}; the first, [{}], is {:.6g}, expected {:.6g}",
      spec.name, comparison->mismatches, actual.size(), comparison->maxError,
      comparison->firstMismatch, comparison->firstActual,
      comparison->firstExpected));
}

Expected<std::vector<TestFolder>> edgec::findTestFolders(StringRef root) {
  if (sys::fs::is_regular_file(root))
    return std::vector<TestFolder>{{root.str(), sys::path::stem(root).str()}};
  if (!sys::fs::is_directory(root))
    return createStringError(
        "'" + root +
        "' is neither a model nor a folder; give an ONNX file, a folder with "
        "model.onnx and test_data_set_0, or a folder of such folders");
  StringRef trimmed = root.rtrim('/');
  std::vector<TestFolder> found;
  if (Error error = search(root, sys::path::filename(trimmed), 0, found))
    return std::move(error);
  if (found.empty())
    return createStringError("there is no model.onnx in or below '" + root +
                             "'");
  return found;
}

Expected<Verified> edgec::verifyFolder(StringRef folder,
                                       const LoadOptions &options,
                                       Tolerance tolerance) {
  Expected<std::vector<std::string>> below = subfolders(folder);
  if (!below)
    return below.takeError();
  erase_if(*below, [](StringRef path) {
    return !sys::path::filename(path).starts_with(dataSetPrefix);
  });
  if (below->empty())
    return createStringError("no folder test_data_set_0");
  FolderVerifier verifier(folder, options, tolerance);
  Verified result;
  for (const std::string &dataSet : *below) {
    Expected<double> error = verifier.verifyDataSet(dataSet);
    if (!error)
      return error.takeError();
    result.maxError = std::max(result.maxError, *error);
  }
  result.fixedInputs = verifier.fixedInputs();
  return result;
}

/// The first `samples` of inputs that are batches.
static std::vector<Tensor> firstSamples(const EntryPointSpec &entry,
                                        ArrayRef<Tensor> inputs,
                                        uint64_t samples) {
  std::vector<Tensor> result;
  for (auto [spec, tensor] : zip_equal(entry.inputs, inputs))
    result.push_back(Tensor::view(tensor.type(), shapeOfBatch(spec, samples),
                                  tensor.bytes()));
  return result;
}

/// Random inputs. A model of batches runs once with every number of samples up
/// to 8 and with all of them: together these use all functions for smaller
/// ones.
static Error verifyRandom(const ModelPair &models, Verified &result) {
  const EntryPointSpec &entry = models.compiled.entryPoint();
  std::vector<Tensor> inputs = randomInputs(entry.inputs, /*seed=*/1);
  uint64_t few = std::min<uint64_t>(entry.maxBatch, 8);
  for (uint64_t samples = 1; samples <= few; ++samples)
    if (Error error =
            models.compare(firstSamples(entry, inputs, samples), result))
      return createStringError(Twine(samples) +
                               " samples: " + toString(std::move(error)));
  if (entry.maxBatch != 0 && few == entry.maxBatch)
    return Error::success();
  return models.compare(inputs, result);
}

static Error verifySamples(const ModelPair &models,
                           const VerificationData &data, Verified &result) {
  const EntryPointSpec &entry = models.compiled.entryPoint();
  Expected<Samples> samples =
      Samples::open(data.path, data.preprocessing, entry.inputs);
  if (!samples)
    return samples.takeError();
  int64_t count = samples->size();
  if (data.limit != 0)
    count = std::min(count, data.limit);
  ProgressBar progress("comparing samples", count);
  for (int64_t first = 0; first < count; first += samples->batchSize()) {
    Expected<std::vector<Tensor>> inputs = samples->batch(first);
    if (!inputs)
      return inputs.takeError();
    if (Error error = models.compare(*inputs, result))
      return createStringError("sample " + Twine(first) + ": " +
                               toString(std::move(error)));
    progress.update(first + 1);
  }
  return Error::success();
}

Expected<Verified> edgec::verifyModel(StringRef path,
                                      const LoadOptions &options,
                                      const VerificationData &data,
                                      double minSqnr) {
  // Both of one calibration.
  LoadOptions calibrated = options;
  if (Error error = calibrate(path, calibrated))
    return std::move(error);
  auto compiled = loadModel(path, calibrated);
  if (!compiled)
    return compiled.takeError();
  calibrated.reference = true;
  auto reference = loadModel(path, calibrated);
  if (!reference)
    return reference.takeError();

  ModelPair models{**compiled, **reference, options.threads, minSqnr};
  Verified result;
  result.sqnr = std::numeric_limits<double>::infinity();
  bool isStream = !data.stream.steps.empty() || !data.stream.states.empty();
  Error error = isStream            ? verifySteps(models, data, result)
                : data.path.empty() ? verifyRandom(models, result)
                                    : verifySamples(models, data, result);
  if (error)
    return std::move(error);
  return result;
}
