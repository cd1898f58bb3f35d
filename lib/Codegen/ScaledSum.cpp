//===- ScaledSum.cpp - Sums of two scaled bytes, rounded -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quotients of scales as coefficients lead to another integer only where the
// sum is within a few last places of a half. Such sums are few among the 65536,
// often none; where there are some, a neighbour of a coefficient moves them to
// the right side of the half.
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/ScaledSum.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace edgec;

namespace {

/// Values of a byte.
constexpr int64_t maxValues = 256;
/// How many neighbours of each coefficient are tried on either side.
constexpr int neighbours = 3;
/// Sums that are that close to a half are tried first.
constexpr double closeToHalf = 1e-3;

int64_t countValues(const IntegerRange &range) {
  return range.high - range.low + 1;
}

/// All values of one operand. Statements of one operation each: no compiler
/// may fuse them.
std::vector<float> scaledValues(const ScaledInteger &x) {
  std::vector<float> values;
  for (int64_t i = x.range.low; i <= x.range.high; ++i) {
    auto shifted = static_cast<float>(i + x.offset);
    float scaled = shifted * x.scale;
    values.push_back(scaled);
  }
  return values;
}

float neighbour(float x, int steps) {
  float towards = std::copysign(std::numeric_limits<float>::infinity(),
                                static_cast<float>(steps));
  for (int i = 0; i < std::abs(steps); ++i)
    x = std::nextafter(x, towards);
  return x;
}

/// The sum for every pair of integers, and the coefficients that are tried.
class Search {
public:
  explicit Search(const ScaledSum &sum) : sum(sum) {
    std::vector<float> a = scaledValues(sum.a), b = scaledValues(sum.b);
    for (size_t x = 0; x < a.size(); ++x)
      for (size_t y = 0; y < b.size(); ++y) {
        float added = a[x] + b[y];
        float quotient = added / sum.divisor;
        Pair pair{static_cast<float>(sum.a.range.low + int64_t(x)),
                  static_cast<float>(sum.b.range.low + int64_t(y)),
                  clamp(std::nearbyint(quotient) + float(sum.zeroPoint))};
        double fraction = std::fabs(quotient - std::floor(quotient) - 0.5);
        (fraction < closeToHalf ? critical : others).push_back(pair);
      }
  }

  std::optional<FusedSum> run() const {
    float a = sum.a.scale / sum.divisor, b = sum.b.scale / sum.divisor;
    for (int i = 0; i <= 2 * neighbours; ++i)
      for (int j = 0; j <= 2 * neighbours; ++j) {
        FusedSum form{neighbour(a, fromMiddle(i)), neighbour(b, fromMiddle(j)),
                      0};
        double constant = double(sum.a.offset) * form.a +
                          double(sum.b.offset) * form.b + double(sum.zeroPoint);
        form.constant = static_cast<float>(constant);
        if (agrees(form, critical) && agrees(form, others))
          return form;
      }
    return std::nullopt;
  }

private:
  struct Pair {
    float x, y, result;
  };

  /// 0, 1, -1, 2, -2, ...
  static int fromMiddle(int i) { return i % 2 == 0 ? -i / 2 : (i + 1) / 2; }

  float clamp(float x) const {
    return std::clamp(x, static_cast<float>(sum.result.low),
                      static_cast<float>(sum.result.high));
  }

  bool agrees(const FusedSum &form, const std::vector<Pair> &pairs) const {
    return std::all_of(pairs.begin(), pairs.end(), [&](const Pair &pair) {
      float inner = std::fma(pair.y, form.b, form.constant);
      float outer = std::fma(pair.x, form.a, inner);
      return clamp(std::nearbyint(outer)) == pair.result;
    });
  }

  const ScaledSum &sum;
  std::vector<Pair> critical, others;
};

} // namespace

std::optional<FusedSum> edgec::fuseScaledSum(const ScaledSum &sum) {
  bool usual = std::isnormal(sum.a.scale / sum.divisor) &&
               std::isnormal(sum.b.scale / sum.divisor) &&
               countValues(sum.a.range) <= maxValues &&
               countValues(sum.b.range) <= maxValues;
  // Far from where integers lose bits, and where f32 overflows.
  constexpr float largestQuotient = 1024;
  if (!usual || std::fabs(sum.a.scale / sum.divisor) > largestQuotient ||
      std::fabs(sum.b.scale / sum.divisor) > largestQuotient)
    return std::nullopt;
  return Search(sum).run();
}
