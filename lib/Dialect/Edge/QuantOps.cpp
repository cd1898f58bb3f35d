//===- QuantOps.cpp - Conversions between float and quantized tensors ----===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

using namespace mlir;
using namespace edgec::edge;

/// (C1): one scale and zero point for the tensor, or one an index of `axis`.
static LogicalResult verifyParameter(Operation *op, StringRef name,
                                     Value parameter, Value tensor,
                                     int64_t axis) {
  auto type = cast<RankedTensorType>(parameter.getType());
  if (type.getRank() == 0)
    return success();
  auto shape = cast<RankedTensorType>(tensor.getType()).getShape();
  if (axis < 0 || axis >= static_cast<int64_t>(shape.size()))
    return op->emitOpError("axis ")
           << axis << " is not a dimension of the input of shape "
           << formatShape(shape);
  if (type.getRank() == 1 && mayEqual(type.getDimSize(0), shape[axis]))
    return success();
  return op->emitOpError(name)
         << " of shape " << formatShape(type.getShape())
         << " must be a scalar or have " << shape[axis]
         << " elements, one an index of dimension " << axis
         << " of the input of shape " << formatShape(shape);
}

/// (C1), (C2). `quantized` is the tensor of integers.
template <typename OpTy>
static LogicalResult verifyQuantization(OpTy op, Value quantized) {
  int64_t axis = op.getAxis();
  if (failed(
          verifyParameter(op, "scale", op.getScale(), op.getInput(), axis)) ||
      failed(verifyParameter(op, "zero_point", op.getZeroPoint(), op.getInput(),
                             axis)))
    return failure();
  Type expected = getElementTypeOrSelf(quantized.getType());
  Type element = getElementTypeOrSelf(op.getZeroPoint().getType());
  if (element == expected)
    return success();
  return op.emitOpError("zero_point has ")
         << element << " elements and must have " << expected
         << ", the quantized element type";
}

LogicalResult QuantizeOp::verify() {
  return verifyQuantization(*this, getResult());
}

LogicalResult ObserveOp::verify() {
  if (getLow().has_value() != getHigh().has_value())
    return emitOpError("needs both low and high, or neither");
  if (!getLow())
    return success();
  if (!getLow()->isFinite() || !getHigh()->isFinite())
    return emitOpError("has a range that is not finite");
  if (getLow()->convertToFloat() > 0 || getHigh()->convertToFloat() < 0)
    return emitOpError("has a range without 0, which paddings need");
  return success();
}

LogicalResult DequantizeOp::verify() {
  return verifyQuantization(*this, getInput());
}

LogicalResult LookupOp::verify() { // (C1)
  if (getTable().size() == 256)
    return success();
  return emitOpError("table has ")
         << getTable().size() << " entries and must have 256, one a byte";
}
