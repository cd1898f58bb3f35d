//===- Selection.cpp - Elements in order, and those that are selected -----===//
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

/// [extents before the axis, along it, after it].
SmallVector<int64_t> aroundAxis(ArrayRef<int64_t> shape, int64_t axis) {
  return {ShapedType::getNumElements(shape.take_front(axis)), shape[axis],
          ShapedType::getNumElements(shape.drop_front(axis + 1))};
}

/// x < y in an order of all values: NaN is larger than every number.
Value isBefore(LoopWriter &w, Type element, Value x, Value y) {
  Scalars s(w.b, w.b.getLoc(), element);
  x = s.load(x);
  y = s.load(y);
  if (!s.isFloat())
    return s.less(x, y);
  Value isBelow = w.b.create<arith::CmpFOp>(arith::CmpFPredicate::ULT, x, y);
  return w.land(isBelow, s.equal(x, x));
}

/// Results without elements, where no loop is wanted.
Values emptyResults(OpBuilder &builder, Operation *op) {
  LoopWriter w(builder, op->getLoc());
  Values results;
  for (Value result : op->getResults()) {
    RankedTensorType type = signlessType(result);
    results.push_back(type.getNumElements() == 0
                          ? w.empty(type.getShape(), type.getElementType())
                          : w.filled(type.getShape(), type.getElementType()));
  }
  return results;
}

bool isEmpty(Value tensor) { return tensorType(tensor).getNumElements() == 0; }

//===----------------------------------------------------------------------===//
// Along an axis
//===----------------------------------------------------------------------===//

struct TopKLowering : OpConversionPattern<edge::TopKOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::TopKOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isEmpty(op.getValues())) {
      rewriter.replaceOp(op, emptyResults(rewriter, op));
      return success();
    }
    Location loc = op.getLoc();
    LoopWriter w(rewriter, loc);
    SmallVector<int64_t> from =
        aroundAxis(shapeOf(op.getInput()), op.getAxis());
    SmallVector<int64_t> to{from[0], static_cast<int64_t>(op.getK()), from[2]};
    Value input = buildReshape(rewriter, loc, adaptor.getInput(), from);
    Type stored = tensorType(input).getElementType();
    Values results{w.empty(to, stored), w.empty(to, rewriter.getI64Type()),
                   w.empty({to[1]}, rewriter.getIndexType())};
    results =
        w.nest({from[0], from[2]}, results, [&](ValueRange at, ValueRange x) {
          return selectLine(w, op, input, at, x);
        });
    ArrayRef<int64_t> shape = shapeOf(op.getValues());
    rewriter.replaceOp(op, {buildReshape(rewriter, loc, results[0], shape),
                            buildReshape(rewriter, loc, results[1], shape)});
    return success();
  }

private:
  /// The values and indices of one line, by way of a vector of indices.
  static Values selectLine(LoopWriter &w, edge::TopKOp op, Value input,
                           ValueRange line, ValueRange results) {
    auto element = [&](Value i) {
      return w.extract(input, {line[0], i, line[1]});
    };
    auto before = [&](Value i, Value j) {
      Type type = elementOf(op.getInput());
      Value x = element(i), y = element(j);
      Value isFirst = isBefore(w, type, x, y), isLast = isBefore(w, type, y, x);
      if (op.getLargest())
        std::swap(isFirst, isLast);
      // Of equal ones the lower index.
      Value no = w.b.create<arith::ConstantIntOp>(0, 1);
      return w.select(isLast, no, w.lor(isFirst, w.isLess(i, j)));
    };
    int64_t count = shapeOf(input)[1], k = op.getK();
    Value order = IndexSorter(w, before).selectFirst(results[2], count, k);
    return w.loop(k, {results[0], results[1], order},
                  [&](Value i, ValueRange x) {
                    Values to{line[0], i, line[1]};
                    Value index = w.extract(x[2], i);
                    return Values{w.insert(element(index), x[0], to),
                                  w.insert(w.toI64(index), x[1], to), x[2]};
                  });
  }
};

