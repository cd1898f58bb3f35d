//===- Elementwise.cpp - Arithmetic, comparison, logic, casts -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include "TensorData.h"
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
  Value count =
      node.scalar(node.elementTypeOf(node.input(0)), node.numInputs());
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

LogicalResult importBitShift(NodeContext &node) {
  std::string direction = node.stringAttribute("direction", "");
  Value bits = node.input(0), count = node.input(1);
  if (direction == "LEFT")
    return node.finish(node.create<edge::ShiftLeftOp>(bits, count));
  if (direction == "RIGHT")
    return node.finish(node.create<edge::ShiftRightOp>(bits, count));
  return node.error("direction = '" + direction +
                    "' is neither LEFT nor RIGHT");
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

/// Bytes of which only the lower four bits are kept, as the type's integers.
Value wrapToFourBits(NodeContext &node, Value bytes) {
  if (node.hasFailed())
    return {};
  Type byte = node.elementTypeOf(bytes);
  Value low = node.scalar(byte, 15);
  if (byte.isUnsignedInteger())
    return node.create<edge::AndOp>(bytes, low);
  Value half = node.scalar(byte, 8);
  Value shifted = node.create<edge::AddOp>(bytes, half);
  return node.create<edge::SubOp>(node.create<edge::AndOp>(shifted, low), half);
}

LogicalResult importCast(NodeContext &node) {
  node.ignoreAttributes({"saturate"}); // Of 8-bit floating-point types only.
  // The first version names the type, the later ones number it.
  int32_t to = node.opset() < 6
                   ? parseOnnxTypeName(node.stringAttribute("to", ""))
                   : node.requiredIntAttribute("to");
  if (std::optional<ElementType> byte = widenedFourBits(to)) {
    Type type = fromElementType(node.context(), *byte);
    return node.finish(wrapToFourBits(node, node.castTo(node.input(0), type)));
  }
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
  Value result = node.castTo(node.input(0), node.elementTypeOf(node.input(1)));
  if (isStoredInFourBits(node.input(1)))
    result = wrapToFourBits(node, result);
  return node.finish(result);
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
      {"Abs", 1, newestOpset, one, numbers, importUnary<edge::AbsOp>},
      {"Acos", 7, newestOpset, one, floats, importUnary<edge::AcosOp>},
      {"Acosh", 9, newestOpset, one, floats, importUnary<edge::AcoshOp>},
      {"Asin", 7, newestOpset, one, floats, importUnary<edge::AsinOp>},
      {"Asinh", 9, newestOpset, one, floats, importUnary<edge::AsinhOp>},
      {"Atan", 7, newestOpset, one, floats, importUnary<edge::AtanOp>},
      {"Atanh", 9, newestOpset, one, floats, importUnary<edge::AtanhOp>},
      {"BitwiseNot", 18, newestOpset, one, integers, importUnary<edge::NotOp>},
      {"Ceil", 1, newestOpset, one, floats, importUnary<edge::CeilOp>},
      {"Cos", 7, newestOpset, one, floats, importUnary<edge::CosOp>},
      {"Cosh", 9, newestOpset, one, floats, importUnary<edge::CoshOp>},
      {"Erf", 9, newestOpset, one, floats, importUnary<edge::ErfOp>},
      {"Exp", 1, newestOpset, one, floats, importUnary<edge::ExpOp>},
      {"Floor", 1, newestOpset, one, floats, importUnary<edge::FloorOp>},
      {"IsInf", 10, newestOpset, one, floats, importIsInf},
      {"IsNaN", 9, newestOpset, one, floats, importUnary<edge::IsNanOp>},
      {"Log", 1, newestOpset, one, floats, importUnary<edge::LogOp>},
      {"Neg", 1, newestOpset, one, numbers, importUnary<edge::NegOp>},
      {"Not", 1, newestOpset, one, boolean, importUnary<edge::NotOp>},
      {"Reciprocal", 1, newestOpset, one, floats,
       importUnary<edge::ReciprocalOp>},
      {"Round", 11, newestOpset, one, floats, importUnary<edge::RoundOp>},
      {"Sign", 9, newestOpset, one, numbers, importUnary<edge::SignOp>},
      {"Sin", 7, newestOpset, one, floats, importUnary<edge::SinOp>},
      {"Sinh", 9, newestOpset, one, floats, importUnary<edge::SinhOp>},
      {"Sqrt", 1, newestOpset, one, floats, importUnary<edge::SqrtOp>},
      {"Tan", 7, newestOpset, one, floats, importTan},
  });
  table.add({
      {"Add", 1, newestOpset, two, numbers, importBinary<edge::AddOp>},
      {"And", 1, newestOpset, two, boolean, importBinary<edge::AndOp>},
      {"BitShift", 11, newestOpset, two, unsignedIntegers, importBitShift},
      {"BitwiseAnd", 18, newestOpset, two, integers, importBinary<edge::AndOp>},
      {"BitwiseOr", 18, newestOpset, two, integers, importBinary<edge::OrOp>},
      {"BitwiseXor", 18, newestOpset, two, integers, importBinary<edge::XorOp>},
      {"Div", 1, newestOpset, two, numbers, importBinary<edge::DivOp>},
      {"Mod", 10, newestOpset, two, numbers, importMod},
      {"Mul", 1, newestOpset, two, numbers, importBinary<edge::MulOp>},
      {"Or", 1, newestOpset, two, boolean, importBinary<edge::OrOp>},
      {"PRelu", 1, newestOpset, two, floats, importPRelu},
      {"Pow",
       1,
       newestOpset,
       two,
       {numbers, numbers},
       importBinary<edge::PowOp>},
      {"Sub", 1, newestOpset, two, numbers, importBinary<edge::SubOp>},
      {"Xor", 1, newestOpset, two, boolean, importBinary<edge::XorOp>},
  });
  table.add({
      {"Max", 1, newestOpset, atLeastOne, numbers,
       importVariadic<edge::MaximumOp>},
      {"Mean", 1, newestOpset, atLeastOne, floats, importMean},
      {"Min", 1, newestOpset, atLeastOne, numbers,
       importVariadic<edge::MinimumOp>},
      {"Sum", 1, newestOpset, atLeastOne, numbers, importVariadic<edge::AddOp>},
  });
  table.add({
      {"Equal", 1, newestOpset, two, anyElement, importCompare<Predicate::eq>},
      {"Greater", 1, newestOpset, two, numbers, importCompare<Predicate::gt>},
      {"GreaterOrEqual", 12, newestOpset, two, numbers,
       importCompare<Predicate::ge>},
      {"Less", 1, newestOpset, two, numbers, importCompare<Predicate::lt>},
      {"LessOrEqual", 12, newestOpset, two, numbers,
       importCompare<Predicate::le>},
  });
  table.add({
      {"Cast", 1, newestOpset, one, anyElement, importCast},
      {"CastLike",
       15,
       newestOpset,
       two,
       {anyElement, anyElement},
       importCastLike},
      {"Where", 9, newestOpset, {3, 3}, {boolean, anyElement}, importWhere},
  });
}
