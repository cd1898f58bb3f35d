//===- Normalization.cpp - Batch, layer and local response normalisation --===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reduction.h"
#include "Rowwise.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

/// x * factor + offset with factor = scale / sqrt(variance + epsilon), so that
/// what depends on the channel alone is computed once a channel.
struct BatchNormLowering : OpConversionPattern<edge::BatchNormOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::BatchNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = tensorType(op.getResult());
    Type element = type.getElementType();
    RankedTensorType channels =
        tensorType(op.getScale()).clone(sumElement(element));
    double epsilon = op.getEpsilon().convertToDouble();
    auto toFactor = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      Value variance = s.add(s.load(x[1]), s.constant(epsilon));
      return s.div(s.load(x[0]), s.sqrt(variance));
    };
    Value factor =
        buildElementwise(rewriter, loc, channels,
                         {adaptor.getScale(), adaptor.getVariance()}, toFactor);
    AffineMap byChannel = AffineMap::get(
        type.getRank(), 0, rewriter.getAffineDimExpr(op.getAxis()));
    AffineMap maps[] = {rewriter.getMultiDimIdentityMap(type.getRank()),
                        byChannel, byChannel, byChannel};
    auto apply = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      Value centred = s.sub(s.load(x[0]), s.load(x[2]));
      return s.store(s.add(s.mul(centred, x[1]), s.load(x[3])), element);
    };
    rewriter.replaceOp(op, buildParallel(rewriter, loc, type,
                                         {adaptor.getInput(), factor,
                                          adaptor.getMean(), adaptor.getBias()},
                                         maps, apply));
    return success();
  }
};

struct LayerNormLowering : OpConversionPattern<edge::LayerNormOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::LayerNormOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type element = elementOf(op.getInput()), summed = sumElement(element);
    int64_t rank = tensorType(op.getInput()).getRank();
    if (isRowwise(tensorType(op.getResult()), op.getAxis())) {
      rewriter.replaceOp(op, rowByRow(rewriter, op, adaptor));
      return success();
    }
    auto axes = llvm::to_vector(llvm::seq<int64_t>(op.getAxis(), rank));
    Reduction input(rewriter, loc, adaptor.getInput(), axes);
    Value zero = scalarConstant(rewriter, loc, summed, 0);

    auto add = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      return s.add(x[1], s.load(x[0]));
    };
    auto toMean = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      return s.div(x[0], s.constant(input.count()));
    };
    Value mean = input.mapKept(summed, input.reduce(summed, zero, add), toMean);
    auto addSquare = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      Value difference = s.sub(s.load(x[0]), x[1]);
      return s.add(x[2], s.mul(difference, difference));
    };
    double epsilon = op.getEpsilon().convertToDouble();
    auto toFactor = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      Value variance = s.div(x[0], s.constant(input.count()));
      return s.div(s.constant(1), s.sqrt(s.add(variance, s.constant(epsilon))));
    };
    Value factor = input.mapKept(
        summed, input.reduce(summed, zero, addSquare, mean), toFactor);
    rewriter.replaceOp(op, normalise(rewriter, op, adaptor, mean, factor));
    return success();
  }

