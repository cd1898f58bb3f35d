//===- GridSample.cpp - Interpolation at the positions of a grid ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Positions become input coordinates first, a tensor for each dimension, which
// all channels then read. Arithmetic on coordinates stays in floating point as
// long as it can: their whole parts are exact there, and remainders cost no
// division of integers.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Reference/Sampling.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

/// The elements that a coordinate reads along one dimension, and their shares.
struct GridTaps {
  SmallVector<Value> indices; ///< Inside the input, whatever is read.
  SmallVector<Value> inside;  ///< Null where it always is.
  SmallVector<Value> weights; ///< Empty: the only element itself.
};

/// One dimension, as in the interpreter's GridAxis.
class GridAxis {
public:
  GridAxis(Scalars &scalars, edge::GridSampleOp op, int64_t extent)
      : s(scalars), op(op), extent(extent) {}

  Value coordinate(Value position) {
    Value shifted = s.add(position, s.constant(1));
    Value x =
        op.getAlignCorners()
            ? s.mul(s.div(shifted, s.constant(2)), s.constant(extent - 1))
            : s.div(s.sub(s.mul(shifted, s.constant(extent)), s.constant(1)),
                    s.constant(2));
    // A comparison with a NaN is false.
    Value low = s.constant(-sampling::farthest);
    Value high = s.constant(sampling::farthest);
    x = s.select(s.greater(x, low), x, low);
    return s.select(s.less(x, high), x, high);
  }

  GridTaps taps(Value x) {
    GridTaps result;
    if (op.getMode() == edge::ResizeMode::nearest) {
      addPixel(result, s.call<math::RoundEvenOp>(x));
      return result;
    }
    Value low = s.call<math::FloorOp>(x), share = s.sub(x, low);
    if (op.getMode() == edge::ResizeMode::linear) {
      addPixel(result, low);
      addPixel(result, s.add(low, s.constant(1)));
      result.weights = {s.sub(s.constant(1), share), share};
      return result;
    }
    for (int tap = 0; tap < 4; ++tap) {
      addPixel(result, s.add(low, s.constant(tap - 1)));
      Value distance = tap < 2 ? s.add(share, s.constant(1 - tap))
                               : s.sub(s.constant(tap - 1), share);
      result.weights.push_back(cubicWeight(distance, tap == 1 || tap == 2));
    }
    return result;
  }

private:
  Value cubicWeight(Value t, bool isNear) {
    constexpr double a = sampling::cubicCoefficient;
    if (isNear) {
      Value inner = s.sub(s.mul(s.constant(a + 2), t), s.constant(a + 3));
      return s.add(s.mul(s.mul(inner, t), t), s.constant(1));
    }
    Value inner = s.sub(s.mul(s.constant(a), t), s.constant(5 * a));
    inner = s.add(s.mul(inner, t), s.constant(8 * a));
    return s.sub(s.mul(inner, t), s.constant(4 * a));
  }

  /// Adds the element at the whole number `at`.
  void addPixel(GridTaps &taps, Value at) {
    Value zero = s.constant(0), last = s.constant(extent - 1), inside;
    switch (op.getPadding()) {
    case edge::GridPadding::zeros:
      inside = s.builder().create<arith::AndIOp>(s.lessEqual(zero, at),
                                                 s.lessEqual(at, last));
      at = clamped(at);
      break;
    case edge::GridPadding::border:
      at = clamped(at);
      break;
    case edge::GridPadding::reflection:
      at = mirrored(at);
      break;
    }
    ImplicitLocOpBuilder &b = s.builder();
    Value integer = b.create<arith::FPToSIOp>(b.getI32Type(), at);
    taps.indices.push_back(
        b.create<arith::IndexCastOp>(b.getIndexType(), integer));
    taps.inside.push_back(inside);
  }

  Value clamped(Value at) {
    Value zero = s.constant(0), last = s.constant(extent - 1);
    at = s.select(s.less(at, zero), zero, at);
    return s.select(s.greater(at, last), last, at);
  }

  Value mirrored(Value at) {
    bool isAligned = op.getAlignCorners();
    double period =
        2 * static_cast<double>(isAligned ? std::max<int64_t>(extent - 1, 1)
                                          : extent);
    Value length = s.constant(period);
    Value turns = s.call<math::FloorOp>(s.div(at, length));
    Value rest = s.sub(at, s.mul(length, turns));
    Value back = s.sub(s.constant(period - (isAligned ? 0 : 1)), rest);
    at = s.select(s.less(back, rest), back, rest);
    Value last = s.constant(extent - 1);
    return s.select(s.less(last, at), last, at);
  }

