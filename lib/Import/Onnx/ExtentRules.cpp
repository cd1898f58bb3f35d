//===- ExtentRules.cpp - What may lie beyond a true extent ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExtentRules.h"
#include "llvm/ADT/STLExtras.h"

using namespace edgec;
using namespace mlir;

static bool isPositionalTo(Value value, int depth) {
  constexpr int maximumDepth = 16;
  Operation *op = value.getDefiningOp();
  if (!op || depth > maximumDepth)
    return false;
  if (isa<edge::IotaOp>(op))
    return true;
  if (auto constant = dyn_cast<edge::ConstantOp>(op)) {
    auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
    return dense && dense.isSplat();
  }
  auto isUnit = [](Value operand) {
    return cast<RankedTensorType>(operand.getType()).getNumElements() == 1;
  };
  if (isa<edge::BroadcastOp>(op) && isUnit(op->getOperand(0)))
    return true;
  return isa<edge::ElementwiseOpInterface>(op) &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           return isUnit(operand) || isPositionalTo(operand, depth + 1);
         });
}

bool edgec::onnx_import::isPositional(Value value) {
  return isPositionalTo(value, 0);
}

/// Constants are looked at element by element only where they are index
/// arithmetic.
static bool hasNoNegative(edge::ConstantOp constant) {
  constexpr int64_t mostElements = 1 << 10;
  auto dense = dyn_cast<DenseIntElementsAttr>(constant.getValue());
  return dense && dense.getNumElements() <= mostElements &&
         llvm::none_of(dense.getValues<APInt>(),
                       [](const APInt &value) { return value.isNegative(); });
}

static bool isNeverNegativeTo(const onnx_import::RuntimeExtents &extents,
                              Value value, int depth) {
  constexpr int maximumDepth = 16;
  auto type = dyn_cast<IntegerType>(
      cast<RankedTensorType>(value.getType()).getElementType());
  if (!type || depth > maximumDepth)
    return false;
  if (type.isUnsigned() || type.getWidth() == 1 || extents.isCount(value))
    return true;
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (auto constant = dyn_cast<edge::ConstantOp>(op))
    return hasNoNegative(constant);
  if (isa<edge::IotaOp, edge::NonZeroOp, edge::ArgReduceOp>(op))
    return true;
  if (isa<edge::TopKOp>(op)) // Its values may be negative, its indices not.
    return value == op->getResult(1);
  auto isRight = [&](Value operand) {
    return isNeverNegativeTo(extents, operand, depth + 1);
  };
  if (isa<edge::ReshapeOp, edge::TransposeOp, edge::BroadcastOp, edge::SliceOp,
          edge::GatherOp>(op))
    return isRight(op->getOperand(0));
  if (isa<edge::ConcatOp, edge::AddOp, edge::MulOp, edge::MinimumOp>(op))
    return llvm::all_of(op->getOperands(), isRight);
  if (auto cast = dyn_cast<edge::CastOp>(op))
    return type.getWidth() == 64 && isRight(cast.getInput());
  return false;
}

bool edgec::onnx_import::isNeverNegative(const RuntimeExtents &extents,
                                         Value value) {
  return isNeverNegativeTo(extents, value, 0);
}

Attribute edgec::onnx_import::neutralElement(edge::ReduceKind kind,
                                             Type element, OpBuilder &builder) {
  bool isMax =
      kind == edge::ReduceKind::max || kind == edge::ReduceKind::log_sum_exp;
  if (!isMax && kind != edge::ReduceKind::min)
    return kind == edge::ReduceKind::prod ? builder.getOneAttr(element)
                                          : builder.getZeroAttr(element);
  if (auto type = dyn_cast<FloatType>(element))
    return builder.getFloatAttr(
        type, APFloat::getInf(type.getFloatSemantics(), /*Negative=*/isMax));
  unsigned width = element.getIntOrFloatBitWidth();
  if (element.isUnsignedInteger())
    return builder.getIntegerAttr(element, isMax ? APInt::getMinValue(width)
                                                 : APInt::getMaxValue(width));
  return builder.getIntegerAttr(element, isMax
                                             ? APInt::getSignedMinValue(width)
                                             : APInt::getSignedMaxValue(width));
}
