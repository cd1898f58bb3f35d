//===- InputMomentsTest.cpp - What weights are multiplied with
//-------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/InputMoments.h"
#include "gtest/gtest.h"
#include <random>

using namespace edgec;

namespace {

/// [batch, channels, height, width] under a kernel, channels first.
TapGeometry convolution(int64_t batch, int64_t channels, int64_t groups,
                        int64_t height, int64_t width, int64_t kernel,
                        int64_t step, int64_t pad) {
  TapGeometry geometry;
  geometry.batch = batch;
  geometry.channels = channels;
  geometry.groups = groups;
  geometry.channelStride = height * width;
  geometry.batchStride = channels * height * width;
  auto window = [&](int64_t extent, int64_t stride) {
    int64_t outputs = (extent + 2 * pad - kernel) / step + 1;
    geometry.windows.push_back(
        {extent, stride, outputs, kernel, step, /*dilation=*/1, pad});
  };
  window(height, width);
  window(width, 1);
  return geometry;
}

std::vector<float> randomTensor(int64_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-1, 2);
  std::vector<float> tensor(size);
  for (float &value : tensor)
    value = uniform(random);
  return tensor;
}

/// All windows, in the order of their taps, by the definition.
std::vector<std::vector<float>> windowsOf(const TapGeometry &g,
                                          const std::vector<float> &tensor,
                                          int64_t group) {
  std::vector<std::vector<float>> rows;
  const TapGeometry::Window &y = g.windows[0], &x = g.windows[1];
  int64_t channels = g.channels / g.groups;
  for (int64_t n = 0; n < g.batch; ++n)
    for (int64_t oy = 0; oy < y.outputs; ++oy)
      for (int64_t ox = 0; ox < x.outputs; ++ox) {
        std::vector<float> row;
        for (int64_t c = group * channels; c < (group + 1) * channels; ++c)
          for (int64_t ky = 0; ky < y.kernel; ++ky)
            for (int64_t kx = 0; kx < x.kernel; ++kx) {
              int64_t iy = oy * y.step + ky - y.pad;
              int64_t ix = ox * x.step + kx - x.pad;
              bool isInside =
                  iy >= 0 && iy < y.extent && ix >= 0 && ix < x.extent;
              row.push_back(
                  isInside ? tensor[((n * g.channels + c) * y.extent + iy) *
                                        x.extent +
                                    ix]
                           : 0);
            }
        rows.push_back(row);
      }
  return rows;
}

void expectMoments(const InputMoments &moments,
                   const std::vector<std::vector<float>> &rows, int64_t group) {
  double count = rows.size();
  int64_t taps = moments.geometry().taps();
  std::vector<double> mean = moments.mean(group);
  ASSERT_EQ(static_cast<int64_t>(mean.size()), taps);
  for (int64_t block = 0; block < moments.blockCount(); ++block) {
    int64_t begin = moments.blockBegin(block),
            end = moments.blockBegin(block + 1);
    std::vector<double> second = moments.second(group, block);
    for (int64_t i = begin; i < end; ++i) {
      double sum = 0;
      for (const auto &row : rows)
        sum += row[i];
      EXPECT_NEAR(mean[i], sum / count, 1e-5);
      for (int64_t j = begin; j < end; ++j) {
        double product = 0;
        for (const auto &row : rows)
          product += row[i] * row[j];
        EXPECT_NEAR(second[(i - begin) * (end - begin) + j - begin],
                    product / count, 1e-5);
      }
    }
  }
}

TEST(InputMoments, AreThoseOfAllWindowsWhereAllAreDrawn) {
  for (TapGeometry geometry : {convolution(1, 3, 1, 5, 7, 3, 1, 1),
                               convolution(2, 4, 2, 6, 5, 2, 2, 0),
                               convolution(1, 20, 1, 3, 3, 1, 1, 0),
                               convolution(1, 5, 5, 9, 8, 3, 2, 1)}) {
    InputMoments moments(geometry, /*windows=*/1 << 20);
    std::vector<float> tensor = randomTensor(geometry.elements(), 1);
    moments.observe(tensor);
    EXPECT_EQ(moments.count(), geometry.positions());
    for (int64_t group = 0; group < geometry.groups; ++group)
      expectMoments(moments, windowsOf(geometry, tensor, group), group);
  }
}

TEST(InputMoments, TakeTensorsInPieces) {
  TapGeometry geometry = convolution(1, 2, 1, 6, 6, 3, 1, 1);
  std::vector<float> tensors = randomTensor(3 * geometry.elements(), 2);
  InputMoments whole(geometry, 10), pieces(geometry, 10);
  llvm::ArrayRef<float> values = tensors;
  whole.observe(values);
  for (size_t begin = 0; begin < values.size(); begin += 17)
    pieces.observe(values.slice(begin).take_front(17));
  EXPECT_EQ(whole.count(), 30);
  EXPECT_EQ(pieces.count(), 30);
  EXPECT_EQ(whole.second(0, 0), pieces.second(0, 0));
  EXPECT_EQ(whole.mean(0), pieces.mean(0));
}

TEST(InputMoments, OfAMatrixAreThoseOfItsRows) {
  TapGeometry geometry;
  geometry.batch = 4;
  geometry.channels = geometry.batchStride = 3;
  InputMoments moments(geometry, 100);
  std::vector<float> matrix = randomTensor(12, 3);
  moments.observe(matrix);
  std::vector<std::vector<float>> rows;
  for (int64_t row = 0; row < 4; ++row)
    rows.emplace_back(matrix.begin() + 3 * row, matrix.begin() + 3 * row + 3);
  expectMoments(moments, rows, 0);
}

TEST(InputMoments, OfLongRowsAreKeptInBlocks) {
  TapGeometry geometry;
  geometry.channels = geometry.batchStride = 5000;
  InputMoments moments(geometry, 1);
  EXPECT_EQ(moments.blockCount(), 3);
  EXPECT_EQ(moments.blockBegin(0), 0);
  EXPECT_EQ(moments.blockBegin(3), 5000);
  std::vector<float> row(5000, 0);
  row[4999] = 2;
  moments.observe(row);
  EXPECT_EQ(moments.second(0, 2).back(), 4);
  EXPECT_EQ(moments.mean(0)[4999], 2);
}

TEST(InputMoments, OfNothingAreZero) {
  InputMoments moments(convolution(1, 1, 1, 4, 4, 3, 1, 1), 5);
  EXPECT_EQ(moments.count(), 0);
  EXPECT_EQ(moments.mean(0), std::vector<double>(9, 0));
}

} // namespace
