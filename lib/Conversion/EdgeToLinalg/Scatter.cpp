//===- Scatter.cpp - Elements read and written by index -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopWriter.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

using Values = LoopWriter::Values;

int64_t productOf(ArrayRef<int64_t> extents) {
  return ShapedType::getNumElements(extents);
}

bool isEmpty(Value tensor) { return tensorType(tensor).getNumElements() == 0; }

struct IotaLowering : OpConversionPattern<edge::IotaOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::IotaOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = signlessType(op.getResult());
    auto body = [&](OpBuilder &builder, Location loc, ValueRange) -> Value {
      Value index = builder.create<linalg::IndexOp>(loc, op.getAxis());
      Type element = type.getElementType();
      if (!isa<FloatType>(element))
        return builder.create<arith::IndexCastOp>(loc, element, index);
      Value wide =
          builder.create<arith::IndexCastOp>(loc, builder.getI64Type(), index);
      return builder.create<arith::SIToFPOp>(loc, element, wide);
    };
    rewriter.replaceOp(
        op, buildParallel(rewriter, op.getLoc(), type, {}, {}, body));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Gathering
//===----------------------------------------------------------------------===//

struct GatherElementsLowering : OpConversionPattern<edge::GatherElementsOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::GatherElementsOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = signlessType(op.getResult());
    Value input = adaptor.getInput();
    int64_t axis = op.getAxis();
    auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
      LoopWriter w(builder, loc);
      Values position;
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        position.push_back(dim == axis
                               ? w.clampedIndex(x[0], shapeOf(input)[axis])
                               : w.b.create<linalg::IndexOp>(dim).getResult());
      return w.extract(input, position);
    };
    rewriter.replaceOp(
        op,
        buildParallel(rewriter, op.getLoc(), type, adaptor.getIndices(),
                      rewriter.getMultiDimIdentityMap(type.getRank()), body));
    return success();
  }
};

/// Slices of fewer elements are not worth a loop of their own.
constexpr int64_t fewestElementsOfSlice = 8;

/// Tuples of indices as a matrix [tuples, entries].
Value asMatrix(OpBuilder &builder, Location loc, Value indices) {
  ArrayRef<int64_t> shape = shapeOf(indices);
  return buildReshape(builder, loc, indices,
                      {productOf(shape.drop_back()), shape.back()});
}

/// The position in [extents] that row `row` of a matrix of tuples selects.
Values tuplePosition(LoopWriter &w, Value matrix, Value row,
                     ArrayRef<int64_t> extents) {
  Values position;
  for (auto [i, extent] : llvm::enumerate(extents))
    position.push_back(
        w.clampedIndex(w.extract(matrix, {row, w.index(i)}), extent));
  return position;
}

