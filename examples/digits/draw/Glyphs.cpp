//===- Glyphs.cpp - The shapes of the digits ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A small stroke font. A stroke is written as in SVG paths: M moves, L draws a
// line, C a cubic Bezier curve (two control points and the end). Coordinates
// are percentages of the glyph's height: x from 0 to 60, y from 0 (top) to 100.
//
//===----------------------------------------------------------------------===//

#include "draw/Glyphs.h"

#include <cassert>
#include <cstdlib>
#include <string_view>

using namespace digits;

namespace {

constexpr int maxVariants = 3;

constexpr const char *curvedGlyphs[10][maxVariants] = {
    // 0: an oval, a narrow oval, an oval with a stroke through it.
    {"M30 0 C8 0 0 25 0 50 C0 75 8 100 30 100 C52 100 60 75 60 50 "
     "C60 25 52 0 30 0",
     "M30 2 C14 2 10 26 10 50 C10 76 14 98 30 98 C46 98 50 76 50 50 "
     "C50 26 46 2 30 2",
     "M30 0 C8 0 0 25 0 50 C0 75 8 100 30 100 C52 100 60 75 60 50 "
     "C60 25 52 0 30 0 M46 22 L14 78"},
    // 1: a bar with a flag, with flag and foot, the bar alone.
    {"M10 24 L34 0 L34 100", "M12 20 L32 0 L32 100 M10 100 L54 100",
     "M30 0 L30 100"},
    // 2: a curved neck, a flat foot; a looped foot; a straight neck.
    {"M4 26 C4 8 16 0 30 0 C46 0 58 10 58 27 C58 52 16 70 2 100 L60 100",
     "M6 22 C10 6 20 0 32 0 C50 0 58 14 54 30 C48 56 20 74 8 92 "
     "C0 102 18 78 30 90 C40 100 50 102 60 92",
     "M2 14 C14 0 56 -6 56 28 C56 44 40 58 0 100 L58 100"},
    // 3: two bowls; a flat top; a spur in the middle.
    {"M4 16 C14 -4 56 -6 56 24 C56 44 40 48 22 48 C44 48 60 54 60 74 "
     "C60 106 12 106 0 84",
     "M4 0 L56 0 L26 40 C48 38 60 52 60 70 C60 104 12 106 0 86",
     "M6 12 C22 -4 52 -2 52 22 C52 40 36 46 14 46 M14 46 C42 46 58 58 58 74 "
     "C58 102 18 104 4 90"},
    // 4: closed, open, closed with a short stem.
    {"M46 100 L46 0 L0 68 L60 68", "M8 0 L2 56 L58 56 M46 20 L46 100",
     "M40 100 L40 4 L4 62 L56 62"},
    // 5: a square top, a rounded one, one with a separate bar.
    {"M54 0 L10 0 L6 44 C24 32 60 36 60 68 C60 104 16 106 0 88",
     "M50 2 L14 2 C12 20 10 34 8 46 C30 30 58 44 56 70 C54 100 18 104 4 92",
     "M10 2 L8 46 C28 34 58 40 58 68 C58 98 24 106 2 94 M10 2 L56 2"},
    // 6: a curved back, a straight one, a spiral.
    {"M50 4 C20 8 0 36 0 68 C0 90 12 100 30 100 C48 100 60 88 60 70 "
     "C60 52 48 42 32 42 C16 42 4 52 0 68",
     "M42 0 L8 56 C-6 80 10 100 30 100 C48 100 58 86 56 70 C54 46 20 40 8 60",
     "M54 14 C44 -4 22 -2 12 18 C2 40 -2 100 30 100 C54 100 62 78 54 60 "
     "C44 42 14 46 4 66"},
    // 7: plain, with a cross bar, with a curved stem.
    {"M0 0 L58 0 L20 100", "M2 0 L58 0 L22 100 M16 50 L54 50",
     "M0 8 L0 0 L60 0 C40 30 28 60 26 100"},
    // 8: two ovals, one stroke that crosses itself, a small head.
    {"M30 46 C10 46 6 34 6 24 C6 8 16 0 30 0 C44 0 54 8 54 24 C54 34 50 46 30 "
     "46 C8 46 0 60 0 74 C0 92 12 100 30 100 C48 100 60 92 60 74 "
     "C60 60 52 46 30 46",
     "M52 14 C40 -6 6 -4 6 22 C6 46 58 48 58 76 C58 108 0 108 2 76 "
     "C4 52 40 42 52 14",
     "M30 40 C16 40 12 30 12 20 C12 8 20 0 30 0 C40 0 48 8 48 20 C48 30 44 40 "
     "30 40 C6 40 0 56 0 70 C0 90 10 100 30 100 C50 100 60 90 60 70 "
     "C60 56 54 40 30 40"},
    // 9: a curved tail, a straight one, a hooked one.
    {"M60 32 C56 48 44 58 28 58 C12 58 0 48 0 30 C0 12 12 0 30 0 "
     "C48 0 60 10 60 32 C60 64 40 92 10 96",
     "M54 6 L54 100 M54 28 C50 50 38 56 26 56 C10 56 2 44 2 28 "
     "C2 12 12 0 28 0 C42 0 52 10 54 28",
     "M56 34 C50 60 4 64 4 32 C4 -8 56 -12 56 34 C56 66 58 98 30 100 "
     "C18 100 10 94 6 84"},
};

/// The bars of a seven-segment display in the order a b c d e f g: top, upper
/// right, lower right, bottom, lower left, upper left, middle.
constexpr const char *bars[7] = {
    "M4 0 L56 0",  "M58 3 L58 47", "M58 53 L58 97", "M4 100 L56 100",
    "M2 53 L2 97", "M2 3 L2 47",   "M4 50 L56 50"};
constexpr const char *barsOfDigit[10] = {"abcdef",  "bc",    "abged",  "abgcd",
                                         "fgbc",    "afgcd", "afgedc", "abc",
                                         "abcdefg", "abcdfg"};

/// Reads the strokes of a path and appends them as segments.
class PathReader {
public:
  PathReader(const char *path, int curveSteps, std::vector<Segment> &segments)
      : cursor(path), curveSteps(curveSteps), segments(segments) {}

