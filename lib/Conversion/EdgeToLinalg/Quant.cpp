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
  patterns.add<QuantizeLowering, DequantizeLowering, LookupLowering,
               ObserveLowering>(converter, patterns.getContext());
}

} // namespace edgec