private:
  /// Of rows that are contiguous.
  static Value rowByRow(OpBuilder &builder, edge::LayerNormOp op,
                        OpAdaptor adaptor) {
    RankedTensorType type = tensorType(op.getResult());
    Type element = type.getElementType();
    SmallVector<Value> inputs{adaptor.getInput(), adaptor.getScale()};
    if (op.getBias())
      inputs.push_back(adaptor.getBias());
    // Results of reductions follow the inputs.
    size_t sum = inputs.size(), squares = sum + 1;
    auto count = static_cast<double>(type.getShape().back());
    double epsilon = op.getEpsilon().convertToDouble();
    auto centred = [&](Scalars &s, ValueRange x) {
      return s.sub(s.load(x[0]), s.div(x[sum], s.constant(count)));
    };
    auto itself = [&](OpBuilder &nested, Location at, ValueRange x) {
      return Scalars(nested, at, element).load(x[0]);
    };
    auto square = [&](OpBuilder &nested, Location at, ValueRange x) {
      Scalars s(nested, at, element);
      Value difference = centred(s, x);
      return s.mul(difference, difference);
    };
    auto normal = [&](OpBuilder &nested, Location at, ValueRange x) {
      Scalars s(nested, at, element);
      Value variance = s.div(x[squares], s.constant(count));
      Value factor =
          s.div(s.constant(1), s.sqrt(s.add(variance, s.constant(epsilon))));
      Value y = s.mul(s.mul(centred(s, x), factor), s.load(x[1]));
      return s.store(op.getBias() ? s.add(y, s.load(x[2])) : y, element);
    };
    return buildRowwise(builder, op.getLoc(), type, inputs,
                        {{"add", itself}, {"add", square}}, normal);
  }

  static Value normalise(OpBuilder &builder, edge::LayerNormOp op,
                         OpAdaptor adaptor, Value mean, Value factor) {
    RankedTensorType type = tensorType(op.getResult());
    Type element = type.getElementType();
    AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
    AffineMap kept =
        leadingDims(builder.getContext(), type.getRank(), op.getAxis());
    SmallVector<Value> inputs{adaptor.getInput(), mean, factor,
                              adaptor.getScale()};
    SmallVector<AffineMap> maps{identity, kept, kept,
                                broadcastMap(builder.getContext(),
                                             shapeOf(op.getScale()),
                                             type.getShape())};
    if (op.getBias()) {
      inputs.push_back(adaptor.getBias());
      maps.push_back(broadcastMap(builder.getContext(), shapeOf(op.getBias()),
                                  type.getShape()));
    }
    auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      Value normal = s.mul(s.sub(s.load(x[0]), x[1]), x[2]);
      Value scaled = s.mul(normal, s.load(x[3]));
      if (x.size() > 4)
        scaled = s.add(scaled, s.load(x[4]));
      return s.store(scaled, element);
    };
    return buildParallel(builder, op.getLoc(), type, inputs, maps, body);
  }
};

/// Windows of more channels are summed in a loop nest of their own.
constexpr int64_t maxWindowInputs = 7;
/// Where windows begin in the padded channels. Not at the first: a map to the
/// loop alone would say that there are as many iterations as padded channels.
constexpr int64_t firstTap = 1;

