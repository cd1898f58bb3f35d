//===- Pool.cpp - Pooling -------------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

template <typename Op> int64_t firstSpatialDim(Op op) {
  if constexpr (std::is_same_v<Op, edge::MaxPoolWithIndicesOp>)
    return 2;
  else
    return op.getLayout() == edge::Layout::nchw ? 2 : 1;
}

/// Windows over the spatial dimensions of a tensor in either layout.
template <typename Op> class Windows {
public:
  Windows(Op op, Value input)
      : op(op), input(input), numSpatial(op.getKernel().size()),
        firstSpatial(firstSpatialDim(op)) {}

  /// Pads the input with `fill` and reduces each window from there on. The
  /// body gets the element and the value so far.
  Value reduce(OpBuilder &builder, Type element, Value fill, ScalarBody body) {
    auto skipOthers = [&](OpBuilder &nested, Location loc, ValueRange x) {
      return body(nested, loc, {x.front(), x.back()});
    };
    return reduce(builder, element, fill, fill, {}, skipOthers);
  }

  /// The same from `initial` on, with a tensor of the result's shape whose
  /// element stays the same for a window. The body gets the element, one that
  /// says nothing, those of `others`, and the value so far.
  Value reduce(OpBuilder &builder, Type element, Value fill, Value initial,
               ValueRange others, ScalarBody body) {
    Location loc = op.getLoc();
    int64_t rank = numSpatial + 2;
    Value padded = this->padded(builder, fill);
    SmallVector<AffineExpr> indices, taps;
    for (int64_t dim = 0; dim < rank; ++dim)
      indices.push_back(builder.getAffineDimExpr(dim));
    for (int64_t i = 0; i < numSpatial; ++i) {
      taps.push_back(builder.getAffineDimExpr(rank + i));
      AffineExpr &index = indices[firstSpatial + i];
      index = index * op.getStrides()[i] + taps.back() * op.getDilations()[i];
    }
    MLIRContext *context = builder.getContext();
    int64_t numLoops = rank + numSpatial;
    SmallVector<AffineMap> maps{AffineMap::get(numLoops, 0, indices, context),
                                AffineMap::get(numLoops, 0, taps, context)};
    maps.append(others.size(), leadingDims(context, numLoops, rank));
    // Never read: it only tells the window's extents.
    Value window = builder.create<tensor::EmptyOp>(
        loc, op.getKernel(), tensorType(input).getElementType());
    SmallVector<Value> inputs{padded, window};
    inputs.append(others.begin(), others.end());
    return buildReduction(
        builder, loc, RankedTensorType::get(shapeOf(op.getResult()), element),
        numSpatial, inputs, maps, initial, body);
  }

  int64_t spatialDim(int64_t i) const { return firstSpatial + i; }

private:
  Value padded(OpBuilder &builder, Value fill) {
    Location loc = op.getLoc();
    SmallVector<int64_t> low(numSpatial + 2, 0), high(numSpatial + 2, 0);
    for (int64_t i = 0; i < numSpatial; ++i) {
      low[firstSpatial + i] = op.getPads()[i];
      high[firstSpatial + i] = op.getPads()[numSpatial + i];
    }
    if (fill.getType() != tensorType(input).getElementType())
      fill = builder.create<arith::TruncFOp>(
          loc, tensorType(input).getElementType(), fill);
    return pad(builder, loc, input, low, high, fill);
  }

  Op op;
  Value input;
  int64_t numSpatial;
  int64_t firstSpatial;
};

struct MaxPoolLowering : OpConversionPattern<edge::MaxPoolOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::MaxPoolOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    // A maximum needs no wider type than its elements.
    Type element = elementOf(op.getInput());
    Type stored = toSignless(element);
    Scalars outer(rewriter, op.getLoc(), element);
    Value lowest = outer.store(outer.extreme(/*negative=*/true), stored);
    auto larger = [&](OpBuilder &builder, Location loc, ValueRange x) {
      Scalars s(builder, loc, element);
      return s.max(x[1], x[0]);
    };
    Windows windows(op, adaptor.getInput());
    rewriter.replaceOp(op, windows.reduce(rewriter, stored, lowest, larger));
    return success();
  }
};

