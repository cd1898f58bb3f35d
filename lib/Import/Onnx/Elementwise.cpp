//===- Elementwise.cpp - Arithmetic, comparison, logic, casts -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include "edgec/Reference/Interpreter.h"

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// The opset from which on operands broadcast as in NumPy.
constexpr int numpyBroadcastSince = 7;

/// The second operand as opsets before 7 broadcast it: its dimensions stand
/// for those of the first operand from attribute `axis` on.
Value alignedOperand(NodeContext &node, Value lhs, Value rhs) {
  if (node.opset() >= numpyBroadcastSince)
    return rhs;
  node.ignoreAttributes({"consumed_inputs"});
  bool broadcasts = node.flagAttribute("broadcast", false);
  bool hasAxis = node.hasAttribute("axis");
  int64_t rank = node.rankOf(lhs), rhsRank = node.rankOf(rhs);
  int64_t axis = node.intAttribute("axis", rank - rhsRank);
  if (!broadcasts) {
    if (node.shapeOf(lhs) != node.shapeOf(rhs))
      (void)node.error("the operands' shapes differ and 'broadcast' is not "
                       "set, as this opset demands");
    return rhs;
  }
  if (!hasAxis || rhsRank == 0)
    return rhs;
  axis = node.normalizedAxis(axis, rank);
  if (axis + rhsRank > rank) {
    (void)node.error("the second operand has dimensions beyond the first's");
    return rhs;
  }
  SmallVector<int64_t> shape(node.shapeOf(rhs));
  shape.append(rank - rhsRank - axis, 1);
  return node.reshape(rhs, shape);
}

template <typename OpTy> LogicalResult importUnary(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  return node.finish(node.create<OpTy>(node.input(0)));
}

template <typename OpTy> LogicalResult importBinary(NodeContext &node) {
  Value rhs = alignedOperand(node, node.input(0), node.input(1));
  return node.finish(node.create<OpTy>(node.input(0), rhs));
}

template <typename OpTy> LogicalResult importVariadic(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  Value result = node.input(0);
  for (Value operand : node.allInputs().drop_front()) {
    if (!operand)
      return node.error("an input is missing");
    result = node.create<OpTy>(result, operand);
  }
  return node.finish(result);
}

LogicalResult importMean(NodeContext &node) {
  if (failed(importVariadic<edge::AddOp>(node)))
    return failure();
  Type element = node.elementTypeOf(node.input(0));
  if (!isa<FloatType>(element))
    return node.error("the mean of integers is not defined");
  Value count = node.scalar(element, node.numInputs());
  return node.finish(
      node.create<edge::DivOp>(node.outputValues().front(), count));
}

LogicalResult importIsInf(NodeContext &node) {
  return node.finish(node.create<edge::IsInfOp>(
      node.input(0), node.flagAttribute("detect_negative", true),
      node.flagAttribute("detect_positive", true)));
}

LogicalResult importMod(NodeContext &node) {
  bool fmod = node.flagAttribute("fmod", false);
  if (!fmod && isa<FloatType>(node.elementTypeOf(node.input(0))))
    return node.error("floating-point operands need the attribute fmod = 1");
  return node.finish(
      node.create<edge::ModOp>(node.input(0), node.input(1), fmod));
}

template <edge::ComparePredicate predicate>
LogicalResult importCompare(NodeContext &node) {
  Value rhs = alignedOperand(node, node.input(0), node.input(1));
  return node.finish(
      node.create<edge::CompareOp>(node.input(0), rhs, predicate));
}

LogicalResult importWhere(NodeContext &node) {
  return node.finish(
      node.create<edge::SelectOp>(node.input(0), node.input(1), node.input(2)));
}

/// A slope of [C] meant dimension 1 before opset 7; later it broadcasts.
LogicalResult importPRelu(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  Value input = node.input(0), slope = node.input(1);
  int64_t rank = node.rankOf(input);
  if (node.opset() < numpyBroadcastSince && node.rankOf(slope) == 1 &&
      node.shapeOf(slope)[0] != 1 && rank > 2) {
    SmallVector<int64_t> shape(rank - 1, 1);
    shape[0] = node.shapeOf(slope)[0];
    slope = node.reshape(slope, shape);
  }
  return node.finish(node.create<edge::PReluOp>(input, slope));
}

LogicalResult importCast(NodeContext &node) {
  node.ignoreAttributes({"saturate"}); // Of 8-bit floating-point types only.
  // The first version names the type, the later ones number it.
  int32_t to = node.opset() < 6
                   ? parseOnnxTypeName(node.stringAttribute("to", ""))
                   : node.requiredIntAttribute("to");
  std::optional<ElementType> type = elementTypeOfOnnx(to);
  if (!type && !node.hasFailed())
    return node.error("ONNX type " + onnxTypeName(to) + " is not supported");
  if (node.hasFailed())
    return failure();
  return node.finish(
      node.castTo(node.input(0), fromElementType(node.context(), *type)));
}

