//===- SampleSource.h - Samples, one at a time ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DATA_SAMPLESOURCE_H
#define EDGEC_DATA_SAMPLESOURCE_H

#include "edgec/Data/Preprocessing.h"
#include "edgec/Target/ModelSpec.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <memory>

namespace edgec {

/// A data set of which one sample is held at a time. Whoever opens it knows the
/// model's inputs.
class SampleSource {
public:
  virtual ~SampleSource() = default;

  virtual int64_t size() const = 0;

  /// The stored values of a sample: a tensor for each input of the model.
  /// Errors name the file.
  virtual llvm::Expected<std::vector<Tensor>> read(int64_t index) = 0;

  /// The class of a sample where its folder tells it.
  virtual std::optional<int64_t> classOf(int64_t index) const {
    return std::nullopt;
  }

  /// What a sample's folder says that an output, by its number, should be;
  /// nothing where it does not.
  virtual llvm::Expected<std::optional<Tensor>> target(int64_t index,
                                                       size_t output) const {
    return std::nullopt;
  }

  /// Whether a sample is all that one run of the model takes, batch included.
  virtual bool isWholeRun() const { return false; }

  /// Where the channels of the samples are.
  virtual ChannelLayout layout() const = 0;
};

/// The inputs of a model without their batch.
struct SampleShape {
  /// Whether all inputs have a first axis of the same extent.
  bool isBatched = false;
  /// That extent, the number of samples that one run takes; otherwise 1.
  int64_t batch = 1;
  /// One for each input: what a single sample has.
  std::vector<TensorSpec> inputs;

  static SampleShape of(llvm::ArrayRef<TensorSpec> modelInputs);
};

/// Opens the data set at `path`:
///   - .npy, .npz or .pb: samples stacked along the first axis; .npz with a
///     member for each input by its name, or one member for one input;
///   - .bin or .raw: elements of the input's type, sample after sample;
///   - .png, .jpg, .jpeg: one image;
///   - a folder with test_data_set_0, test_data_set_1, ..., each with
///     input_0.pb, input_1.pb, ... for one run, and output_0.pb, ...:
///     ONNX's own format;
///   - a folder with a .npy, .bin or .raw file for each input by its name ('/'
///     written as '_'), stacked as above;
///   - a folder of files, one a sample: images, .npy, .pb, .bin or .raw; or a
///     folder of such folders, one a class.
/// Errors name the file and say what is expected.
llvm::Expected<std::unique_ptr<SampleSource>>
openSampleSource(llvm::StringRef path, const Preprocessing &preprocessing,
                 const SampleShape &shape);

} // namespace edgec

#endif // EDGEC_DATA_SAMPLESOURCE_H
