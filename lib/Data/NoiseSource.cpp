//===- NoiseSource.cpp - Made samples -------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/NoiseSource.h"
#include "edgec/Support/SplitMix64.h"
#include <algorithm>
#include <limits>
#include <vector>

using namespace edgec;

/// A number in [-1, 1) for each key.
static double randomAt(uint64_t key) {
  return static_cast<double>(SplitMix64(key).next() >> 11) * 0x1p-52 - 1;
}

static uint64_t combine(uint64_t key, uint64_t next) {
  return (key ^ next) * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u;
}

namespace {

/// The plane that a channel is.
struct Plane {
  float *values;
  int64_t height, width, rowStride, columnStride;
};

} // namespace

/// Values at the corners of square cells, and between them the interpolation of
/// the four around.
static void addOctave(uint64_t key, double share, int64_t cell,
                      const Plane &plane) {
  int64_t across = plane.width / cell + 2, down = plane.height / cell + 2;
  std::vector<double> corners(across * down);
  for (size_t i = 0; i < corners.size(); ++i)
    corners[i] = share * randomAt(combine(key, i));
  for (int64_t y = 0; y < plane.height; ++y) {
    const double *upper = corners.data() + y / cell * across;
    const double *lower = upper + across;
    double below = static_cast<double>(y % cell) / static_cast<double>(cell);
    for (int64_t x = 0; x < plane.width; ++x) {
      int64_t i = x / cell;
      double right = static_cast<double>(x % cell) / static_cast<double>(cell);
      double above = upper[i] * (1 - right) + upper[i + 1] * right;
      double under = lower[i] * (1 - right) + lower[i + 1] * right;
      plane.values[y * plane.rowStride + x * plane.columnStride] +=
          static_cast<float>(above * (1 - below) + under * below);
    }
  }
}

/// Octaves of the same power.
static void addNoise(uint64_t key, double share, const Plane &plane) {
  uint64_t octave = 0;
  for (int64_t cell = 1; cell <= std::max(plane.height, plane.width); cell *= 2)
    addOctave(combine(key, octave++), share, cell, plane);
}

/// Stretches values to [low, high] with the contrast that `index` says.
static void stretch(float *values, int64_t size, uint64_t index,
                    SampleRange range) {
  // Of real data, some is soft and some is drawn in black and white.
  constexpr double contrasts[] = {1, 2, 4, 1000};
  double contrast = contrasts[index % std::size(contrasts)];
  auto [least, greatest] = std::minmax_element(values, values + size);
  double extent = static_cast<double>(*greatest) - *least;
  double center = (static_cast<double>(*greatest) + *least) / 2;
  if (contrast != 1) {
    std::vector<float> sorted(values, values + size);
    std::nth_element(sorted.begin(), sorted.begin() + size / 2, sorted.end());
    center = sorted[size / 2];
  }
  double gain = extent > 0 ? contrast / extent : 0;
  for (int64_t i = 0; i < size; ++i) {
    double share = std::clamp((values[i] - center) * gain + 0.5, 0.0, 1.0);
    values[i] =
        static_cast<float>(range.low + share * (range.high - range.low));
  }
}

Tensor edgec::makeNoiseSample(std::vector<int64_t> shape, uint64_t index,
                              SampleRange range) {
  // The power of what channels have in common, and of their own: 4 to 1.
  constexpr double common = 0.9, own = 0.45;
  constexpr int64_t mostColours = 4;
  Tensor sample(ElementType::F32, std::move(shape));
  int64_t rank = sample.rank(), size = sample.size();
  if (size == 0)
    return sample;
  int64_t width = rank > 0 ? sample.dim(rank - 1) : 1;
  int64_t height = rank > 1 ? sample.dim(rank - 2) : 1;
  bool channelsLast = rank == 3 && width <= mostColours &&
                      sample.dim(0) > mostColours && height > mostColours;
  if (channelsLast) {
    width = height;
    height = sample.dim(0);
  }
  int64_t channels = size / (width * height);
  auto *values = sample.mutableData<float>();
  for (int64_t channel = 0; channel < channels; ++channel) {
    Plane plane = {values + channel * width * height, height, width, width, 1};
    if (channelsLast)
      plane = {values + channel, height, width, width * channels, channels};
    addNoise(combine(index, 0), common, plane);
    addNoise(combine(index, channel + 1), own, plane);
  }
  stretch(values, size, index, range);
  return sample;
}

namespace {

class NoiseSource : public SampleSource {
public:
  NoiseSource(SampleShape shape, SampleRange range, ChannelLayout layout)
      : shape(std::move(shape)), range(range), channels(layout) {}

  int64_t size() const override { return std::numeric_limits<int64_t>::max(); }

  llvm::Expected<std::vector<Tensor>> read(int64_t index) override {
    std::vector<Tensor> sample;
    for (const TensorSpec &input : shape.inputs)
      sample.push_back(makeNoiseSample(input.shape, index, range));
    return sample;
  }

  ChannelLayout layout() const override { return channels; }

private:
  SampleShape shape;
  SampleRange range;
  ChannelLayout channels;
};

} // namespace

std::unique_ptr<SampleSource> edgec::makeNoiseSource(SampleShape shape,
                                                     SampleRange range,
                                                     ChannelLayout layout) {
  return std::make_unique<NoiseSource>(std::move(shape), range, layout);
}
