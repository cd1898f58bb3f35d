//===- Evaluation.cpp - Samples in, classes out ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Evaluation.h"
#include "edgec/Tools/Errors.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace llvm;

namespace {

int64_t channelsOf(const Tensor &data) {
  return data.rank() > 1 ? data.dim(1) : 1;
}

Error checkValues(StringRef option, const std::vector<double> &values,
                  int64_t channels) {
  if (values.size() == 1 || static_cast<int64_t>(values.size()) == channels)
    return Error::success();
  return usageError(fmt::format(
      "--{} has {} values; give one, or one for each of the {} channels of the "
      "data",
      option.str(), values.size(), channels));
}

int64_t batchOf(const TensorSpec &input) {
  return input.shape.empty() ? 1 : input.shape.front();
}

template <typename T> T saturate(float value) {
  // Written so that a NaN becomes the smallest value, and no conversion of an
  // out-of-range number is made.
  const double low = static_cast<double>(std::numeric_limits<T>::min());
  constexpr double high = static_cast<double>(std::numeric_limits<T>::max());
  double rounded = std::nearbyint(static_cast<double>(value));
  if (!(rounded > low))
    return std::numeric_limits<T>::min();
  if (rounded >= high)
    return std::numeric_limits<T>::max();
  return static_cast<T>(rounded);
}

template <typename T> void put(Tensor &tensor, int64_t index, T value) {
  std::memcpy(tensor.mutableBytes() + index * sizeof(T), &value, sizeof(T));
}

void store(Tensor &tensor, int64_t index, float value) {
  switch (tensor.type()) {
  case ElementType::F32:
    return put(tensor, index, value);
  case ElementType::F64:
    return put(tensor, index, static_cast<double>(value));
  case ElementType::F16:
    return put(tensor, index, toHalf(value));
  case ElementType::BF16:
    return put(tensor, index, toBFloat16(value));
  case ElementType::I8:
    return put(tensor, index, saturate<int8_t>(value));
  case ElementType::I16:
    return put(tensor, index, saturate<int16_t>(value));
  case ElementType::I32:
    return put(tensor, index, saturate<int32_t>(value));
  case ElementType::I64:
    return put(tensor, index, saturate<int64_t>(value));
  case ElementType::U8:
    return put(tensor, index, saturate<uint8_t>(value));
  case ElementType::U16:
    return put(tensor, index, saturate<uint16_t>(value));
  case ElementType::U32:
    return put(tensor, index, saturate<uint32_t>(value));
  case ElementType::U64:
    return put(tensor, index, saturate<uint64_t>(value));
  case ElementType::Bool:
    return put(tensor, index, static_cast<uint8_t>(value != 0));
  }
}

double valueForRanking(const Tensor &output, int64_t index) {
  double value = output.asDouble(index);
  return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
}

} // namespace

Error Preprocessing::check(const Tensor &data) const {
  if (Error error = checkValues("mean", mean, channelsOf(data)))
    return error;
  if (Error error = checkValues("std", deviation, channelsOf(data)))
    return error;
  if (std::find(deviation.begin(), deviation.end(), 0.0) != deviation.end())
    return usageError("--std has a 0, by which nothing can be divided");
  return Error::success();
}

Expected<int64_t> edgec::checkSamples(const Tensor &data,
                                      const TensorSpec &input) {
  if (data.rank() == 0 || data.dim(0) == 0)
    return createStringError(
        "the data holds no samples: its shape must be samples x ...");
  int64_t sampleSize = data.size() / data.dim(0);
  Tensor shapeOnly = Tensor::view(input.type, input.shape, nullptr);
  int64_t batch = batchOf(input);
  if (batch == 0 || shapeOnly.size() != sampleSize * batch) {
    std::vector<int64_t> sampleShape(data.shape().begin() + 1,
                                     data.shape().end());
    return createStringError(fmt::format(
        "the model's input '{}' is {}, a sample of the data is {}; the "
        "numbers of elements must agree",
        input.name, formatShape(input.shape), formatShape(sampleShape)));
  }
  return sampleSize;
}

Tensor edgec::makeBatch(const Tensor &data, int64_t first,
                        const TensorSpec &input,
                        const Preprocessing &preprocessing) {
  int64_t sampleSize = data.size() / data.dim(0);
  int64_t channels = channelsOf(data);
  int64_t channelSize = sampleSize / std::max<int64_t>(channels, 1);
  int64_t count = std::min(batchOf(input), data.dim(0) - first);
  auto perChannel = [](const std::vector<double> &values, int64_t channel) {
    return static_cast<float>(values.size() == 1 ? values[0] : values[channel]);
  };

  Tensor batch(input.type, input.shape);
  float scale = static_cast<float>(preprocessing.scale);
  for (int64_t i = 0; i < count * sampleSize; ++i) {
    int64_t channel = i % sampleSize / std::max<int64_t>(channelSize, 1);
    float value = static_cast<float>(data.asDouble(first * sampleSize + i));
    store(batch, i,
          (value * scale - perChannel(preprocessing.mean, channel)) /
              perChannel(preprocessing.deviation, channel));
  }
  return batch;
}

int64_t edgec::rankOfClass(const Tensor &output, int64_t batch, int64_t sample,
                           int64_t label) {
  int64_t classes = output.size() / batch;
  int64_t offset = sample * classes;
  double own = valueForRanking(output, offset + label);
  int64_t before = 0;
  for (int64_t i = 0; i < classes; ++i) {
    double value = valueForRanking(output, offset + i);
    if (value > own || (value == own && i < label))
      ++before;
  }
  return before;
}
