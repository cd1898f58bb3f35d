//===- FilterRounding.cpp - Integers for the weights of a layer -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FilterRounding.h"

#include "edgec/Compress/WeightRounding.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Parallel.h"
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace edgec;
using namespace edgec::edge;

FilterRows::FilterRows(const Contraction &contraction)
    : rows(contraction.channels) {
  ConstantOp filter = contraction.filter;
  int64_t size = cast<RankedTensorType>(filter.getType()).getNumElements();
  taps = rows == 0 ? 0 : size / rows;
  // Of a convolution, or a matrix that is transposed, rows lie together.
  bool isTogether = contraction.filterAxis == 0;
  rowStride = isTogether ? taps : 1;
  tapStride = isTogether ? 1 : rows;
  if (auto conv = dyn_cast<ConvOp>(contraction.op))
    groups = conv.getGroups();
}

/// E[x xT] of a block of taps; of x - E[x] where the mean does not count.
static std::vector<double> momentsOf(const InputMoments &moments, int64_t group,
                                     int64_t block, bool isCentered) {
  std::vector<double> matrix = moments.second(group, block);
  int64_t begin = moments.blockBegin(block);
  int64_t size = moments.blockBegin(block + 1) - begin;
  if (!isCentered) {
    shrinkCorrelations(matrix, size, moments.count());
    return matrix;
  }
  std::vector<double> mean = moments.mean(group);
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t j = 0; j < size; ++j)
      matrix[i * size + j] -= mean[begin + i] * mean[begin + j];
    // Of a constant, the difference may be below 0 by rounding.
    matrix[i * size + i] = std::max(matrix[i * size + i], 0.0);
  }
  shrinkCorrelations(matrix, size, moments.count());
  return matrix;
}

namespace {

/// Rounds the rows of a group in blocks of taps.
class GroupRounding {
public:
  GroupRounding(const Tensor &weights, const FilterRows &rows,
                const FilterRounding &rounding, int64_t largest,
                QuantizedWeights &result)
      : values(weights.data<float>()), rows(rows), rounding(rounding),
        largest(largest), result(result),
        integers(result.integers.mutableData<int8_t>()),
        elementsOf(result.scales.size(), 0) {
    for (int64_t element = 0; element < weights.size(); ++element)
      ++elementsOf[result.layout.scaleOf(element)];
  }

  void roundGroup(int64_t group, const InputMoments *moments);

private:
  void roundRow(int64_t row, int64_t begin, const WeightRounder &rounder,
                int64_t taps);
  bool roundAndScale(ArrayRef<double> weights, const WeightRounder &rounder,
                     ArrayRef<int64_t> indices, GroupedScales scales,
                     MutableArrayRef<int8_t> rounded);

  const float *values;
  const FilterRows &rows;
  const FilterRounding &rounding;
  int64_t largest;
  QuantizedWeights &result;
  int8_t *integers;
  std::vector<int64_t> elementsOf; ///< How many a scale has.
};

} // namespace

void GroupRounding::roundGroup(int64_t group, const InputMoments *moments) {
  int64_t rowsOfGroup = rows.rows / rows.groups;
  int64_t blocks = moments ? moments->blockCount() : 1;
  for (int64_t block = 0; block < blocks; ++block) {
    int64_t begin = moments ? moments->blockBegin(block) : 0;
    int64_t end = moments ? moments->blockBegin(block + 1) : rows.taps;
    FailureOr<WeightRounder> rounder = WeightRounder(end - begin);
    if (moments)
      rounder = WeightRounder::create(
          momentsOf(*moments, group, block, rounding.correctBias), end - begin);
    if (failed(rounder))
      rounder = WeightRounder(end - begin);
    // Rows are independent: their order does not matter.
    llvm::parallelFor(0, rowsOfGroup, [&](size_t row) {
      roundRow(group * rowsOfGroup + row, begin, *rounder, end - begin);
    });
  }
}

/// Of few bits, the largest weight is a bad measure. A scale for other rows,
/// or for other blocks of the row, stays. False, and nothing done, where scales
/// would become smaller than they may be. `indices` are those of the scales in
/// the result.
bool GroupRounding::roundAndScale(ArrayRef<double> weights,
                                  const WeightRounder &rounder,
                                  ArrayRef<int64_t> indices,
                                  GroupedScales scales,
                                  MutableArrayRef<int8_t> rounded) {
  std::vector<int64_t> free, elements(indices.size(), 0);
  for (int64_t group : scales.groupOf)
    ++elements[group];
  for (auto [group, index] : llvm::enumerate(indices))
    if (elements[group] == elementsOf[index])
      free.push_back(static_cast<int64_t>(group));
  if (rounding.bits == 8 || free.empty())
    return false;
  rounder.roundAndScale(weights, largest, free, scales, rounded);
  if (!rounding.leastScales.empty())
    for (int64_t group : free)
      if (scales.scales[group] < rounding.leastScales[indices[group]])
        return false;
  for (int64_t group : free)
    result.scales[indices[group]] = static_cast<float>(scales.scales[group]);
  return true;
}

