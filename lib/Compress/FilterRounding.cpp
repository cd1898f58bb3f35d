//===- FilterRounding.cpp - Integers for the weights of a layer -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FilterRounding.h"

#include "edgec/Compress/WeightRounding.h"
#include "llvm/Support/Parallel.h"
#include <cmath>

using namespace mlir;
using namespace edgec;
using namespace edgec::edge;

FilterRows::FilterRows(const Contraction &contraction)
    : rows(contraction.channels), axis(contraction.filterAxis) {
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
  if (!isCentered)
    return matrix;
  std::vector<double> mean = moments.mean(group);
  int64_t begin = moments.blockBegin(block);
  int64_t size = moments.blockBegin(block + 1) - begin;
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t j = 0; j < size; ++j)
      matrix[i * size + j] -= mean[begin + i] * mean[begin + j];
    // Of a constant, the difference may be below 0 by rounding.
    matrix[i * size + i] = std::max(matrix[i * size + i], 0.0);
  }
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
        integers(result.integers.mutableData<int8_t>()) {}

  void roundGroup(int64_t group, const InputMoments *moments);

private:
  void roundRow(int64_t row, int64_t begin, const WeightRounder &rounder,
                int64_t taps);

  const float *values;
  const FilterRows &rows;
  const FilterRounding &rounding;
  int64_t largest;
  QuantizedWeights &result;
  int8_t *integers;
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

void GroupRounding::roundRow(int64_t row, int64_t begin,
                             const WeightRounder &rounder, int64_t taps) {
  std::vector<double> weights(taps);
  for (int64_t tap = 0; tap < taps; ++tap)
    weights[tap] = values[rows.at(row, begin + tap)];
  std::vector<int8_t> rounded(taps);
  float &scale = result.scales[rounding.perTensor ? 0 : row];
  // Of few bits, the largest weight is a bad measure. A scale for several rows,
  // or for several blocks of a row, stays.
  bool isFree = rounding.bits < 8 && !rounding.perTensor && taps == rows.taps;
  if (isFree) {
    double chosen = rounder.roundAndScale(weights, largest, rounded);
    isFree =
        rounding.leastScales.empty() || chosen >= rounding.leastScales[row];
    if (isFree)
      scale = static_cast<float>(chosen);
  }
  if (!isFree)
    rounder.round(weights, scale, largest, rounded);
  for (int64_t tap = 0; tap < taps; ++tap)
    integers[rows.at(row, begin + tap)] = rounded[tap];
}

FailureOr<QuantizedWeights>
edgec::edge::roundFilter(const Tensor &weights, const FilterRows &rows,
                         const FilterRounding &rounding,
                         const InputMoments *moments) {
  std::optional<int64_t> axis;
  if (!rounding.perTensor)
    axis = rows.axis;
  FailureOr<QuantizedWeights> result = quantizeWeightsToNearest(
      weights, axis, rounding.bits, rounding.leastScales);
  if (failed(result) || !rounding.bySums || rows.taps == 0)
    return result;
  const int64_t largest = (1 << (rounding.bits - 1)) - 1;
  GroupRounding group(weights, rows, rounding, largest, *result);
  for (int64_t i = 0; i < rows.groups; ++i)
    group.roundGroup(i, moments);
  return result;
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
    double scale = rounded.scales[rounded.scales.size() == 1 ? 0 : row];
    double error = 0;
    for (int64_t tap = 0; tap < rows.taps; ++tap) {
      int64_t at = rows.at(row, tap);
      error += (values[at] - scale * integers[at]) * mean[tap];
    }
    errors.push_back(error);
  }
  return errors;
}
