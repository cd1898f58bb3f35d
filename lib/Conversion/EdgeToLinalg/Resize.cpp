//===- Resize.cpp - Resampling --------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Reference/ResizeTaps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <cmath>

using namespace mlir;

namespace edgec {
namespace {

/// Along one dimension: for each output position, the input positions it reads
/// and their weights, as many for each.
struct Taps {
  int64_t numTaps = 1;
  SmallVector<int64_t> positions; ///< [output extent][numTaps]
  SmallVector<double> weights;    ///< The same; empty for nearest.
};

Taps tapsAlong(edge::ResizeOp op, int64_t dim) {
  SmallVector<ResizeTaps> points = resizeTaps(op, dim);
  Taps taps;
  for (const ResizeTaps &point : points)
    taps.numTaps = std::max<int64_t>(taps.numTaps, point.size());
  for (const ResizeTaps &point : points)
    for (int64_t tap = 0; tap < taps.numTaps; ++tap) {
      // Positions with fewer taps read the last once more, for nothing.
      bool isSpare = tap >= static_cast<int64_t>(point.size());
      taps.positions.push_back(isSpare ? point.back().index : point[tap].index);
      taps.weights.push_back(isSpare ? 0 : point[tap].weight);
    }
  if (op.getMode() == edge::ResizeMode::nearest)
    taps.weights.clear();
  return taps;
}

/// Tables of one tap each, [output extent].
template <typename T>
SmallVector<Value> tables(OpBuilder &builder, Location loc, ArrayRef<T> values,
                          int64_t numTaps) {
  SmallVector<Value> result;
  int64_t extent = values.size() / numTaps;
  for (int64_t tap = 0; tap < numTaps; ++tap) {
    SmallVector<T> column;
    for (int64_t i = 0; i < extent; ++i)
      column.push_back(values[i * numTaps + tap]);
    result.push_back(
        constantTensor(builder, loc, ArrayRef<T>(column), {extent}));
  }
  return result;
}

SmallVector<float> toFloats(ArrayRef<double> values) {
  return SmallVector<float>(values.begin(), values.end());
}

/// Resamples one dimension after the other, in the arithmetic's type.
struct ResizeLowering : OpConversionPattern<edge::ResizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ResizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value value = adaptor.getInput();
    if (tensorType(value).getNumElements() == 0)
      return reject(op, "its input has no elements to read");
    SmallVector<int64_t> dims;
    for (auto [dim, scale] : llvm::enumerate(op.getScales()))
      if (scale != 1 ||
          shapeOf(op.getInput())[dim] != shapeOf(op.getResult())[dim])
        dims.push_back(dim);

    Type element = elementOf(op.getInput());
    bool isInterpolated = op.getMode() != edge::ResizeMode::nearest;
    if (isInterpolated && !dims.empty())
      value = toArithmetic(rewriter, loc, value, element);
    for (int64_t dim : dims)
      value = resample(rewriter, loc, value, dim, tapsAlong(op, dim));
    if (isInterpolated && !dims.empty())
      value = fromArithmetic(rewriter, loc, value, element);
    rewriter.replaceOp(op, value);
    return success();
  }

private:
  static Value resample(OpBuilder &builder, Location loc, Value input,
                        int64_t dim, const Taps &taps) {
    int64_t rank = tensorType(input).getRank();
    SmallVector<int64_t> shape(shapeOf(input));
    shape[dim] = taps.positions.size() / taps.numTaps;
    SmallVector<Value> inputs =
        tables(builder, loc, ArrayRef<int64_t>(taps.positions), taps.numTaps);
    if (!taps.weights.empty())
      llvm::append_range(
          inputs,
          elementOf(input).isF64()
              ? tables(builder, loc, ArrayRef<double>(taps.weights),
                       taps.numTaps)
              : tables(builder, loc, ArrayRef<float>(toFloats(taps.weights)),
                       taps.numTaps));
    SmallVector<AffineMap> maps(
        inputs.size(), AffineMap::get(rank, 0, builder.getAffineDimExpr(dim)));
    auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
      Scalars s(nested, nestedLoc, elementOf(input));
      ImplicitLocOpBuilder &b = s.builder();
      SmallVector<Value> indices;
      for (int64_t i = 0; i < rank; ++i)
        indices.push_back(i == dim ? x[0]
                                   : b.create<linalg::IndexOp>(i).getResult());
      if (taps.weights.empty())
        return b.create<tensor::ExtractOp>(input, indices).getResult();
      Value sum;
      for (int64_t tap = 0; tap < taps.numTaps; ++tap) {
        indices[dim] = x[tap];
        Value term = s.mul(x[taps.numTaps + tap],
                           b.create<tensor::ExtractOp>(input, indices));
        sum = sum ? s.add(sum, term) : term;
      }
      return sum;
    };
    return buildParallel(builder, loc, tensorType(input).clone(shape), inputs,
                         maps, body);
  }

  static Type arithmeticType(Builder &builder, Type element) {
    return element.isF64() ? element : builder.getF32Type();
  }

  static Value toArithmetic(OpBuilder &builder, Location loc, Value input,
                            Type element) {
    Type type = arithmeticType(builder, element);
    if (element == type)
      return input;
    auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
      if (isa<FloatType>(element))
        return nested.create<arith::ExtFOp>(nestedLoc, type, x[0]).getResult();
      if (isUnsigned(element))
        return nested.create<arith::UIToFPOp>(nestedLoc, type, x[0])
            .getResult();
      return nested.create<arith::SIToFPOp>(nestedLoc, type, x[0]).getResult();
    };
    return buildElementwise(builder, loc, tensorType(input).clone(type), input,
                            body);
  }

  /// Integers are truncated towards zero, within the type's range: a cubic may
  /// overshoot.
  static Value fromArithmetic(OpBuilder &builder, Location loc, Value input,
                              Type element) {
    Type stored = toSignless(element);
    if (elementOf(input) == stored)
      return input;
    auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
      Scalars s(nested, nestedLoc, elementOf(input));
      if (isa<FloatType>(element))
        return s.store(x[0], stored);
      unsigned width = element.getIntOrFloatBitWidth();
      // The largest float below the type's end where that has more digits.
      constexpr unsigned significandBits = 24;
      bool isUnsignedElement = isUnsigned(element);
      unsigned magnitudeBits = isUnsignedElement ? width : width - 1;
      double end = std::ldexp(1, magnitudeBits);
      double largest =
          magnitudeBits <= significandBits
              ? end - 1
              : end - std::ldexp(1, magnitudeBits - significandBits);
      Value clamped =
          s.min(s.max(x[0], s.constant(isUnsignedElement ? 0 : -end)),
                s.constant(largest));
      ImplicitLocOpBuilder &b = s.builder();
      if (isUnsignedElement)
        return b.create<arith::FPToUIOp>(stored, clamped).getResult();
      return b.create<arith::FPToSIOp>(stored, clamped).getResult();
    };
    return buildElementwise(builder, loc, tensorType(input).clone(stored),
                            input, body);
  }
};

} // namespace

void populateResizeToLinalgPatterns(const TypeConverter &converter,
                                    RewritePatternSet &patterns) {
  patterns.add<ResizeLowering>(converter, patterns.getContext());
}

} // namespace edgec
