//===- ShortenRequantization.cpp - Fewer steps to bytes ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Passes.h"

#include "BodyRanges.h"
#include "SimplifyQuantization.h"
#include "edgec/Codegen/ScaledSum.h"
#include "edgec/Codegen/TargetOption.h"
#include "edgec/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <cmath>

namespace edgec {
#define GEN_PASS_DEF_SHORTENREQUANTIZATION
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

Value integerConstant(OpBuilder &builder, Location loc, int64_t value) {
  return builder.create<arith::ConstantIntOp>(loc, value, builder.getI32Type());
}

/// min(max(x, low), high).
Value clampInteger(OpBuilder &builder, Location loc, Value x,
                   IntegerRange range) {
  x = builder.create<arith::MaxSIOp>(loc, x,
                                     integerConstant(builder, loc, range.low));
  return builder.create<arith::MinSIOp>(
      loc, x, integerConstant(builder, loc, range.high));
}

/// What `clampInteger` clamped, and to what.
std::optional<IntegerRange> takeIntegerClamp(Value &value) {
  auto min = value.getDefiningOp<arith::MinSIOp>();
  auto max = min ? min.getLhs().getDefiningOp<arith::MaxSIOp>() : nullptr;
  APInt low, high;
  if (!max || !matchPattern(min.getRhs(), m_ConstantInt(&high)) ||
      !matchPattern(max.getRhs(), m_ConstantInt(&low)))
    return std::nullopt;
  value = max.getLhs();
  return IntegerRange{low.getSExtValue(), high.getSExtValue()};
}

/// The float of which `value` is the nearest integer; null: it is none.
Value takeRounded(Value value) {
  auto convert = value.getDefiningOp<arith::FPToSIOp>();
  auto round =
      convert ? convert.getIn().getDefiningOp<math::RoundEvenOp>() : nullptr;
  return round ? round.getOperand() : Value();
}

Value roundToInteger(OpBuilder &builder, Location loc, Value x) {
  Value rounded = builder.create<math::RoundEvenOp>(loc, x);
  return builder.create<arith::FPToSIOp>(loc, builder.getI32Type(), rounded);
}

Value addInteger(OpBuilder &builder, Location loc, Value x, int64_t addend) {
  if (addend == 0)
    return x;
  return builder.create<arith::AddIOp>(loc, x,
                                       integerConstant(builder, loc, addend));
}

bool fitsByte(const IntegerRange &range) {
  return (range.low >= 0 && range.high <= 255) ||
         (range.low >= -128 && range.high <= 127);
}

//===----------------------------------------------------------------------===//
// Clamping integers
//===----------------------------------------------------------------------===//

/// The float that is rounded to a byte, before and after it was clamped.
struct ClampedSteps {
  Value steps;        ///< Not clamped.
  IntegerRange range; ///< What the nearest integer is clamped to.
};

/// truncate(round(clamp(x)) + z) becomes truncate(clamp(round(x) + z)).
struct ClampIntegers : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncIOp op,
                                PatternRewriter &rewriter) const override {
    if (!op.getType().isInteger(8) || !op.getIn().getType().isInteger(32))
      return rewriter.notifyMatchFailure(op, "not from 32 bits to a byte");
    Value wide = op.getIn();
    int64_t zeroPoint = takeAddends(wide) + roundingConstantBits;
    auto bits = wide.getDefiningOp<arith::BitcastOp>();
    auto sum = bits ? bits.getIn().getDefiningOp<arith::AddFOp>() : nullptr;
    if (!sum || floatLane(sum.getRhs()) != roundingConstant)
      return rewriter.notifyMatchFailure(op, "not rounded");
    std::optional<ClampedSteps> clamped =
        removeClamp(sum.getLhs(), op.getLoc(), rewriter);
    if (!clamped)
      return rewriter.notifyMatchFailure(op, "not clamped, or unbounded");
    IntegerRange range{clamped->range.low + zeroPoint,
                       clamped->range.high + zeroPoint};
    if (!fitsByte(range))
      return rewriter.notifyMatchFailure(op, "bits are lost");
    Location loc = op.getLoc();
    Value rounded = roundToInteger(rewriter, loc, clamped->steps);
    Value moved = addInteger(rewriter, loc, rounded, zeroPoint);
    rewriter.replaceOpWithNewOp<arith::TruncIOp>(
        op, op.getType(), clampInteger(rewriter, loc, moved, range));
    return success();
  }

