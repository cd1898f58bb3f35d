//===- Activations.cpp - Activation functions and softmax -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"
#include <cmath>

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

template <typename OpTy, const llvm::StringLiteral &opType>
LogicalResult exportAlpha(OpTy op, NodeWriter &node) {
  return node.finish(opType, node.operands(), {{"alpha", op.getAlpha()}});
}

LogicalResult exportSelu(edge::SeluOp op, NodeWriter &node) {
  return node.finish("Selu", node.operands(),
                     {{"alpha", op.getAlpha()}, {"gamma", op.getGamma()}});
}

LogicalResult exportHardSigmoid(edge::HardSigmoidOp op, NodeWriter &node) {
  return node.finish("HardSigmoid", node.operands(),
                     {{"alpha", op.getAlpha()}, {"beta", op.getBeta()}});
}

/// x * tanh(softplus(x)) before there was an operator for it.
LogicalResult exportMish(edge::MishOp op, NodeWriter &node) {
  constexpr int64_t operatorSince = 18;
  if (node.opset() >= operatorSince)
    return node.finish("Mish", node.operands());
  std::string x = node.name(op.getInput());
  std::string softplus = node.add("Softplus", {x});
  return node.finish("Mul", {x, node.add("Tanh", {softplus})});
}

/// 0.5 x (1 + erf(x / sqrt(2))), or
/// 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
LogicalResult exportGelu(edge::GeluOp op, NodeWriter &node) {
  constexpr int64_t operatorSince = 20;
  bool isApproximate = op.getApproximateTanh();
  if (node.opset() >= operatorSince)
    return node.finish("Gelu", node.operands(),
                       {{"approximate", isApproximate ? "tanh" : "none"}});
  Type element = node.elementTypeOf(op.getInput());
  std::string x = node.name(op.getInput());
  std::string inner;
  if (isApproximate) {
    std::string cube = node.add("Mul", {node.add("Mul", {x, x}), x});
    std::string part =
        node.add("Mul", {cube, node.scalar("cubic", element, 0.044715)});
    std::string sum = node.add("Add", {x, part});
    inner = node.add("Tanh",
                     {node.add("Mul", {sum, node.scalar("scale", element,
                                                        std::sqrt(M_2_PI))})});
  } else {
    inner = node.add(
        "Erf", {node.add("Div", {x, node.scalar("root", element, M_SQRT2)})});
  }
  std::string factor = node.add("Add", {inner, node.scalar("one", element, 1)});
  return node.finish(
      "Mul", {node.add("Mul", {x, factor}), node.scalar("half", element, 0.5)});
}

/// Bounds that do not bind are left out.
LogicalResult exportClamp(edge::ClampOp op, NodeWriter &node) {
  Type element = node.elementTypeOf(op.getInput());
  auto bound = [&](StringRef role, const APFloat &value) {
    return value.isInfinity()
               ? std::string()
               : node.scalar(role, element, value.convertToDouble());
  };
  return node.finish("Clip",
                     {node.name(op.getInput()), bound("min", op.getMin()),
                      bound("max", op.getMax())});
}

LogicalResult exportSoftmax(edge::SoftmaxOp op, NodeWriter &node) {
  return node.finish(op.getLog() ? "LogSoftmax" : "Softmax", node.operands(),
                     {{"axis", static_cast<int64_t>(op.getAxis())}});
}

constexpr llvm::StringLiteral celu = "Celu", elu = "Elu",
                              leakyRelu = "LeakyRelu",
                              thresholdedRelu = "ThresholdedRelu";

} // namespace

void onnx_export::addActivations(HandlerTable &table) {
  table.add(exportAlpha<edge::CeluOp, celu>);
  table.add(exportAlpha<edge::EluOp, elu>);
  table.add(exportAlpha<edge::LeakyReluOp, leakyRelu>);
  table.add(exportAlpha<edge::ThresholdedReluOp, thresholdedRelu>);
  table.add(exportClamp);
  table.add(exportGelu);
  table.add(exportHardSigmoid);
  table.add(exportMish);
  table.add(exportSelu);
  table.add(exportSoftmax);
  table.add<edge::HardSwishOp>("HardSwish");
  table.add<edge::ReluOp>("Relu");
  table.add<edge::SigmoidOp>("Sigmoid");
  table.add<edge::SoftplusOp>("Softplus");
  table.add<edge::SoftsignOp>("Softsign");
  table.add<edge::TanhOp>("Tanh");
}