LogicalResult importCastLike(NodeContext &node) {
  node.ignoreAttributes({"saturate"});
  return node.finish(
      node.castTo(node.input(0), node.elementTypeOf(node.input(1))));
}

LogicalResult importTan(NodeContext &node) {
  Value x = node.input(0);
  return node.finish(node.create<edge::DivOp>(node.create<edge::SinOp>(x),
                                              node.create<edge::CosOp>(x)));
}

} // namespace

void edgec::onnx_import::addElementwise(OperatorTable &table) {
  using Predicate = edge::ComparePredicate;
  constexpr InputCount one{1, 1}, two{2, 2}, atLeastOne{1, anyNumber};
  table.add({
      {"Abs", 1, newestOpset, one, importUnary<edge::AbsOp>},
      {"BitwiseNot", 18, newestOpset, one, importUnary<edge::NotOp>},
      {"Ceil", 1, newestOpset, one, importUnary<edge::CeilOp>},
      {"Cos", 7, newestOpset, one, importUnary<edge::CosOp>},
      {"Erf", 9, newestOpset, one, importUnary<edge::ErfOp>},
      {"Exp", 1, newestOpset, one, importUnary<edge::ExpOp>},
      {"Floor", 1, newestOpset, one, importUnary<edge::FloorOp>},
      {"IsInf", 10, newestOpset, one, importIsInf},
      {"IsNaN", 9, newestOpset, one, importUnary<edge::IsNanOp>},
      {"Log", 1, newestOpset, one, importUnary<edge::LogOp>},
      {"Neg", 1, newestOpset, one, importUnary<edge::NegOp>},
      {"Not", 1, newestOpset, one, importUnary<edge::NotOp>},
      {"Reciprocal", 1, newestOpset, one, importUnary<edge::ReciprocalOp>},
      {"Round", 11, newestOpset, one, importUnary<edge::RoundOp>},
      {"Sign", 9, newestOpset, one, importUnary<edge::SignOp>},
      {"Sin", 7, newestOpset, one, importUnary<edge::SinOp>},
      {"Sqrt", 1, newestOpset, one, importUnary<edge::SqrtOp>},
      {"Tan", 7, newestOpset, one, importTan},
  });
  table.add({
      {"Add", 1, newestOpset, two, importBinary<edge::AddOp>},
      {"And", 1, newestOpset, two, importBinary<edge::AndOp>},
      {"BitwiseAnd", 18, newestOpset, two, importBinary<edge::AndOp>},
      {"BitwiseOr", 18, newestOpset, two, importBinary<edge::OrOp>},
      {"BitwiseXor", 18, newestOpset, two, importBinary<edge::XorOp>},
      {"Div", 1, newestOpset, two, importBinary<edge::DivOp>},
      {"Mod", 10, newestOpset, two, importMod},
      {"Mul", 1, newestOpset, two, importBinary<edge::MulOp>},
      {"Or", 1, newestOpset, two, importBinary<edge::OrOp>},
      {"PRelu", 1, newestOpset, two, importPRelu},
      {"Pow", 1, newestOpset, two, importBinary<edge::PowOp>},
      {"Sub", 1, newestOpset, two, importBinary<edge::SubOp>},
      {"Xor", 1, newestOpset, two, importBinary<edge::XorOp>},
  });
  table.add({
      {"Max", 1, newestOpset, atLeastOne, importVariadic<edge::MaximumOp>},
      {"Mean", 1, newestOpset, atLeastOne, importMean},
      {"Min", 1, newestOpset, atLeastOne, importVariadic<edge::MinimumOp>},
      {"Sum", 1, newestOpset, atLeastOne, importVariadic<edge::AddOp>},
  });
  table.add({
      {"Equal", 1, newestOpset, two, importCompare<Predicate::eq>},
      {"Greater", 1, newestOpset, two, importCompare<Predicate::gt>},
      {"GreaterOrEqual", 12, newestOpset, two, importCompare<Predicate::ge>},
      {"Less", 1, newestOpset, two, importCompare<Predicate::lt>},
      {"LessOrEqual", 12, newestOpset, two, importCompare<Predicate::le>},
  });
  table.add({
      {"Cast", 1, newestOpset, one, importCast},
      {"CastLike", 15, newestOpset, two, importCastLike},
      {"Where", 9, newestOpset, {3, 3}, importWhere},
  });
}
