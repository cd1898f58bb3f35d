//===- Canvas.cpp - A small grey image and how to draw on it --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "draw/Canvas.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

using namespace digits;

// Images must come out the same on every machine, to the last bit: only
// operations that IEEE 754 rounds correctly (+ - * / sqrt), in double and not
// in wider registers; the build switches fused multiply-adds off.
static_assert(FLT_EVAL_METHOD == 0,
              "make_digits needs plain IEEE double arithmetic");

namespace {

/// Square of the distance from `p` to the segment.
double squaredDistance(Point p, const Segment &segment) {
  double dx = segment.to.x - segment.from.x;
  double dy = segment.to.y - segment.from.y;
  double px = p.x - segment.from.x, py = p.y - segment.from.y;
  double length = dx * dx + dy * dy;
  double t = length > 0 ? (px * dx + py * dy) / length : 0.0;
  t = std::clamp(t, 0.0, 1.0);
  double ex = px - t * dx, ey = py - t * dy;
  return ex * ex + ey * ey;
}

} // namespace

void Canvas::draw(const std::vector<Segment> &segments, const Pen &pen,
                  double brightness) {
  // In the pen's own coordinates the nib is the unit circle.
  auto toPen = [&](Point p) -> Point {
    Point d = pen.direction;
    return {(p.x * d.x + p.y * d.y) / pen.radius,
            (p.y * d.x - p.x * d.y) / pen.thinRadius};
  };
  std::vector<Segment> strokes;
  for (const Segment &segment : segments)
    strokes.push_back({toPen(segment.from), toPen(segment.to)});

  for (int y = 0; y < imageSize; ++y) {
    for (int x = 0; x < imageSize; ++x) {
      Point centre = toPen({x + 0.5, y + 0.5});
      double nearest = DBL_MAX;
      for (const Segment &stroke : strokes)
        nearest = std::min(nearest, squaredDistance(centre, stroke));
      // The edge is one pixel wide, measured with the thinner radius.
      double inside = (1.0 - std::sqrt(nearest)) * pen.thinRadius;
      double coverage = std::clamp(inside + 0.5, 0.0, 1.0);
      at(x, y) = std::max(at(x, y), coverage * brightness);
    }
  }
}

void Canvas::blur(double weight) {
  double middle = 1.0 - 2.0 * weight;
  constexpr int last = imageSize - 1;
  Canvas rows;
  for (int y = 0; y < imageSize; ++y)
    for (int x = 0; x < imageSize; ++x)
      rows.at(x, y) =
          middle * at(x, y) +
          weight * (at(std::max(x - 1, 0), y) + at(std::min(x + 1, last), y));
  for (int y = 0; y < imageSize; ++y)
    for (int x = 0; x < imageSize; ++x)
      at(x, y) =
          middle * rows.at(x, y) + weight * (rows.at(x, std::max(y - 1, 0)) +
                                             rows.at(x, std::min(y + 1, last)));
}

Image Canvas::quantize() const {
  Image image;
  for (int i = 0; i < imagePixels; ++i) {
    double value = std::clamp(pixels[i], 0.0, 1.0) * 255.0;
    image[i] = static_cast<uint8_t>(value + 0.5);
  }
  return image;
}
