//===- Compare.cpp - How far two tensors are apart ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/Compare.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace edgec;
using namespace llvm;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool isFloat(ElementType type) {
  return type == ElementType::F32 || type == ElementType::F64 ||
         type == ElementType::F16 || type == ElementType::BF16;
}

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
  if (isFloat(actual.type()))
    return distance(actual.asDouble(index), expected.asDouble(index));
  if (actual.type() == ElementType::U64) {
    uint64_t a = actual.data<uint64_t>()[index];
    uint64_t b = expected.data<uint64_t>()[index];
    return static_cast<double>(a > b ? a - b : b - a);
  }
  return distance(actual.asInt(index), expected.asInt(index));
}

/// Sums over the elements that are finite on both sides.
struct Moments {
  double actual2 = 0, expected2 = 0, product = 0, error2 = 0;
  double minimum = infinity, maximum = -infinity, magnitude = 0;

  void add(double actual, double expected, double error) {
    if (!std::isfinite(actual) || !std::isfinite(expected))
      return;
    actual2 += actual * actual;
    expected2 += expected * expected;
    product += actual * expected;
    error2 += error * error;
    minimum = std::min(minimum, expected);
    maximum = std::max(maximum, expected);
    magnitude = std::max(magnitude, std::fabs(expected));
  }

  double range() const {
    return maximum > minimum ? maximum - minimum : magnitude;
  }
};

} // namespace

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
  Moments moments;
  for (int64_t i = 0, count = actual.size(); i < count; ++i) {
    double error = elementDistance(actual, expected, i);
    double a = actual.asDouble(i), e = expected.asDouble(i);
    moments.add(a, e, error);
    // Written so that a NaN is a mismatch, and stays the largest error.
    if (!(error <= result.maxError) && !std::isnan(result.maxError))
      result.maxError = error;
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

  double range = moments.range();
  result.relativeToRange = result.maxError == 0 ? 0
                           : range == 0         ? infinity
                                                : result.maxError / range;
  if (result.maxError == 0) {
    result.sqnr = infinity;
    return result;
  }
  result.sqnr = moments.error2 == 0
                    ? infinity
                    : 10 * std::log10(moments.expected2 / moments.error2);
  double norms = std::sqrt(moments.actual2) * std::sqrt(moments.expected2);
  result.cosine = norms == 0 ? 0 : moments.product / norms;
  return result;
}
