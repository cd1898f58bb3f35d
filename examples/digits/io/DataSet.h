//===- DataSet.h - Labelled images from NumPy files -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_IO_DATASET_H
#define EDGEC_EXAMPLES_DIGITS_IO_DATASET_H

#include "nn/Batch.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>

namespace digits {

struct DataSet {
  std::vector<uint8_t> images; ///< 28 x 28 each
  std::vector<int64_t> labels; ///< 0 to 9

  int size() const { return static_cast<int>(labels.size()); }

  /// The images with these indices, normalised.
  Batch<float> batch(const int *indices, int count) const;
};

/// Reads what make_digits writes; errors name the file and what is wrong.
llvm::Expected<DataSet> readDataSet(llvm::StringRef imagesPath,
                                    llvm::StringRef labelsPath);

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_IO_DATASET_H
