//===- Samples.h - Inputs of a model from a data set ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DATA_SAMPLES_H
#define EDGEC_DATA_SAMPLES_H

#include "edgec/Data/NoiseSource.h"
#include "edgec/Data/SampleSource.h"

namespace edgec {

/// A data set as a model takes it: preprocessed, in batches. What is held does
/// not grow with the number of samples.
class Samples {
public:
  /// See openSampleSource for what `path` may be. Preprocessing applies to the
  /// model's only input, or to all floating-point inputs of several.
  static llvm::Expected<Samples> open(llvm::StringRef path,
                                      const Preprocessing &preprocessing,
                                      llvm::ArrayRef<TensorSpec> inputs);

  /// Made ones, of which there is no end; stored values would be in `range`.
  static llvm::Expected<Samples> make(SampleRange range,
                                      const Preprocessing &preprocessing,
                                      llvm::ArrayRef<TensorSpec> inputs);

  int64_t size() const { return source->size(); }

  /// Samples that one run of the model takes.
  int64_t batchSize() const { return samplesPerRun; }

  /// The model's inputs for samples first, first + 1, ..., as many as the
  /// batch; zero after the last sample.
  llvm::Expected<std::vector<Tensor>> batch(int64_t first);

  /// The class of a sample where its folder tells it.
  std::optional<int64_t> classOf(int64_t index) const {
    return source->classOf(index);
  }

  /// What a sample's folder says that an output, by its number, should be.
  llvm::Expected<std::optional<Tensor>> targetOf(int64_t index,
                                                 size_t output) const {
    return source->target(index, output);
  }

private:
  Samples(std::unique_ptr<SampleSource> source,
          const Preprocessing &preprocessing,
          llvm::ArrayRef<TensorSpec> inputs);
  llvm::Error store(std::vector<Tensor> &batch, int64_t slot,
                    llvm::ArrayRef<Tensor> sample) const;

  std::unique_ptr<SampleSource> source;
  Preprocessing preprocessing;
  std::vector<TensorSpec> inputs;
  int64_t samplesPerRun = 1;
  /// Whether the first axis of a stored sample is a batch.
  bool samplesHaveBatch = false;
};

} // namespace edgec

#endif // EDGEC_DATA_SAMPLES_H
