//===- SampleSource.cpp - Samples, one at a time --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/SampleSource.h"
#include "Sources.h"
#include "edgec/Data/Image.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

static int64_t elementCount(const std::vector<int64_t> &shape) {
  return Tensor::view(ElementType::F32, shape, nullptr).size();
}

SampleShape SampleShape::of(ArrayRef<TensorSpec> modelInputs) {
  SampleShape shape;
  shape.inputs = modelInputs.vec();
  auto batchOf = [](const TensorSpec &input) {
    return input.shape.empty() ? 0 : input.shape.front();
  };
  if (modelInputs.empty())
    return shape;
  int64_t batch = batchOf(modelInputs.front());
  if (batch == 0 || !all_of(modelInputs, [&](const TensorSpec &input) {
        return batchOf(input) == batch;
      }))
    return shape;
  shape.isBatched = true;
  shape.batch = batch;
  for (TensorSpec &input : shape.inputs)
    input.shape.erase(input.shape.begin());
  return shape;
}

Error edgec::checkElements(StringRef path,
                           const std::vector<int64_t> &tensorShape,
                           const TensorSpec &input) {
  if (elementCount(tensorShape) == elementCount(input.shape))
    return Error::success();
  return createFileError(
      path,
      createStringError(fmt::format(
          "a sample is {}, the model's input '{}' takes {}; the numbers "
          "of elements must agree",
          formatShape(tensorShape), input.name, formatShape(input.shape))));
}

SourceOrError edgec::openSampleSource(StringRef path,
                                      const Preprocessing &preprocessing,
                                      const SampleShape &shape) {
  sys::fs::file_status status;
  if (std::error_code code = sys::fs::status(path, status))
    return createFileError(path, code);
  if (!sys::fs::is_directory(status)) {
    if (isImageFile(path))
      return openSampleFiles(path, preprocessing, shape);
    return openStackedFile(path, preprocessing, shape);
  }
  Expected<std::vector<std::string>> dataSets = findOnnxDataSets(path);
  if (!dataSets)
    return dataSets.takeError();
  if (!dataSets->empty())
    return openOnnxDataSets(std::move(*dataSets), preprocessing, shape);
  bool isStacked = all_of(shape.inputs, [&](const TensorSpec &input) {
    return !findStackedFile(path, input).empty();
  });
  if (isStacked)
    return openStackedFolder(path, preprocessing, shape);
  return openSampleFiles(path, preprocessing, shape);
}
