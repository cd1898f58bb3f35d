//===- Metrics.cpp - How good a model's outputs are -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Metrics.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <limits>

using namespace edgec;
using namespace llvm;

double OutputSlice::score(int64_t index) const {
  double value = tensor.asDouble(offset + index);
  return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
}

int64_t edgec::rankOfClass(const OutputSlice &scores, int64_t label) {
  double own = scores.score(label);
  int64_t before = 0;
  for (int64_t i = 0; i < scores.count; ++i) {
    double value = scores.score(i);
    if (value > own || (value == own && i < label))
      ++before;
  }
  return before;
}

int64_t edgec::firstChoice(const OutputSlice &scores) {
  int64_t best = 0;
  for (int64_t i = 1; i < scores.count; ++i)
    if (scores.score(i) > scores.score(best))
      best = i;
  return best;
}

Expected<double> edgec::areaUnderRoc(std::vector<ScoredSample> samples) {
  llvm::sort(samples, [](const ScoredSample &a, const ScoredSample &b) {
    return a.score < b.score;
  });
  // Each positive sample wins against the negatives before it, and half of
  // those with its score.
  double wins = 0, positives = 0, negatives = 0;
  for (size_t begin = 0; begin < samples.size();) {
    size_t end = begin;
    double equalPositives = 0, equalNegatives = 0;
    for (; end < samples.size() && samples[end].score == samples[begin].score;
         ++end)
      ++(samples[end].isPositive ? equalPositives : equalNegatives);
    wins += equalPositives * (negatives + equalNegatives / 2);
    positives += equalPositives;
    negatives += equalNegatives;
    begin = end;
  }
  if (positives == 0 || negatives == 0)
    return createStringError("the area under the curve needs samples with "
                             "label 0 and samples with label 1");
  return wins / (positives * negatives);
}

void MeanErrors::add(double actual, double expected) {
  // Equal infinities do not differ.
  double difference = actual == expected ? 0 : std::abs(actual - expected);
  ++values;
  absolute += difference;
  squared += difference * difference;
}

Expected<double> edgec::anomalyScore(const OutputSlice &output,
                                     const OutputSlice &input) {
  if (output.count == 1)
    return output.score(0);
  if (output.count == 2)
    return output.score(1) - output.score(0);
  if (output.count != input.count)
    return createStringError(
        "the output has %lld elements a sample, and the area under the curve "
        "needs 1 (the score), 2 (the classes) or as many as the input, %lld "
        "(its reconstruction)",
        static_cast<long long>(output.count),
        static_cast<long long>(input.count));
  double sum = 0;
  for (int64_t i = 0; i < output.count; ++i) {
    double difference = output.tensor.asDouble(output.offset + i) -
                        input.tensor.asDouble(input.offset + i);
    sum += difference * difference;
  }
  double score = sum / static_cast<double>(output.count);
  return std::isnan(score) ? std::numeric_limits<double>::infinity() : score;
}
