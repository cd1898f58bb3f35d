//===- Resize.cpp - Resampling --------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <cmath>

using namespace mlir;

namespace edgec {
namespace {

using edge::CoordinateMode;
using edge::NearestMode;
using edge::ResizeMode;

/// Along one dimension: for each output position, the input positions it reads
/// and their weights, as many for each.
struct Taps {
  int64_t numTaps = 1;
  SmallVector<int64_t> positions; ///< [output extent][numTaps]
  SmallVector<float> weights;     ///< The same; empty for nearest.
};

/// The input coordinate of an output position, as ONNX Resize defines it.
double inputCoordinate(CoordinateMode mode, double position, double scale,
                       int64_t inputExtent, int64_t outputExtent) {
  double scaledExtent = scale * inputExtent;
  switch (mode) {
  case CoordinateMode::half_pixel:
    return (position + 0.5) / scale - 0.5;
  case CoordinateMode::half_pixel_symmetric: {
    double adjustment = outputExtent / scaledExtent;
    double offset = inputExtent / 2.0 * (1 - adjustment);
    return offset + (position + 0.5) / scale - 0.5;
  }
  case CoordinateMode::pytorch_half_pixel:
    return outputExtent > 1 ? (position + 0.5) / scale - 0.5 : 0;
  case CoordinateMode::align_corners:
    return outputExtent > 1 ? position * (inputExtent - 1) / (outputExtent - 1)
                            : 0;
  case CoordinateMode::asymmetric:
    return position / scale;
  case CoordinateMode::tf_half_pixel_for_nn:
    return (position + 0.5) / scale;
  }
  llvm_unreachable("all modes are handled");
}

int64_t nearest(NearestMode mode, double coordinate) {
  switch (mode) {
  case NearestMode::round_prefer_floor:
    return std::ceil(coordinate - 0.5);
  case NearestMode::round_prefer_ceil:
    return std::floor(coordinate + 0.5);
  case NearestMode::floor:
    return std::floor(coordinate);
  case NearestMode::ceil:
    return std::ceil(coordinate);
  }
  llvm_unreachable("all modes are handled");
}

/// Weights of the four positions around a coordinate whose fraction is `t`
/// (Keys' cubic convolution).
std::array<double, 4> cubicWeights(double t, double a) {
  auto inner = [&](double x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };
  auto outer = [&](double x) {
    return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  };
  return {outer(1 + t), inner(t), inner(1 - t), outer(2 - t)};
}

void addCubicTaps(Taps &taps, edge::ResizeOp op, double coordinate,
                  int64_t inputExtent) {
  int64_t base = std::floor(coordinate);
  std::array<double, 4> weights = cubicWeights(
      coordinate - base, op.getCubicCoefficient().convertToDouble());
  double sum = 0;
  for (int64_t tap = 0; tap < 4; ++tap) {
    int64_t position = base - 1 + tap;
    if (op.getExcludeOutside() && (position < 0 || position >= inputExtent))
      weights[tap] = 0;
    sum += weights[tap];
    taps.positions.push_back(std::clamp<int64_t>(position, 0, inputExtent - 1));
  }
  for (double weight : weights)
    taps.weights.push_back(op.getExcludeOutside() ? weight / sum : weight);
}

Taps tapsAlong(edge::ResizeOp op, int64_t dim) {
  int64_t inputExtent = shapeOf(op.getInput())[dim];
  int64_t outputExtent = shapeOf(op.getResult())[dim];
  Taps taps;
  taps.numTaps = op.getMode() == ResizeMode::nearest  ? 1
                 : op.getMode() == ResizeMode::linear ? 2
                                                      : 4;
  for (int64_t i = 0; i < outputExtent; ++i) {
    double coordinate = inputCoordinate(
        op.getCoordinates(), i, op.getScales()[dim], inputExtent, outputExtent);
    switch (op.getMode()) {
    case ResizeMode::nearest:
      taps.positions.push_back(std::clamp<int64_t>(
          nearest(op.getNearestMode(), coordinate), 0, inputExtent - 1));
      break;
    case ResizeMode::linear: {
      coordinate = std::clamp<double>(coordinate, 0, inputExtent - 1);
      int64_t base = std::floor(coordinate);
      double fraction = coordinate - base;
      taps.positions.push_back(base);
      taps.positions.push_back(std::min(base + 1, inputExtent - 1));
      taps.weights.push_back(1 - fraction);
      taps.weights.push_back(fraction);
      break;
    }
    case ResizeMode::cubic:
      addCubicTaps(taps, op, coordinate, inputExtent);
      break;
    }
  }
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
    bool isInterpolated = op.getMode() != ResizeMode::nearest;
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
          tables(builder, loc, ArrayRef<float>(taps.weights), taps.numTaps));
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
        Value weight = x[taps.numTaps + tap];
        if (weight.getType() != s.type())
          weight = b.create<arith::ExtFOp>(s.type(), weight);
        Value term = s.mul(weight, b.create<tensor::ExtractOp>(input, indices));
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
