//===- Samples.cpp - Inputs of a model from a data set --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Samples.h"
#include "edgec/Tools/Errors.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace edgec;
using namespace llvm;

Expected<Samples> Samples::open(StringRef path,
                                const Preprocessing &preprocessing,
                                ArrayRef<TensorSpec> inputs) {
  if (inputs.empty())
    return createStringError("the model has no inputs, so no samples");
  SampleShape shape = SampleShape::of(inputs);
  Expected<std::unique_ptr<SampleSource>> source =
      openSampleSource(path, preprocessing, shape);
  if (!source)
    return source.takeError();
  if ((*source)->size() == 0)
    return createFileError(
        path, createStringError("there are no samples: the first extent of "
                                "the array, which counts them, is 0"));
  return Samples(std::move(*source), preprocessing, inputs);
}

Expected<Samples> Samples::make(SampleRange range,
                                const Preprocessing &preprocessing,
                                ArrayRef<TensorSpec> inputs) {
  if (inputs.empty())
    return createStringError("the model has no inputs, so no samples");
  for (const TensorSpec &input : inputs)
    if (byteSize(input.type) > 1 && !isFloatType(input.type))
      return createStringError("samples of the input '" + input.name +
                               "', of whole numbers, cannot be made: only "
                               "those of images and signals can");
  return Samples(
      makeNoiseSource(SampleShape::of(inputs), range,
                      preprocessing.layout.value_or(ChannelLayout::First)),
      preprocessing, inputs);
}

Samples::Samples(std::unique_ptr<SampleSource> opened,
                 const Preprocessing &preprocessing,
                 ArrayRef<TensorSpec> inputs)
    : source(std::move(opened)), preprocessing(preprocessing),
      inputs(inputs.vec()) {
  SampleShape shape = SampleShape::of(inputs);
  samplesHaveBatch = source->isWholeRun() || !shape.isBatched;
  samplesPerRun = source->isWholeRun() ? 1 : shape.batch;
}

Error Samples::store(std::vector<Tensor> &batch, int64_t slot,
                     ArrayRef<Tensor> sample) const {
  ChannelLayout layout = source->layout();
  for (auto [input, value] : zip_equal(batch, sample)) {
    bool isPreprocessed = batch.size() == 1 || isFloatType(input.type());
    const Preprocessing &applied =
        isPreprocessed ? preprocessing : Preprocessing();
    if (Error error =
            applied.check(channelsOf(value.shape(), layout, samplesHaveBatch)))
      return error;
    storeSample(input, slot * value.size(), value, applied, layout,
                samplesHaveBatch);
  }
  return Error::success();
}

Expected<std::vector<Tensor>> Samples::batch(int64_t first) {
  std::vector<Tensor> batch;
  for (const TensorSpec &input : inputs)
    batch.emplace_back(input.type, input.shape);
  int64_t count = std::min(samplesPerRun, size() - first);
  for (int64_t slot = 0; slot < count; ++slot) {
    Expected<std::vector<Tensor>> sample = source->read(first + slot);
    if (!sample)
      return sample.takeError();
    if (Error error = store(batch, slot, *sample))
      return std::move(error);
  }
  return batch;
}
