//===- DrawTest.cpp - What the drawings look like -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "draw/Random.h"
#include "draw/Sampler.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

using namespace digits;

TEST(Random, FollowsTheReferenceSequence) {
  // The first outputs for seed 1234567 of the authors' own splitmix64.c.
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
  EXPECT_EQ(random.next(), 9817491932198370423u);
}

TEST(Random, NormalHasMeanZeroAndDeviationOne) {
  Random random(3);
  double sum = 0, squares = 0;
  constexpr int count = 20000;
  for (int i = 0; i < count; ++i) {
    double value = random.normal();
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / count, 0.0, 0.03);
  EXPECT_NEAR(squares / count, 1.0, 0.04);
}

TEST(Glyphs, AreCentredAndOfFullHeight) {
  for (Style style : {Style::Round, Style::Angular, Style::Segments})
    for (int digit = 0; digit < 10; ++digit)
      for (int v = 0; v < variantCount(digit, style); ++v) {
        double top = 1, bottom = -1;
        for (const Segment &segment : glyphSegments(digit, style, v))
          for (Point p : {segment.from, segment.to}) {
            EXPECT_LE(std::abs(p.x), 0.35) << digit << " " << v;
            top = std::min(top, p.y);
            bottom = std::max(bottom, p.y);
          }
        EXPECT_NEAR(bottom - top, 1.0, 0.13) << digit << " " << v;
      }
}

TEST(Canvas, DrawsALineOfTheGivenWidth) {
  Canvas canvas;
  Pen pen;
  pen.radius = pen.thinRadius = 2.0;
  canvas.draw({{{4, 14}, {24, 14}}}, pen, 1.0);
  double ink = 0;
  for (int y = 0; y < imageSize; ++y)
    ink += canvas.at(14, y);
  EXPECT_NEAR(ink, 4.0, 1e-9);
  EXPECT_EQ(canvas.at(14, 4), 0.0);
}

TEST(Canvas, ABroadNibDrawsThinAndThickLines) {
  Pen pen;
  pen.radius = 3.0;
  pen.thinRadius = 1.0;
  Canvas alongX, alongY;
  alongX.draw({{{4, 14}, {24, 14}}}, pen, 1.0);
  alongY.draw({{{14, 4}, {14, 24}}}, pen, 1.0);
  double thin = 0, thick = 0;
  for (int i = 0; i < imageSize; ++i) {
    thin += alongX.at(14, i);
    thick += alongY.at(i, 14);
  }
  EXPECT_NEAR(thin, 2.0, 0.1);
  EXPECT_NEAR(thick, 6.0, 0.1);
}

TEST(Canvas, BlurKeepsTheSum) {
  Canvas canvas;
  canvas.at(10, 12) = 1.0;
  canvas.blur(0.25);
  EXPECT_EQ(canvas.at(10, 12), 0.25);
  EXPECT_EQ(canvas.at(9, 12), 0.125);
  EXPECT_EQ(canvas.at(9, 13), 0.0625);
}

TEST(Sampler, DependsOnSeedAndIndexOnly) {
  Image first = drawSample(2, 40);
  drawSample(2, 41);
  EXPECT_EQ(first, drawSample(2, 40));
  EXPECT_NE(first, drawSample(3, 40));
  EXPECT_NE(first, drawSample(2, 50));
}

TEST(Sampler, EveryImageHasAVisibleDigit) {
  for (uint64_t i = 0; i < 200; ++i) {
    Image image = drawSample(7, i);
    auto [darkest, brightest] = std::minmax_element(image.begin(), image.end());
    EXPECT_GT(*brightest - *darkest, 80) << "image " << i;
  }
}
