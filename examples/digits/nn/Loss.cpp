//===- Loss.cpp - Softmax and cross-entropy -------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "nn/Loss.h"

#include <algorithm>
#include <cassert>
#include <cmath>

using namespace digits;

double digits::portableExp(double x) {
  assert(x <= 0 && "positive exponents are not needed");
  constexpr double smallest = -700; // e^-700 is still a normal number
  if (x < smallest)
    return 0;
  // x = k ln 2 + r with |r| <= ln 2 / 2. ln 2 in two parts, the first short
  // enough for k times it to be exact.
  constexpr double inverseLn2 = 1.4426950408889634;
  constexpr double ln2High = 0x1.62e42feep-1;
  constexpr double ln2Low = 0x1.a39ef35793c76p-33;
  double k = std::floor(x * inverseLn2 + 0.5);
  double r = (x - k * ln2High) - k * ln2Low;

  // The first 15 terms of the series; the next is below 2e-19.
  constexpr int terms = 15;
  double sum = 1.0;
  for (int n = terms - 1; n >= 1; --n)
    sum = 1.0 + sum * r / n;
  return std::ldexp(sum, static_cast<int>(k));
}

template <typename T>
Loss<T> digits::softmaxCrossEntropy(const Batch<T> &logits,
                                    const int64_t *labels) {
  Loss<T> loss;
  loss.gradient = Batch<T>(logits.count, logits.extent);
  int classes = logits.extent.channels;
  std::vector<double> exponentials(classes);
  for (int n = 0; n < logits.count; ++n) {
    const T *row = logits.image(n);
    const T *largest = std::max_element(row, row + classes);
    loss.correct += largest - row == labels[n];

    double sum = 0;
    for (int c = 0; c < classes; ++c)
      sum += exponentials[c] = portableExp(row[c] - *largest);
    // The logarithm is only reported; training does not depend on it.
    loss.mean += std::log(sum) - (row[labels[n]] - *largest);
    for (int c = 0; c < classes; ++c) {
      double probability = exponentials[c] / sum;
      double target = c == labels[n] ? 1.0 : 0.0;
      loss.gradient.image(n)[c] =
          static_cast<T>((probability - target) / logits.count);
    }
  }
  loss.mean /= logits.count;
  return loss;
}

template Loss<float> digits::softmaxCrossEntropy(const Batch<float> &,
                                                 const int64_t *);
template Loss<double> digits::softmaxCrossEntropy(const Batch<double> &,
                                                  const int64_t *);
