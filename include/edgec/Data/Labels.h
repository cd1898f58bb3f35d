//===- Labels.h - What samples should give ----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DATA_LABELS_H
#define EDGEC_DATA_LABELS_H

#include "edgec/Data/RowReader.h"
#include "edgec/Data/Samples.h"
#include <string>

namespace edgec {

/// A class or a target for each sample, read one at a time.
class Labels {
public:
  /// Reads them from a file of arrays (.npy, .npz, .pb), one label for each
  /// sample along the first axis; or, where `path` is empty, takes classes or
  /// targets from the folders of `samples`, which has to live as long. An error
  /// names the file, or asks for --labels.
  static llvm::Expected<Labels> open(llvm::StringRef path,
                                     const Samples &samples);

  /// The class of a sample, below `classes`.
  llvm::Expected<int64_t> classOf(int64_t index, int64_t classes);

  /// The values that an output, by its number, should have, of `count` elements
  /// for a sample.
  llvm::Expected<Tensor> target(int64_t index, size_t output, int64_t count);

private:
  llvm::Expected<Tensor> readRow(int64_t index, int64_t count);

  const Samples *samples = nullptr;
  std::string path;
  std::unique_ptr<RowReader> rows; ///< Nothing: classes of folders.
};

} // namespace edgec

#endif // EDGEC_DATA_LABELS_H