struct CumulativeSumLowering : OpConversionPattern<edge::CumulativeSumOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::CumulativeSumOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    LoopWriter w(rewriter, op.getLoc());
    SmallVector<int64_t> shape =
        aroundAxis(shapeOf(op.getInput()), op.getAxis());
    Value input =
        buildReshape(rewriter, op.getLoc(), adaptor.getInput(), shape);
    Value result =
        shape[2] == 1 ? scanElements(w, op, input) : scanRows(w, op, input);
    rewriter.replaceOp(op, buildReshape(rewriter, op.getLoc(), result,
                                        shapeOf(op.getResult())));
    return success();
  }

private:
  /// The position of step i.
  static Value position(LoopWriter &w, edge::CumulativeSumOp op, Value i,
                        int64_t count) {
    return op.getReverse() ? w.sub(w.index(count - 1), i) : i;
  }

  static Value scanElements(LoopWriter &w, edge::CumulativeSumOp op,
                            Value input) {
    ArrayRef<int64_t> shape = shapeOf(input);
    Type stored = tensorType(input).getElementType();
    Value result = w.empty(shape, stored);
    return w.loop(shape[0], result, [&](Value line, ValueRange outer) {
      Scalars s(w.b, op.getLoc(), elementOf(op.getInput()));
      Values initial{outer[0], s.constant(0)};
      Value done = w.loop(shape[1], initial, [&](Value i, ValueRange x) {
        Scalars s(w.b, op.getLoc(), elementOf(op.getInput()));
        Values at{line, position(w, op, i, shape[1]), w.index(0)};
        Value sum = s.add(x[1], s.load(w.extract(input, at)));
        Value stays = s.store(op.getExclusive() ? x[1] : sum, stored);
        return Values{w.insert(stays, x[0], at), sum};
      })[0];
      return Values{done};
    })[0];
  }

  /// Adds whole rows of the dimensions after the axis.
  static Value scanRows(LoopWriter &w, edge::CumulativeSumOp op, Value input) {
    ArrayRef<int64_t> shape = shapeOf(input);
    SmallVector<int64_t> sizes{1, 1, shape[2]};
    Type element = elementOf(op.getInput());
    Type stored = tensorType(input).getElementType();
    Scalars outer(w.b, op.getLoc(), element);
    Value zero = outer.constant(0);
    Values initial{w.empty(shape, stored), w.empty({shape[2]}, outer.type())};
    auto addRow = [&](OpBuilder &b, Location loc, ValueRange x) {
      Scalars s(b, loc, element);
      return s.add(x[1], s.load(x[0]));
    };
    auto storeRow = [&](OpBuilder &b, Location loc, ValueRange x) {
      return Scalars(b, loc, element).store(x[0], stored);
    };
    auto step = [&](Value line, Value i, ValueRange x) {
      Values at{line, position(w, op, i, shape[1]), w.index(0)};
      Value row = w.extractSlice(input, at, sizes);
      auto keep = [&](Value sums) {
        Value place = w.extractSlice(x[0], at, sizes);
        return w.insertSlice(w.map(sums, place, storeRow), x[0], at, sizes);
      };
      Value kept = op.getExclusive() ? keep(x[1]) : Value();
      Value sums = w.map(row, x[1], addRow);
      return Values{kept ? kept : keep(sums), sums};
    };
    return w.loop(shape[0], initial, [&](Value line, ValueRange x) {
      Value sums = w.b.create<linalg::FillOp>(zero, x[1]).getResult(0);
      return w.loop(shape[1], {x[0], sums}, [&](Value i, ValueRange inner) {
        return step(line, i, inner);
      });
    })[0];
  }
};

//===----------------------------------------------------------------------===//
// Results as large as the data say
//===----------------------------------------------------------------------===//

