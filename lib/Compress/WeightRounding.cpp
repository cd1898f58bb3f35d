//===- WeightRounding.cpp - Rounding with the least error of sums ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Compress/WeightRounding.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <algorithm>
#include <cmath>

using namespace edgec;
using namespace llvm;

/// Share of the mean diagonal that is added to every element of the diagonal.
static constexpr double damping = 0.01;

static int8_t roundClamped(double value, int64_t largest) {
  double end = static_cast<double>(largest);
  return static_cast<int8_t>(std::clamp(std::nearbyint(value), -end, end));
}

/// Replaces the upper triangle of a matrix by its Cholesky factor; fails where
/// the matrix is not positive definite.
static LogicalResult factorize(std::vector<double> &matrix, int64_t size) {
  for (int64_t k = 0; k < size; ++k) {
    double *pivotRow = matrix.data() + k * size;
    double pivot = std::sqrt(pivotRow[k]);
    if (!std::isnormal(pivot))
      return failure();
    for (int64_t j = k; j < size; ++j)
      pivotRow[j] /= pivot;
    for (int64_t i = k + 1; i < size; ++i) {
      double *row = matrix.data() + i * size;
      double share = pivotRow[i];
      for (int64_t j = i; j < size; ++j)
        row[j] -= share * pivotRow[j];
    }
  }
  return success();
}

double edgec::shrinkCorrelations(std::vector<double> &moments, int64_t taps,
                                 int64_t samples) {
  // Of more samples, even correlations of neighbours are known well enough,
  // and what is taken from them is worth more than what chance has added.
  if (samples > taps)
    return 0;
  // The trace of the correlations, and of their square.
  double trace = 0, squares = 0;
  auto variance = [&](int64_t tap) { return moments[tap * taps + tap]; };
  for (int64_t i = 0; i < taps; ++i) {
    if (!(variance(i) > 0))
      continue;
    ++trace;
    for (int64_t j = 0; j < taps; ++j)
      if (variance(j) > 0)
        squares += moments[i * taps + j] / variance(i) * moments[i * taps + j] /
                   variance(j);
  }
  if (trace < 2)
    return 0;
  double rest = 1 - 2 / trace;
  double excess = squares - trace; // 0 where nothing is correlated.
  double share = 1;
  if (excess > 0)
    share = std::min(1.0, (rest * squares + trace * trace) /
                              ((static_cast<double>(samples) + rest) * excess));
  for (int64_t i = 0; i < taps; ++i)
    for (int64_t j = 0; j < taps; ++j)
      if (i != j)
        moments[i * taps + j] *= 1 - share;
  return share;
}

GroupedScales::GroupedScales(std::vector<int64_t> groupOf)
    : groupOf(std::move(groupOf)) {
  int64_t groups = 0;
  for (int64_t group : this->groupOf)
    groups = std::max(groups, group + 1);
  scales.resize(groups, 1);
}

std::vector<int64_t> GroupedScales::taps(int64_t group) const {
  std::vector<int64_t> taps;
  for (auto [tap, other] : enumerate(groupOf))
    if (other == group)
      taps.push_back(tap);
  return taps;
}

WeightRounder::WeightRounder(int64_t taps) : taps(taps) {}

FailureOr<WeightRounder> WeightRounder::create(std::vector<double> moments,
                                               int64_t taps) {
  double trace = 0;
  for (int64_t i = 0; i < taps; ++i)
    trace += moments[i * taps + i];
  double added = damping * trace / static_cast<double>(taps);
  WeightRounder rounder(taps);
  // Inputs that are always zero: any rounding is as good.
  if (trace == 0)
    return rounder;
  for (int64_t i = 0; i < taps; ++i)
    moments[i * taps + i] += added;
  rounder.factor = moments;
  if (failed(factorize(rounder.factor, taps)))
    return failure();
  rounder.moments = std::move(moments);
  return rounder;
}

std::vector<double> WeightRounder::timesMoments(ArrayRef<double> vector) const {
  if (moments.empty())
    return vector.vec();
  std::vector<double> product(taps, 0);
  for (int64_t i = 0; i < taps; ++i) {
    if (vector[i] == 0)
      continue;
    const double *row = moments.data() + i * taps;
    for (int64_t j = 0; j < taps; ++j)
      product[j] += vector[i] * row[j];
  }
  return product;
}

static std::vector<double> errorsOf(ArrayRef<double> weights,
                                    const GroupedScales &scales,
                                    ArrayRef<int8_t> integers) {
  std::vector<double> errors(weights.size());
  for (auto [tap, error] : enumerate(errors))
    error = weights[tap] - scales[tap] * integers[tap];
  return errors;
}

static double dot(ArrayRef<double> left, ArrayRef<double> right) {
  double sum = 0;
  for (auto [a, b] : zip(left, right))
    sum += a * b;
  return sum;
}

double WeightRounder::error(ArrayRef<double> weights,
                            const GroupedScales &scales,
                            ArrayRef<int8_t> integers) const {
  std::vector<double> errors = errorsOf(weights, scales, integers);
  return dot(errors, timesMoments(errors));
}

void WeightRounder::improveScales(ArrayRef<double> weights,
                                  ArrayRef<int8_t> integers,
                                  ArrayRef<int64_t> free,
                                  GroupedScales &scales) const {
  std::vector<double> gradient =
      timesMoments(errorsOf(weights, scales, integers));
  for (int64_t group : free) {
    std::vector<double> values(taps, 0);
    for (int64_t tap : scales.taps(group))
      values[tap] = integers[tap];
    std::vector<double> product = timesMoments(values);
    double &scale = scales.scales[group];
    // As it will be stored.
    auto stored = static_cast<float>(scale + dot(values, gradient) /
                                                 dot(values, product));
    if (!std::isnormal(stored) || stored < 0)
      continue;
    double change = stored - scale;
    for (auto [slope, part] : zip(gradient, product))
      slope -= change * part;
    scale = stored;
  }
}

