//===- Contraction.cpp - Building kernel.contract -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Contraction.h"
#include "Common.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;

namespace edgec {

Type accumulatorFor(Type resultElement) {
  if (resultElement.isF16() || resultElement.isBF16())
    return Float32Type::get(resultElement.getContext());
  return toSignless(resultElement);
}

Value lookThroughWidening(Value value) {
  auto cast = value.getDefiningOp<edge::CastOp>();
  if (!cast || !tensorType(value).getElementType().isF32() ||
      !cast.getInput().getDefiningOp<edge::ConstantOp>())
    return value;
  Type stored = tensorType(cast.getInput()).getElementType();
  return stored.isF16() || stored.isBF16() ? cast.getInput() : value;
}

void buildBiasEpilogue(OpBuilder &builder, Location loc, Region &epilogue,
                       Type accumulator, Value scale, Value bias,
                       Type resultElement) {
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&epilogue);
  Value value = block->addArgument(accumulator, loc);
  if (scale)
    value = builder.create<arith::MulFOp>(loc, value,
                                          block->addArgument(accumulator, loc));
  if (bias) {
    Type type = toSignless(tensorType(bias).getElementType());
    Value extra = block->addArgument(type, loc);
    if (type != accumulator && isa<FloatType>(type))
      extra = builder.create<arith::ExtFOp>(loc, accumulator, extra);
    if (isa<FloatType>(accumulator))
      value = builder.create<arith::AddFOp>(loc, value, extra);
    else
      value = builder.create<arith::AddIOp>(loc, value, extra);
  }
  if (accumulator != resultElement)
    value = builder.create<arith::TruncFOp>(loc, resultElement, value);
  builder.create<kernel::YieldOp>(loc, value);
}

Value buildContraction(OpBuilder &builder, Location loc,
                       const Contraction &contraction) {
  auto resultType = cast<RankedTensorType>(toSignless(contraction.resultType));
  Type element = resultType.getElementType();
  Type accumulator = accumulatorFor(element);

  std::optional<PackedWeights> packed = contraction.packed;
  if (!packed)
    packed = matchPackedWeights(builder, contraction.b, contraction.bMap,
                                contraction.numBatch + contraction.numRows,
                                accumulator);
  Value b = packed ? packed->integers : lookThroughWidening(contraction.b);

  auto unsignedMark = [&](Value value) {
    return isUnsigned(tensorType(value).getElementType())
               ? builder.getUnitAttr()
               : UnitAttr();
  };
  SmallVector<Value, 2> extras;
  SmallVector<Attribute, 2> extraMaps;
  Value scale = packed ? packed->scale : Value();
  if (scale) {
    extras.push_back(scale);
    extraMaps.push_back(AffineMapAttr::get(packed->scaleMap));
  }
  if (contraction.bias) {
    extras.push_back(castToSignless(builder, loc, contraction.bias));
    extraMaps.push_back(AffineMapAttr::get(contraction.biasMap));
  }
  Value init = contraction.init;
  if (!init)
    init = builder.create<tensor::EmptyOp>(loc, resultType.getShape(), element);
  auto op = builder.create<kernel::ContractOp>(
      loc, TypeRange{resultType}, castToSignless(builder, loc, contraction.a),
      castToSignless(builder, loc, b), extras, init,
      AffineMapAttr::get(contraction.aMap),
      AffineMapAttr::get(contraction.bMap),
      AffineMapAttr::get(contraction.cMap), builder.getArrayAttr(extraMaps),
      builder.getDenseI64ArrayAttr(contraction.extents),
      builder.getI64IntegerAttr(contraction.numBatch),
      builder.getI64IntegerAttr(contraction.numRows),
      TypeAttr::get(accumulator), unsignedMark(contraction.a), unsignedMark(b),
      /*a_flipped=*/UnitAttr(),
      packed ? builder.getI64IntegerAttr(packed->bits) : IntegerAttr(),
      packed ? packed->groupScales : ElementsAttr(),
      packed && packed->group ? builder.getI64IntegerAttr(packed->group)
                              : IntegerAttr());
  buildBiasEpilogue(builder, loc, op.getEpilogue(), accumulator, scale,
                    contraction.bias, element);
  return castSign(builder, loc, op.getResult(0), contraction.resultType);
}

Value channelsLastInput(OpBuilder &builder, Location loc, Value input,
                        edge::Layout layout, ArrayRef<int64_t> pads) {
  int64_t rank = tensorType(input).getRank();
  if (layout == edge::Layout::nchw)
    input = transpose(builder, loc, input, toChannelsLast(rank));
  if (llvm::all_of(pads, [](int64_t extent) { return extent == 0; }))
    return input;

  int64_t numSpatial = rank - 2;
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  llvm::copy(pads.take_front(numSpatial), low.begin() + 1);
  llvm::copy(pads.drop_front(numSpatial), high.begin() + 1);
  Type type = tensorType(input).getElementType();
  Value zero = scalarConstant(builder, loc, toSignless(type), 0);
  Value padded =
      pad(builder, loc, castToSignless(builder, loc, input), low, high, zero);
  return castSign(builder, loc, padded, tensorType(padded).clone(type));
}

RankedTensorType channelsLastType(RankedTensorType type, edge::Layout layout) {
  if (layout == edge::Layout::nhwc)
    return type;
  return type.clone(
      applyPermutation(type.getShape(), toChannelsLast(type.getRank())));
}

Value fromChannelsLast(OpBuilder &builder, Location loc, Value result,
                       edge::Layout layout) {
  if (layout == edge::Layout::nhwc)
    return result;
  return transpose(builder, loc, result,
                   toChannelsSecond(tensorType(result).getRank()));
}

} // namespace edgec