/// The maximum first, then the least position of an element that equals it.
struct MaxPoolWithIndicesLowering
    : OpConversionPattern<edge::MaxPoolWithIndicesOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::MaxPoolWithIndicesOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type element = elementOf(op.getInput());
    Type stored = toSignless(element);
    Scalars outer(rewriter, loc, element);
    Value lowest = outer.store(outer.extreme(/*negative=*/true), stored);
    auto larger = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      return s.max(x[1], x[0]);
    };
    Windows windows(op, adaptor.getInput());
    Value largest = windows.reduce(rewriter, stored, lowest, larger);

    Scalars counter(rewriter, loc, rewriter.getI64Type());
    Value none = counter.extreme(/*negative=*/false);
    auto earlier = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      ImplicitLocOpBuilder &b = s.builder();
      Value isLargest = s.equal(s.load(x[0]), s.load(x[2]));
      if (s.isFloat()) // Of which the maximum is one too.
        isLargest = b.create<arith::OrIOp>(isLargest, s.notEqual(x[0], x[0]));
      auto [position, isInside] = positionOf(b, op);
      if (isInside)
        isLargest = b.create<arith::AndIOp>(isLargest, isInside);
      Value candidate = b.create<arith::SelectOp>(isLargest, position, none);
      return b.create<arith::MinSIOp>(x[3], candidate).getResult();
    };
    Value first = windows.reduce(rewriter, rewriter.getI64Type(), lowest, none,
                                 largest, earlier);
    if (op.getColumnMajor())
      first = inColumns(rewriter, op, first);
    rewriter.replaceOp(op, {largest, first});
    return success();
  }

private:
  /// The position in the flattened input of a window's element, and whether it
  /// is inside; null where it always is.
  static std::pair<Value, Value> positionOf(ImplicitLocOpBuilder &b,
                                            edge::MaxPoolWithIndicesOp op) {
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    int64_t rank = shape.size(), numSpatial = rank - 2;
    auto constant = [&](int64_t value) -> Value {
      return b.create<arith::ConstantIndexOp>(value);
    };
    auto scaled = [&](Value x, int64_t factor) -> Value {
      return b.create<arith::MulIOp>(x, constant(factor));
    };
    Value position, isInside;
    for (int64_t dim = 0; dim < rank; ++dim) {
      Value at = b.create<linalg::IndexOp>(dim);
      if (dim >= 2) {
        int64_t i = dim - 2;
        Value tap = b.create<linalg::IndexOp>(rank + i);
        at = b.create<arith::AddIOp>(scaled(at, op.getStrides()[i]),
                                     scaled(tap, op.getDilations()[i]));
        at = b.create<arith::SubIOp>(at, constant(op.getPads()[i]));
        if (op.getPads()[i] > 0 || op.getPads()[numSpatial + i] > 0) {
          Value fits = b.create<arith::CmpIOp>(arith::CmpIPredicate::ult, at,
                                               constant(shape[dim]));
          isInside = isInside ? b.create<arith::AndIOp>(isInside, fits) : fits;
        }
      }
      position = position
                     ? b.create<arith::AddIOp>(scaled(position, shape[dim]), at)
                     : at;
    }
    return {b.create<arith::IndexCastOp>(b.getI64Type(), position), isInside};
  }

  /// Row-major positions as ones whose spatial dimensions are column-major.
  static Value inColumns(OpBuilder &builder, edge::MaxPoolWithIndicesOp op,
                         Value positions) {
    ArrayRef<int64_t> spatial = shapeOf(op.getInput()).drop_front(2);
    auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
      Scalars s(nested, loc, nested.getI64Type());
      ImplicitLocOpBuilder &b = s.builder();
      Value rest = x[0], position = s.integer(0);
      for (int64_t extent : llvm::reverse(spatial)) {
        Value count = s.integer(extent);
        Value index = b.create<arith::RemUIOp>(rest, count);
        position = s.add(s.mul(position, count), index);
        rest = b.create<arith::DivUIOp>(rest, count);
      }
      // What is left numbers the planes.
      int64_t plane = ShapedType::getNumElements(spatial);
      return s.add(s.mul(rest, s.integer(plane)), position);
    };
    return buildElementwise(builder, op.getLoc(), tensorType(positions),
                            positions, body);
  }
};

