//===- SimplifyQuantization.cpp - Fewer steps between integers -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SimplifyQuantization.h"

#include "edgec/Codegen/Passes.h"
#include "edgec/Codegen/TargetOption.h"
#include "edgec/Conversion/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include <cmath>

namespace edgec {
#define GEN_PASS_DEF_SIMPLIFYQUANTIZATION
#include "edgec/Codegen/Passes.h.inc"
} // namespace edgec

using namespace mlir;
using namespace edgec;

namespace {

/// The value of a scalar constant or of every lane of a vector constant.
template <typename Attr> std::optional<Attr> constantLane(Value value) {
  Attribute constant;
  if (!matchPattern(value, m_Constant(&constant)))
    return std::nullopt;
  if (auto splat = dyn_cast<SplatElementsAttr>(constant))
    constant = splat.getSplatValue<Attribute>();
  if (auto lane = dyn_cast<Attr>(constant))
    return lane;
  return std::nullopt;
}

} // namespace

std::optional<float> edgec::floatLane(Value value) {
  auto lane = constantLane<FloatAttr>(value);
  if (!lane || !lane->getType().isF32())
    return std::nullopt;
  return lane->getValue().convertToFloat();
}

static std::optional<int64_t> integerLane(Value value) {
  auto lane = constantLane<IntegerAttr>(value);
  return lane ? std::optional(lane->getInt()) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Rounding in place
//===----------------------------------------------------------------------===//

/// The constant on one side of an addition of integers, whose other side
/// `value` becomes; zero if it is no such addition.
static int64_t takeAddend(Value &value) {
  if (auto add = value.getDefiningOp<arith::AddIOp>())
    for (auto [x, y] : {std::pair(add.getLhs(), add.getRhs()),
                        std::pair(add.getRhs(), add.getLhs())})
      if (auto addend = integerLane(y)) {
        value = x;
        return *addend;
      }
  if (auto sub = value.getDefiningOp<arith::SubIOp>())
    if (auto subtrahend = integerLane(sub.getRhs())) {
      value = sub.getLhs();
      return -*subtrahend;
    }
  return 0;
}

int64_t edgec::takeAddends(Value &value) {
  int64_t sum = 0;
  for (int64_t addend = takeAddend(value); addend != 0;
       addend = takeAddend(value))
    sum += addend;
  return sum;
}

/// What `value` was clamped to on one side; it becomes what it was before.
static std::optional<float> takeBound(Value &value,
                                      arith::CmpFPredicate predicate) {
  auto select = value.getDefiningOp<arith::SelectOp>();
  auto compare =
      select ? select.getCondition().getDefiningOp<arith::CmpFOp>() : nullptr;
  if (!compare || compare.getPredicate() != predicate ||
      compare.getLhs() != select.getTrueValue() ||
      compare.getRhs() != select.getFalseValue())
    return std::nullopt;
  value = compare.getLhs();
  return floatLane(compare.getRhs());
}

std::optional<FloatRange> edgec::takeClamp(Value &value) {
  Value x = value;
  auto high = takeBound(x, arith::CmpFPredicate::OLT);
  auto low = high ? takeBound(x, arith::CmpFPredicate::OGT) : std::nullopt;
  if (!low)
    return std::nullopt;
  value = x;
  return FloatRange{*low, *high};
}

namespace {

/// float(extend(truncate(round(x) + z)) - z) = round(x) for a clamped x.
template <typename ConvertOp>
struct RoundInPlace : OpRewritePattern<ConvertOp> {
  using OpRewritePattern<ConvertOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvertOp op,
                                PatternRewriter &rewriter) const override {
    Value value = op.getIn();
    int64_t shift = takeAddend(value);
    Operation *extend = value.getDefiningOp();
    if (!getElementTypeOrSelf(op.getType()).isF32() ||
        !isa_and_nonnull<arith::ExtUIOp, arith::ExtSIOp>(extend))
      return rewriter.notifyMatchFailure(op, "not of an extended integer");
    auto truncate =
        extend->getOperand(0).template getDefiningOp<arith::TruncIOp>();
    if (!truncate)
      return rewriter.notifyMatchFailure(op, "not of a truncated integer");
    Value wide = truncate.getIn();
    int64_t zeroPoint = takeAddends(wide) + roundingConstantBits;
    auto bits = wide.getDefiningOp<arith::BitcastOp>();
    auto sum =
        bits ? bits.getIn().template getDefiningOp<arith::AddFOp>() : nullptr;
    if (!sum || floatLane(sum.getRhs()) != roundingConstant ||
        zeroPoint + shift != 0)
      return rewriter.notifyMatchFailure(op, "not rounded, or shifted");
    Value clamped = sum.getLhs();
    std::optional<FloatRange> range = takeClamp(clamped);
    unsigned width =
        getElementTypeOrSelf(truncate.getType()).getIntOrFloatBitWidth();
    double low = isa<arith::ExtUIOp>(extend) ? 0 : -std::ldexp(1, width - 1);
    double high = low + std::ldexp(1, width) - 1;
    if (!range || range->low + zeroPoint < low ||
        range->high + zeroPoint > high)
      return rewriter.notifyMatchFailure(op, "bits might be lost");
    rewriter.replaceOpWithNewOp<arith::SubFOp>(op, sum, sum.getRhs());
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Rounding to an integer
//===----------------------------------------------------------------------===//

/// One conversion instead of two steps. x86's llvm.lrint rounds as the machine
/// is set to, to even; AArch64's instruction says how it rounds.
struct RoundToInteger : OpRewritePattern<arith::FPToSIOp> {
  RoundToInteger(MLIRContext *context, const TargetDescription &target)
      : OpRewritePattern(context), target(target) {}

  LogicalResult matchAndRewrite(arith::FPToSIOp op,
                                PatternRewriter &rewriter) const override {
    auto round = op.getIn().getDefiningOp<math::RoundEvenOp>();
    if (!round || !getElementTypeOrSelf(op.getIn().getType()).isF32() ||
        !getElementTypeOrSelf(op.getType()).isInteger(32))
      return rewriter.notifyMatchFailure(op, "not of a rounded f32");
    std::string lanes;
    if (auto vector = dyn_cast<VectorType>(op.getType())) {
      if (vector.getRank() != 1)
        return rewriter.notifyMatchFailure(op, "several dimensions");
      int64_t count = vector.getNumElements();
      if (!target.isX86() && count != target.lanes(32))
        return rewriter.notifyMatchFailure(op, "not one register");
      lanes = "v" + std::to_string(count);
    }
    std::string name =
        (target.isX86() ? "llvm.lrint." : "llvm.aarch64.neon.fcvtns.") + lanes +
        "i32." + lanes + "f32";
    auto call = rewriter.create<LLVM::CallIntrinsicOp>(
        op.getLoc(), op.getType(), rewriter.getStringAttr(name),
        round.getOperand());
    rewriter.replaceOp(op, call.getResults());
    return success();
  }

private:
  const TargetDescription &target;
};

//===----------------------------------------------------------------------===//
// Division by a constant
//===----------------------------------------------------------------------===//

struct ExpandRoundedQuotient : OpRewritePattern<arith::DivFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::DivFOp op,
                                PatternRewriter &rewriter) const override {
    auto largest = op->getAttrOfType<IntegerAttr>(roundedQuotientAttr);
    std::optional<float> divisor = floatLane(op.getRhs());
    if (!largest || !divisor || !roundsLikeQuotient(*divisor, largest.getInt()))
      return rewriter.notifyMatchFailure(op, "the quotient is needed");
    Location loc = op.getLoc();
    Attribute reciprocal = rewriter.getF32FloatAttr(1.0f / *divisor);
    if (auto vector = dyn_cast<VectorType>(op.getType()))
      reciprocal = DenseElementsAttr::get(vector, reciprocal);
    Value factor =
        rewriter.create<arith::ConstantOp>(loc, cast<TypedAttr>(reciprocal));
    Value first = rewriter.create<arith::MulFOp>(loc, op.getLhs(), factor);
    Value negated = rewriter.create<arith::NegFOp>(loc, first);
    Value rest =
        rewriter.create<math::FmaOp>(loc, negated, op.getRhs(), op.getLhs());
    rewriter.replaceOpWithNewOp<math::FmaOp>(op, rest, factor, first);
    return success();
  }
};

struct SimplifyQuantizationPass
    : edgec::impl::SimplifyQuantizationBase<SimplifyQuantizationPass> {
  using SimplifyQuantizationBase::SimplifyQuantizationBase;

  LogicalResult initialize(MLIRContext *context) override {
    TargetDescription description;
    if (failed(
            resolveTargetOption(context, target, cpu, features, description)))
      return failure();
    RewritePatternSet set(context);
    set.add<RoundInPlace<arith::SIToFPOp>, RoundInPlace<arith::UIToFPOp>>(
        context);
    if (description.hasFma)
      set.add<ExpandRoundedQuotient>(context);
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

/// Both round to another integer near the halves only: an error of two last
/// places is far from enough elsewhere. So all dividends near those are tried.
bool edgec::roundsLikeQuotient(float divisor, int64_t largest) {
  constexpr int neighbours = 4;
  constexpr int64_t limit = 1 << 16;
  float factor = 1.0f / divisor;
  // Far enough from both ends of the range that nothing is subnormal.
  if (!(divisor > 1e-30f && divisor < 1e30f) || largest > limit)
    return false;
  for (int64_t step = 0; step < largest; ++step) {
    auto half = static_cast<float>(step + 0.5);
    float x = half * divisor;
    for (int i = 0; i < neighbours; ++i)
      x = std::nextafter(x, 0.0f);
    for (int i = 0; i <= 2 * neighbours; ++i) {
      float first = x * factor;
      float corrected = std::fma(std::fma(-first, divisor, x), factor, first);
      if (std::nearbyint(corrected) != std::nearbyint(x / divisor))
        return false;
      x = std::nextafter(x, std::numeric_limits<float>::infinity());
    }
  }
  return true;
}

void edgec::populateRoundToIntegerPattern(RewritePatternSet &patterns,
                                          const TargetDescription &target) {
  patterns.add<RoundToInteger>(patterns.getContext(), target);
}
