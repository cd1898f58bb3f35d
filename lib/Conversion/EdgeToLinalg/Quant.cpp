//===- Quant.cpp - Conversions between float and quantized ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Conversion/Passes.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <cmath>

using namespace mlir;

namespace edgec {
namespace {

/// How a scale or zero point is read: a scalar, or by dimension `axis`.
AffineMap parameterMap(MLIRContext *context, Value parameter, int64_t axis,
                       int64_t rank) {
  RankedTensorType type = tensorType(parameter);
  if (type.getRank() == 0)
    return AffineMap::get(rank, 0, context);
  AffineExpr index = type.getNumElements() == 1
                         ? getAffineConstantExpr(0, context)
                         : getAffineDimExpr(axis, context);
  return AffineMap::get(rank, 0, index);
}

Value integerToFloat(Scalars &s, Value x, bool isUnsigned) {
  if (isUnsigned)
    return s.builder().create<arith::UIToFPOp>(s.type(), x);
  return s.builder().create<arith::SIToFPOp>(s.type(), x);
}

struct QuantizeLowering : OpConversionPattern<edge::QuantizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::QuantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    MLIRContext *context = rewriter.getContext();
    RankedTensorType type = signlessType(op.getResult());
    int64_t rank = type.getRank();
    Type element = elementOf(op.getInput()), target = elementOf(op.getResult());
    if (target.getIntOrFloatBitWidth() > 16)
      return reject(op, "a quantized type of more than 16 bits");
    AffineMap maps[] = {
        rewriter.getMultiDimIdentityMap(rank),
        parameterMap(context, op.getScale(), op.getAxis(), rank),
        parameterMap(context, op.getZeroPoint(), op.getAxis(), rank)};
    bool isScaleKnown = tensorType(op.getScale()).getNumElements() == 1 &&
                        op.getScale().getDefiningOp<edge::ConstantOp>();
    auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
      Scalars s(builder, loc, element);
      return quantize(s, s.load(x[0]), s.load(x[1]), x[2], target,
                      isScaleKnown);
    };
    rewriter.replaceOp(op,
                       buildParallel(rewriter, op.getLoc(), type,
                                     {adaptor.getInput(), adaptor.getScale(),
                                      adaptor.getZeroPoint()},
                                     maps, body));
    return success();
  }

private:
  /// Clamped before it is converted: machines differ on what is out of range.
  /// The bounds are integers, so that clamping first changes no rounding.
  static Value quantize(Scalars &s, Value x, Value scale, Value zeroPoint,
                        Type target, bool isScaleKnown) {
    unsigned width = target.getIntOrFloatBitWidth();
    bool isUnsigned = target.isUnsignedInteger();
    double smallest = isUnsigned ? 0 : -std::ldexp(1, width - 1);
    double largest = std::ldexp(1, isUnsigned ? width : width - 1) - 1;
    ImplicitLocOpBuilder &b = s.builder();
    Value offset = integerToFloat(s, zeroPoint, isUnsigned);
    Value low = s.sub(s.constant(smallest), offset);
    Value high = s.sub(s.constant(largest), offset);
    Value steps;
    if (isScaleKnown && s.type().isF32()) {
      // Clamped before the division, which then knows what it divides.
      x = clamp(s, x, s.mul(low, scale), s.mul(high, scale));
      auto quotient = b.create<arith::DivFOp>(x, scale);
      quotient->setAttr(roundedQuotientAttr,
                        b.getI64IntegerAttr(largest - smallest));
      steps = quotient;
    } else {
      steps = clamp(s, s.div(x, scale), low, high);
    }
    Value wideZero =
        isUnsigned
            ? b.create<arith::ExtUIOp>(b.getI32Type(), zeroPoint).getResult()
            : b.create<arith::ExtSIOp>(b.getI32Type(), zeroPoint).getResult();
    Value wide = b.create<arith::AddIOp>(roundToInteger(s, steps), wideZero);
    return b.create<arith::TruncIOp>(toSignless(target), wide);
  }

  /// One instruction each on x86; a NaN becomes the smallest value.
  static Value clamp(Scalars &s, Value x, Value low, Value high) {
    ImplicitLocOpBuilder &b = s.builder();
    Value above = b.create<arith::CmpFOp>(arith::CmpFPredicate::OGT, x, low);
    x = b.create<arith::SelectOp>(above, x, low);
    Value below = b.create<arith::CmpFOp>(arith::CmpFPredicate::OLT, x, high);
    return b.create<arith::SelectOp>(below, x, high);
  }

  /// The nearest integer, ties to even, of a float of at most 17 bits. Adding
  /// 1.5 * 2^23 leaves no bits for a fraction: the sum's mantissa is the
  /// integer plus a constant, on every target without a rounding instruction.
  static Value roundToInteger(Scalars &s, Value x) {
    ImplicitLocOpBuilder &b = s.builder();
    Type i32 = b.getI32Type();
    if (!s.type().isF32())
      return b.create<arith::FPToSIOp>(i32, s.call<math::RoundEvenOp>(x));
    constexpr float magic = 12582912.0f;
    constexpr int64_t magicBits = 0x4B400000;
    Value bits = b.create<arith::BitcastOp>(i32, s.add(x, s.constant(magic)));
    Value constant = b.create<arith::ConstantIntOp>(magicBits, i32);
    return b.create<arith::SubIOp>(bits, constant);
  }
};

