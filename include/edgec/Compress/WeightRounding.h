//===- WeightRounding.h - Rounding with the least error of sums -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights w and integers q of scale s, read with inputs x, give sums that
// differ by (w - s q)T x. Over many inputs the mean square of that is
// (w - s q)T H (w - s q), H = E[x xT]: a quadratic form, of which the integer
// minimum is sought. Rounding every weight by itself minimises it only where H
// is diagonal.
//
// - E. Frantar, S. Ashkboos, T. Hoefler, D. Alistarh, "GPTQ: Accurate
//   Post-Training Quantization for Generative Pre-trained Transformers", 2023:
//   weights are rounded one after the other, and those that follow make up for
//   the error. Here from the last to the first, with the factor of H itself,
//   which is the same rule (L. Babai's nearest plane).
// - M. Nagel et al., "Up or Down? Adaptive Rounding for Post-Training
//   Quantization", 2020: the same form. Coordinate descent on the integers,
//   from the result of the first, takes the place of its relaxation.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_COMPRESS_WEIGHTROUNDING_H
#define EDGEC_COMPRESS_WEIGHTROUNDING_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/LogicalResult.h"
#include <cstdint>
#include <vector>

namespace edgec {

/// Rounds rows of weights that are multiplied with the same inputs.
class WeightRounder {
public:
  /// For weights that are multiplied with independent inputs.
  explicit WeightRounder(int64_t taps);
  /// `moments` is symmetric, [taps][taps]; a share of its mean diagonal is
  /// added to the diagonal, as samples are few. Fails where that is not
  /// positive definite, or not finite.
  static llvm::FailureOr<WeightRounder> create(std::vector<double> moments,
                                               int64_t taps);

  /// Integers in [-largest, largest] with a small error at `scale`.
  void round(llvm::ArrayRef<double> weights, double scale, int64_t largest,
             llvm::MutableArrayRef<int8_t> integers) const;

  /// (w - s q)T H (w - s q).
  double error(llvm::ArrayRef<double> weights, double scale,
               llvm::ArrayRef<int8_t> integers) const;

  /// The scale at which the integers stand for the weights best; 0 where that
  /// is not a positive number.
  double bestScale(llvm::ArrayRef<double> weights,
                   llvm::ArrayRef<int8_t> integers) const;

  /// A scale for integers of few bits, and these: large weights are clipped
  /// where that is better for the others.
  double roundAndScale(llvm::ArrayRef<double> weights, int64_t largest,
                       llvm::MutableArrayRef<int8_t> integers) const;

private:
  void roundInTurn(llvm::ArrayRef<double> weights, double scale,
                   int64_t largest,
                   llvm::MutableArrayRef<int8_t> integers) const;
  void descend(llvm::ArrayRef<double> weights, double scale, int64_t largest,
               llvm::MutableArrayRef<int8_t> integers) const;
  std::vector<double> timesMoments(llvm::ArrayRef<double> vector) const;

  int64_t taps;
  std::vector<double> moments; ///< Empty: the identity.
  std::vector<double> factor;  ///< Upper triangular, factorT factor = moments.
};

} // namespace edgec

#endif // EDGEC_COMPRESS_WEIGHTROUNDING_H
