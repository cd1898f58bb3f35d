//===- Losses.cpp - What training measures ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// The sum of all elements.
Value sumOf(NodeContext &node, Value value) {
  SmallVector<int64_t> axes(node.hasFailed() ? 0 : node.rankOf(value));
  std::iota(axes.begin(), axes.end(), 0);
  return node.create<edge::ReduceOp>(value, edge::ReduceKind::sum, axes,
                                     /*keepDims=*/false);
}

/// For each target the weight of its class; zero where it is to be ignored.
Value targetWeights(NodeContext &node, Value targets, Type element) {
  Value weights;
  if (node.input(2))
    weights = node.create<edge::GatherOp>(node.input(2), targets, 0);
  else
    weights = node.broadcast(node.scalar(element, 1), node.shapeOf(targets));
  if (!node.hasAttribute("ignore_index"))
    return weights;
  Value ignored =
      node.scalar(node.elementTypeOf(targets),
                  static_cast<double>(node.intAttribute("ignore_index", 0)));
  Value isIgnored = node.create<edge::CompareOp>(targets, ignored,
                                                 edge::ComparePredicate::eq);
  return node.create<edge::SelectOp>(isIgnored, node.scalar(element, 0),
                                     weights);
}

/// -weight[target] * x[target], reduced as the node says. `x` are logarithms of
/// probabilities [n, classes, d...], the targets [n, d...].
Value negativeLogLikelihood(NodeContext &node, Value x) {
  std::string reduction = node.stringAttribute("reduction", "mean");
  Value targets = node.input(1);
  SmallVector<int64_t> shape(node.shapeOf(x));
  if (shape.size() < 2) {
    (void)node.error("the input needs rank 2 or more");
    return {};
  }
  shape[1] = 1;
  SmallVector<int64_t> kept(shape);
  kept.erase(kept.begin() + 1);
  if (node.shapeOf(targets) != ArrayRef<int64_t>(kept)) {
    (void)node.error("the targets' shape must be the input's without the "
                     "classes");
    return {};
  }
  Type element = node.elementTypeOf(x);
  Value picked =
      node.create<edge::GatherElementsOp>(x, node.reshape(targets, shape), 1);
  Value loss = node.create<edge::NegOp>(node.reshape(picked, kept));
  bool isWeighted = node.input(2) || node.hasAttribute("ignore_index");
  Value weights;
  if (isWeighted) {
    weights = targetWeights(node, targets, element);
    Value zero = node.scalar(element, 0);
    // Not by multiplication alone: what is ignored may be infinite.
    Value counts =
        node.create<edge::CompareOp>(weights, zero, edge::ComparePredicate::ne);
    loss = node.create<edge::SelectOp>(
        counts, node.create<edge::MulOp>(loss, weights), zero);
  }
  if (reduction == "none")
    return loss;
  if (reduction == "sum")
    return sumOf(node, loss);
  if (reduction != "mean") {
    (void)node.error("reduction '" + reduction + "' is not known");
    return {};
  }
  Value count = isWeighted
                    ? sumOf(node, weights)
                    : node.scalar(element, ShapedType::getNumElements(kept));
  return node.create<edge::DivOp>(sumOf(node, loss), count);
}

LogicalResult importNegativeLogLikelihoodLoss(NodeContext &node) {
  return node.finish(negativeLogLikelihood(node, node.input(0)));
}

LogicalResult importSoftmaxCrossEntropyLoss(NodeContext &node) {
  if (node.rankOf(node.input(0)) < 2)
    return node.error("the scores need rank 2 or more");
  Value logarithms =
      node.create<edge::SoftmaxOp>(node.input(0), 1, /*log=*/true);
  if (node.hasFailed())
    return failure();
  if (node.isUsed(1))
    node.setOutput(1, logarithms);
  return node.finish(negativeLogLikelihood(node, logarithms));
}

} // namespace

void edgec::onnx_import::addLosses(OperatorTable &table) {
  constexpr InputCount twoOrThree{2, 3};
  table.add({
      {"NegativeLogLikelihoodLoss",
       12,
       newestOpset,
       twoOrThree,
       {floats, indices, like(0)},
       importNegativeLogLikelihoodLoss},
      {"SoftmaxCrossEntropyLoss",
       12,
       newestOpset,
       twoOrThree,
       {floats, indices, like(0)},
       importSoftmaxCrossEntropyLoss},
  });
}