  Scalars &s;
  edge::GridSampleOp op;
  int64_t extent;
};

/// One element of the result.
class GridElement {
public:
  GridElement(Scalars &scalars, edge::GridSampleOp op, Value input,
              ValueRange coordinates)
      : s(scalars), input(input) {
    ImplicitLocOpBuilder &b = s.builder();
    indices = {b.create<linalg::IndexOp>(0), b.create<linalg::IndexOp>(1)};
    indices.resize(coordinates.size() + 2);
    for (auto [i, x] : llvm::enumerate(coordinates))
      dims.push_back(GridAxis(s, op, shapeOf(input)[i + 2]).taps(x));
  }

  Value emit() { return from(0, Value()); }

private:
  /// The sum over the dimensions from `dim` on; `inside` tells, if it is not
  /// null, whether the ones before are inside the input.
  Value from(size_t dim, Value inside) {
    if (dim == dims.size()) {
      Value element = s.load(
          s.builder().create<tensor::ExtractOp>(input, indices).getResult());
      return inside ? s.select(inside, element, s.constant(0)) : element;
    }
    const GridTaps &taps = dims[dim];
    Value sum;
    for (size_t tap = 0; tap < taps.indices.size(); ++tap) {
      indices[dim + 2] = taps.indices[tap];
      Value term = from(dim + 1, both(inside, taps.inside[tap]));
      if (taps.weights.empty())
        return term;
      term = s.mul(taps.weights[tap], term);
      sum = sum ? s.add(sum, term) : term;
    }
    return sum;
  }

  Value both(Value x, Value y) {
    if (!x || !y)
      return x ? x : y;
    return s.builder().create<arith::AndIOp>(x, y);
  }

  Scalars &s;
  Value input;
  SmallVector<Value> indices;
  SmallVector<GridTaps> dims;
};

struct GridSampleLowering : OpConversionPattern<edge::GridSampleOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::GridSampleOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = signlessType(op.getResult());
    int64_t rank = type.getRank();
    SmallVector<Value> axes;
    for (int64_t axis = 0; axis < rank - 2; ++axis)
      axes.push_back(coordinates(rewriter, op, adaptor.getGrid(), axis));
    // Channels share a position.
    SmallVector<AffineExpr> point{rewriter.getAffineDimExpr(0)};
    for (int64_t dim = 2; dim < rank; ++dim)
      point.push_back(rewriter.getAffineDimExpr(dim));
    SmallVector<AffineMap> maps(
        axes.size(), AffineMap::get(rank, 0, point, rewriter.getContext()));
    auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
      Scalars s(builder, loc, type.getElementType());
      Value element = GridElement(s, op, adaptor.getInput(), x).emit();
      return s.store(element, type.getElementType());
    };
    rewriter.replaceOp(
        op, buildParallel(rewriter, op.getLoc(), type, axes, maps, body));
    return success();
  }

private:
  /// Where along the input's spatial dimension `axis` each point of the grid
  /// is.
  static Value coordinates(OpBuilder &builder, edge::GridSampleOp op,
                           Value grid, int64_t axis) {
    Type element = elementOf(op.getInput()), gridElement = elementOf(grid);
    Type computed = Scalars(builder, op.getLoc(), element).type();
    ArrayRef<int64_t> points = shapeOf(grid).drop_back();
    SmallVector<AffineExpr> position;
    int64_t rank = points.size();
    for (int64_t dim = 0; dim < rank; ++dim)
      position.push_back(builder.getAffineDimExpr(dim));
    position.push_back(
        builder.getAffineConstantExpr(shapeOf(grid).back() - 1 - axis));
    auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, element);
      Value value = Scalars(nested, loc, gridElement).load(x[0]);
      unsigned from = value.getType().getIntOrFloatBitWidth();
      unsigned to = computed.getIntOrFloatBitWidth();
      if (from < to)
        value = s.builder().create<arith::ExtFOp>(computed, value);
      else if (from > to)
        value = s.builder().create<arith::TruncFOp>(computed, value);
      int64_t extent = shapeOf(op.getInput())[axis + 2];
      return GridAxis(s, op, extent).coordinate(value);
    };
    return buildParallel(
        builder, op.getLoc(), RankedTensorType::get(points, computed), grid,
        AffineMap::get(rank, 0, position, builder.getContext()), body);
  }
};

} // namespace

void populateGridSampleToLinalgPatterns(const TypeConverter &converter,
                                        RewritePatternSet &patterns) {
  patterns.add<GridSampleLowering>(converter, patterns.getContext());
}

} // namespace edgec
