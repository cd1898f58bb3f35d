//===- Metrics.h - How good a model's outputs are ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_METRICS_H
#define EDGEC_TOOLS_METRICS_H

#include "edgec/Support/Tensor.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace edgec {

/// The part of an output that belongs to one sample: `count` elements from
/// `offset` on.
struct OutputSlice {
  const Tensor &tensor;
  int64_t offset = 0, count = 0;

  /// A NaN is smaller than any other score.
  double score(int64_t index) const;
};

/// How many scores come before the one of class `label`: are larger, or equal
/// with a lower class. 0: the model's first choice. NaNs come last.
int64_t rankOfClass(const OutputSlice &scores, int64_t label);

/// The class with rank 0.
int64_t firstChoice(const OutputSlice &scores);

/// A sample of a binary problem.
struct ScoredSample {
  double score = 0; ///< Larger: rather positive. No NaN.
  bool isPositive = false;
};

/// Area under the receiver operating characteristic: the probability that a
/// positive sample has a larger score than a negative one, where an equal score
/// counts half (Mann-Whitney U). An error unless there are samples of both
/// kinds.
llvm::Expected<double> areaUnderRoc(std::vector<ScoredSample> samples);

/// Differences between values and what they should be, summed in double
/// precision.
class MeanErrors {
public:
  void add(double actual, double expected);

  int64_t count() const { return values; }
  double meanAbsolute() const { return absolute / static_cast<double>(values); }
  double meanSquared() const { return squared / static_cast<double>(values); }

private:
  int64_t values = 0;
  double absolute = 0, squared = 0;
};

/// What makes an input anomalous to a model that gives `output` for it: its
/// only element; of two, how much the second is larger; or, where it is as
/// large as `input`, the mean squared difference to it, as for autoencoders. An
/// error otherwise.
llvm::Expected<double> anomalyScore(const OutputSlice &output,
                                    const OutputSlice &input);

} // namespace edgec

#endif // EDGEC_TOOLS_METRICS_H