private:
  /// Machines differ on integers that are too large; these never are.
  static constexpr double largestSteps = 1 << 30;

  static std::optional<ClampedSteps> removeClamp(Value steps, Location loc,
                                                 PatternRewriter &rewriter) {
    auto quotient = steps.getDefiningOp<arith::DivFOp>();
    std::optional<float> divisor;
    if (quotient && quotient->hasAttr(roundedQuotientAttr))
      divisor = floatLane(quotient.getRhs());
    Value value = divisor ? quotient.getLhs() : steps;
    std::optional<FloatRange> range = takeClamp(value);
    if (!range)
      return std::nullopt;
    double largest = largestMagnitude(value);
    if (divisor) {
      range->low /= *divisor;
      range->high /= *divisor;
      largest /= std::fabs(*divisor);
    }
    if (!(largest < largestSteps))
      return std::nullopt;
    if (divisor) {
      auto copy = cast<arith::DivFOp>(rewriter.clone(*quotient));
      copy.setOperand(0, value);
      value = copy;
    }
    return ClampedSteps{value,
                        {static_cast<int64_t>(std::nearbyint(range->low)),
                         static_cast<int64_t>(std::nearbyint(range->high))}};
  }
};

/// extend(truncate(x)) is x where no bit is lost.
template <typename ExtendOp> struct KeepWide : OpRewritePattern<ExtendOp> {
  using OpRewritePattern<ExtendOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ExtendOp op,
                                PatternRewriter &rewriter) const override {
    auto truncate = op.getIn().template getDefiningOp<arith::TruncIOp>();
    if (!truncate || truncate.getIn().getType() != op.getType() ||
        !op.getIn().getType().isInteger(8))
      return rewriter.notifyMatchFailure(op, "not of a truncated integer");
    IntegerRange range = integerRange(truncate.getIn());
    bool isUnsigned = std::is_same_v<ExtendOp, arith::ExtUIOp>;
    if (range.low < (isUnsigned ? 0 : -128) ||
        range.high > (isUnsigned ? 255 : 127))
      return rewriter.notifyMatchFailure(op, "bits might be lost");
    rewriter.replaceOp(op, truncate.getIn());
    return success();
  }
};

