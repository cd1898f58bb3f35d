//===- Sources.h - The kinds of data sets -----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DATA_SOURCES_H
#define EDGEC_LIB_DATA_SOURCES_H

#include "edgec/Data/SampleSource.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace edgec {

using SourceOrError = llvm::Expected<std::unique_ptr<SampleSource>>;

/// Samples stacked in one file.
SourceOrError openStackedFile(llvm::StringRef path,
                              const Preprocessing &preprocessing,
                              const SampleShape &shape);

/// The file in `folder` that holds the samples of `input`, called after it;
/// empty if there is none.
std::string findStackedFile(llvm::StringRef folder, const TensorSpec &input);

/// Samples stacked in a file for each input.
SourceOrError openStackedFolder(llvm::StringRef folder,
                                const Preprocessing &preprocessing,
                                const SampleShape &shape);

/// The folders of ONNX test data in `folder`, by number.
llvm::Expected<std::vector<std::string>>
findOnnxDataSets(llvm::StringRef folder);

SourceOrError openOnnxDataSets(std::vector<std::string> folders,
                               const Preprocessing &preprocessing,
                               const SampleShape &shape);

/// A file for each sample; `path` is one of them, or their folder.
SourceOrError openSampleFiles(llvm::StringRef path,
                              const Preprocessing &preprocessing,
                              const SampleShape &shape);

/// An error unless `tensor`, read from `path`, has as many elements as a sample
/// of `input`.
llvm::Error checkElements(llvm::StringRef path,
                          const std::vector<int64_t> &tensorShape,
                          const TensorSpec &input);

} // namespace edgec

#endif // EDGEC_LIB_DATA_SOURCES_H
