//===- StackedSource.cpp - Samples stacked along an axis ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sources.h"
#include "edgec/Data/RowReader.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

/// An array of samples for each input of the model.
class StackedSource : public SampleSource {
public:
  StackedSource(std::vector<std::unique_ptr<RowReader>> arrays,
                ChannelLayout channels)
      : arrays(std::move(arrays)), channels(channels) {}

  int64_t size() const override { return arrays.front()->rows(); }
  ChannelLayout layout() const override { return channels; }

  Expected<std::vector<Tensor>> read(int64_t index) override {
    std::vector<Tensor> tensors;
    for (const std::unique_ptr<RowReader> &array : arrays) {
      Expected<Tensor> row = array->read(index);
      if (!row)
        return row.takeError();
      tensors.push_back(std::move(*row));
    }
    return tensors;
  }

private:
  std::vector<std::unique_ptr<RowReader>> arrays;
  ChannelLayout channels;
};

SourceOrError makeSource(StringRef path,
                         std::vector<std::unique_ptr<RowReader>> arrays,
                         const Preprocessing &preprocessing,
                         const SampleShape &shape) {
  int64_t rows = arrays.front()->rows();
  for (auto [array, input] : zip_equal(arrays, shape.inputs)) {
    if (array->rows() != rows)
      return createFileError(
          path,
          createStringError(fmt::format(
              "{} samples for input '{}' and {} for input '{}'; every "
              "sample needs all inputs",
              rows, shape.inputs.front().name, array->rows(), input.name)));
    if (rows != 0)
      if (Error error = checkElements(path, array->rowShape(), input))
        return std::move(error);
  }
  return std::make_unique<StackedSource>(
      std::move(arrays), preprocessing.layout.value_or(ChannelLayout::First));
}

Error needsArchive(StringRef path, const SampleShape &shape) {
  std::string name = shape.inputs.empty() ? "NAME" : shape.inputs.front().name;
  return createFileError(
      path,
      createStringError(fmt::format(
          "the model has {} inputs, and this file has samples for one; give a "
          "folder with a file for each ('{}.npy', ...), or a .npz archive with "
          "an array for each",
          shape.inputs.size(), name)));
}

bool isArchive(StringRef path) {
  return sys::path::extension(path).lower() == ".npz";
}

Expected<std::unique_ptr<RowReader>> openArray(StringRef path,
                                               const TensorSpec &input) {
  return isRawTensorFile(path) ? openRawRows(path, input) : openRows(path);
}

} // namespace

SourceOrError edgec::openStackedFile(StringRef path,
                                     const Preprocessing &preprocessing,
                                     const SampleShape &shape) {
  if (isArchive(path)) {
    std::vector<std::string> names;
    for (const TensorSpec &input : shape.inputs)
      names.push_back(input.name);
    auto arrays = openArchiveRows(path, names);
    if (!arrays)
      return arrays.takeError();
    return makeSource(path, std::move(*arrays), preprocessing, shape);
  }
  if (shape.inputs.size() != 1)
    return needsArchive(path, shape);
  auto array = openArray(path, shape.inputs.front());
  if (!array)
    return array.takeError();
  std::vector<std::unique_ptr<RowReader>> arrays;
  arrays.push_back(std::move(*array));
  return makeSource(path, std::move(arrays), preprocessing, shape);
}

std::string edgec::findStackedFile(StringRef folder, const TensorSpec &input) {
  std::string name = input.name;
  std::replace(name.begin(), name.end(), '/', '_');
  for (StringRef extension : {".npy", ".bin", ".raw"}) {
    SmallString<128> path(folder);
    sys::path::append(path, name + extension);
    if (sys::fs::exists(path))
      return std::string(path);
  }
  return "";
}

SourceOrError edgec::openStackedFolder(StringRef folder,
                                       const Preprocessing &preprocessing,
                                       const SampleShape &shape) {
  std::vector<std::unique_ptr<RowReader>> arrays;
  for (const TensorSpec &input : shape.inputs) {
    auto array = openArray(findStackedFile(folder, input), input);
    if (!array)
      return array.takeError();
    arrays.push_back(std::move(*array));
  }
  return makeSource(folder, std::move(arrays), preprocessing, shape);
}
