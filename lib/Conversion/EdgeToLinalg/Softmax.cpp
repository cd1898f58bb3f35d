//===- Softmax.cpp - Softmax and its logarithm ----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reduction.h"
#include "Rowwise.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"

using namespace mlir;

namespace edgec {
namespace {

struct SoftmaxLowering : OpConversionPattern<edge::SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type element = elementOf(op.getInput());
    Type summed = sumElement(element);
    int64_t axis = op.getAxis();
    RankedTensorType type = signlessType(op.getResult());
    if (!op.getLog() && isRowwise(type, axis)) {
      rewriter.replaceOp(op, rowByRow(rewriter, loc, type, adaptor.getInput()));
      return success();
    }
    Scalars outer(rewriter, loc, element);
    Reduction input(rewriter, loc, adaptor.getInput(), axis);

    auto largest = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      return s.max(x[1], s.load(x[0]));
    };
    Value max =
        input.reduce(summed, outer.infinity(/*negative=*/true), largest);
    if (op.getLog()) {
      rewriter.replaceOp(op, logarithm(rewriter, op, input, max));
      return success();
    }

    auto exponential = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      return s.exp(s.sub(s.load(x[0]), x[1]));
    };
    Value powers = input.map(summed, max, exponential);
    Reduction ofPowers(rewriter, loc, powers, axis);
    auto add = [&](OpBuilder &builder, Location nested, ValueRange x) {
      return Scalars(builder, nested, summed).add(x[1], x[0]);
    };
    Value sum = ofPowers.reduce(summed, outer.constant(0), add);
    auto divide = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      return s.store(s.div(x[0], x[1]), element);
    };
    rewriter.replaceOp(op, ofPowers.map(element, sum, divide));
    return success();
  }

private:
  /// exp(x - max) / sum(exp(x - max)) of rows that are contiguous.
  static Value rowByRow(OpBuilder &builder, Location loc, RankedTensorType type,
                        Value input) {
    Type element = type.getElementType();
    auto itself = [&](OpBuilder &nested, Location at, ValueRange x) {
      return Scalars(nested, at, element).load(x[0]);
    };
    auto exponential = [&](OpBuilder &nested, Location at, ValueRange x) {
      Scalars s(nested, at, element);
      return s.exp(s.sub(s.load(x[0]), x[1]));
    };
    auto divide = [&](OpBuilder &nested, Location at, ValueRange x) {
      Scalars s(nested, at, element);
      return s.store(s.div(x[3], x[2]), element);
    };
    return buildRowwise(builder, loc, type, input,
                        {{"max", itself}, {"add", exponential}}, divide);
  }

  /// x - max - log(sum(exp(x - max))).
  static Value logarithm(OpBuilder &builder, edge::SoftmaxOp op,
                         Reduction &input, Value max) {
    Type element = elementOf(op.getInput());
    Type summed = sumElement(element);
    Scalars outer(builder, op.getLoc(), element);
    auto accumulate = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      return s.add(x[2], s.exp(s.sub(s.load(x[0]), x[1])));
    };
    Value sum = input.reduce(summed, outer.constant(0), accumulate, max);
    auto toLog = [&](OpBuilder &nested, Location loc, ValueRange x) {
      return Scalars(nested, loc, element).log(x[0]);
    };
    Value logSum = input.mapKept(summed, sum, toLog);
    auto subtract = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      return s.store(s.sub(s.sub(s.load(x[0]), x[1]), x[2]), element);
    };
    return input.map(element, {max, logSum}, subtract);
  }
};

} // namespace

void populateSoftmaxToLinalgPatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  patterns.add<SoftmaxLowering>(converter, patterns.getContext());
}

} // namespace edgec