struct LrnLowering : OpConversionPattern<edge::LrnOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::LrnOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value padded = padWindows(rewriter, op, adaptor.getInput());
    Value result = isOneLoop(op)
                       ? normalizeAtOnce(rewriter, op, padded)
                       : normalize(rewriter, op, adaptor.getInput(), padded);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static bool isOneLoop(edge::LrnOp op) {
    return int64_t(op.getSize()) <= maxWindowInputs;
  }

  /// Nearly every model has 0.75, which needs no logarithm.
  static Value power(Scalars &s, Value base, double beta) {
    if (beta == 1)
      return base;
    if (beta == 0.5)
      return s.sqrt(base);
    if (beta == 0.75) {
      Value root = s.sqrt(base);
      return s.mul(root, s.sqrt(root));
    }
    return s.builder().create<math::PowFOp>(base, s.constant(beta));
  }

  static Value scaled(Scalars &s, edge::LrnOp op, Value element, Value sum) {
    double alpha = op.getAlpha().convertToDouble() / op.getSize();
    Value base = s.add(s.constant(op.getBias().convertToDouble()),
                       s.mul(s.constant(alpha), sum));
    Value divisor = power(s, base, op.getBeta().convertToDouble());
    return s.store(s.div(element, divisor), elementOf(op.getInput()));
  }

  /// Zeros around the channels. What is dequantized is padded before that, so
  /// that the windows can be read as bytes.
  static Value padWindows(OpBuilder &builder, edge::LrnOp op, Value input) {
    Location loc = op.getLoc();
    int64_t rank = tensorType(input).getRank(), size = op.getSize();
    SmallVector<int64_t> low(rank, 0), high(rank, 0);
    low[op.getAxis()] = (size - 1) / 2 + (isOneLoop(op) ? firstTap : 0);
    high[op.getAxis()] = size / 2;
    auto source = op.getInput().getDefiningOp<edge::DequantizeOp>();
    if (!source || !isOneLoop(op) || source.getBlockSize() != 0 ||
        tensorType(source.getScale()).getRank() != 0 ||
        tensorType(source.getZeroPoint()).getRank() != 0)
      return pad(builder, loc, input, low, high,
                 scalarConstant(builder, loc, elementOf(input), 0));
    Value bytes = builder.create<edge::PadOp>(loc, source.getInput(),
                                              source.getZeroPoint(), low, high);
    return builder.create<edge::DequantizeOp>(
        source.getLoc(), tensorType(bytes).clone(elementOf(source.getResult())),
        bytes, source.getScale(), source.getZeroPoint());
  }

  /// One loop nest, which can begin and end with bytes: the elements of a
  /// window are an input each.
  static Value normalizeAtOnce(OpBuilder &builder, edge::LrnOp op,
                               Value padded) {
    RankedTensorType type = tensorType(op.getResult());
    unsigned axis = op.getAxis();
    SmallVector<Value> inputs(op.getSize(), padded);
    SmallVector<AffineMap> maps;
    AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
    for (int64_t tap = 0; tap < int64_t(op.getSize()); ++tap) {
      SmallVector<AffineExpr> indices(identity.getResults());
      indices[axis] = indices[axis] + (firstTap + tap);
      maps.push_back(
          AffineMap::get(type.getRank(), 0, indices, builder.getContext()));
    }
    auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, type.getElementType());
      SmallVector<Value> window;
      Value sum;
      for (Value element : x.take_front(op.getSize())) {
        window.push_back(s.load(element));
        Value square = s.mul(window.back(), window.back());
        sum = sum ? s.add(sum, square) : square;
      }
      return scaled(s, op, window[(op.getSize() - 1) / 2], sum);
    };
    return buildParallel(builder, op.getLoc(), type, inputs, maps, body);
  }

  static Value normalize(OpBuilder &builder, edge::LrnOp op, Value input,
                         Value padded) {
    Value sum = windowSum(builder, op, padded);
    auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, elementOf(op.getInput()));
      return scaled(s, op, s.load(x[0]), x[1]);
    };
    return buildElementwise(builder, op.getLoc(), tensorType(op.getResult()),
                            {input, sum}, body);
  }

  /// Sums of squares over the channels around each element.
  static Value windowSum(OpBuilder &builder, edge::LrnOp op, Value padded) {
    Location loc = op.getLoc();
    Type element = elementOf(op.getInput()), summed = sumElement(element);
    int64_t rank = tensorType(padded).getRank();
    SmallVector<AffineExpr> indices;
    for (int64_t dim = 0; dim < rank; ++dim)
      indices.push_back(builder.getAffineDimExpr(dim));
    AffineExpr tap = builder.getAffineDimExpr(rank);
    indices[op.getAxis()] = indices[op.getAxis()] + tap;
    AffineMap maps[] = {
        AffineMap::get(rank + 1, 0, indices, builder.getContext()),
        AffineMap::get(rank + 1, 0, tap)};
    // Never read: it only tells the window's extent.
    Value window = builder.create<tensor::EmptyOp>(loc, op.getSize(), element);
    auto addSquare = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
      Scalars s(nested, nestedLoc, element);
      Value value = s.load(x[0]);
      return s.add(x[2], s.mul(value, value));
    };
    return buildReduction(
        builder, loc, RankedTensorType::get(shapeOf(op.getResult()), summed),
        /*numReduced=*/1, {padded, window}, maps,
        scalarConstant(builder, loc, summed, 0), addSquare);
  }
};

} // namespace

void populateNormalizationToLinalgPatterns(const TypeConverter &converter,
                                           RewritePatternSet &patterns) {
  patterns.add<BatchNormLowering, LayerNormLowering, LrnLowering>(
      converter, patterns.getContext());
}

} // namespace edgec
