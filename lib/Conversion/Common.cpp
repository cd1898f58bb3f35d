//===- Common.cpp - Pieces that several conversions share -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Common.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace edgec {

static LogicalResult requireStaticTypes(Operation *op, TypeRange types) {
  for (Type type : types) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      continue;
    if (!tensor.hasStaticShape())
      return op->emitError("code cannot be generated for the dynamic shape of ")
             << tensor << "; fix the model's input shapes with --shape";
    if (!tensor.getElementType().isIntOrFloat())
      return op->emitError("code cannot be generated for elements of type ")
             << tensor.getElementType();
  }
  return success();
}

LogicalResult requireStaticTypes(Operation *root) {
  bool failed = false;
  root->walk([&](Operation *op) {
    if (!isa_and_nonnull<edge::EdgeDialect>(op->getDialect()))
      return;
    if (succeeded(requireStaticTypes(op, op->getOperandTypes())) &&
        succeeded(requireStaticTypes(op, op->getResultTypes())))
      return;
    failed = true;
  });
  return failure(failed);
}

Type toSignless(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return tensor.clone(toSignless(tensor.getElementType()));
  if (auto integer = dyn_cast<IntegerType>(type);
      integer && !integer.isSignless())
    return IntegerType::get(type.getContext(), integer.getWidth());
  return type;
}

Value castSign(OpBuilder &builder, Location loc, Value value, Type type) {
  if (value.getType() == type)
    return value;
  return builder.create<UnrealizedConversionCastOp>(loc, type, value)
      .getResult(0);
}

Value castToSignless(OpBuilder &builder, Location loc, Value value) {
  return castSign(builder, loc, value, toSignless(value.getType()));
}

Value transpose(OpBuilder &builder, Location loc, Value value,
                ArrayRef<int64_t> permutation) {
  if (isIdentityPermutation(permutation))
    return value;
  SmallVector<int64_t> shape = applyPermutation(shapeOf(value), permutation);
  return builder.create<edge::TransposeOp>(loc, tensorType(value).clone(shape),
                                           value, permutation);
}

Value reshape(OpBuilder &builder, Location loc, Value value,
              ArrayRef<int64_t> shape) {
  if (shapeOf(value) == shape)
    return value;
  return builder.create<edge::ReshapeOp>(loc, tensorType(value).clone(shape),
                                         value);
}

SmallVector<int64_t> toChannelsLast(int64_t rank) {
  SmallVector<int64_t> permutation{0};
  llvm::append_range(permutation, llvm::seq<int64_t>(2, rank));
  permutation.push_back(1);
  return permutation;
}

SmallVector<int64_t> toChannelsSecond(int64_t rank) {
  SmallVector<int64_t> permutation{0, rank - 1};
  llvm::append_range(permutation, llvm::seq<int64_t>(1, rank - 1));
  return permutation;
}

/// The part of `value` that negative pads leave.
static Value crop(OpBuilder &builder, Location loc, Value value,
                  ArrayRef<int64_t> low, ArrayRef<int64_t> high) {
  auto isNegative = [](int64_t extent) { return extent < 0; };
  if (llvm::none_of(low, isNegative) && llvm::none_of(high, isNegative))
    return value;
  SmallVector<OpFoldResult> offsets, sizes, strides;
  for (auto [extent, before, after] : llvm::zip(shapeOf(value), low, high)) {
    int64_t start = std::max<int64_t>(-before, 0);
    int64_t end = extent - std::max<int64_t>(-after, 0);
    offsets.push_back(builder.getIndexAttr(start));
    sizes.push_back(builder.getIndexAttr(std::max<int64_t>(end - start, 0)));
    strides.push_back(builder.getIndexAttr(1));
  }
  return builder.create<tensor::ExtractSliceOp>(loc, value, offsets, sizes,
                                                strides);
}

Value pad(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> low,
          ArrayRef<int64_t> high, Value fill) {
  value = crop(builder, loc, value, low, high);
  SmallVector<OpFoldResult> lowPads, highPads;
  SmallVector<int64_t> shape;
  bool isNeeded = false;
  for (auto [extent, before, after] : llvm::zip(shapeOf(value), low, high)) {
    int64_t first = std::max<int64_t>(before, 0);
    int64_t last = std::max<int64_t>(after, 0);
    lowPads.push_back(builder.getIndexAttr(first));
    highPads.push_back(builder.getIndexAttr(last));
    shape.push_back(extent + first + last);
    isNeeded |= first != 0 || last != 0;
  }
  if (!isNeeded)
    return value;
  return builder.create<tensor::PadOp>(loc, tensorType(value).clone(shape),
                                       value, lowPads, highPads, fill);
}

Value scalarConstant(OpBuilder &builder, Location loc, Type type,
                     double value) {
  TypedAttr attribute;
  if (isa<FloatType>(type))
    attribute = builder.getFloatAttr(type, value);
  else
    attribute = builder.getIntegerAttr(type, static_cast<int64_t>(value));
  return builder.create<arith::ConstantOp>(loc, attribute);
}

} // namespace edgec
