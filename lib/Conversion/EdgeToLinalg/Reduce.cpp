//===- Reduce.cpp - Reductions and arg-reductions -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reduction.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

using edge::ReduceKind;

/// What an element contributes.
Value contribution(Scalars &s, ReduceKind kind, Value x) {
  switch (kind) {
  case ReduceKind::l1:
    return s.abs(x);
  case ReduceKind::l2:
  case ReduceKind::sum_square:
    return s.mul(x, x);
  default:
    return x;
  }
}

Value combine(Scalars &s, ReduceKind kind, Value x, Value sum) {
  switch (kind) {
  case ReduceKind::max:
    return s.max(sum, x);
  case ReduceKind::min:
    return s.min(sum, x);
  case ReduceKind::prod:
    return s.mul(sum, x);
  default:
    return s.add(sum, x);
  }
}

Value neutral(Scalars &s, ReduceKind kind) {
  switch (kind) {
  case ReduceKind::max:
    return s.extreme(/*negative=*/true);
  case ReduceKind::min:
    return s.extreme(/*negative=*/false);
  case ReduceKind::prod:
    return s.constant(1);
  default:
    return s.constant(0);
  }
}

/// What is computed from the sum of `count` elements.
Value finish(Scalars &s, ReduceKind kind, Value sum, int64_t count) {
  ImplicitLocOpBuilder &b = s.builder();
  switch (kind) {
  case ReduceKind::mean:
    return s.div(sum, s.constant(count));
  case ReduceKind::l2: {
    if (s.isFloat())
      return s.sqrt(sum);
    Value wide = b.create<arith::SIToFPOp>(b.getF64Type(), sum);
    Value root = b.create<math::SqrtOp>(wide);
    return b.create<arith::FPToSIOp>(s.type(), root);
  }
  case ReduceKind::log_sum:
  case ReduceKind::log_sum_exp:
    return s.log(sum);
  default:
    return sum;
  }
}

bool hasFinish(ReduceKind kind) {
  return kind == ReduceKind::mean || kind == ReduceKind::l2 ||
         kind == ReduceKind::log_sum || kind == ReduceKind::log_sum_exp;
}

struct ReduceLowering : OpConversionPattern<edge::ReduceOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ReduceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ReduceKind kind = op.getKind();
    Location loc = op.getLoc();
    Type element = elementOf(op.getInput());
    bool isLog = kind == ReduceKind::log_sum || kind == ReduceKind::log_sum_exp;
    if (isLog && !isa<FloatType>(element))
      return reject(op, "a logarithm of integers");

    Reduction reduction(rewriter, loc, adaptor.getInput(), op.getAxes());
    if (reduction.count() == 0 &&
        (kind == ReduceKind::max || kind == ReduceKind::min))
      return reject(op, "the maximum or minimum of no elements");

    Value result = kind == ReduceKind::log_sum_exp
                       ? logSumExp(rewriter, op, reduction)
                       : plain(rewriter, op, reduction);
    RankedTensorType type = signlessType(op.getResult());
    rewriter.replaceOp(op,
                       buildReshape(rewriter, loc, result, type.getShape()));
    return success();
  }

private:
  static Value plain(OpBuilder &builder, edge::ReduceOp op,
                     Reduction &reduction) {
    ReduceKind kind = op.getKind();
    Type element = elementOf(op.getInput());
    Type stored = toSignless(element), summed = sumElement(element);
    Scalars outer(builder, op.getLoc(), element);
    auto accumulate = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      return combine(s, kind, contribution(s, kind, s.load(x[0])), x[1]);
    };
    Value sum = reduction.reduce(summed, neutral(outer, kind), accumulate);
    if (!hasFinish(kind) && summed == stored)
      return sum;
    auto last = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      return s.store(finish(s, kind, x[0], reduction.count()), stored);
    };
    return reduction.mapKept(stored, sum, last);
  }

  /// max + log(sum(exp(x - max))): does not overflow.
  static Value logSumExp(OpBuilder &builder, edge::ReduceOp op,
                         Reduction &reduction) {
    Type element = elementOf(op.getInput());
    Type stored = toSignless(element), summed = sumElement(element);
    Scalars outer(builder, op.getLoc(), element);
    auto largest = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      return s.max(x[1], s.load(x[0]));
    };
    Value max =
        reduction.reduce(summed, outer.extreme(/*negative=*/true), largest);
    // Infinite maxima: shifting by them would give NaN.
    auto finite = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      Value isInfinite = s.equal(s.abs(x[0]), s.infinity(false));
      return s.select(isInfinite, s.constant(0), x[0]);
    };
    Value shift = reduction.mapKept(summed, max, finite);
    auto accumulate = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      return s.add(x[2], s.exp(s.sub(s.load(x[0]), x[1])));
    };
    Value sum = reduction.reduce(summed, outer.constant(0), accumulate, shift);
    auto last = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      return s.store(s.add(x[1], s.log(x[0])), stored);
    };
    return reduction.mapKept(stored, {sum, shift}, last);
  }
};