void WeightRounder::roundInTurn(ArrayRef<double> weights,
                                const GroupedScales &scales, int64_t largest,
                                MutableArrayRef<int8_t> integers) const {
  std::vector<double> errors(taps, 0);
  for (int64_t i = taps - 1; i >= 0; --i) {
    // What the errors behind it add to the sums, seen from this weight.
    double debt = 0;
    if (!factor.empty()) {
      const double *row = factor.data() + i * taps;
      for (int64_t j = i + 1; j < taps; ++j)
        debt += row[j] * errors[j];
      debt /= row[i];
    }
    integers[i] = roundClamped((weights[i] + debt) / scales[i], largest);
    errors[i] = weights[i] - scales[i] * integers[i];
  }
}

/// Changes one integer after the other to the best value, the others being as
/// they are, until none changes.
void WeightRounder::descend(ArrayRef<double> weights,
                            const GroupedScales &scales, int64_t largest,
                            MutableArrayRef<int8_t> integers) const {
  constexpr int64_t mostSweeps = 20;
  /// Less is rounding error of the gradient.
  constexpr double leastGain = 1e-9;
  std::vector<double> gradient =
      timesMoments(errorsOf(weights, scales, integers));
  for (int64_t sweep = 0; sweep < mostSweeps; ++sweep) {
    bool isChanged = false;
    for (int64_t i = 0; i < taps; ++i) {
      const double *row = moments.data() + i * taps;
      double scale = scales[i];
      int8_t best =
          roundClamped(integers[i] + gradient[i] / (row[i] * scale), largest);
      double change = scale * (best - integers[i]);
      double gain = change * (2 * gradient[i] - change * row[i]);
      if (best == integers[i] || gain <= leastGain * change * change * row[i])
        continue;
      integers[i] = best;
      for (int64_t j = 0; j < taps; ++j)
        gradient[j] -= change * row[j];
      isChanged = true;
    }
    if (!isChanged)
      return;
  }
}

void WeightRounder::round(ArrayRef<double> weights, const GroupedScales &scales,
                          int64_t largest,
                          MutableArrayRef<int8_t> integers) const {
  if (moments.empty())
    return roundInTurn(weights, scales, largest, integers);
  // In steps that are wide for the weights, the errors that are passed on can
  // outgrow what is saved: the descent starts from the nearest, too.
  std::vector<int8_t> nearest;
  for (auto [tap, weight] : enumerate(weights))
    nearest.push_back(roundClamped(weight / scales[tap], largest));
  descend(weights, scales, largest, nearest);
  roundInTurn(weights, scales, largest, integers);
  descend(weights, scales, largest, integers);
  if (error(weights, scales, nearest) < error(weights, scales, integers))
    llvm::copy(nearest, integers.begin());
}

/// eT H e where only the weights of a group have errors.
double WeightRounder::errorWithin(ArrayRef<int64_t> group,
                                  ArrayRef<double> errors) const {
  /// Above, the diagonal alone is looked at: the whole would take longer than
  /// everything else.
  constexpr size_t mostTaps = 512;
  if (moments.empty())
    return dot(errors, errors);
  double sum = 0;
  for (auto [tap, error] : zip(group, errors)) {
    const double *row = moments.data() + tap * taps;
    double product = error * row[tap];
    if (group.size() <= mostTaps) {
      product = 0;
      for (auto [other, otherError] : zip(group, errors))
        product += otherError * row[other];
    }
    sum += error * product;
  }
  return sum;
}

/// The least error over a grid of scales for a group, each weight rounded by
/// itself; 0 for weights that are zero, or next to it.
double WeightRounder::searchScale(ArrayRef<double> weights,
                                  ArrayRef<int64_t> group,
                                  int64_t largest) const {
  constexpr int64_t steps = 20; // Of 5 %; a quarter is the least.
  double magnitude = 0;
  for (int64_t tap : group)
    magnitude = std::max(magnitude, std::abs(weights[tap]));
  double widest = magnitude / static_cast<double>(largest);
  double best = 0, least = INFINITY;
  std::vector<double> errors(group.size());
  for (int64_t step = steps; step >= steps / 4; --step) {
    // As it will be stored.
    auto stored =
        static_cast<float>(widest * static_cast<double>(step) / steps);
    if (!std::isnormal(stored))
      break;
    double scale = stored;
    for (auto [error, tap] : zip(errors, group))
      error =
          weights[tap] - scale * roundClamped(weights[tap] / scale, largest);
    double error = errorWithin(group, errors);
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

void WeightRounder::roundAndScale(ArrayRef<double> weights, int64_t largest,
                                  ArrayRef<int64_t> free, GroupedScales &scales,
                                  MutableArrayRef<int8_t> integers) const {
  for (int64_t group : free) {
    double scale = searchScale(weights, scales.taps(group), largest);
    // Of weights that are all zero, any.
    scales.scales[group] = scale == 0 ? 1 : scale;
  }
  round(weights, scales, largest, integers);
  double least = error(weights, scales, integers);
  // The integers for scales and the scales for integers, in turns.
  constexpr int64_t turns = 3;
  GroupedScales next = scales;
  std::vector<int8_t> candidate(integers.begin(), integers.end());
  for (int64_t turn = 0; turn < turns; ++turn) {
    improveScales(weights, candidate, free, next);
    round(weights, next, largest, candidate);
    double error = this->error(weights, next, candidate);
    if (!(error < least))
      break;
    least = error;
    scales = next;
    llvm::copy(candidate, integers.begin());
  }
}
