//===- Sampler.cpp - One random picture of a digit ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "draw/Sampler.h"
#include "draw/Random.h"

#include <algorithm>

using namespace digits;

namespace {

struct Range {
  double low;
  double high;
};

double pick(Random &random, Range range) {
  return random.uniform(range.low, range.high);
}

// How far the pictures vary. Chosen so that a linear classifier does badly and
// a small convolutional network well, but not perfectly: there should be
// something to lose when the network is compressed.
constexpr Range height{14.0, 23.0};          // pixels
constexpr Range aspect{0.75, 1.25};          // of the width
constexpr Range halfAngleTangent{-0.2, 0.2}; // rotations up to 22.6 degrees
constexpr Range shear{-0.3, 0.3};            // x per y
constexpr double wobble = 0.035;             // per coordinate, of the height
constexpr Range penRadius{0.6, 1.9};         // pixels
constexpr Range nibRatio{0.35, 1.0};         // thin radius by radius
constexpr double margin = 1.5;               // pixels kept free at the border
constexpr Range brightness{0.45, 1.0};
constexpr Range blurWeight{0.0, 0.3};
constexpr Range background{0.0, 0.2};
constexpr Range backgroundSlope{-0.008, 0.008}; // per pixel
constexpr Range noise{0.01, 0.14};              // standard deviation
constexpr int maxScratches = 3;
constexpr Range scratchReach{-5.0, 5.0}; // pixels
constexpr Range scratchRadius{0.3, 0.8}; // pixels

/// A unit vector at twice the angle whose tangent is `t`: a rotation without
/// sine and cosine, whose last bits differ between math libraries.
Point rotation(double t) {
  double scale = 1.0 / (1.0 + t * t);
  return {(1.0 - t * t) * scale, 2.0 * t * scale};
}

Style pickStyle(Random &random) {
  uint64_t n = random.below(10);
  if (n < 6)
    return Style::Round;
  return n < 9 ? Style::Angular : Style::Segments;
}

/// Moves the strokes' ends a little, as an unsteady hand does. Ends that meet
/// are moved alike: the shift is a smooth function of the position.
void applyWobble(Random &random, std::vector<Segment> &segments) {
  double a[6];
  for (double &coefficient : a)
    coefficient = random.uniform(-wobble, wobble);
  auto shift = [&](Point p) -> Point {
    double u = 4.0 * p.x * p.y, v = 4.0 * p.y * p.y, w = 4.0 * p.x * p.x;
    return {p.x + a[0] * u + a[1] * v + a[2] * w,
            p.y + a[3] * u + a[4] * v + a[5] * w};
  };
  for (Segment &segment : segments)
    segment = {shift(segment.from), shift(segment.to)};
}

/// Scales, shears and rotates, then places the glyph somewhere in the image.
void applyAffine(Random &random, std::vector<Segment> &segments) {
  double scaleY = pick(random, height);
  double scaleX = scaleY * pick(random, aspect);
  double slant = pick(random, shear);
  Point turn = rotation(pick(random, halfAngleTangent));
  auto linear = [&](Point p) -> Point {
    double x = scaleX * (p.x - slant * p.y), y = scaleY * p.y;
    return {turn.x * x - turn.y * y, turn.y * x + turn.x * y};
  };

  Point low{imageSize, imageSize}, high{-imageSize, -imageSize};
  for (Segment &segment : segments) {
    segment = {linear(segment.from), linear(segment.to)};
    for (Point p : {segment.from, segment.to}) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
  }

  // Anywhere inside the margins; centred where it is too large for them.
  auto place = [&](double from, double to) {
    double slack = std::max(0.0, imageSize - 2.0 * margin - (to - from));
    double start = (imageSize - (to - from)) / 2.0;
    return start - from + slack * random.uniform(-0.5, 0.5);
  };
  double dx = place(low.x, high.x), dy = place(low.y, high.y);
  for (Segment &segment : segments) {
    segment.from = {segment.from.x + dx, segment.from.y + dy};
    segment.to = {segment.to.x + dx, segment.to.y + dy};
  }
}

Pen pickPen(Random &random) {
  Pen pen;
  pen.radius = pick(random, penRadius);
  pen.thinRadius = std::max(penRadius.low, pen.radius * pick(random, nibRatio));
  pen.radius = std::max(pen.radius, pen.thinRadius);
  pen.direction = rotation(random.uniform(-1.0, 1.0));
  return pen;
}

void drawScratches(Random &random, Canvas &canvas) {
  uint64_t count = random.below(maxScratches + 1);
  for (uint64_t i = 0; i < count; ++i) {
    Point from{random.uniform(0.0, imageSize), random.uniform(0.0, imageSize)};
    Point to{from.x + pick(random, scratchReach),
             from.y + pick(random, scratchReach)};
    Pen pen;
    pen.radius = pen.thinRadius = pick(random, scratchRadius);
    canvas.draw({{from, to}}, pen, pick(random, brightness));
  }
}

void addBackgroundAndNoise(Random &random, Canvas &canvas) {
  double level = pick(random, background);
  double slopeX = pick(random, backgroundSlope);
  double slopeY = pick(random, backgroundSlope);
  double deviation = pick(random, noise);
  constexpr double centre = imageSize / 2.0;
  for (int y = 0; y < imageSize; ++y) {
    for (int x = 0; x < imageSize; ++x) {
      double light = level + slopeX * (x - centre) + slopeY * (y - centre);
      double ink = canvas.at(x, y);
      canvas.at(x, y) = ink + (1.0 - ink) * light + deviation * random.normal();
    }
  }
}

} // namespace

Image digits::drawSample(uint64_t seed, uint64_t index) {
  Random random = Random::forItem(seed, index);
  int digit = labelOfSample(index);

  Style style = pickStyle(random);
  int variant = static_cast<int>(random.below(variantCount(digit, style)));
  std::vector<Segment> glyph = glyphSegments(digit, style, variant);
  applyWobble(random, glyph);
  applyAffine(random, glyph);

  Canvas canvas;
  Pen pen = pickPen(random);
  canvas.draw(glyph, pen, pick(random, brightness));
  drawScratches(random, canvas);
  canvas.blur(pick(random, blurWeight));
  addBackgroundAndNoise(random, canvas);
  return canvas.quantize();
}