struct GatherNdLowering : OpConversionPattern<edge::GatherNdOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::GatherNdOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    int64_t tuple = shapeOf(op.getIndices()).back();
    int64_t width = productOf(shape.drop_front(op.getBatchDims() + tuple));
    Value result = width < fewestElementsOfSlice
                       ? gatherEach(rewriter, op, adaptor)
                       : gatherSlices(rewriter, op, adaptor);
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static Value gatherEach(OpBuilder &builder, edge::GatherNdOp op,
                          OpAdaptor adaptor) {
    RankedTensorType type = signlessType(op.getResult());
    Value input = adaptor.getInput(), indices = adaptor.getIndices();
    int64_t batchDims = op.getBatchDims(), tuple = shapeOf(indices).back();
    int64_t lookupDims = tensorType(indices).getRank() - 1;
    // An input for each entry of the tuples.
    SmallVector<Value> inputs(tuple, indices);
    SmallVector<AffineMap> maps;
    for (int64_t i = 0; i < tuple; ++i) {
      AffineMap map =
          leadingDims(builder.getContext(), type.getRank(), lookupDims);
      maps.push_back(
          map.insertResult(builder.getAffineConstantExpr(i), lookupDims));
    }
    auto body = [&](OpBuilder &nested, Location loc, ValueRange x) {
      LoopWriter w(nested, loc);
      auto loop = [&](int64_t dim) {
        return w.b.create<linalg::IndexOp>(dim).getResult();
      };
      Values position;
      for (int64_t dim = 0; dim < batchDims; ++dim)
        position.push_back(loop(dim));
      for (int64_t i = 0; i < tuple; ++i)
        position.push_back(w.clampedIndex(x[i], shapeOf(input)[batchDims + i]));
      for (int64_t dim = lookupDims; dim < type.getRank(); ++dim)
        position.push_back(loop(dim));
      return w.extract(input, position);
    };
    return buildParallel(builder, op.getLoc(), type, inputs, maps, body);
  }

  /// Batches are one dimension, and so are the elements of a slice.
  static Value gatherSlices(OpBuilder &builder, edge::GatherNdOp op,
                            OpAdaptor adaptor) {
    Location loc = op.getLoc();
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    int64_t batchDims = op.getBatchDims();
    int64_t tuple = shapeOf(op.getIndices()).back();
    ArrayRef<int64_t> indexed = shape.slice(batchDims, tuple);
    int64_t batches = productOf(shape.take_front(batchDims));
    int64_t width = productOf(shape.drop_front(batchDims + tuple));
    LoopWriter w(builder, loc);
    Value matrix = asMatrix(builder, loc, adaptor.getIndices());
    int64_t each = shapeOf(matrix)[0] / batches;

    SmallVector<int64_t> flat{batches}, sizes(tuple + 1, 1);
    llvm::append_range(flat, indexed);
    flat.push_back(width);
    sizes.push_back(width);
    Value input = buildReshape(builder, loc, adaptor.getInput(), flat);
    Value result =
        w.empty({batches * each, width}, tensorType(input).getElementType());
    result = w.nest({batches, each}, result, [&](ValueRange at, ValueRange x) {
      Value row = w.add(w.mul(at[0], w.index(each)), at[1]);
      Values offsets{at[0]};
      llvm::append_range(offsets, tuplePosition(w, matrix, row, indexed));
      offsets.push_back(w.index(0));
      Value slice = w.extractSlice(input, offsets, sizes);
      return Values{w.insertSlice(slice, x[0], {row, w.index(0)}, {1, width})};
    })[0];
    return buildReshape(builder, loc, result, shapeOf(op.getResult()));
  }
};

//===----------------------------------------------------------------------===//
// Scattering
//===----------------------------------------------------------------------===//

/// What becomes of an element of a tensor of `element` that an update meets.
Value combine(OpBuilder &builder, Location loc, edge::ScatterKind kind,
              Type element, Value old, Value update) {
  if (kind == edge::ScatterKind::assign)
    return update;
  Scalars s(builder, loc, element);
  Value x = s.load(old), y = s.load(update);
  auto result = [&]() -> Value {
    switch (kind) {
    case edge::ScatterKind::add:
      return s.add(x, y);
    case edge::ScatterKind::mul:
      return s.mul(x, y);
    case edge::ScatterKind::max:
      return s.max(x, y);
    default:
      return s.min(x, y);
    }
  };
  return s.store(result(), old.getType());
}

/// Combines the elements of `tensor` at `offsets` with a slice of updates of
/// the shape that extractSlice gives. Elements are `element` before conversion.
Value updateSlice(LoopWriter &w, edge::ScatterKind kind, Type element,
                  Value tensor, Value updates, ValueRange offsets,
                  ArrayRef<int64_t> sizes) {
  if (kind == edge::ScatterKind::assign)
    return w.insertSlice(updates, tensor, offsets, sizes);
  Value old = w.extractSlice(tensor, offsets, sizes);
  Value combined =
      w.map(updates, old, [&](OpBuilder &builder, Location loc, ValueRange x) {
        return combine(builder, loc, kind, element, x[1], x[0]);
      });
  return w.insertSlice(combined, tensor, offsets, sizes);
}

