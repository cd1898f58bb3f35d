//===- RandomShapesTest.cpp - Against definitions by coordinates ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pooling and resizing of random shapes, against loops over coordinates that
// share nothing with the interpreter's own.
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"
#include <cmath>
#include <limits>
#include <random>

using namespace edgec;
using namespace edgec::testing;

namespace {

using RandomShapes = Evaluation;

struct Random {
  std::mt19937 engine;
  int64_t pick(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(engine() % (high - low + 1));
  }
  Tensor tensor(std::vector<int64_t> shape) {
    Tensor result(ElementType::F32, std::move(shape));
    for (int64_t i = 0; i < result.size(); ++i)
      result.mutableData<float>()[i] = static_cast<float>(pick(-20, 20));
    return result;
  }
};

std::string typeOf(const std::vector<int64_t> &shape) {
  return "tensor<" + formatShape(shape) + "xf32>";
}

std::string arrayOf(const std::vector<int64_t> &values) {
  std::string text = "array<i64";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i ? ", " : ": ") + std::to_string(values[i]);
  return text + ">";
}

std::string function(const std::string &operation,
                     const std::vector<int64_t> &from,
                     const std::vector<int64_t> &to) {
  return "func.func @f(%x: " + typeOf(from) + ") -> " + typeOf(to) +
         " {\n%r = edge." + operation + " : (" + typeOf(from) + ") -> " +
         typeOf(to) + "\nreturn %r : " + typeOf(to) + "}";
}

/// A pooling of [n, c, y, x], or of [n, y, x, c].
struct Pool {
  int64_t batch, channels;
  std::vector<int64_t> input, output, kernel, strides, dilations, pads;
  bool channelsLast, isMax, countIncludePad;

  explicit Pool(Random &random)
      : batch(random.pick(1, 2)), channels(random.pick(1, 4)), pads(4),
        channelsLast(random.pick(0, 1)), isMax(random.pick(0, 1)),
        countIncludePad(random.pick(0, 1)) {
    for (int axis = 0; axis < 2; ++axis) {
      kernel.push_back(random.pick(2, 3));
      strides.push_back(random.pick(1, 3));
      dilations.push_back(random.pick(1, 2));
      input.push_back(random.pick(6, 9));
      // Less than a window: it always holds an element.
      pads[axis] = random.pick(0, 1), pads[axis + 2] = random.pick(0, 1);
      int64_t reach = dilations[axis] * (kernel[axis] - 1) + 1;
      output.push_back((input[axis] + pads[axis] + pads[axis + 2] - reach) /
                           strides[axis] +
                       1);
    }
  }

  std::vector<int64_t> shape(const std::vector<int64_t> &s) const {
    if (channelsLast)
      return {batch, s[0], s[1], channels};
    return {batch, channels, s[0], s[1]};
  }
  int64_t at(const std::vector<int64_t> &s, int64_t n, int64_t c, int64_t y,
             int64_t x) const {
    if (channelsLast)
      return ((n * s[0] + y) * s[1] + x) * channels + c;
    return ((n * channels + c) * s[0] + y) * s[1] + x;
  }

  std::string text() const {
    std::string operation =
        std::string(isMax ? "max_pool" : "average_pool") +
        " %x {kernel = " + arrayOf(kernel) + ", strides = " + arrayOf(strides) +
        ", dilations = " + arrayOf(dilations) + ", pads = " + arrayOf(pads) +
        ", layout = #edge.layout<" + (channelsLast ? "nhwc" : "nchw") + ">";
    if (!isMax)
      operation += ", ceil_pads = array<i64: 0, 0>";
    if (!isMax && countIncludePad)
      operation += ", count_include_pad";
    return function(operation + "}", shape(input), shape(output));
  }

