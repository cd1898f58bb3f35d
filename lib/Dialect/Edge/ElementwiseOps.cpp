//===- ElementwiseOps.cpp - Maps over elements ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Folding.h"
#include "Inference.h"

using namespace mlir;
using namespace edgec::edge;

LogicalResult edgec::edge::inferElementwise(MaybeLocation location,
                                            ValueRange operands,
                                            bool booleanResult,
                                            SmallVectorImpl<Type> &inferred) {
  SmallVector<int64_t> shape;
  Type element;
  for (Value operand : operands) {
    auto type = rankedType(location, "operand", operand);
    if (!type)
      return failure();
    auto broadcast = broadcastShapes(location, shape, type.getShape());
    if (failed(broadcast))
      return failure();
    shape = std::move(*broadcast);
    element = type.getElementType();
  }
  if (!element)
    return emitOptionalError(location, "needs at least one operand");
  if (booleanResult)
    element = IntegerType::get(element.getContext(), 1);
  return inferTensor(location, shape, element, inferred);
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

LogicalResult ClampOp::verify() {
  APFloat low = getMin(), high = getMax();
  if (low.isNaN() || high.isNaN()) // (C1)
    return emitOpError("bounds must not be NaN");
  auto isWhole = [](const APFloat &bound) {
    return bound.isInfinity() || bound.isInteger();
  };
  Type element = getElementTypeOrSelf(getInput().getType());
  if (!isa<FloatType>(element) && (!isWhole(low) || !isWhole(high))) // (C2)
    return emitOpError("bounds ")
           << low.convertToDouble() << " and " << high.convertToDouble()
           << " of an integer clamp must be integers or infinite";
  return success();
}

static LogicalResult verifySameElement(Operation *op, Value lhs, Value rhs) {
  Type left = getElementTypeOrSelf(lhs.getType());
  Type right = getElementTypeOrSelf(rhs.getType());
  if (left == right)
    return success();
  return op->emitOpError("operands have different element types, ")
         << left << " and " << right;
}

LogicalResult CompareOp::verify() { // (C1)
  return verifySameElement(*this, getLhs(), getRhs());
}

LogicalResult SelectOp::verify() { // (C1)
  return verifySameElement(*this, getOnTrue(), getOnFalse());
}

//===----------------------------------------------------------------------===//
// Folders
//===----------------------------------------------------------------------===//

/// `value` if it has the type of the operation's only result: where the other
/// operand broadcasts it to a larger shape it is not the same tensor.
static OpFoldResult ifSameType(Operation *op, Value value) {
  return value.getType() == op->getResult(0).getType() ? OpFoldResult(value)
                                                       : OpFoldResult();
}

// x + 0 gives +0 for x = -0: the sign of a zero is not kept.
OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  if (isSplatOf(adaptor.getRhs(), 0))
    return ifSameType(*this, getLhs());
  if (isSplatOf(adaptor.getLhs(), 0))
    return ifSameType(*this, getRhs());
  return {};
}

OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  if (isSplatOf(adaptor.getRhs(), 0))
    return ifSameType(*this, getLhs());
  return {};
}

OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  if (isSplatOf(adaptor.getRhs(), 1))
    return ifSameType(*this, getLhs());
  if (isSplatOf(adaptor.getLhs(), 1))
    return ifSameType(*this, getRhs());
  return {};
}

OpFoldResult DivOp::fold(FoldAdaptor adaptor) {
  if (isSplatOf(adaptor.getRhs(), 1))
    return ifSameType(*this, getLhs());
  return {};
}

OpFoldResult CastOp::fold(FoldAdaptor) { return ifSameType(*this, getInput()); }
