//===- Antialias.cpp - Resizing with a filter as wide as the step -------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Antialias.h"
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// The filter's value at a distance, before it is stretched.
double weightAt(double distance, const AntialiasFilter &filter) {
  if (filter.mode == edge::ResizeMode::cubic)
    return cubicWeight(distance, filter.cubicCoefficient);
  return std::max(0.0, 1 - std::fabs(distance));
}

/// What each input element contributes to result element `index`; what is
/// outside is the element at the border.
std::vector<double> shares(const ResizedDimension &d, int64_t index,
                           const AntialiasFilter &filter) {
  double shrinking = std::min(d.scale, 1.0);
  double reach = (filter.mode == edge::ResizeMode::cubic ? 2 : 1) / shrinking;
  double x = resizedCoordinate(d, index, filter.coordinates), sum = 0;
  std::vector<double> weights(d.input, 0);
  for (double at = std::floor(x - reach); at <= std::ceil(x + reach); ++at) {
    double last = static_cast<double>(d.input - 1);
    if (filter.excludesOutside && (at < 0 || at > last))
      continue;
    double weight = weightAt((at - x) * shrinking, filter);
    weights[static_cast<size_t>(std::clamp(at, 0.0, last))] += weight;
    sum += weight;
  }
  for (double &weight : weights)
    weight /= sum;
  return weights;
}

} // namespace

Value edgec::onnx_import::resizeAntialiased(NodeContext &node, Value value,
                                            int64_t axis,
                                            const ResizedDimension &dimension,
                                            const AntialiasFilter &filter) {
  constexpr int64_t largestMatrix = int64_t{1} << 24;
  if (node.hasFailed())
    return {};
  if (!isa<FloatType>(node.elementTypeOf(value))) {
    (void)node.error("antialias = 1 needs floating-point elements");
    return {};
  }
  if (dimension.result > largestMatrix / dimension.input) {
    (void)node.error("antialias = 1 is not supported for extents this large");
    return {};
  }
  Tensor matrix(ElementType::F32, {dimension.result, dimension.input});
  float *to = matrix.mutableData<float>();
  for (int64_t i = 0; i < dimension.result; ++i) {
    std::vector<double> weights = shares(dimension, i, filter);
    to = std::copy(weights.begin(), weights.end(), to);
  }
  SmallVector<int64_t> order(node.rankOf(value));
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[axis], order.back());
  Type element = node.elementTypeOf(value);
  Value product = node.create<edge::MatMulOp>(
      node.transpose(value, order), node.castTo(node.constant(matrix), element),
      /*transpose_lhs=*/false,
      /*transpose_rhs=*/true);
  return node.transpose(product, order);
}