  float valueAt(const Tensor &x, int64_t n, int64_t c, int64_t oy,
                int64_t ox) const {
    float sum = 0, largest = -std::numeric_limits<float>::infinity();
    int64_t count = 0;
    for (int64_t ky = 0; ky < kernel[0]; ++ky)
      for (int64_t kx = 0; kx < kernel[1]; ++kx) {
        int64_t iy = oy * strides[0] + ky * dilations[0] - pads[0];
        int64_t ix = ox * strides[1] + kx * dilations[1] - pads[1];
        bool inside = iy >= 0 && ix >= 0 && iy < input[0] && ix < input[1];
        count += inside || countIncludePad;
        if (!inside)
          continue;
        float value = x.data<float>()[at(input, n, c, iy, ix)];
        sum += value;
        largest = std::fmax(largest, value);
      }
    return isMax ? largest : sum / static_cast<float>(count);
  }
};

TEST_F(RandomShapes, Pooling) {
  Random random;
  for (int round = 0; round < 60; ++round) {
    Pool pool(random);
    Tensor x = random.tensor(pool.shape(pool.input));
    Tensor expected(ElementType::F32, pool.shape(pool.output));
    for (int64_t n = 0; n < pool.batch; ++n)
      for (int64_t c = 0; c < pool.channels; ++c)
        for (int64_t oy = 0; oy < pool.output[0]; ++oy)
          for (int64_t ox = 0; ox < pool.output[1]; ++ox)
            expected.mutableData<float>()[pool.at(pool.output, n, c, oy, ox)] =
                pool.valueAt(x, n, c, oy, ox);
    std::vector<Tensor> results = run(pool.text(), {x});
    ASSERT_EQ(results.size(), 1u);
    // One step: the sign of a zero is not compared.
    expectClose(results[0], expected, 1, pool.text());
  }
}

/// A coordinate of half_pixel in [0, extent - 1].
double halfPixel(int64_t index, int64_t from, int64_t to) {
  double x = (static_cast<double>(index) + 0.5) * static_cast<double>(from) /
                 static_cast<double>(to) -
             0.5;
  return std::fmin(std::fmax(x, 0.0), static_cast<double>(from - 1));
}

TEST_F(RandomShapes, BilinearResize) {
  Random random;
  for (int round = 0; round < 40; ++round) {
    int64_t channels = random.pick(1, 3), h = random.pick(1, 9),
            w = random.pick(1, 9), oh = random.pick(1, 12),
            ow = random.pick(1, 12);
    std::vector<int64_t> from = {1, channels, h, w}, to = {1, channels, oh, ow};
    Tensor x = random.tensor(from);
    char scales[80];
    std::snprintf(scales, sizeof(scales), "1.0, 1.0, %.17e, %.17e",
                  static_cast<double>(oh) / static_cast<double>(h),
                  static_cast<double>(ow) / static_cast<double>(w));
    std::string text =
        function(std::string("resize %x {scales = array<f64: ") + scales +
                     ">, mode = #edge.resize_mode<linear>, coordinates = "
                     "#edge.coordinates<half_pixel>}",
                 from, to);
    std::vector<Tensor> results = run(text, {x});
    ASSERT_EQ(results.size(), 1u);
    for (int64_t i = 0; i < results[0].size(); ++i) {
      double y = halfPixel(i / ow % oh, h, oh), z = halfPixel(i % ow, w, ow);
      int64_t top = static_cast<int64_t>(y), left = static_cast<int64_t>(z);
      int64_t bottom = std::min(top + 1, h - 1),
              right = std::min(left + 1, w - 1);
      double dy = y - static_cast<double>(top),
             dz = z - static_cast<double>(left);
      auto pixel = [&](int64_t row, int64_t column) {
        return x.asDouble((i / (oh * ow) * h + row) * w + column);
      };
      double expected =
          (pixel(top, left) * (1 - dz) + pixel(top, right) * dz) * (1 - dy) +
          (pixel(bottom, left) * (1 - dz) + pixel(bottom, right) * dz) * dy;
      EXPECT_NEAR(results[0].asDouble(i), expected, 1e-5) << text << i;
    }
  }
}

} // namespace
