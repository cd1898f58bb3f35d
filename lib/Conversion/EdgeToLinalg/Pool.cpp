//===- Pool.cpp - Pooling -------------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

/// Windows over the spatial dimensions of a tensor in either layout.
template <typename Op> class Windows {
public:
  Windows(Op op, Value input)
      : op(op), input(input), numSpatial(op.getKernel().size()),
        firstSpatial(op.getLayout() == edge::Layout::nchw ? 2 : 1) {}

  /// Pads the input with `fill` and reduces each window from there on. The
  /// body gets the element and the value so far.
  Value reduce(OpBuilder &builder, Type element, Value fill, ScalarBody body) {
    Location loc = op.getLoc();
    int64_t rank = numSpatial + 2;
    SmallVector<int64_t> low(rank, 0), high(rank, 0);
    for (int64_t i = 0; i < numSpatial; ++i) {
      low[firstSpatial + i] = op.getPads()[i];
      high[firstSpatial + i] = op.getPads()[numSpatial + i];
    }
    Value padFill = fill;
    if (padFill.getType() != tensorType(input).getElementType())
      padFill = builder.create<arith::TruncFOp>(
          loc, tensorType(input).getElementType(), fill);
    Value padded = pad(builder, loc, input, low, high, padFill);

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
    AffineMap maps[] = {AffineMap::get(numLoops, 0, indices, context),
                        AffineMap::get(numLoops, 0, taps, context)};
    // Never read: it only tells the window's extents.
    Value window = builder.create<tensor::EmptyOp>(
        loc, op.getKernel(), tensorType(input).getElementType());
    auto skipWindow = [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
      return body(nested, nestedLoc, {x[0], x[2]});
    };
    return buildReduction(
        builder, loc, RankedTensorType::get(shapeOf(op.getResult()), element),
        numSpatial, {padded, window}, maps, fill, skipWindow);
  }

  int64_t spatialDim(int64_t i) const { return firstSpatial + i; }

private:
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
  patterns.add<MaxPoolLowering, AveragePoolLowering>(converter,
                                                     patterns.getContext());
}

} // namespace edgec
