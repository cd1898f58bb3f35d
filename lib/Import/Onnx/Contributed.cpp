//===- Contributed.cpp - ONNX Runtime's fused operators -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the optimiser of ONNX Runtime and exporters for it write into models
// (domain com.microsoft), taken apart again: edgec fuses by itself.
//
//===----------------------------------------------------------------------===//

#include "AttentionParts.h"
#include "GateActivations.h"
#include "GraphImporter.h"
#include "OperatorTable.h"
#include "Windows.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
using llvm::APFloat;

namespace {

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

template <bool isApproximate> LogicalResult importGelu(NodeContext &node) {
  return node.finish(node.create<edge::GeluOp>(
      addOptional(node, node.input(0), node.input(1)), isApproximate));
}

/// x * sigmoid(alpha * x)
LogicalResult importQuickGelu(NodeContext &node) {
  Value x = node.input(0);
  Value alpha =
      node.scalar(node.elementTypeOf(x), node.floatAttribute("alpha", 1.702f));
  return node.finish(node.create<edge::MulOp>(
      x, node.create<edge::SigmoidOp>(node.create<edge::MulOp>(x, alpha))));
}

/// The activation that attributes name: `alpha` and `beta` are its parameters.
Value activate(NodeContext &node, Value x, StringRef name, double alpha,
               double beta) {
  if (node.hasFailed() || name.empty())
    return x;
  if (name == "Clip")
    return node.create<edge::ClampOp>(x, APFloat(alpha), APFloat(beta));
  std::optional<GateActivation> activation = findGateActivation(name);
  if (!activation) {
    (void)node.error("activation '" + name + "' is not known");
    return {};
  }
  return activation->build(node, x, alpha, beta);
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

LogicalResult importFusedConv(NodeContext &node) {
  Value input = node.input(0), filter = node.input(1);
  if (node.rankOf(filter) < 3)
    return node.error("the filter needs rank 3 or more");
  node.ignoreAttributes({"kernel_shape"}); // The filter's own.
  std::optional<Windows> windows =
      readWindows(node, node.shapeOf(filter).drop_front(2), false);
  int64_t groups = node.intAttribute("group", 1);
  std::string name = node.stringAttribute("activation", "");
  SmallVector<float> parameters =
      node.floatsAttribute("activation_params").value_or(SmallVector<float>());
  if (!windows)
    return failure();
  Value result =
      node.create<edge::ConvOp>(input, filter, node.input(2), windows->strides,
                                windows->dilations, windows->pads, groups);
  parameters.resize(2, 0.0f);
  return node.finish(activate(node, addOptional(node, result, node.input(3)),
                              name, parameters[0], parameters[1]));
}

Value scaled(NodeContext &node, Value value, double factor) {
  if (!value || node.hasFailed() || factor == 1)
    return value;
  return node.create<edge::MulOp>(
      value, node.scalar(node.elementTypeOf(value), factor));
}

LogicalResult importFusedGemm(NodeContext &node) {
  double alpha = node.floatAttribute("alpha", 1.0f);
  double beta = node.floatAttribute("beta", 1.0f);
  bool transA = node.flagAttribute("transA", false);
  bool transB = node.flagAttribute("transB", false);
  std::string name = node.stringAttribute("activation", "");
  double activationAlpha = node.floatAttribute("activation_alpha", 0);
  double activationBeta = node.floatAttribute("activation_beta", 0);
  node.ignoreAttributes({"activation_gamma"});
  Value product =
      node.create<edge::MatMulOp>(node.input(0), node.input(1), transA, transB);
  product = addOptional(node, scaled(node, product, alpha),
                        scaled(node, node.input(2), beta));
  return node.finish(
      activate(node, product, name, activationAlpha, activationBeta));
}

LogicalResult importFusedMatMul(NodeContext &node) {
  if (node.flagAttribute("transBatchA", false) ||
      node.flagAttribute("transBatchB", false))
    return node.error("transposed batches are not supported");
  bool transA = node.flagAttribute("transA", false);
  bool transB = node.flagAttribute("transB", false);
  Value product =
      node.create<edge::MatMulOp>(node.input(0), node.input(1), transA, transB);
  return node.finish(scaled(node, product, node.floatAttribute("alpha", 1.0f)));
}

//===----------------------------------------------------------------------===//
// Normalisations of sums
//===----------------------------------------------------------------------===//

LogicalResult importSkipLayerNorm(NodeContext &node) {
  double epsilon = node.floatAttribute("epsilon", 1e-12f);
  Value sum = node.create<edge::AddOp>(node.input(0), node.input(1));
  sum = addOptional(node, sum, node.input(4));
  if (node.hasFailed())
    return failure();
  if (node.isUsed(3))
    node.setOutput(3, sum);
  return node.finish(
      node.create<edge::LayerNormOp>(sum, node.input(2), node.input(3),
                                     node.rankOf(sum) - 1, APFloat(epsilon)));
}

/// x / sqrt(mean(x^2) + epsilon) * scale, over the last dimension.
Value rootMeanSquareNorm(NodeContext &node, Value x, Value scale,
                         double epsilon) {
  if (node.hasFailed())
    return {};
  int64_t last = node.rankOf(x) - 1;
  Value mean = node.create<edge::ReduceOp>(node.create<edge::MulOp>(x, x),
                                           edge::ReduceKind::mean,
                                           ArrayRef<int64_t>(last), true);
  Value root = node.create<edge::SqrtOp>(node.create<edge::AddOp>(
      mean, node.scalar(node.elementTypeOf(x), epsilon)));
  return node.create<edge::MulOp>(node.create<edge::DivOp>(x, root), scale);
}

LogicalResult importSkipRmsNorm(NodeContext &node) {
  double epsilon = node.floatAttribute("epsilon", 1e-12f);
  Value sum = node.create<edge::AddOp>(node.input(0), node.input(1));
  sum = addOptional(node, sum, node.input(3));
  if (node.isUsed(3))
    node.setOutput(3, sum);
  return node.finish(rootMeanSquareNorm(node, sum, node.input(2), epsilon));
}

/// How many ones a row of a mask has.
Value countOnes(NodeContext &node, Value mask) {
  if (node.hasFailed())
    return {};
  Value isOne = node.create<edge::CompareOp>(
      mask, node.scalar(node.elementTypeOf(mask), 1),
      edge::ComparePredicate::eq);
  return node.create<edge::ReduceOp>(
      node.castTo(isOne, node.builder().getI32Type()), edge::ReduceKind::sum,
      ArrayRef<int64_t>(1), false);
}

/// Embeddings of words, places and segments, added and normalised.
LogicalResult importEmbedLayerNorm(NodeContext &node) {
  node.ignoreAttributes({"mask_index_type"});
  double epsilon = node.floatAttribute("epsilon", 1e-12f);
  Value ids = node.input(0), segments = node.input(1), mask = node.input(7);
  Value positions = node.input(8);
  for (unsigned needed : {2, 3, 5, 6})
    if (!node.input(needed))
      return node.error(fmt::format("input {} is missing", needed));
  if (node.rankOf(ids) != 2 || node.rankOf(node.input(3)) != 2)
    return node.error("the ids and the embeddings need rank 2");
  int64_t batch = node.shapeOf(ids)[0], length = node.shapeOf(ids)[1];
  auto lookUp = [&](Value table, Value indices) {
    return node.create<edge::GatherOp>(table, indices, /*axis=*/0);
  };
  Value sum = lookUp(node.input(2), ids);
  if (positions)
    sum = addOptional(node, sum, lookUp(node.input(3), positions));
  else if (node.shapeOf(node.input(3))[0] < length)
    return node.error("there are fewer places than ids");
  else
    sum = addOptional(node, sum, node.slice(node.input(3), 0, 0, length));
  if (segments && node.input(4))
    sum = addOptional(node, sum, lookUp(node.input(4), segments));
  if (node.isUsed(1))
    node.setOutput(
        1, mask ? countOnes(node, mask)
                : node.broadcast(node.scalar(node.builder().getI32Type(), 0),
                                 {batch}));
  if (node.isUsed(2))
    node.setOutput(2, sum);
  return node.finish(node.create<edge::LayerNormOp>(
      sum, node.input(5), node.input(6), /*axis=*/2, APFloat(epsilon)));
}

} // namespace

void edgec::onnx_import::addContributed(OperatorTable &table) {
  constexpr llvm::StringLiteral runtime = "com.microsoft";
  table.add({
      {"BiasGelu", 1, 1, {2, 2}, floats, importGelu<false>, runtime},
      {"EmbedLayerNormalization",
       1,
       1,
       {1, 9},
       {int32, int32, floats, like(2), like(2), like(2), like(2), int32, int32},
       importEmbedLayerNorm,
       runtime},
      {"FastGelu", 1, 1, {1, 2}, floats, importGelu<true>, runtime},
      {"FusedConv", 1, 1, {2, 4}, floats, importFusedConv, runtime},
      {"FusedGemm", 1, 1, {2, 3}, floats, importFusedGemm, runtime},
      {"FusedMatMul", 1, 1, {2, 2}, floats, importFusedMatMul, runtime},
      {"Gelu", 1, 1, {1, 1}, floats, importGelu<false>, runtime},
      {"QuickGelu", 1, 1, {1, 1}, floats, importQuickGelu, runtime},
      {"SkipLayerNormalization",
       1,
       1,
       {3, 5},
       floats,
       importSkipLayerNorm,
       runtime},
      {"SkipSimplifiedLayerNormalization",
       1,
       1,
       {3, 4},
       floats,
       importSkipRmsNorm,
       runtime},
  });
}
