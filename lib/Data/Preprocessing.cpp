//===- Preprocessing.cpp - From a stored sample to an input ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Preprocessing.h"
#include "edgec/Tools/Errors.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace llvm;

namespace {

Error checkValues(StringRef option, const std::vector<double> &values,
                  int64_t channels) {
  if (values.size() == 1 || static_cast<int64_t>(values.size()) == channels)
    return Error::success();
  return usageError(fmt::format(
      "--{} has {} values; give one, or one for each of the {} channels of the "
      "data (--layout tells where they are)",
      option.str(), values.size(), channels));
}

template <typename T> T saturate(double value) {
  // Written so that a NaN becomes the smallest value, and no conversion of an
  // out-of-range number is made.
  const double low = static_cast<double>(std::numeric_limits<T>::min());
  constexpr double high = static_cast<double>(std::numeric_limits<T>::max());
  double rounded = std::nearbyint(value);
  if (!(rounded > low))
    return std::numeric_limits<T>::min();
  if (rounded >= high)
    return std::numeric_limits<T>::max();
  return static_cast<T>(rounded);
}

template <typename T> T saturate(int64_t value) {
  if constexpr (sizeof(T) == sizeof(int64_t))
    return std::is_signed_v<T> || value > 0 ? static_cast<T>(value) : T(0);
  else
    return static_cast<T>(std::clamp<int64_t>(
        value, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

template <typename T> void put(Tensor &tensor, int64_t index, T value) {
  std::memcpy(tensor.mutableBytes() + index * sizeof(T), &value, sizeof(T));
}

/// `Number` is double, or int64_t for integers that have to stay exact.
template <typename Number>
void store(Tensor &tensor, int64_t index, Number value) {
  switch (tensor.type()) {
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
  default:
    return tensor.setDouble(index, static_cast<double>(value));
  }
}

/// The axis of the channels; nothing where the shape has no such axis.
std::optional<size_t> channelAxis(const std::vector<int64_t> &shape,
                                  ChannelLayout layout, bool hasBatch) {
  size_t first = hasBatch ? 1 : 0;
  if (shape.size() <= first)
    return std::nullopt;
  return layout == ChannelLayout::First ? first : shape.size() - 1;
}

/// Without preprocessing.
void copySample(Tensor &input, int64_t offset, const Tensor &sample) {
  if (sample.type() == input.type()) {
    std::memcpy(input.mutableBytes() + offset * byteSize(input.type()),
                sample.bytes(), sample.byteCount());
    return;
  }
  bool exact = !isFloatType(sample.type()) && sample.type() != ElementType::U64;
  for (int64_t i = 0, count = sample.size(); i < count; ++i)
    if (exact)
      store(input, offset + i, sample.asInt(i));
    else
      store(input, offset + i, sample.asDouble(i));
}

} // namespace

bool Preprocessing::isIdentity() const {
  auto allAre = [](const std::vector<double> &values, double value) {
    return std::all_of(values.begin(), values.end(),
                       [&](double v) { return v == value; });
  };
  return scale == 1 && allAre(mean, 0) && allAre(deviation, 1);
}

Error Preprocessing::check(int64_t channels) const {
  if (Error error = checkValues("mean", mean, channels))
    return error;
  if (Error error = checkValues("std", deviation, channels))
    return error;
  if (std::find(deviation.begin(), deviation.end(), 0.0) != deviation.end())
    return usageError("--std has a 0, by which nothing can be divided");
  return Error::success();
}

int64_t edgec::channelsOf(const std::vector<int64_t> &sampleShape,
                          ChannelLayout layout, bool hasBatch) {
  std::optional<size_t> axis = channelAxis(sampleShape, layout, hasBatch);
  return axis ? sampleShape[*axis] : 1;
}

void edgec::storeSample(Tensor &input, int64_t offset, const Tensor &sample,
                        const Preprocessing &preprocessing,
                        ChannelLayout layout, bool hasBatch) {
  if (preprocessing.isIdentity())
    return copySample(input, offset, sample);
  const std::vector<int64_t> &shape = sample.shape();
  int64_t channels = 1, inner = sample.size();
  if (std::optional<size_t> axis = channelAxis(shape, layout, hasBatch)) {
    channels = shape[*axis];
    inner = 1;
    for (size_t i = *axis + 1; i < shape.size(); ++i)
      inner *= shape[i];
  }
  std::vector<float> mean, deviation;
  auto widen = [&](const std::vector<double> &values, std::vector<float> &to) {
    for (int64_t c = 0; c < channels; ++c)
      to.push_back(static_cast<float>(values[values.size() == 1 ? 0 : c]));
  };
  widen(preprocessing.mean, mean);
  widen(preprocessing.deviation, deviation);
  float scale = static_cast<float>(preprocessing.scale);
  for (int64_t i = 0, count = sample.size(); i < count; ++i) {
    int64_t channel = i / inner % channels;
    float value = static_cast<float>(sample.asDouble(i));
    value = (value * scale - mean[channel]) / deviation[channel];
    store(input, offset + i, static_cast<double>(value));
  }
}