struct AveragePoolLowering : OpConversionPattern<edge::AveragePoolOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::AveragePoolOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type element = elementOf(op.getInput());
    if (!isa<FloatType>(element))
      return reject(op, "the mean of integers");
    Location loc = op.getLoc();
    Scalars outer(rewriter, loc, element);
    auto accumulate = [&](OpBuilder &builder, Location nested, ValueRange x) {
      Scalars s(builder, nested, element);
      return s.add(x[1], s.load(x[0]));
    };
    Windows windows(op, adaptor.getInput());
    Value sum =
        windows.reduce(rewriter, outer.type(), outer.constant(0), accumulate);
    rewriter.replaceOp(op, divide(rewriter, op, windows, sum));
    return success();
  }

private:
  /// Elements that the divisor counts in each window along spatial dimension
  /// `i`.
  static SmallVector<int64_t> counts(edge::AveragePoolOp op, int64_t i,
                                     int64_t extent, int64_t numWindows) {
    int64_t numSpatial = op.getKernel().size();
    int64_t low = op.getPads()[i], high = op.getPads()[numSpatial + i];
    int64_t first = 0, last = extent;
    if (op.getCountIncludePad()) {
      first = -low;
      last = extent + high - op.getCeilPads()[i];
    }
    SmallVector<int64_t> result;
    for (int64_t window = 0; window < numWindows; ++window) {
      int64_t count = 0;
      for (int64_t tap = 0; tap < op.getKernel()[i]; ++tap) {
        int64_t position =
            window * op.getStrides()[i] - low + tap * op.getDilations()[i];
        count += position >= first && position < last;
      }
      result.push_back(count);
    }
    return result;
  }

  static Value divide(OpBuilder &builder, edge::AveragePoolOp op,
                      const Windows<edge::AveragePoolOp> &windows, Value sum) {
    Location loc = op.getLoc();
    Type element = elementOf(op.getInput());
    ArrayRef<int64_t> shape = shapeOf(sum);
    SmallVector<float> divisors{1};
    SmallVector<int64_t> tableShape;
    SmallVector<AffineExpr> tableIndices;
    for (int64_t i = 0; i < static_cast<int64_t>(op.getKernel().size()); ++i) {
      int64_t dim = windows.spatialDim(i);
      SmallVector<int64_t> along =
          counts(op, i, shapeOf(op.getInput())[dim], shape[dim]);
      SmallVector<float> product;
      for (float outer : divisors)
        for (int64_t count : along)
          product.push_back(outer * count);
      divisors = product;
      tableShape.push_back(shape[dim]);
      tableIndices.push_back(builder.getAffineDimExpr(dim));
    }
    SmallVector<Value> inputs{sum};
    SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(shape.size())};
    bool isUniform = llvm::all_equal(divisors);
    if (!isUniform) {
      inputs.push_back(
          constantTensor(builder, loc, ArrayRef<float>(divisors), tableShape));
      maps.push_back(
          AffineMap::get(shape.size(), 0, tableIndices, builder.getContext()));
    }
    auto body = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
      Scalars s(nested, nestedLoc, element);
      Value divisor = isUniform ? s.constant(divisors.front()) : x[1];
      if (divisor.getType() != s.type())
        divisor = s.builder().create<arith::ExtFOp>(s.type(), divisor);
      return s.store(s.div(x[0], divisor), element);
    };
    return buildParallel(builder, loc, RankedTensorType::get(shape, element),
                         inputs, maps, body);
  }
};

} // namespace

void populatePoolToLinalgPatterns(const TypeConverter &converter,
                                  RewritePatternSet &patterns) {
  patterns
      .add<MaxPoolLowering, MaxPoolWithIndicesLowering, AveragePoolLowering>(
          converter, patterns.getContext());
}

} // namespace edgec