struct ScatterElementsLowering : OpConversionPattern<edge::ScatterElementsOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ScatterElementsOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isEmpty(adaptor.getUpdates())) {
      rewriter.replaceOp(op, adaptor.getInput());
      return success();
    }
    LoopWriter w(rewriter, op.getLoc());
    Type element = elementOf(op.getInput());
    int64_t axis = op.getAxis(), extent = shapeOf(op.getInput())[axis];
    Value result =
        w.nest(shapeOf(adaptor.getUpdates()), adaptor.getInput(),
               [&](ValueRange at, ValueRange x) {
                 Values to(at);
                 to[axis] = w.clampedIndex(w.extract(adaptor.getIndices(), at),
                                           extent);
                 Value update = w.extract(adaptor.getUpdates(), at);
                 if (op.getKind() != edge::ScatterKind::assign)
                   update = combine(w.b, op.getLoc(), op.getKind(), element,
                                    w.extract(x[0], to), update);
                 return Values{w.insert(update, x[0], to)};
               })[0];
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// Whole slices take the same index: what exporters write to add rows to rows.
struct ScatterEqualIndices : OpConversionPattern<edge::ScatterElementsOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ScatterElementsOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ArrayRef<int64_t> shape = shapeOf(op.getIndices());
    auto broadcast = op.getIndices().getDefiningOp<edge::BroadcastOp>();
    int64_t axis = op.getAxis();
    if (!broadcast || productOf(shape) == 0)
      return rewriter.notifyMatchFailure(op, "indices are not repeated");
    ArrayRef<int64_t> source = shapeOf(broadcast.getInput());
    int64_t added = shape.size() - source.size();
    int64_t width = productOf(shape.drop_front(axis + 1));
    for (int64_t dim = axis + 1, rank = shape.size(); dim < rank; ++dim)
      if (dim >= added && source[dim - added] != 1)
        return rewriter.notifyMatchFailure(op, "indices within slices differ");
    if (width < fewestElementsOfSlice)
      return rewriter.notifyMatchFailure(op, "slices are small");

    LoopWriter w(rewriter, op.getLoc());
    SmallVector<int64_t> sizes(axis + 1, 1);
    llvm::append_range(sizes, shape.drop_front(axis + 1));
    Value result = w.nest(
        shape.take_front(axis + 1), adaptor.getInput(),
        [&](ValueRange at, ValueRange x) {
          Values from(at);
          from.resize(shape.size(), w.index(0));
          Values to(from);
          to[axis] = w.clampedIndex(w.extract(adaptor.getIndices(), from),
                                    shapeOf(op.getInput())[axis]);
          Value updates = w.extractSlice(adaptor.getUpdates(), from, sizes);
          return Values{updateSlice(w, op.getKind(), elementOf(op.getInput()),
                                    x[0], updates, to, sizes)};
        })[0];
    rewriter.replaceOp(op, result);
    return success();
  }
};

struct ScatterNdLowering : OpConversionPattern<edge::ScatterNdOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::ScatterNdOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isEmpty(adaptor.getUpdates())) {
      rewriter.replaceOp(op, adaptor.getInput());
      return success();
    }
    Location loc = op.getLoc();
    LoopWriter w(rewriter, loc);
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    int64_t tuple = shapeOf(op.getIndices()).back();
    int64_t width = productOf(shape.drop_front(tuple));
    int64_t count = tensorType(adaptor.getUpdates()).getNumElements() / width;
    Value updates =
        buildReshape(rewriter, loc, adaptor.getUpdates(), {count, width});
    // Elements of a slice are one dimension.
    SmallVector<int64_t> flat(shape.take_front(tuple)), sizes(tuple, 1);
    flat.push_back(width);
    sizes.push_back(width);
    Value input = buildReshape(rewriter, loc, adaptor.getInput(), flat);
    // Tuples without entries select the whole.
    Value matrix =
        tuple == 0 ? Value() : asMatrix(rewriter, loc, adaptor.getIndices());
    Value result = w.loop(count, input, [&](Value i, ValueRange x) {
      Values to = tuplePosition(w, matrix, i, shape.take_front(tuple));
      to.push_back(w.index(0));
      return Values{update(w, op, x[0], updates, i, to, sizes)};
    })[0];
    rewriter.replaceOp(op, buildReshape(rewriter, loc, result, shape));
    return success();
  }

private:
  static Value update(LoopWriter &w, edge::ScatterNdOp op, Value tensor,
                      Value updates, Value row, ValueRange to,
                      ArrayRef<int64_t> sizes) {
    Type element = elementOf(op.getInput());
    Values from{row, w.index(0)};
    if (sizes.back() != 1) {
      Value slice = w.extractSlice(updates, from, {1, sizes.back()});
      return updateSlice(w, op.getKind(), element, tensor, slice, to, sizes);
    }
    Value value = w.extract(updates, from);
    if (op.getKind() != edge::ScatterKind::assign)
      value = combine(w.b, op.getLoc(), op.getKind(), element,
                      w.extract(tensor, to), value);
    return w.insert(value, tensor, to);
  }
};

} // namespace

void populateScatterToLinalgPatterns(const TypeConverter &converter,
                                     RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<IotaLowering, GatherElementsLowering, GatherNdLowering,
               ScatterElementsLowering, ScatterNdLowering>(converter, context);
  patterns.add<ScatterEqualIndices>(converter, context, /*benefit=*/2);
}

} // namespace edgec