/// clamp(round(x) + z) - z, as a float, is clamped without z.
struct ClampCentred : OpRewritePattern<arith::SIToFPOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::SIToFPOp op,
                                PatternRewriter &rewriter) const override {
    Value value = op.getIn();
    int64_t shift = takeAddends(value);
    std::optional<IntegerRange> range = takeIntegerClamp(value);
    if (shift == 0 || !range)
      return rewriter.notifyMatchFailure(op, "not clamped and shifted");
    int64_t addend = takeAddends(value) + shift;
    if (!takeRounded(value))
      return rewriter.notifyMatchFailure(op, "might wrap around");
    Location loc = op.getLoc();
    Value moved = addInteger(rewriter, loc, value, addend);
    IntegerRange centred{range->low + shift, range->high + shift};
    rewriter.replaceOpWithNewOp<arith::SIToFPOp>(
        op, op.getType(), clampInteger(rewriter, loc, moved, centred));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Sums of two quantized values
//===----------------------------------------------------------------------===//

/// See ScaledSum.h.
struct FuseSum : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncIOp op,
                                PatternRewriter &rewriter) const override {
    Value value = op.getIn();
    std::optional<IntegerRange> range = takeIntegerClamp(value);
    if (!range)
      return rewriter.notifyMatchFailure(op, "not clamped");
    int64_t zeroPoint = takeAddends(value);
    Value rounded = takeRounded(value);
    auto quotient = rounded ? rounded.getDefiningOp<arith::DivFOp>() : nullptr;
    std::optional<float> divisor =
        quotient ? floatLane(quotient.getRhs()) : std::nullopt;
    auto add =
        divisor ? quotient.getLhs().getDefiningOp<arith::AddFOp>() : nullptr;
    if (!add)
      return rewriter.notifyMatchFailure(op, "no divided sum");
    Value x, y;
    std::optional<ScaledInteger> a = takeScaled(add.getLhs(), x),
                                 b = takeScaled(add.getRhs(), y);
    if (!a || !b)
      return rewriter.notifyMatchFailure(op, "not of scaled integers");
    std::optional<FusedSum> fused =
        fuseScaledSum({*a, *b, *divisor, zeroPoint, *range});
    if (!fused)
      return rewriter.notifyMatchFailure(op, "the result would differ");
    Value steps = emitSum(op.getLoc(), x, y, *fused, rewriter);
    Value result = roundToInteger(rewriter, op.getLoc(), steps);
    rewriter.replaceOpWithNewOp<arith::TruncIOp>(
        op, op.getType(), clampInteger(rewriter, op.getLoc(), result, *range));
    return success();
  }

private:
  /// (integer + offset) * scale.
  static std::optional<ScaledInteger> takeScaled(Value value, Value &integer) {
    auto multiply = value.getDefiningOp<arith::MulFOp>();
    std::optional<float> scale =
        multiply ? floatLane(multiply.getRhs()) : std::nullopt;
    if (!scale)
      return std::nullopt;
    auto convert = multiply.getLhs().getDefiningOp<arith::SIToFPOp>();
    if (!convert || !convert.getIn().getType().isInteger(32))
      return std::nullopt;
    integer = convert.getIn();
    int64_t offset = takeAddends(integer);
    Value clamped = integer;
    if (offset != 0 && takeIntegerClamp(clamped))
      return std::nullopt; // ClampCentred comes first.
    return ScaledInteger{integerRange(integer), offset, *scale};
  }

  static Value emitSum(Location loc, Value x, Value y, const FusedSum &sum,
                       PatternRewriter &rewriter) {
    Type f32 = rewriter.getF32Type();
    auto constant = [&](float value) -> Value {
      return rewriter.create<arith::ConstantOp>(
          loc, rewriter.getF32FloatAttr(value));
    };
    auto convert = [&](Value integer) -> Value {
      return rewriter.create<arith::SIToFPOp>(loc, f32, integer);
    };
    Value inner = rewriter.create<math::FmaOp>(loc, convert(y), constant(sum.b),
                                               constant(sum.constant));
    return rewriter.create<math::FmaOp>(loc, convert(x), constant(sum.a),
                                        inner);
  }
};

struct ShortenRequantizationPass
    : edgec::impl::ShortenRequantizationBase<ShortenRequantizationPass> {
  using ShortenRequantizationBase::ShortenRequantizationBase;

  LogicalResult initialize(MLIRContext *context) override {
    TargetDescription description;
    if (failed(
            resolveTargetOption(context, target, cpu, features, description)))
      return failure();
    RewritePatternSet set(context);
    set.add<ClampIntegers, KeepWide<arith::ExtUIOp>, KeepWide<arith::ExtSIOp>,
            ClampCentred>(context);
    if (description.hasFma)
      set.add<FuseSum>(context);
    patterns = std::move(set);
    return success();
  }

  void runOnOperation() override {
    if (failed(applyPatternsAndFoldGreedily(getOperation(), patterns)))
      signalPassFailure();
  }

  FrozenRewritePatternSet patterns;
};

} // namespace