void GroupRounding::roundRow(int64_t row, int64_t begin,
                             const WeightRounder &rounder, int64_t taps) {
  std::vector<double> weights(taps);
  std::vector<int64_t> groupOf(taps), indices;
  llvm::DenseMap<int64_t, int64_t> groups;
  for (int64_t tap = 0; tap < taps; ++tap) {
    int64_t element = rows.at(row, begin + tap);
    weights[tap] = values[element];
    int64_t index = result.layout.scaleOf(element);
    auto [group, isNew] = groups.try_emplace(index, indices.size());
    if (isNew)
      indices.push_back(index);
    groupOf[tap] = group->second;
  }
  GroupedScales scales(std::move(groupOf));
  for (auto [scale, index] : llvm::zip(scales.scales, indices))
    scale = result.scales[index];
  std::vector<int8_t> rounded(taps);
  if (!roundAndScale(weights, rounder, indices, scales, rounded))
    rounder.round(weights, scales, largest, rounded);
  for (int64_t tap = 0; tap < taps; ++tap)
    integers[rows.at(row, begin + tap)] = rounded[tap];
}

FailureOr<QuantizedWeights>
edgec::edge::roundFilter(const Tensor &weights, const FilterRows &rows,
                         const FilterRounding &rounding,
                         const InputMoments *moments) {
  FailureOr<QuantizedWeights> result = quantizeWeightsToNearest(
      weights, rounding.scales, rounding.bits, rounding.leastScales);
  if (failed(result) || !rounding.bySums || rows.taps == 0)
    return result;
  const int64_t largest = (1 << (rounding.bits - 1)) - 1;
  GroupRounding group(weights, rows, rounding, largest, *result);
  for (int64_t i = 0; i < rows.groups; ++i)
    group.roundGroup(i, moments);
  return result;
}

/// vT H v of vectors of some rows, which are summed up.
static double energy(ArrayRef<double> moments, ArrayRef<double> vectors,
                     int64_t taps) {
  auto rows = static_cast<int64_t>(vectors.size()) / taps;
  std::vector<double> energies(rows);
  llvm::parallelFor(0, rows, [&](size_t row) {
    const double *vector = vectors.data() + row * taps;
    double sum = 0;
    for (int64_t i = 0; i < taps; ++i) {
      double product = 0;
      for (int64_t j = 0; j < taps; ++j)
        product += moments[i * taps + j] * vector[j];
      sum += vector[i] * product;
    }
    energies[row] = sum;
  });
  // In the order of the rows, so that the sum is always the same.
  return std::accumulate(energies.begin(), energies.end(), 0.0);
}

double edgec::edge::signalToRoundingNoise(const Tensor &weights,
                                          const QuantizedWeights &rounded,
                                          const FilterRows &rows,
                                          const InputMoments &moments,
                                          bool isCentered) {
  const float *values = weights.data<float>();
  const int8_t *integers = rounded.integers.data<int8_t>();
  int64_t rowsOfGroup = rows.rows / rows.groups;
  double signal = 0, noise = 0;
  for (int64_t group = 0; group < rows.groups; ++group)
    for (int64_t block = 0; block < moments.blockCount(); ++block) {
      int64_t begin = moments.blockBegin(block);
      int64_t taps = moments.blockBegin(block + 1) - begin;
      std::vector<double> exact, errors;
      for (int64_t row = 0; row < rowsOfGroup; ++row)
        for (int64_t tap = 0; tap < taps; ++tap) {
          int64_t at = rows.at(group * rowsOfGroup + row, begin + tap);
          double scale = rounded.scaleOf(at);
          exact.push_back(values[at]);
          errors.push_back(values[at] - scale * integers[at]);
        }
      std::vector<double> matrix = momentsOf(moments, group, block, isCentered);
      signal += energy(matrix, exact, taps);
      noise += energy(matrix, errors, taps);
    }
  return 10 * std::log10(signal / noise);
}

SmallVector<double> edgec::edge::meanErrors(const Tensor &weights,
                                            const QuantizedWeights &rounded,
                                            const FilterRows &rows,
                                            const InputMoments &moments) {
  const float *values = weights.data<float>();
  const int8_t *integers = rounded.integers.data<int8_t>();
  SmallVector<double> errors;
  std::vector<double> mean;
  for (int64_t row = 0; row < rows.rows; ++row) {
    if (row % (rows.rows / rows.groups) == 0)
      mean = moments.mean(rows.groupOf(row));
    double error = 0;
    for (int64_t tap = 0; tap < rows.taps; ++tap) {
      int64_t at = rows.at(row, tap);
      double scale = rounded.scaleOf(at);
      error += (values[at] - scale * integers[at]) * mean[tap];
    }
    errors.push_back(error);
  }
  return errors;
}