struct NonZeroLowering : OpConversionPattern<edge::NonZeroOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::NonZeroOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isEmpty(op.getInput())) {
      rewriter.replaceOp(op, emptyResults(rewriter, op));
      return success();
    }
    LoopWriter w(rewriter, op.getLoc());
    Value input = adaptor.getInput();
    RankedTensorType type = signlessType(op.getIndices());
    Values initial{w.filled(type.getShape(), type.getElementType()),
                   w.index(0)};
    Values results =
        w.nest(shapeOf(input), initial, [&](ValueRange at, ValueRange x) {
          Scalars s(w.b, op.getLoc(), elementOf(op.getInput()));
          Value element = s.load(w.extract(input, at));
          Value isSelected = s.notEqual(element, s.constant(0));
          return w.branch(isSelected, x, [&] {
            Value indices = x[0];
            for (auto [axis, i] : llvm::enumerate(at))
              indices = w.insert(w.toI64(i), indices, {w.index(axis), x[1]});
            return Values{indices, w.add(x[1], w.index(1))};
          });
        });
    rewriter.replaceOp(op, {results[0], w.scalarTensor(w.toI64(results[1]))});
    return success();
  }
};

struct CompressLowering : OpConversionPattern<edge::CompressOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::CompressOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    LoopWriter w(rewriter, loc);
    RankedTensorType type = signlessType(op.getResult());
    bool hasElements = type.getNumElements() != 0;
    SmallVector<int64_t> from =
        aroundAxis(shapeOf(op.getInput()), op.getAxis());
    SmallVector<int64_t> to = aroundAxis(type.getShape(), op.getAxis());
    SmallVector<int64_t> sizes{from[0], 1, from[2]};
    Value input = adaptor.getInput();
    // Without elements, there is still something to count.
    Values initial{w.index(0)};
    if (hasElements) {
      input = buildReshape(rewriter, loc, input, from);
      initial.push_back(w.filled(to, type.getElementType()));
    }
    Values results = initial;
    if (to[1] != 0)
      results = w.loop(to[1], initial, [&](Value i, ValueRange x) {
        return w.branch(w.extract(adaptor.getCondition(), i), x, [&] {
          Values next{w.add(x[0], w.index(1))};
          if (!hasElements)
            return next;
          Value zero = w.index(0);
          Value slice = w.extractSlice(input, {zero, i, zero}, sizes);
          next.push_back(w.insertSlice(slice, x[1], {zero, x[0], zero}, sizes));
          return next;
        });
      });
    Value result =
        hasElements ? buildReshape(rewriter, loc, results[1], type.getShape())
                    : w.empty(type.getShape(), type.getElementType());
    rewriter.replaceOp(op, {result, w.scalarTensor(w.toI64(results[0]))});
    return success();
  }
};

struct UniqueLowering : OpConversionPattern<edge::UniqueOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::UniqueOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isEmpty(op.getInput()))
      return lowerEmpty(rewriter, op);
    Location loc = op.getLoc();
    LoopWriter w(rewriter, loc);
    RankedTensorType type = signlessType(op.getResult());
    int64_t slices = type.getDimSize(0);
    int64_t width = type.getNumElements() / slices;
    Value input =
        buildReshape(rewriter, loc, adaptor.getInput(), {slices, width});
    Type element = elementOf(op.getInput());
    auto before = [&](Value i, Value j) {
      return isSliceBefore(w, element, input, i, j);
    };
    Value order = sortedOrder(w, slices, before);
    Value leaders = leadersOf(w, order, slices, before);
    Values results = number(w, op, input, order, leaders);
    rewriter.replaceOp(
        op,
        {buildReshape(rewriter, loc, results[0], type.getShape()), results[1],
         results[2], results[3], w.scalarTensor(w.toI64(results[4]))});
    return success();
  }

