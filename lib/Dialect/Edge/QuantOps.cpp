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

/// (C2). `quantized` is the tensor of integers.
template <typename OpTy>
static LogicalResult verifyElementTypes(OpTy op, Value quantized) {
  Type expected = getElementTypeOrSelf(quantized.getType());
  Type element = getElementTypeOrSelf(op.getZeroPoint().getType());
  if (element == expected)
    return success();
  return op.emitOpError("zero_point has ")
         << element << " elements and must have " << expected
         << ", the quantized element type";
}

/// (C1), (C2).
template <typename OpTy>
static LogicalResult verifyQuantization(OpTy op, Value quantized) {
  int64_t axis = op.getAxis();
  if (failed(
          verifyParameter(op, "scale", op.getScale(), op.getInput(), axis)) ||
      failed(verifyParameter(op, "zero_point", op.getZeroPoint(), op.getInput(),
                             axis)))
    return failure();
  return verifyElementTypes(op, quantized);
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

/// (C1) with blocks along `axis`.
static LogicalResult verifyBlocks(DequantizeOp op, StringRef name,
                                  Value parameter) {
  auto shape = cast<RankedTensorType>(op.getInput().getType()).getShape();
  auto own = cast<RankedTensorType>(parameter.getType()).getShape();
  int64_t axis = op.getAxis();
  if (own.empty())
    return success();
  if (axis < 0 || axis >= static_cast<int64_t>(shape.size()))
    return op.emitOpError("axis ")
           << axis << " is not a dimension of the input of shape "
           << formatShape(shape);
  SmallVector<int64_t> expected(shape);
  if (!ShapedType::isDynamic(expected[axis]))
    expected[axis] = llvm::divideCeil(expected[axis],
                                      static_cast<int64_t>(op.getBlockSize()));
  if (own.size() == expected.size() &&
      llvm::all_of(llvm::zip(own, expected), [](auto extents) {
        return mayEqual(std::get<0>(extents), std::get<1>(extents));
      }))
    return success();
  return op.emitOpError(name)
         << " of shape " << formatShape(own) << " must be a scalar or of shape "
         << formatShape(expected) << ", one element a block of "
         << op.getBlockSize() << " along dimension " << axis
         << " of the input of shape " << formatShape(shape);
}

LogicalResult DequantizeOp::verify() {
  int64_t blockSize = getBlockSize();
  if (blockSize < 0)
    return emitOpError("block_size ") << blockSize << " is negative";
  if (blockSize == 0)
    return verifyQuantization(*this, getInput());
  if (failed(verifyBlocks(*this, "scale", getScale())) ||
      failed(verifyBlocks(*this, "zero_point", getZeroPoint())))
    return failure();
  return verifyElementTypes(*this, getInput());
}

//===----------------------------------------------------------------------===//
// UnpackOp
//===----------------------------------------------------------------------===//

LogicalResult UnpackOp::verify() {
  int64_t bits = getBits();
  if (bits != 2 && bits != 4)
    return emitOpError("bits must be 2 or 4, not ") << bits;
  auto type = cast<RankedTensorType>(getType());
  Type element = type.getElementType();
  if (!type.hasStaticShape() || element.getIntOrFloatBitWidth() != 8)
    return emitOpError("the result must have a static shape and elements of i8 "
                       "or ui8, not ")
           << type;
  auto input = cast<RankedTensorType>(getInput().getType());
  int64_t bytes = llvm::divideCeil(tensorBytes(type) * bits, int64_t(8));
  if (input.getRank() == 1 && input.getElementType().isUnsignedInteger(8) &&
      input.getDimSize(0) == bytes)
    return success();
  return emitOpError("the input is ")
         << input << " and must be a vector of " << bytes
         << " elements of ui8, for " << type.getNumElements() << " elements of "
         << bits << " bits";
}

int64_t UnpackOp::getParameterCount() {
  if (!isa_and_nonnull<ConstantOp, ParameterOp>(getInput().getDefiningOp()))
    return 0;
  return cast<RankedTensorType>(getType()).getNumElements();
}

LogicalResult LookupOp::verify() { // (C1)
  if (getTable().size() == 256)
    return success();
  return emitOpError("table has ")
         << getTable().size() << " entries and must have 256, one a byte";
}
