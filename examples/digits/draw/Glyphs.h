//===- Glyphs.h - The shapes of the digits ----------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_EXAMPLES_DIGITS_DRAW_GLYPHS_H
#define EDGEC_EXAMPLES_DIGITS_DRAW_GLYPHS_H

#include <vector>

namespace digits {

struct Point {
  double x = 0;
  double y = 0;
};

struct Segment {
  Point from;
  Point to;
};

/// How the outline of a glyph is drawn.
enum class Style {
  Round,    ///< Smooth curves.
  Angular,  ///< Every curve becomes two straight lines.
  Segments, ///< The seven bars of a calculator's display.
};

/// Number of shapes that a style has for a digit (a seven with and without a
/// cross bar, ...).
int variantCount(int digit, Style style);

/// The strokes of a digit as straight segments. The glyph's box is centred at
/// the origin, y points down; a full-sized glyph is 1 high and about 0.6 wide.
std::vector<Segment> glyphSegments(int digit, Style style, int variant);

} // namespace digits

#endif // EDGEC_EXAMPLES_DIGITS_DRAW_GLYPHS_H