private:
  using Order = function_ref<Value(Value, Value)>;

  /// Slices without elements are all the same.
  static LogicalResult lowerEmpty(ConversionPatternRewriter &rewriter,
                                  edge::UniqueOp op) {
    Values results = emptyResults(rewriter, op);
    int64_t slices = shapeOf(op.getInput())[0];
    if (slices != 0) {
      LoopWriter w(rewriter, op.getLoc());
      Type i64 = rewriter.getI64Type();
      auto number = [&](int64_t value) -> Value {
        return scalarConstant(rewriter, op.getLoc(), i64, value);
      };
      results[3] = w.insert(number(slices), results[3], w.index(0));
      results[4] = w.scalarTensor(number(1));
    }
    rewriter.replaceOp(op, results);
    return success();
  }

  /// Compares element by element, up to the first difference.
  static Value isSliceBefore(LoopWriter &w, Type element, Value input, Value i,
                             Value j) {
    int64_t width = shapeOf(input)[1];
    Value no = w.b.create<arith::ConstantIntOp>(0, 1);
    // (position, whether i comes before, whether j does)
    return w.loopWhile(
        {w.index(0), no, no},
        [&](ValueRange x) {
          Value differ = w.lor(x[1], x[2]);
          Value goesOn = w.isLess(x[0], w.index(width));
          return w.select(differ, no, goesOn);
        },
        [&](ValueRange x) {
          Value a = w.extract(input, {i, x[0]});
          Value b = w.extract(input, {j, x[0]});
          return Values{w.add(x[0], w.index(1)), isBefore(w, element, a, b),
                        isBefore(w, element, b, a)};
        })[1];
  }

  /// The numbers of the slices in lexicographic order; of equal ones the lower
  /// number first.
  static Value sortedOrder(LoopWriter &w, int64_t slices, Order before) {
    auto isFirst = [&](Value i, Value j) {
      Value isAfter = before(j, i);
      Value isFirst = w.lor(before(i, j), w.isLess(i, j));
      return w.select(isAfter, w.b.create<arith::ConstantIntOp>(0, 1), isFirst);
    };
    Value order = w.empty({slices}, w.b.getIndexType());
    order = w.loop(slices, order, [&](Value i, ValueRange x) {
      return Values{w.insert(i, x[0], i)};
    })[0];
    return IndexSorter(w, isFirst).sort(order, w.index(slices));
  }

  /// For each slice the first one that is equal.
  static Value leadersOf(LoopWriter &w, Value order, int64_t slices,
                         Order before) {
    Value first = w.extract(order, w.index(0));
    Values initial{w.empty({slices}, w.b.getIndexType()), first};
    return w.loop(slices, initial, [&](Value i, ValueRange x) {
      Value slice = w.extract(order, i);
      Value isNew = before(x[1], slice);
      Value leader = w.select(isNew, slice, x[1]);
      return Values{w.insert(leader, x[0], slice), leader};
    })[0];
  }

  /// Gives the leaders numbers in order; (values, indices, inverse, counts,
  /// count).
  static Values number(LoopWriter &w, edge::UniqueOp op, Value input,
                       Value order, Value leaders) {
    ArrayRef<int64_t> shape = shapeOf(input);
    Type i64 = w.b.getI64Type();
    auto list = [&] { return w.filled({shape[0]}, i64); };
    Values initial{w.filled(shape, tensorType(input).getElementType()), list(),
                   list(), list(), w.index(0)};
    return w.loop(shape[0], initial, [&](Value i, ValueRange x) {
      Value slice = op.getSorted() ? w.extract(order, i) : i;
      Value leader = w.extract(leaders, slice);
      Values isNew{x[0], x[1], x[2], x[4]};
      Values next = w.branch(w.isEqual(leader, slice), isNew, [&] {
        Value zero = w.index(0);
        Value row = w.extractSlice(input, {slice, zero}, {1, shape[1]});
        return Values{w.insertSlice(row, x[0], {x[4], zero}, {1, shape[1]}),
                      w.insert(w.toI64(slice), x[1], x[4]),
                      w.insert(w.toI64(x[4]), x[2], slice),
                      w.add(x[4], w.index(1))};
      });
      Value own = w.extract(next[2], leader), to = w.toIndex(own);
      Value one = scalarConstant(w.b, op.getLoc(), i64, 1);
      Value times = w.add(w.extract(x[3], to), one);
      return Values{next[0], next[1], w.insert(own, next[2], slice),
                    w.insert(times, x[3], to), next[3]};
    });
  }
};

} // namespace

void populateSelectionToLinalgPatterns(const TypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns.add<TopKLowering, CumulativeSumLowering, NonZeroLowering,
               CompressLowering, UniqueLowering>(converter,
                                                 patterns.getContext());
}

} // namespace edgec
