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
    if (samples.classOf(0))
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
    Expected<Tensor> row = target(index, 1);
    if (!row)
      return row.takeError();
    Expected<Tensor> integer = convertTensor(*row, ElementType::I64);
    if (!integer)
      return createFileError(path, integer.takeError());
    label = integer->asInt(0);
  } else {
    label = samples->classOf(index).value_or(-1);
  }
  if (label >= 0 && label < classes)
    return label;
  Error error = createStringError(
      fmt::format("label {} of sample {} is no class: the model has {}", label,
                  index, classes));
  return rows ? createFileError(path, std::move(error)) : std::move(error);
}

Expected<Tensor> Labels::target(int64_t index, int64_t count) {
  if (!rows)
    return usageError("--labels is needed: folders tell classes only");
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
