//===- Labels.cpp - What samples should give ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Labels.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Tools/Errors.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

Expected<Labels> Labels::open(StringRef path, const Samples &samples) {
  Labels labels;
  labels.samples = &samples;
  labels.path = path.str();
  if (path.empty()) {
    Expected<std::optional<Tensor>> target = samples.targetOf(0, 0);
    if (!target)
      return target.takeError();
    if (*target || samples.classOf(0))
      return labels;
    return usageError("--labels is needed: --labels=y.npy, or --data=DIR with "
                      "a folder for each class");
  }
  Expected<std::unique_ptr<RowReader>> rows = openRows(path);
  if (!rows)
    return rows.takeError();
  if ((*rows)->rows() != samples.size())
    return createFileError(
        path, createStringError(fmt::format("{} labels for {} samples",
                                            (*rows)->rows(), samples.size())));
  labels.rows = std::move(*rows);
  return labels;
}

Expected<int64_t> Labels::classOf(int64_t index, int64_t classes) {
  int64_t label;
  if (rows) {
    Expected<Tensor> row = readRow(index, 1);
    if (!row)
      return row.takeError();
    Expected<Tensor> integer = convertTensor(*row, ElementType::I64);
    if (!integer)
      return createFileError(path, integer.takeError());
    label = integer->asInt(0);
  } else {
    std::optional<int64_t> told = samples->classOf(index);
    if (!told)
      return usageError("--labels is needed: the folders of the data do not "
                        "tell classes");
    label = *told;
  }
  if (label >= 0 && label < classes)
    return label;
  Error error = createStringError(
      fmt::format("label {} of sample {} is no class: the model has {}", label,
                  index, classes));
  return rows ? createFileError(path, std::move(error)) : std::move(error);
}

Expected<Tensor> Labels::target(int64_t index, size_t output, int64_t count) {
  if (rows)
    return readRow(index, count);
  Expected<std::optional<Tensor>> target = samples->targetOf(index, output);
  if (!target)
    return target.takeError();
  if (!*target)
    return usageError("--labels is needed: the folders of the data do not tell "
                      "the values of output " +
                      Twine(output));
  if ((*target)->size() != count)
    return createStringError(fmt::format(
        "output {} of data set {} has the shape {}, {} numbers are expected",
        output, index, formatShape((*target)->shape()), count));
  return std::move(**target);
}

Expected<Tensor> Labels::readRow(int64_t index, int64_t count) {
  Expected<Tensor> row = rows->read(index);
  if (!row)
    return row.takeError();
  if (row->size() == count)
    return row;
  return createFileError(
      path, createStringError(fmt::format(
                "a label has the shape {}, {} for each sample is expected",
                formatShape(row->shape()),
                count == 1 ? std::string("one number")
                           : fmt::format("{} numbers", count))));
}