struct DequantizeLowering : OpConversionPattern<edge::DequantizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::DequantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (op.getBlockSize() != 0)
      return reject(op, "scales by block of what is computed at run time");
    MLIRContext *context = rewriter.getContext();
    RankedTensorType type = signlessType(op.getResult());
    int64_t rank = type.getRank();
    Type source = elementOf(op.getInput()), element = elementOf(op.getResult());
    AffineMap maps[] = {
        rewriter.getMultiDimIdentityMap(rank),
        parameterMap(context, op.getScale(), op.getAxis(), rank),
        parameterMap(context, op.getZeroPoint(), op.getAxis(), rank)};
    auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
      Scalars s(builder, loc, element);
      Value difference = shift(s, x[0], x[2], source);
      return s.store(s.mul(difference, s.load(x[1])), element);
    };
    rewriter.replaceOp(op,
                       buildParallel(rewriter, op.getLoc(), type,
                                     {adaptor.getInput(), adaptor.getScale(),
                                      adaptor.getZeroPoint()},
                                     maps, body));
    return success();
  }

private:
  /// x - zero_point, exact, as a float.
  static Value shift(Scalars &s, Value x, Value zeroPoint, Type source) {
    ImplicitLocOpBuilder &b = s.builder();
    bool isUnsigned = source.isUnsignedInteger();
    if (source.getIntOrFloatBitWidth() < 32) {
      Type i32 = b.getI32Type();
      auto widen = [&](Value value) -> Value {
        if (isUnsigned)
          return b.create<arith::ExtUIOp>(i32, value);
        return b.create<arith::ExtSIOp>(i32, value);
      };
      x = widen(x);
      zeroPoint = widen(zeroPoint);
      isUnsigned = false;
    }
    Value difference = b.create<arith::SubIOp>(x, zeroPoint);
    return integerToFloat(s, difference, isUnsigned);
  }
};

/// Elements of a byte are a row, of which a loop takes all: where another
/// dimension becomes the innermost one, the place in the byte does not change
/// in its loop.
struct UnpackLowering : OpConversionPattern<edge::UnpackOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::UnpackOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = signlessType(op.getResult());
    int64_t bits = op.getBits(), inByte = 8 / bits;
    bool isUnsigned = elementOf(op.getResult()).isUnsignedInteger();
    bool areRows = type.getRank() > 1 && type.getShape().back() == inByte;
    SmallVector<int64_t> shape(type.getShape());
    if (!areRows)
      shape = {shapeOf(adaptor.getInput())[0], inByte};
    auto rank = static_cast<int64_t>(shape.size());
    Value bytes = buildReshape(rewriter, loc, adaptor.getInput(),
                               ArrayRef(shape).drop_back());
    auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
      ImplicitLocOpBuilder b(loc, builder);
      return extract(b, x[0], b.create<linalg::IndexOp>(rank - 1), bits,
                     isUnsigned);
    };
    Value rows =
        buildParallel(rewriter, loc, type.clone(shape), bytes,
                      leadingDims(rewriter.getContext(), rank, rank - 1), body);
    rewriter.replaceOp(op, areRows ? rows : cut(rewriter, loc, rows, type));
    return success();
  }

private:
  /// The element at `place` in a byte: its bits move to the upper end of a
  /// wider integer, and come back with their sign or without.
  static Value extract(ImplicitLocOpBuilder &b, Value byte, Value place,
                       int64_t bits, bool isUnsigned) {
    constexpr int64_t width = 32;
    Type wideType = b.getIntegerType(width);
    Value wide = b.create<arith::ExtUIOp>(wideType, byte);
    Value last = b.create<arith::ConstantIntOp>(width - bits, wideType);
    Value step = b.create<arith::ConstantIntOp>(bits, wideType);
    Value index = b.create<arith::IndexCastOp>(wideType, place);
    Value distance = b.create<arith::SubIOp>(
        last, b.create<arith::MulIOp>(index, step).getResult());
    Value raised = b.create<arith::ShLIOp>(wide, distance);
    Value element = isUnsigned
                        ? b.create<arith::ShRUIOp>(raised, last).getResult()
                        : b.create<arith::ShRSIOp>(raised, last).getResult();
    return b.create<arith::TruncIOp>(b.getI8Type(), element);
  }

  /// Without the elements that fill the last byte.
  static Value cut(OpBuilder &builder, Location loc, Value rows,
                   RankedTensorType type) {
    Value line =
        buildReshape(builder, loc, rows, tensorType(rows).getNumElements());
    if (tensorType(line).getNumElements() != type.getNumElements()) {
      auto attr = [&](int64_t value) -> OpFoldResult {
        return builder.getIndexAttr(value);
      };
      line = builder.create<tensor::ExtractSliceOp>(
          loc, line, attr(0), attr(type.getNumElements()), attr(1));
    }
    return buildReshape(builder, loc, line, type.getShape());
  }
};

struct LookupLowering : OpConversionPattern<edge::LookupOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::LookupOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
      return builder.create<kernel::LookupOp>(loc, x[0].getType(), x[0],
                                              op.getTable());
    };
    rewriter.replaceOp(op, buildElementwise(rewriter, op.getLoc(),
                                            signlessType(op.getResult()),
                                            adaptor.getInput(), body));
    return success();
  }
};

struct ObserveLowering : OpConversionPattern<edge::ObserveOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ObserveOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<kernel::ObserveOp>(op, adaptor.getInput(),
                                                   op.getPoint());
    return success();
  }
};

} // namespace

void populateQuantToLinalgPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<QuantizeLowering, DequantizeLowering, UnpackLowering,
               LookupLowering, ObserveLowering>(converter,
                                                patterns.getContext());
}

} // namespace edgec
