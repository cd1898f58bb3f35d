//===- NonMaxSuppression.cpp - Boxes that do not overlap better ones ------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopWriter.h"

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {
namespace {

using Values = LoopWriter::Values;

/// The edges of a box along both axes.
struct Box {
  Value low[2], high[2];
};

/// Writes the selection among the boxes of one batch and class.
class Selector {
public:
  Selector(LoopWriter &w, edge::NonMaxSuppressionOp op, Value boxes,
           Value scores, Value iou, Value threshold, Value most)
      : w(w), op(op), boxes(boxes), scores(scores), iou(iou),
        threshold(threshold), most(most), numBoxes(shapeOf(scores)[2]) {}

  /// `state`: rows that are selected, how many, a vector for indices of boxes.
  Values select(Value batch, Value category, ValueRange state) {
    auto scoreOf = [&](Value box) {
      return scalars().load(w.extract(scores, {batch, category, box}));
    };
    auto before = [&](Value i, Value j) {
      Scalars s = scalars();
      Value x = scoreOf(i), y = scoreOf(j);
      Value isFirst = w.land(s.equal(x, y), w.isLess(i, j));
      return w.lor(s.greater(x, y), isFirst);
    };
    Values candidates =
        w.loop(numBoxes, {state[2], w.index(0)}, [&](Value i, ValueRange x) {
          Value isGood = scalars().greater(scoreOf(i), threshold);
          return w.branch(isGood, x, [&] {
            return Values{w.insert(i, x[0], x[1]), w.add(x[1], w.index(1))};
          });
        });
    Value order = IndexSorter(w, before).sort(candidates[0], candidates[1]);
    Value first = state[1];
    Values selected =
        w.loop(w.index(0), candidates[1], {state[0], state[1], order},
               [&](Value i, ValueRange x) {
                 Value isRoom = w.isLess(w.sub(x[1], first), most);
                 Values next = w.branch(isRoom, {x[0], x[1]}, [&] {
                   Value box = w.extract(x[2], i);
                   Value isFree = overlapsNone(batch, box, x[0], first, x[1]);
                   return w.branch(isFree, {x[0], x[1]}, [&] {
                     return Values{append(x[0], x[1], {batch, category, box}),
                                   w.add(x[1], w.index(1))};
                   });
                 });
                 return Values{next[0], next[1], x[2]};
               });
    return selected;
  }

private:
  Scalars scalars() {
    return Scalars(w.b, op.getLoc(), elementOf(op.getBoxes()));
  }

  Value append(Value rows, Value count, ValueRange row) {
    for (auto [column, value] : llvm::enumerate(row))
      rows = w.insert(w.toI64(value), rows, {count, w.index(column)});
    return rows;
  }

  /// Whether the box overlaps none of the rows [first, end) too much.
  Value overlapsNone(Value batch, Value box, Value rows, Value first,
                     Value end) {
    Box candidate = boxAt(batch, box);
    Value yes = w.b.create<arith::ConstantIntOp>(1, 1);
    return w.loopWhile(
        {first, yes},
        [&](ValueRange x) { return w.land(x[1], w.isLess(x[0], end)); },
        [&](ValueRange x) {
          Value other = w.toIndex(w.extract(rows, {x[0], w.index(2)}));
          Value overlap = overlaps(candidate, boxAt(batch, other));
          return Values{w.add(x[0], w.index(1)),
                        w.b.create<arith::XOrIOp>(overlap, yes)};
        })[1];
  }

  Box boxAt(Value batch, Value box) {
    Scalars s = scalars();
    auto entry = [&](int64_t i) {
      return s.load(w.extract(boxes, {batch, box, w.index(i)}));
    };
    Box result;
    for (int axis = 0; axis < 2; ++axis) {
      Value x = entry(axis), y = entry(axis + 2);
      if (op.getCenterPointBox()) {
        Value half = s.div(y, s.constant(2));
        result.low[axis] = s.sub(x, half);
        result.high[axis] = s.add(x, half);
        continue;
      }
      result.low[axis] = s.min(x, y);
      result.high[axis] = s.max(x, y);
    }
    return result;
  }

  Value areaOf(const Box &box) {
    Scalars s = scalars();
    return s.mul(s.sub(box.high[0], box.low[0]),
                 s.sub(box.high[1], box.low[1]));
  }

  /// Whether intersection over union is above the threshold.
  Value overlaps(const Box &a, const Box &b) {
    Scalars s = scalars();
    Value zero = s.constant(0), extents[2];
    for (int axis = 0; axis < 2; ++axis)
      extents[axis] = s.max(zero, s.sub(s.min(a.high[axis], b.high[axis]),
                                        s.max(a.low[axis], b.low[axis])));
    Value intersection = s.mul(extents[0], extents[1]);
    Value all = s.sub(s.add(areaOf(a), areaOf(b)), intersection);
    return w.land(s.greater(intersection, zero),
                  s.greater(s.div(intersection, all), iou));
  }

  LoopWriter &w;
  edge::NonMaxSuppressionOp op;
  Value boxes, scores, iou, threshold, most;
  int64_t numBoxes;
};

struct NonMaxSuppressionLowering
    : OpConversionPattern<edge::NonMaxSuppressionOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(edge::NonMaxSuppressionOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    LoopWriter w(rewriter, op.getLoc());
    RankedTensorType type = signlessType(op.getSelected());
    if (type.getNumElements() == 0) {
      rewriter.replaceOp(op, {w.empty(type.getShape(), type.getElementType()),
                              w.filled({}, type.getElementType())});
      return success();
    }
    Scalars s(w.b, op.getLoc(), elementOf(op.getBoxes()));
    auto threshold = [&](Value tensor) -> Value {
      Value value = w.extract(tensor, {});
      return s.type() == value.getType()
                 ? value
                 : w.b.create<arith::ExtFOp>(s.type(), value).getResult();
    };
    Value most = w.extract(adaptor.getMaxBoxes(), {});
    most = w.b.create<arith::MinSIOp>(w.toIndex(most), w.index(op.getBound()));
    Selector selector(w, op, adaptor.getBoxes(), adaptor.getScores(),
                      threshold(adaptor.getIouThreshold()),
                      threshold(adaptor.getScoreThreshold()), most);
    ArrayRef<int64_t> shape = shapeOf(op.getScores());
    Values initial{w.filled(type.getShape(), type.getElementType()), w.index(0),
                   w.empty({shape[2]}, w.b.getIndexType())};
    Values results =
        w.nest({shape[0], shape[1]}, initial, [&](ValueRange at, ValueRange x) {
          return selector.select(at[0], at[1], x);
        });
    rewriter.replaceOp(op, {results[0], w.scalarTensor(w.toI64(results[1]))});
    return success();
  }
};

} // namespace

void populateNonMaxSuppressionToLinalgPatterns(const TypeConverter &converter,
                                               RewritePatternSet &patterns) {
  patterns.add<NonMaxSuppressionLowering>(converter, patterns.getContext());
}

} // namespace edgec
