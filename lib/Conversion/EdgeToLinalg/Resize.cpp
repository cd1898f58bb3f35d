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

/// Elements that one loop nest may read for each of the result. More, as those
/// of a bicubic interpolation, are cheaper one dimension after the other.
constexpr int64_t maxTapsAtOnce = 4;

/// Along one dimension: for each output position, the input positions it reads
/// and their weights, as many for each.
struct Taps {
  int64_t dim = 0;
  int64_t numTaps = 1;
  SmallVector<int64_t> positions; ///< [output extent][numTaps]
  SmallVector<double> weights;    ///< The same; empty for nearest.

  /// Tables of indices, and of weights, that a loop nest reads.
  int64_t numTables() const { return weights.empty() ? 1 : 2 * numTaps; }
};

Taps tapsAlong(edge::ResizeOp op, int64_t dim) {
  SmallVector<ResizeTaps> points = resizeTaps(op, dim);
  Taps taps;
  taps.dim = dim;
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

/// Tables of one tap each, [output extent]; none of no values.
template <typename T>
SmallVector<Value> tables(OpBuilder &builder, Location loc, ArrayRef<T> values,
                          int64_t numTaps) {
  SmallVector<Value> result;
  if (values.empty())
    return result;
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

/// The element of one loop nest's body that is resampled along `dims`. Sums
/// along the first dimension are the terms of those along the next.
class Interpolation {
public:
  Interpolation(Scalars &scalars, Value input, ArrayRef<Taps> dims,
                ValueRange tables)
      : s(scalars), input(input), dims(dims), tables(tables) {
    for (int64_t i = 0, rank = tensorType(input).getRank(); i < rank; ++i)
      indices.push_back(s.builder().create<linalg::IndexOp>(i));
  }

  Value emit() { return along(dims.size()); }

private:
  /// Resampled along the first `numDims` dimensions.
  Value along(size_t numDims) {
    if (numDims == 0)
      return s.builder().create<tensor::ExtractOp>(input, indices);
    const Taps &taps = dims[numDims - 1];
    size_t first = 0;
    for (const Taps &before : dims.take_front(numDims - 1))
      first += before.numTables();
    Value sum;
    for (int64_t tap = 0; tap < taps.numTaps; ++tap) {
      indices[taps.dim] = tables[first + tap];
      Value term = along(numDims - 1);
      if (taps.weights.empty())
        return term;
      term = s.mul(tables[first + taps.numTaps + tap], term);
      sum = sum ? s.add(sum, term) : term;
    }
    return sum;
  }

  Scalars &s;
  Value input;
  ArrayRef<Taps> dims;
  ValueRange tables;
  SmallVector<Value> indices;
};

/// Resamples in the arithmetic's type.
struct ResizeLowering : OpConversionPattern<edge::ResizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ResizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value value = adaptor.getInput();
    if (tensorType(value).getNumElements() == 0)
      return reject(op, "its input has no elements to read");
    SmallVector<Taps> dims;
    for (int64_t dim = 0, rank = op.getScales().size(); dim < rank; ++dim)
      if (isResampled(op, dim))
        dims.push_back(tapsAlong(op, dim));

    Type element = elementOf(op.getInput());
    bool isInterpolated = op.getMode() != edge::ResizeMode::nearest;
    if (isInterpolated && !dims.empty())
      value = toArithmetic(rewriter, loc, value, element);
    for (ArrayRef<Taps> rest = dims; !rest.empty();) {
      size_t count = dimsAtOnce(rest);
      value = resample(rewriter, loc, value, rest.take_front(count));
      rest = rest.drop_front(count);
    }
    if (isInterpolated && !dims.empty())
      value = fromArithmetic(rewriter, loc, value, element);
    rewriter.replaceOp(op, extrapolate(rewriter, op, value));
    return success();
  }

private:
  /// Sets the elements whose position is outside the input.
  static Value extrapolate(OpBuilder &builder, edge::ResizeOp op, Value value) {
    Location loc = op.getLoc();
    int64_t rank = tensorType(value).getRank();
    SmallVector<Value> inputs{value};
    SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(rank)};
    for (int64_t dim = 0; dim < rank; ++dim) {
      SmallVector<bool> outside = resizeOutside(op, dim);
      if (outside.empty())
        continue;
      SmallVector<int64_t> flags(outside.begin(), outside.end());
      inputs.push_back(constantTensor(builder, loc, ArrayRef<int64_t>(flags),
                                      {static_cast<int64_t>(flags.size())}));
      maps.push_back(AffineMap::get(rank, 0, builder.getAffineDimExpr(dim)));
    }
    if (inputs.size() == 1)
      return value;
    Type element = elementOf(op.getInput());
    auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
      Scalars s(nested, nestedLoc, element);
      ImplicitLocOpBuilder &b = s.builder();
      Value flag = x[1];
      for (Value other : x.drop_front(2))
        flag = b.create<arith::OrIOp>(flag, other);
      Value isOutside = b.create<arith::CmpIOp>(
          arith::CmpIPredicate::ne, flag, b.create<arith::ConstantIndexOp>(0));
      Value filling =
          s.store(s.constant(op.getExtrapolation().convertToDouble()),
                  toSignless(element));
      return s.select(isOutside, filling, x[0]);
    };
    return buildParallel(builder, loc, tensorType(value), inputs, maps, body);
  }

  /// How many of the first dimensions one loop nest resamples.
  static size_t dimsAtOnce(ArrayRef<Taps> dims) {
    size_t count = 1;
    for (int64_t taps = dims.front().numTaps; count < dims.size(); ++count) {
      taps *= dims[count].numTaps;
      if (taps > maxTapsAtOnce)
        break;
    }
    return count;
  }

  static Value resample(OpBuilder &builder, Location loc, Value input,
                        ArrayRef<Taps> dims) {
    int64_t rank = tensorType(input).getRank();
    SmallVector<int64_t> shape(shapeOf(input));
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    for (const Taps &taps : dims) {
      shape[taps.dim] = taps.positions.size() / taps.numTaps;
      llvm::append_range(
          inputs, tables(builder, loc, ArrayRef(taps.positions), taps.numTaps));
      if (elementOf(input).isF64())
        llvm::append_range(
            inputs, tables(builder, loc, ArrayRef(taps.weights), taps.numTaps));
      else
        llvm::append_range(inputs, tables(builder, loc,
                                          ArrayRef(toFloats(taps.weights)),
                                          taps.numTaps));
      maps.resize(inputs.size(),
                  AffineMap::get(rank, 0, builder.getAffineDimExpr(taps.dim)));
    }
    auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
      Scalars s(nested, nestedLoc, elementOf(input));
      return Interpolation(s, input, dims, x).emit();
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
