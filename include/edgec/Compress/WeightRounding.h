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
// is diagonal. Where groups of weights have scales of their own, s is that of
// each weight, and nothing else changes.
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

/// Where there are no more samples than taps, integers could be found that fit
/// the samples and nothing else: correlations are drawn towards zero as far as
/// chance may have made them. `moments` are E[x xT] or the covariance of so
/// many `samples` of x, [taps][taps], symmetric. Returns the share that went,
/// in [0, 1].
///
/// Y. Chen, A. Wiesel, Y. C. Eldar, A. O. Hero, "Shrinkage Algorithms for MMSE
/// Covariance Estimation", 2010: the oracle approximating estimator, here of
/// the correlations.
double shrinkCorrelations(std::vector<double> &moments, int64_t taps,
                          int64_t samples);

/// Scales of a row of weights, of which groups share one each.
struct GroupedScales {
  /// One scale for all.
  GroupedScales(int64_t taps, double scale)
      : groupOf(taps, 0), scales(1, scale) {}
  /// `groupOf` counts from 0; scales are still to be found.
  explicit GroupedScales(std::vector<int64_t> groupOf);

  /// That of a weight.
  double operator[](int64_t tap) const { return scales[groupOf[tap]]; }
  /// The weights of a group.
  std::vector<int64_t> taps(int64_t group) const;

  std::vector<int64_t> groupOf; ///< For each weight.
  std::vector<double> scales;   ///< For each group.
};

/// Rounds rows of weights that are multiplied with the same inputs. The errors
/// of a row are e = w - s q, with the scale s of each weight's group.
class WeightRounder {
public:
  /// For weights that are multiplied with independent inputs.
  explicit WeightRounder(int64_t taps);
  /// `moments` is symmetric, [taps][taps]; a share of its mean diagonal is
  /// added to the diagonal, as samples are few. Fails where that is not
  /// positive definite, or not finite.
  static llvm::FailureOr<WeightRounder> create(std::vector<double> moments,
                                               int64_t taps);

  /// Integers in [-largest, largest] with a small error.
  void round(llvm::ArrayRef<double> weights, const GroupedScales &scales,
             int64_t largest, llvm::MutableArrayRef<int8_t> integers) const;

  /// eT H e.
  double error(llvm::ArrayRef<double> weights, const GroupedScales &scales,
               llvm::ArrayRef<int8_t> integers) const;

  /// Makes the scales of the groups `free` those at which the integers stand
  /// for the weights better, one after the other; one stays where it would not
  /// be a positive number.
  void improveScales(llvm::ArrayRef<double> weights,
                     llvm::ArrayRef<int8_t> integers,
                     llvm::ArrayRef<int64_t> free, GroupedScales &scales) const;

  /// Integers of few bits, and scales for the groups `free`: large weights are
  /// clipped where that is better for the others.
  void roundAndScale(llvm::ArrayRef<double> weights, int64_t largest,
                     llvm::ArrayRef<int64_t> free, GroupedScales &scales,
                     llvm::MutableArrayRef<int8_t> integers) const;

private:
  void roundInTurn(llvm::ArrayRef<double> weights, const GroupedScales &scales,
                   int64_t largest,
                   llvm::MutableArrayRef<int8_t> integers) const;
  void descend(llvm::ArrayRef<double> weights, const GroupedScales &scales,
               int64_t largest, llvm::MutableArrayRef<int8_t> integers) const;
  double searchScale(llvm::ArrayRef<double> weights,
                     llvm::ArrayRef<int64_t> group, int64_t largest) const;
  double errorWithin(llvm::ArrayRef<int64_t> group,
                     llvm::ArrayRef<double> errors) const;
  std::vector<double> timesMoments(llvm::ArrayRef<double> vector) const;

  int64_t taps;
  std::vector<double> moments; ///< Empty: the identity.
  std::vector<double> factor;  ///< Upper triangular, factorT factor = moments.
};

} // namespace edgec

#endif // EDGEC_COMPRESS_WEIGHTROUNDING_H
