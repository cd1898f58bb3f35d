//===- ModelInputs.cpp - Inputs of a model from files or a generator ------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/ModelInputs.h"
#include "edgec/Support/SplitMix64.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Tools/Errors.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace edgec;
using namespace llvm;

std::string edgec::quotedList(ArrayRef<std::string> names) {
  return names.empty() ? "none" : fmt::format("'{}'", fmt::join(names, "', '"));
}

std::vector<std::string> edgec::namesOf(ArrayRef<TensorSpec> tensors) {
  std::vector<std::string> names;
  for (const TensorSpec &tensor : tensors)
    names.push_back(tensor.name);
  return names;
}

std::string edgec::describe(const TensorSpec &tensor) {
  return fmt::format("{} {}", name(tensor.type), formatShape(tensor));
}

//===----------------------------------------------------------------------===//
// From files
//===----------------------------------------------------------------------===//

namespace {

/// Splits "[NAME=]FILE". Names and paths may contain '=' themselves, so a name
/// is one of the model's, and otherwise the whole may be a path.
Expected<std::pair<std::string, std::string>>
splitArgument(StringRef argument, ArrayRef<std::string> names) {
  for (size_t at = argument.find('='); at != StringRef::npos;
       at = argument.find('=', at + 1))
    if (is_contained(names, argument.take_front(at)))
      return std::make_pair(argument.take_front(at).str(),
                            argument.drop_front(at + 1).str());
  if (!argument.contains('=') || sys::fs::exists(argument))
    return std::make_pair(std::string(), argument.str());
  return usageError("--input=" + argument + ": the model has no input '" +
                    argument.split('=').first + "'; its inputs are " +
                    quotedList(names));
}

class InputMatcher {
public:
  explicit InputMatcher(ArrayRef<std::string> names)
      : names(names), files(names.size()) {}

  Error add(StringRef argument) {
    auto split = splitArgument(argument, names);
    if (!split)
      return split.takeError();
    auto &[name, path] = *split;
    if (isRawTensorFile(path)) {
      if (name.empty() && names.size() == 1)
        name = names.front();
      if (name.empty())
        return needsName(argument);
      if (!sys::fs::exists(path))
        return createFileError(
            path, std::make_error_code(std::errc::no_such_file_or_directory));
      return set(argument, name, {path, std::nullopt});
    }
    Expected<std::vector<NamedTensor>> tensors = readTensors(path);
    if (!tensors)
      return tensors.takeError();
    return addTensors(argument, name, path, std::move(*tensors));
  }

  std::vector<InputFile> take() { return std::move(files); }

private:
  Error addTensors(StringRef argument, StringRef name, StringRef path,
                   std::vector<NamedTensor> tensors) {
    bool single = tensors.size() == 1;
    bool used = false;
    for (NamedTensor &tensor : tensors) {
      // A file of one tensor is what the argument says that it is; the tensors
      // of an archive go by their own names.
      std::string target = tensor.name;
      if (single && !name.empty())
        target = name.str();
      else if (single && names.size() == 1)
        target = names.front();
      else if (!name.empty() && tensor.name != name)
        continue;
      if (target.empty())
        return needsName(argument);
      if (!is_contained(names, target))
        return createFileError(
            path, createStringError("the model has no input '" + target +
                                    "'; its inputs are " + quotedList(names)));
      used = true;
      InputFile file{path.str(), std::move(tensor.tensor)};
      if (Error error = set(argument, target, std::move(file)))
        return error;
    }
    if (!used)
      return createFileError(
          path, createStringError("the file has no tensor '" + name + "'"));
    return Error::success();
  }

  Error needsName(StringRef argument) {
    return usageError("--input=" + argument +
                      ": for which input? Write "
                      "--input=NAME=" +
                      argument + ", NAME one of " + quotedList(names));
  }

  Error set(StringRef argument, StringRef name, InputFile file) {
    InputFile &slot = files[find(names, name) - names.begin()];
    if (!slot.path.empty())
      return usageError("--input=" + argument + ": input '" + name +
                        "' was given before");
    slot = std::move(file);
    return Error::success();
  }

  ArrayRef<std::string> names;
  std::vector<InputFile> files;
};

/// Whether a run can take a tensor of this shape: a batch may be smaller.
bool takesShape(const TensorSpec &input, const std::vector<int64_t> &shape) {
  if (!input.isBatch || shape.empty())
    return shape == input.shape;
  return shape.front() >= 1 && shape.front() <= input.shape.front() &&
         shape == shapeOfBatch(input, shape.front());
}

Expected<Tensor> bindInput(InputFile file, const TensorSpec &input) {
  if (file.path.empty())
    return usageError("no value for input '" + input.name + "' (" +
                      describe(input) + "); give --input=" + input.name +
                      "=FILE");
  if (!file.tensor)
    return readRawTensor(file.path, input.type, input.shape);
  TensorSpec given{input.name, file.tensor->type(), file.tensor->shape()};
  if (given.type != input.type)
    return createStringError(fmt::format(
        "input '{}' takes {}, {} holds {}; convert it, for example with "
        ".astype('{}') in NumPy",
        input.name, describe(input), file.path, describe(given),
        name(input.type)));
  if (!takesShape(input, given.shape))
    return createStringError(fmt::format(
        "input '{}' takes {}, {} holds {}; give a tensor of that shape, or "
        "another shape with --shape={}=... where the model leaves it open",
        input.name, describe(input), file.path, describe(given), input.name));
  return std::move(*file.tensor);
}

} // namespace

Expected<std::vector<InputFile>>
edgec::readInputFiles(ArrayRef<std::string> arguments,
                      ArrayRef<std::string> names) {
  InputMatcher matcher(names);
  for (const std::string &argument : arguments)
    if (Error error = matcher.add(argument))
      return std::move(error);
  return matcher.take();
}

Expected<std::vector<Tensor>> edgec::bindInputs(std::vector<InputFile> files,
                                                ArrayRef<TensorSpec> inputs) {
  if (files.size() != inputs.size())
    return createStringError("the model has %zu inputs, %zu are given",
                             inputs.size(), files.size());
  std::vector<Tensor> tensors;
  for (auto [file, input] : zip_equal(files, inputs)) {
    Expected<Tensor> tensor = bindInput(std::move(file), input);
    if (!tensor)
      return tensor.takeError();
    tensors.push_back(std::move(*tensor));
  }
  return tensors;
}

//===----------------------------------------------------------------------===//
// From a generator
//===----------------------------------------------------------------------===//

namespace {

/// Uniform in [−1, 1), exact in single precision.
double uniform(SplitMix64 &generator) {
  return static_cast<double>(generator.next() >> 40) * 0x1p-23 - 1;
}

void storeRandom(Tensor &tensor, int64_t index, SplitMix64 &generator) {
  if (isFloatType(tensor.type()))
    return tensor.setDouble(index, uniform(generator));
  char *to = tensor.mutableBytes() + index * byteSize(tensor.type());
  // Little-endian: the low byte is where every integer type has its ones.
  bool isByte =
      tensor.type() == ElementType::I8 || tensor.type() == ElementType::U8;
  *to = static_cast<char>(generator.next() >> (isByte ? 56 : 63));
}

} // namespace

std::vector<Tensor> edgec::randomInputs(ArrayRef<TensorSpec> inputs,
                                        uint64_t seed) {
  SplitMix64 generator(seed);
  std::vector<Tensor> tensors;
  for (const TensorSpec &input : inputs) {
    Tensor tensor(input.type, input.shape);
    for (int64_t i = 0, count = tensor.size(); i < count; ++i)
      storeRandom(tensor, i, generator);
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}
