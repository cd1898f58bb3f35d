//===- RoiAlign.cpp - Regions of interest, pooled by interpolation --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One loop nest over the result. A bin's samples are loops of their own within
// it, as regions may say how many there are.
//
//===----------------------------------------------------------------------===//

#include "Lowering.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Reference/Sampling.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

/// Where a sample is along one direction.
struct SamplePlace {
  Value isInside, low, high, share;
};

/// One direction of a region, as in the interpreter's RoiAxis.
class RoiAxis {
public:
  RoiAxis(Scalars &scalars, edge::RoiAlignOp op, Value low, Value high,
          int64_t extent, int64_t bins)
      : s(scalars), extent(extent) {
    Value scale = s.constant(op.getSpatialScale().convertToDouble());
    Value shift = s.constant(op.getHalfPixel() ? 0.5 : 0.0);
    start = s.sub(s.mul(low, scale), shift);
    Value length = s.sub(s.sub(s.mul(high, scale), shift), start);
    if (!op.getHalfPixel())
      length = s.max(length, s.constant(1));
    bin = s.div(length, s.constant(bins));
    int64_t ratio = op.getSamplingRatio();
    numSamples = ratio != 0 ? s.constant(ratio) : adaptiveSamples();
    Value integer = s.builder().create<arith::FPToSIOp>(
        s.builder().getI32Type(), numSamples);
    count = s.builder().create<arith::IndexCastOp>(s.builder().getIndexType(),
                                                   integer);
  }

  SamplePlace at(Scalars &inner, Value index, Value sample) {
    Value offset = inner.div(
        inner.mul(inner.add(toFloat(inner, sample), inner.constant(0.5)), bin),
        numSamples);
    Value x = inner.add(inner.add(start, inner.mul(toFloat(inner, index), bin)),
                        offset);
    ImplicitLocOpBuilder &b = inner.builder();
    SamplePlace place;
    place.isInside =
        b.create<arith::AndIOp>(inner.lessEqual(inner.constant(-1), x),
                                inner.lessEqual(x, inner.constant(extent)));
    Value zero = inner.constant(0), last = inner.constant(extent - 1);
    x = inner.select(
        b.create<arith::AndIOp>(inner.greater(x, zero), place.isInside), x,
        zero);
    Value low = inner.call<math::FloorOp>(x);
    low = inner.select(inner.less(low, last), low, last);
    Value high = inner.add(low, inner.constant(1));
    Value isLast = inner.less(last, high);
    high = inner.select(isLast, last, high);
    place.share = inner.select(isLast, zero, inner.sub(x, low));
    place.low = toIndex(b, low);
    place.high = toIndex(b, high);
    return place;
  }

  Value count, numSamples;

private:
  /// As many as the bin has elements.
  Value adaptiveSamples() {
    Value zero = s.constant(0), most = s.constant(sampling::mostSamples);
    Value samples = s.call<math::CeilOp>(bin);
    samples = s.select(s.greater(samples, zero), samples, zero);
    return s.select(s.less(samples, most), samples, most);
  }

  static Value toFloat(Scalars &s, Value index) {
    ImplicitLocOpBuilder &b = s.builder();
    Value integer = b.create<arith::IndexCastOp>(b.getI32Type(), index);
    return b.create<arith::SIToFPOp>(s.type(), integer);
  }
  static Value toIndex(ImplicitLocOpBuilder &b, Value whole) {
    Value integer = b.create<arith::FPToSIOp>(b.getI32Type(), whole);
    return b.create<arith::IndexCastOp>(b.getIndexType(), integer);
  }

  Scalars &s;
  int64_t extent;
  Value start, bin;
};

/// One element of the result.
class RoiElement {
public:
  RoiElement(Scalars &scalars, edge::RoiAlignOp op, Value input,
             ValueRange corners, Value image)
      : s(scalars), op(op), input(input), image(image),
        x(s, op, corners[0], corners[2], shapeOf(input)[3], op.getWidth()),
        y(s, op, corners[1], corners[3], shapeOf(input)[2], op.getHeight()) {
    for (int64_t dim = 1; dim < 4; ++dim)
      position.push_back(s.builder().create<linalg::IndexOp>(dim));
  }