  void read() {
    Point current;
    while (char command = nextCommand()) {
      if (command == 'M') {
        current = nextPoint();
      } else if (command == 'L') {
        Point end = nextPoint();
        segments.push_back({current, end});
        current = end;
      } else {
        assert(command == 'C' && "unknown path command");
        Point first = nextPoint(), second = nextPoint(), end = nextPoint();
        appendCurve(current, first, second, end);
        current = end;
      }
    }
  }

private:
  char nextCommand() {
    while (*cursor == ' ')
      ++cursor;
    return *cursor ? *cursor++ : '\0';
  }

  /// In glyph coordinates: height 1, centred.
  Point nextPoint() {
    double x = static_cast<double>(nextNumber());
    double y = static_cast<double>(nextNumber());
    return {(x - 30.0) / 100.0, (y - 50.0) / 100.0};
  }

  long nextNumber() {
    char *end = nullptr;
    long number = std::strtol(cursor, &end, 10);
    assert(end != cursor && "a number expected in a path");
    cursor = end;
    return number;
  }

  void appendCurve(Point p0, Point p1, Point p2, Point p3) {
    Point previous = p0;
    for (int step = 1; step <= curveSteps; ++step) {
      double t = static_cast<double>(step) / curveSteps, s = 1.0 - t;
      double b0 = s * s * s, b1 = 3.0 * s * s * t, b2 = 3.0 * s * t * t,
             b3 = t * t * t;
      Point next = {b0 * p0.x + b1 * p1.x + b2 * p2.x + b3 * p3.x,
                    b0 * p0.y + b1 * p1.y + b2 * p2.y + b3 * p3.y};
      segments.push_back({previous, next});
      previous = next;
    }
  }

  const char *cursor;
  int curveSteps;
  std::vector<Segment> &segments;
};

} // namespace

int digits::variantCount(int digit, Style style) {
  return style == Style::Segments ? 1 : maxVariants;
}

std::vector<Segment> digits::glyphSegments(int digit, Style style,
                                           int variant) {
  assert(digit >= 0 && digit < 10 && variant >= 0 &&
         variant < variantCount(digit, style));
  // Six chords a curve keep the error below a tenth of a pixel at 28 x 28.
  constexpr int smoothSteps = 6, angularSteps = 2;

  std::vector<Segment> segments;
  if (style == Style::Segments) {
    for (char bar : std::string_view(barsOfDigit[digit]))
      PathReader(bars[bar - 'a'], smoothSteps, segments).read();
    return segments;
  }
  int steps = style == Style::Round ? smoothSteps : angularSteps;
  PathReader(curvedGlyphs[digit][variant], steps, segments).read();
  return segments;
}
