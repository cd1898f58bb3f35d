//===- Determinant.cpp - Elimination with partial pivoting ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain loops over one matrix at a time: matrices are small, and each step
// depends on the pivot that the one before has found.
//
//===----------------------------------------------------------------------===//

#include "LoopWriter.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"

using namespace mlir;

namespace edgec {
namespace {

using Values = LoopWriter::Values;

/// Emits the elimination of one matrix: a tensor of the computation type that
/// loops hand on.
class Elimination {
public:
  Elimination(LoopWriter &writer, Type element, int64_t extent)
      : w(writer), element(element), extent(w.index(extent)) {}

  /// The determinant of `matrix`, and the matrix, which is overwritten.
  Values determinant(Value matrix) {
    Value initial = scalars().constant(1);
    return w.loop(w.index(0), extent, {initial, matrix},
                  [&](Value step, ValueRange state) {
                    return eliminate(step, state[0], state[1]);
                  });
  }

private:
  Scalars scalars() { return Scalars(w.b, w.b.getLoc(), element); }

  /// The row from `step` on with the largest element in column `step`.
  Value findPivot(Value step, Value matrix) {
    Value first = scalars().abs(w.extract(matrix, {step, step}));
    auto larger = [&](Value row, ValueRange best) -> Values {
      Scalars s = scalars();
      Value magnitude = s.abs(w.extract(matrix, {row, step}));
      Value isLarger = s.greater(magnitude, best[0]);
      return {s.select(isLarger, magnitude, best[0]),
              s.select(isLarger, row, best[1])};
    };
    return w.loop(step, extent, {first, step}, larger)[1];
  }

  Value swapRows(Value step, Value row, Value matrix) {
    auto swap = [&](Value column, ValueRange state) -> Values {
      Value upper = w.extract(state[0], {step, column});
      Value lower = w.extract(state[0], {row, column});
      Value half = w.insert(lower, state[0], {step, column});
      return {w.insert(upper, half, {row, column})};
    };
    return w.loop(step, extent, matrix, swap).front();
  }

  /// Row `below` less what makes its element in column `step` zero.
  Values reduceRow(Value step, Value below, Value pivot, Value matrix) {
    Scalars s = scalars();
    Value isSingular = s.equal(pivot, s.constant(0));
    Value factor = s.div(w.extract(matrix, {below, step}), pivot);
    factor = s.select(isSingular, s.constant(0), factor);
    auto reduce = [&](Value column, ValueRange state) -> Values {
      Scalars inner = scalars();
      Value removed = inner.mul(factor, w.extract(state[0], {step, column}));
      Value rest = inner.sub(w.extract(state[0], {below, column}), removed);
      return {w.insert(rest, state[0], {below, column})};
    };
    return w.loop(w.add(step, w.index(1)), extent, matrix, reduce);
  }

  Values eliminate(Value step, Value determinant, Value matrix) {
    Value row = findPivot(step, matrix);
    matrix = swapRows(step, row, matrix);
    Scalars s = scalars();
    Value pivot = w.extract(matrix, {step, step});
    Value product = s.mul(determinant, pivot);
    product = s.select(w.isEqual(row, step), product, s.neg(product));
    matrix = w.loop(w.add(step, w.index(1)), extent, matrix,
                    [&](Value below, ValueRange state) {
                      return reduceRow(step, below, pivot, state[0]);
                    })
                 .front();
    return {product, matrix};
  }

  LoopWriter &w;
  Type element;
  Value extent;
};

struct DetLowering : OpConversionPattern<edge::DetOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::DetOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = signlessType(op.getResult());
    Location loc = op.getLoc();
    Type element = type.getElementType();
    Scalars outer(rewriter, loc, element);
    int64_t extent = shapeOf(op.getInput()).back();
    if (extent == 0) { // The product of nothing.
      Value one = outer.store(outer.constant(1), element);
      rewriter.replaceOp(op, buildFill(rewriter, loc, type, one));
      return success();
    }
    int64_t batches = type.getNumElements();
    Value input = buildReshape(rewriter, loc, adaptor.getInput(),
                               {batches, extent, extent});
    LoopWriter w(rewriter, loc);
    Value results = w.empty(batches, element);
    Value work = w.empty({extent, extent}, outer.type());
    auto one = [&](Value batch, ValueRange state) -> Values {
      auto load = [&](ValueRange at, ValueRange copied) -> Values {
        Value stored = w.extract(input, {batch, at[0], at[1]});
        Value loaded = Scalars(w.b, loc, element).load(stored);
        return {w.insert(loaded, copied[0], at)};
      };
      Value matrix = w.nest({extent, extent}, state[1], load).front();
      Values eliminated = Elimination(w, element, extent).determinant(matrix);
      Value value = Scalars(w.b, loc, element).store(eliminated[0], element);
      return {w.insert(value, state[0], batch), eliminated[1]};
    };
    Value flat = w.loop(batches, {results, work}, one).front();
    rewriter.replaceOp(op, buildReshape(rewriter, loc, flat, type.getShape()));
    return success();
  }
};

} // namespace

void populateDeterminantToLinalgPatterns(const TypeConverter &converter,
                                         RewritePatternSet &patterns) {
  patterns.add<DetLowering>(converter, patterns.getContext());
}

} // namespace edgec
