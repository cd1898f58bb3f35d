//===- Compare.h - How far two tensors are apart ----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_COMPARE_H
#define EDGEC_SUPPORT_COMPARE_H

#include "edgec/Support/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <limits>

namespace edgec {

/// An element is accepted when |actual − expected| ≤ atol + rtol · |expected|.
/// The defaults are those of ONNX's own test runner.
struct Tolerance {
  double rtol = 1e-3;
  double atol = 1e-7;
};

struct Comparison {
  /// Largest |actual − expected|; NaN where only one of the two is a NaN,
  /// infinite where only one is infinite or the infinities differ in sign.
  /// NaN against NaN and infinity against the same infinity count as 0.
  double maxError = 0;
  /// maxError over the expected values' range (max − min); over their largest
  /// magnitude where the range is 0.
  double relativeToRange = 0;
  /// Signal-to-quantization-noise ratio in decibels,
  /// 10·log10(Σ expected² / Σ (actual − expected)²); infinite when equal.
  double sqnr = 0;
  /// Cosine of the angle between the two as vectors; 1 when equal.
  double cosine = 1;
  /// Elements outside the tolerance, and the first of them (row-major).
  int64_t mismatches = 0;
  int64_t firstMismatch = -1;
  double firstActual = 0;
  double firstExpected = 0;
};

/// Sums up how far apart sequences of numbers are that come in pieces: their
/// memory does not depend on how many there are.
class ErrorSums {
public:
  /// Two numbers and the distance between them, which may be more exact than
  /// the numbers. What is not finite on both sides counts in `maxError` only.
  void add(double actual, double expected, double distance);
  void add(llvm::ArrayRef<float> actual, llvm::ArrayRef<float> expected);

  int64_t count() const { return pairs; }
  /// As in Comparison.
  double maxError() const { return largest; }
  double relativeToRange() const;
  double sqnr() const;
  double cosine() const;

  /// Σ expected² and Σ (actual − expected)².
  double signal() const { return expected2; }
  double noise() const { return error2; }
  /// Extremes of the expected values; 0 where there are none.
  double lowest() const { return minimum <= maximum ? minimum : 0; }
  double highest() const { return minimum <= maximum ? maximum : 0; }

private:
  int64_t pairs = 0;
  double actual2 = 0, expected2 = 0, product = 0, error2 = 0;
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -minimum, magnitude = 0, largest = 0;
};

/// Compares tensors of the same type and shape; integers and booleans are
/// compared exactly when the tolerance leaves them less than one step. An
/// error says in which of type and shape the two differ.
llvm::Expected<Comparison> compare(const Tensor &actual, const Tensor &expected,
                                   Tolerance tolerance = {});

} // namespace edgec

#endif // EDGEC_SUPPORT_COMPARE_H
