//===- ExtentMasks.cpp - Keeping out what lies beyond extents -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExtentCarrier.h"
#include "ExtentRules.h"
#include "edgec/Dialect/Edge/RuntimeShape.h"

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

Value ExtentCarrier::masked(Value value, ArrayRef<int64_t> dims,
                            Attribute fill) {
  Location loc = op->getLoc();
  auto scalar = RankedTensorType::get({}, elementOf(value));
  Value beyond = builder.create<edge::ConstantOp>(
      loc, DenseElementsAttr::get(scalar, fill));
  for (int64_t dim : dims) {
    Value extent = extentOf(value, dim);
    if (!extent)
      continue;
    SmallVector<int64_t> shape(staticShape(value).size(), 1);
    shape[dim] = staticShape(value)[dim];
    auto type = RankedTensorType::get(shape, builder.getI64Type());
    Value position = builder.create<edge::IotaOp>(loc, type, dim);
    Value isThere = builder.create<edge::CompareOp>(
        loc, RankedTensorType::get(shape, builder.getI1Type()), position,
        extent, edge::ComparePredicate::lt);
    value = builder.create<edge::SelectOp>(loc, value.getType(), isThere, value,
                                           beyond);
    trusted.push_back(value.getDefiningOp());
    trusted.back()->setAttr(edge::beyondExtentAttr, builder.getUnitAttr());
  }
  return value;
}

void ExtentCarrier::maskOperand(unsigned index, ArrayRef<int64_t> dims,
                                Attribute fill) {
  builder.setInsertionPoint(op);
  op->setOperand(index, masked(op->getOperand(index), dims, fill));
  builder.setInsertionPointAfter(op);
}

Attribute ExtentCarrier::leastElement(Value value) {
  return neutralElement(edge::ReduceKind::max, elementOf(value), builder);
}

/// Zeros beyond the extent of dimensions that a product sums over, in both
/// operands: a rest may hold infinities.
LogicalResult ExtentCarrier::maskSummed(Value lhs, int64_t lhsDim, Value rhs,
                                        int64_t rhsDim) {
  if (extentOf(lhs, lhsDim) != extentOf(rhs, rhsDim)) {
    StringRef why = "the product would sum over the others, which the other "
                    "operand does not leave out";
    return extentOf(lhs, lhsDim) ? refuse(lhs, lhsDim, why)
                                 : refuse(rhs, rhsDim, why);
  }
  Attribute zero = builder.getZeroAttr(elementOf(lhs));
  if (!extentOf(lhs, lhsDim))
    return success();
  maskOperand(0, lhsDim, zero);
  maskOperand(1, rhsDim, builder.getZeroAttr(elementOf(rhs)));
  return success();
}

/// Minus infinity has no share.
LogicalResult ExtentCarrier::carry(edge::SoftmaxOp softmax) {
  Value input = softmax.getInput();
  for (int64_t dim = 0; dim < int64_t(extents[0].size()); ++dim)
    (void)keep(0, dim, input, dim);
  maskOperand(0, softmax.getAxis(), leastElement(input));
  return success();
}

/// The first of several counts: what lies beyond is never chosen.
LogicalResult ExtentCarrier::carry(edge::ArgReduceOp reduce) {
  Value input = reduce.getInput();
  int64_t axis = reduce.getAxis();
  if (!extentOf(input, axis) || reduce.getSelectLast())
    return carryLines(input, axis, !reduce.getKeepDims());
  for (int64_t dim = 0, rank = staticShape(input).size(); dim < rank; ++dim)
    if (dim != axis)
      (void)keep(0, dim - (!reduce.getKeepDims() && dim > axis), input, dim);
  auto kind = reduce.getKind() == edge::ArgKind::max ? edge::ReduceKind::max
                                                     : edge::ReduceKind::min;
  maskOperand(0, axis, neutralElement(kind, elementOf(input), builder));
  return success();
}

/// The positions of zeros do not count.
LogicalResult ExtentCarrier::carry(edge::NonZeroOp nonZero) {
  Value input = nonZero.getInput();
  SmallVector<int64_t> dims =
      llvm::to_vector(llvm::seq<int64_t>(0, staticShape(input).size()));
  maskOperand(0, dims, builder.getZeroAttr(elementOf(input)));
  return success();
}

LogicalResult ExtentCarrier::carry(edge::ReduceOp reduce) {
  Value input = reduce.getInput();
  int64_t to = 0;
  bool isMasked = false;
  for (int64_t dim = 0, rank = staticShape(input).size(); dim < rank; ++dim) {
    bool isReduced = llvm::is_contained(reduce.getAxes(), dim);
    if (isReduced && extentOf(input, dim))
      isMasked = true;
    if (!isReduced)
      (void)keep(0, to, input, dim);
    if (!isReduced || reduce.getKeepDims())
      ++to;
  }
  if (!isMasked)
    return success();
  Attribute neutral =
      neutralElement(reduce.getKind(), elementOf(input), builder);
  maskOperand(0, reduce.getAxes(), neutral);
  if (reduce.getKind() == edge::ReduceKind::mean)
    divideByCount(reduce, input);
  return success();
}

void ExtentCarrier::divideByCount(edge::ReduceOp reduce, Value input) {
  Location loc = op->getLoc();
  reduce.setKind(edge::ReduceKind::sum);
  auto i64 = RankedTensorType::get({}, builder.getI64Type());
  int64_t fixed = 1;
  for (int64_t dim : reduce.getAxes())
    if (!extentOf(input, dim))
      fixed *= staticShape(input)[dim];
  Value count =
      builder.create<edge::ConstantOp>(loc, DenseElementsAttr::get(i64, fixed));
  for (int64_t dim : reduce.getAxes())
    if (Value extent = extentOf(input, dim))
      count = builder.create<edge::MulOp>(loc, i64, count, extent);
  count = builder.create<edge::CastOp>(
      loc, RankedTensorType::get({}, elementOf(input)), count);
  results[0] = builder.create<edge::DivOp>(loc, reduce.getType(),
                                           reduce.getResult(), count);
}