/// A reduction of pairs: the best element so far and its index.
struct ArgReduceLowering : OpConversionPattern<edge::ArgReduceOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ArgReduceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value input = adaptor.getInput();
    int64_t axis = op.getAxis(), rank = tensorType(input).getRank();
    SmallVector<int64_t> shape(shapeOf(input));
    shape.erase(shape.begin() + axis);

    Type element = elementOf(op.getInput());
    Type i64 = rewriter.getI64Type();
    Scalars outer(rewriter, loc, element);
    Type best = outer.type();
    bool isMax = op.getKind() == edge::ArgKind::max;
    Value values = buildFill(rewriter, loc, RankedTensorType::get(shape, best),
                             outer.extreme(/*negative=*/isMax));
    Value indices = buildFill(rewriter, loc, RankedTensorType::get(shape, i64),
                              scalarConstant(rewriter, loc, i64, 0));

    SmallVector<AffineExpr> results;
    for (int64_t dim = 0; dim < rank; ++dim)
      results.push_back(rewriter.getAffineDimExpr(
          dim == axis ? rank - 1 : dim - (dim > axis)));
    AffineMap kept = leadingDims(rewriter.getContext(), rank, rank - 1);
    SmallVector<AffineMap> maps{
        AffineMap::get(rank, 0, results, rewriter.getContext()), kept, kept};
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators.back() = utils::IteratorType::reduction;
    auto body = [&](OpBuilder &builder, Location nestedLoc, ValueRange x) {
      Scalars s(builder, nestedLoc, element);
      Value index = s.builder().create<arith::IndexCastOp>(
          i64, s.builder().create<linalg::IndexOp>(rank - 1).getResult());
      Value isBetter = better(s, op, s.load(x[0]), x[1]);
      Value value = s.select(isBetter, s.load(x[0]), x[1]);
      builder.create<linalg::YieldOp>(
          nestedLoc, ValueRange{value, s.select(isBetter, index, x[2])});
    };
    auto generic = rewriter.create<linalg::GenericOp>(
        loc, TypeRange{values.getType(), indices.getType()}, input,
        ValueRange{values, indices}, maps, iterators, body);
    rewriter.replaceOp(op, buildReshape(rewriter, loc, generic.getResult(1),
                                        shapeOf(op.getResult())));
    return success();
  }

private:
  /// Whether element x replaces the best so far. A NaN counts
  /// as the best, the first of several stays.
  static Value better(Scalars &s, edge::ArgReduceOp op, Value x, Value best) {
    bool isMax = op.getKind() == edge::ArgKind::max;
    bool selectsLast = op.getSelectLast();
    Value result;
    if (isMax)
      result = selectsLast ? s.greaterEqual(x, best) : s.greater(x, best);
    else
      result = selectsLast ? s.lessEqual(x, best) : s.less(x, best);
    if (!s.isFloat())
      return result;
    ImplicitLocOpBuilder &b = s.builder();
    Value isNumber = s.equal(best, best), isNan = s.notEqual(x, x);
    Value isFirstNan = b.create<arith::AndIOp>(isNan, isNumber);
    return b.create<arith::OrIOp>(result, isFirstNan);
  }
};

} // namespace

void populateReduceToLinalgPatterns(const TypeConverter &converter,
                                    RewritePatternSet &patterns) {
  patterns.add<ReduceLowering, ArgReduceLowering>(converter,
                                                  patterns.getContext());
}

} // namespace edgec