  Value emit() {
    ImplicitLocOpBuilder &b = s.builder();
    Value zero = b.create<arith::ConstantIndexOp>(0);
    Value one = b.create<arith::ConstantIndexOp>(1);
    Value initial = isMax() ? s.infinity(/*negative=*/true) : s.constant(0);
    auto columns = [&](OpBuilder &builder, Location loc, Value j, Value row,
                       Value sum) {
      Scalars inner(builder, loc, s.type());
      builder.create<scf::YieldOp>(loc, accumulate(inner, row, j, sum));
    };
    auto rows = [&](OpBuilder &builder, Location loc, Value i, ValueRange sum) {
      auto loop = builder.create<scf::ForOp>(
          loc, zero, x.count, one, sum,
          [&](OpBuilder &nested, Location nestedLoc, Value j, ValueRange so) {
            columns(nested, nestedLoc, j, i, so.front());
          });
      builder.create<scf::YieldOp>(loc, loop.getResults());
    };
    Value result =
        b.create<scf::ForOp>(zero, y.count, one, initial, rows).getResult(0);
    Value count = s.mul(y.numSamples, x.numSamples);
    if (isMax())
      return s.select(s.greater(count, s.constant(0)), result, s.constant(0));
    Value least = s.constant(1);
    return s.div(result, s.select(s.less(count, least), least, count));
  }

private:
  bool isMax() { return op.getKind() == edge::RoiKind::max; }

  Value combine(Scalars &inner, Value x, Value y) {
    return isMax() ? inner.max(x, y) : inner.add(x, y);
  }

  Value accumulate(Scalars &inner, Value i, Value j, Value sum) {
    SamplePlace down = y.at(inner, position[1], i);
    SamplePlace across = x.at(inner, position[2], j);
    Value one = inner.constant(1);
    Value up = inner.sub(one, down.share), back = inner.sub(one, across.share);
    auto term = [&](Value rowShare, Value columnShare, Value row,
                    Value column) {
      Value element = inner.builder().create<tensor::ExtractOp>(
          input, ValueRange{image, position[0], row, column});
      return inner.mul(inner.mul(rowShare, columnShare), inner.load(element));
    };
    Value sample = term(up, back, down.low, across.low);
    sample =
        combine(inner, sample, term(up, across.share, down.low, across.high));
    sample =
        combine(inner, sample, term(down.share, back, down.high, across.low));
    sample = combine(inner, sample,
                     term(down.share, across.share, down.high, across.high));
    Value isInside =
        inner.builder().create<arith::AndIOp>(down.isInside, across.isInside);
    sample = inner.select(isInside, sample, inner.constant(0));
    return combine(inner, sum, sample);
  }

  Scalars &s;
  edge::RoiAlignOp op;
  Value input, image;
  RoiAxis x, y;
  SmallVector<Value> position; ///< Channel, row and column of the result.
};

struct RoiAlignLowering : OpConversionPattern<edge::RoiAlignOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::RoiAlignOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = signlessType(op.getResult());
    int64_t images = shapeOf(op.getInput()).front();
    if (images == 0)
      return reject(op, "its input has no image");
    SmallVector<Value> inputs(4, adaptor.getRois());
    SmallVector<AffineMap> maps;
    AffineExpr region = rewriter.getAffineDimExpr(0);
    for (int64_t corner = 0; corner < 4; ++corner)
      maps.push_back(
          AffineMap::get(4, 0, {region, rewriter.getAffineConstantExpr(corner)},
                         rewriter.getContext()));
    inputs.push_back(adaptor.getBatchIndices());
    maps.push_back(AffineMap::get(4, 0, region));
    auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
      Scalars s(builder, loc, type.getElementType());
      ImplicitLocOpBuilder &b = s.builder();
      SmallVector<Value> corners;
      for (Value corner : x.take_front(4))
        corners.push_back(s.load(corner));
      Value image = b.create<arith::IndexCastOp>(b.getIndexType(), x[4]);
      image = b.create<arith::MaxSIOp>(
          image, b.create<arith::ConstantIndexOp>(0).getResult());
      image = b.create<arith::MinSIOp>(
          image, b.create<arith::ConstantIndexOp>(images - 1).getResult());
      RoiElement element(s, op, adaptor.getInput(), corners, image);
      return s.store(element.emit(), type.getElementType());
    };
    rewriter.replaceOp(
        op, buildParallel(rewriter, op.getLoc(), type, inputs, maps, body));
    return success();
  }
};

} // namespace

void populateRoiAlignToLinalgPatterns(const TypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<RoiAlignLowering>(converter, patterns.getContext());
}

} // namespace edgec
