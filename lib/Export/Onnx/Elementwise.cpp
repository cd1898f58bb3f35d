//===- Elementwise.cpp - Arithmetic, comparison, logic, casts -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"
#include "edgec/Dialect/Edge/RuntimeShape.h"
#include "edgec/Reference/Interpreter.h"
#include "edgec/Support/TensorFile.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

bool isBoolean(Operation *op) {
  return NodeWriter::elementTypeOf(op->getOperand(0)).isInteger(1);
}

/// Logic of booleans has operators of its own, of bits newer ones.
template <typename OpTy, const llvm::StringLiteral &opType>
LogicalResult exportLogic(OpTy op, NodeWriter &node) {
  return node.finish(isBoolean(op) ? opType.str() : "Bitwise" + opType.str(),
                     node.operands());
}

template <typename OpTy> int64_t logicOpset(OpTy op) {
  constexpr int64_t bitwiseSince = 18;
  return isBoolean(op) ? 0 : bitwiseSince;
}

template <typename OpTy, const llvm::StringLiteral &direction>
LogicalResult exportShift(OpTy op, NodeWriter &node) {
  if (!node.elementTypeOf(op.getLhs()).isUnsignedInteger())
    return node.error("ONNX shifts unsigned integers only");
  return node.finish("BitShift", node.operands(), {{"direction", direction}});
}

LogicalResult exportIsInf(edge::IsInfOp op, NodeWriter &node) {
  return node.finish("IsInf", node.operands(),
                     {{"detect_negative", op.getDetectNegative()},
                      {"detect_positive", op.getDetectPositive()}});
}

LogicalResult exportMod(edge::ModOp op, NodeWriter &node) {
  if (!op.getFmod() && isa<FloatType>(node.elementTypeOf(op.getLhs())))
    return node.error("Mod has the sign of the divisor for integers only");
  return node.finish("Mod", node.operands(), {{"fmod", op.getFmod()}});
}

/// ONNX broadcasts the slope to the input, but not the other way.
LogicalResult exportPRelu(edge::PReluOp op, NodeWriter &node) {
  std::string input = node.expanded(op.getLhs(), node.shapeOf(op.getResult()));
  return node.finish("PRelu", {input, node.name(op.getRhs())});
}

StringRef comparison(edge::ComparePredicate predicate) {
  switch (predicate) {
  case edge::ComparePredicate::eq:
  case edge::ComparePredicate::ne:
    return "Equal";
  case edge::ComparePredicate::lt:
    return "Less";
  case edge::ComparePredicate::le:
    return "LessOrEqual";
  case edge::ComparePredicate::gt:
    return "Greater";
  case edge::ComparePredicate::ge:
    return "GreaterOrEqual";
  }
  llvm_unreachable("unknown predicate");
}

LogicalResult exportCompare(edge::CompareOp op, NodeWriter &node) {
  StringRef opType = comparison(op.getPredicate());
  if (op.getPredicate() != edge::ComparePredicate::ne)
    return node.finish(opType, node.operands());
  return node.finish("Not", {node.add(opType, node.operands())});
}

/// In ONNX, nothing lies beyond an extent.
LogicalResult exportSelect(edge::SelectOp op, NodeWriter &node) {
  if (op->hasAttr(edge::beyondExtentAttr))
    return node.finish("Identity", node.name(op->getOperand(1)));
  if (auto dim = op->getAttrOfType<IntegerAttr>(edge::cutDimAttr)) {
    auto compare = op->getOperand(0).getDefiningOp<edge::CompareOp>();
    if (!compare)
      return node.error("what decides its extent is not computed beside it");
    std::string end = node.add(
        "Reshape", {node.name(compare.getRhs()), node.intVector("one", 1)});
    return node.finish("Slice", {node.name(op->getOperand(1)),
                                 node.intVector("start", 0), end,
                                 node.intVector("axis", dim.getInt())});
  }
  return node.finish("Where", node.operands());
}

LogicalResult exportCast(edge::CastOp op, NodeWriter &node) {
  std::optional<ElementType> type =
      toElementType(node.elementTypeOf(op.getResult()));
  if (!type)
    return node.error("its element type has no ONNX form");
  return node.finish("Cast", node.operands(),
                     {{"to", int64_t{onnxElementType(*type)}}});
}

constexpr llvm::StringLiteral logicalAnd = "And", logicalOr = "Or",
                              logicalXor = "Xor", logicalNot = "Not",
                              left = "LEFT", right = "RIGHT";

void addArithmetic(HandlerTable &table) {
  table.add<edge::AbsOp>("Abs");
  table.add<edge::AcosOp>("Acos");
  table.add<edge::AcoshOp>("Acosh");
  table.add<edge::AsinOp>("Asin");
  table.add<edge::AsinhOp>("Asinh");
  table.add<edge::AtanOp>("Atan");
  table.add<edge::AtanhOp>("Atanh");
  table.add<edge::CeilOp>("Ceil");
  table.add<edge::CosOp>("Cos");
  table.add<edge::CoshOp>("Cosh");
  table.add<edge::DivOp>("Div");
  table.add<edge::ErfOp>("Erf");
  table.add<edge::ExpOp>("Exp");
  table.add<edge::FloorOp>("Floor");
  table.add<edge::LogOp>("Log");
  table.add<edge::MaximumOp>("Max");
  table.add<edge::MinimumOp>("Min");
  table.add<edge::MulOp>("Mul");
  table.add<edge::NegOp>("Neg");
  table.add<edge::PowOp>("Pow");
  table.add<edge::ReciprocalOp>("Reciprocal");
  table.add<edge::RoundOp>("Round");
  table.add<edge::SignOp>("Sign");
  table.add<edge::SinOp>("Sin");
  table.add<edge::SinhOp>("Sinh");
  table.add<edge::SqrtOp>("Sqrt");
  table.add<edge::SubOp>("Sub");
}

} // namespace

void onnx_export::addElementwise(HandlerTable &table) {
  addArithmetic(table);
  table.add(exportLogic<edge::AndOp, logicalAnd>, logicOpset<edge::AndOp>);
  table.add(exportLogic<edge::OrOp, logicalOr>, logicOpset<edge::OrOp>);
  table.add(exportLogic<edge::XorOp, logicalXor>, logicOpset<edge::XorOp>);
  table.add(exportLogic<edge::NotOp, logicalNot>, logicOpset<edge::NotOp>);
  table.add(exportCast);
  table.add(exportCompare);
  table.add(exportIsInf);
  table.add(exportMod);
  table.add(exportPRelu);
  table.add(exportShift<edge::ShiftLeftOp, left>);
  table.add(exportShift<edge::ShiftRightOp, right>);
  table.add<edge::IsNanOp>("IsNaN");
  table.add(exportSelect);
}
