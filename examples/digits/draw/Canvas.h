//===- Canvas.h - A small grey image and how to draw on it ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_DRAW_CANVAS_H
#define EDGEC_EXAMPLES_DIGITS_DRAW_CANVAS_H

#include "draw/Glyphs.h"

#include <array>
#include <cstdint>

namespace digits {

constexpr int imageSize = 28; ///< Width and height of an image in pixels.
constexpr int imagePixels = imageSize * imageSize;

using Image = std::array<uint8_t, imagePixels>;

/// The tip of the pen: an ellipse. A round pen has equal radii; a broad nib
/// makes strokes whose width depends on their direction.
struct Pen {
  double radius = 1;     ///< Across the nib, in pixels.
  double thinRadius = 1; ///< Along its edge, in pixels; at most `radius`.
  Point direction{1, 0}; ///< Unit vector in which `radius` is measured.
};

/// A grey image with real values, 0 is black and 1 is white.
class Canvas {
public:
  /// Draws the segments (in pixel coordinates) with anti-aliased edges. What is
  /// brighter already stays.
  void draw(const std::vector<Segment> &segments, const Pen &pen,
            double brightness);

  /// One pass of the separable filter [weight, 1 - 2 weight, weight]; borders
  /// are repeated. `weight` is in [0, 1/3].
  void blur(double weight);

  double &at(int x, int y) { return pixels[y * imageSize + x]; }

  /// Rounded to 0 .. 255.
  Image quantize() const;

private:
  std::array<double, imagePixels> pixels{};
};

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_DRAW_CANVAS_H
