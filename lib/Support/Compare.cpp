//===- Compare.cpp - How far two tensors are apart ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/Compare.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace edgec;
using namespace llvm;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// |a − b| without overflow; exact below 2^53.
double distance(int64_t a, int64_t b) {
  uint64_t ua = static_cast<uint64_t>(a), ub = static_cast<uint64_t>(b);
  return static_cast<double>(a > b ? ua - ub : ub - ua);
}

double distance(double actual, double expected) {
  if (std::isnan(actual) && std::isnan(expected))
    return 0;
  if (actual == expected) // Also equal infinities, whose difference is a NaN.
    return 0;
  return std::fabs(actual - expected);
}

double elementDistance(const Tensor &actual, const Tensor &expected,
                       int64_t index) {
  if (isFloatType(actual.type()))
    return distance(actual.asDouble(index), expected.asDouble(index));
  if (actual.type() == ElementType::U64) {
    uint64_t a = actual.data<uint64_t>()[index];
    uint64_t b = expected.data<uint64_t>()[index];
    return static_cast<double>(a > b ? a - b : b - a);
  }
  return distance(actual.asInt(index), expected.asInt(index));
}

} // namespace

void ErrorSums::add(double actual, double expected, double distance) {
  ++pairs;
  // Written so that a NaN is larger than any number, and stays.
  if (!(distance <= largest) && !std::isnan(largest))
    largest = distance;
  if (!std::isfinite(actual) || !std::isfinite(expected))
    return;
  actual2 += actual * actual;
  expected2 += expected * expected;
  product += actual * expected;
  error2 += distance * distance;
  minimum = std::min(minimum, expected);
  maximum = std::max(maximum, expected);
  magnitude = std::max(magnitude, std::fabs(expected));
}

void ErrorSums::add(ArrayRef<float> actual, ArrayRef<float> expected) {
  for (auto [a, e] : zip_equal(actual, expected))
    add(a, e, distance(static_cast<double>(a), static_cast<double>(e)));
}

double ErrorSums::relativeToRange() const {
  if (largest == 0)
    return 0;
  double range = maximum > minimum ? maximum - minimum : magnitude;
  return range == 0 ? infinity : largest / range;
}

double ErrorSums::sqnr() const {
  return largest == 0 || error2 == 0 ? infinity
                                     : 10 * std::log10(expected2 / error2);
}

double ErrorSums::cosine() const {
  if (largest == 0)
    return 1;
  double norms = std::sqrt(actual2) * std::sqrt(expected2);
  return norms == 0 ? 0 : product / norms;
}

Expected<Comparison> edgec::compare(const Tensor &actual,
                                    const Tensor &expected,
                                    Tolerance tolerance) {
  if (actual.type() != expected.type())
    return createStringError("the type is " + name(actual.type()) +
                             ", expected " + name(expected.type()));
  if (actual.shape() != expected.shape())
    return createStringError("the shape is " + formatShape(actual.shape()) +
                             ", expected " + formatShape(expected.shape()));

  Comparison result;
  ErrorSums sums;
  for (int64_t i = 0, count = actual.size(); i < count; ++i) {
    double error = elementDistance(actual, expected, i);
    double a = actual.asDouble(i), e = expected.asDouble(i);
    sums.add(a, e, error);
    bool accepted =
        error == 0 || (std::isfinite(error) &&
                       error <= tolerance.atol + tolerance.rtol * std::fabs(e));
    if (accepted)
      continue;
    if (result.mismatches++ == 0) {
      result.firstMismatch = i;
      result.firstActual = a;
      result.firstExpected = e;
    }
  }
  result.maxError = sums.maxError();
  result.relativeToRange = sums.relativeToRange();
  result.sqnr = sums.sqnr();
  result.cosine = sums.cosine();
  return result;
}
