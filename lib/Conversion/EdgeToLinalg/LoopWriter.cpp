//===- LoopWriter.cpp - Algorithms on tensors, by loops -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopWriter.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace edgec {

using Values = LoopWriter::Values;

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

Values LoopWriter::loop(Value begin, Value end, ValueRange carried,
                        function_ref<Values(Value, ValueRange)> body) {
  auto loop = b.create<scf::ForOp>(begin, end, index(1), carried);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Values next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!carried.empty()) // Else the loop has its terminator.
    b.create<scf::YieldOp>(next);
  return Values(loop.getResults());
}

Values LoopWriter::nest(ArrayRef<int64_t> extents, ValueRange carried,
                        function_ref<Values(ValueRange, ValueRange)> body) {
  Values indices;
  std::function<Values(ValueRange)> level = [&](ValueRange values) -> Values {
    if (indices.size() == extents.size())
      return body(indices, values);
    return loop(extents[indices.size()], values,
                [&](Value i, ValueRange inner) {
                  indices.push_back(i);
                  Values next = level(inner);
                  indices.pop_back();
                  return next;
                });
  };
  return level(carried);
}

Values LoopWriter::loopWhile(ValueRange carried,
                             function_ref<Value(ValueRange)> condition,
                             function_ref<Values(ValueRange)> body) {
  auto loop = b.create<scf::WhileOp>(
      carried.getTypes(), carried, [&](OpBuilder &, Location, ValueRange) {},
      [&](OpBuilder &, Location, ValueRange) {});
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBeforeBody());
  ValueRange before = loop.getBeforeArguments();
  b.create<scf::ConditionOp>(condition(before), before);
  b.setInsertionPointToStart(loop.getAfterBody());
  b.create<scf::YieldOp>(body(loop.getAfterArguments()));
  return Values(loop.getResults());
}

Values LoopWriter::branch(Value condition, ValueRange otherwise,
                          function_ref<Values()> then) {
  auto branch = b.create<scf::IfOp>(otherwise.getTypes(), condition,
                                    /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  b.create<scf::YieldOp>(then());
  b.setInsertionPointToStart(branch.elseBlock());
  b.create<scf::YieldOp>(otherwise);
  return Values(branch.getResults());
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

Value LoopWriter::clampedIndex(Value position, int64_t extent) {
  if (!position.getType().isIndex())
    position = toIndex(position);
  Value zero = index(0);
  Value fromEnd = add(position, index(extent));
  position = select(isLess(position, zero), fromEnd, position);
  position = b.create<arith::MaxSIOp>(position, zero);
  return b.create<arith::MinSIOp>(position, index(extent - 1));
}

Value LoopWriter::extract(Value tensor, ValueRange position) {
  return b.create<tensor::ExtractOp>(tensor, position);
}

Value LoopWriter::insert(Value element, Value tensor, ValueRange position) {
  return b.create<tensor::InsertOp>(element, tensor, position);
}

Value LoopWriter::empty(ArrayRef<int64_t> shape, Type element) {
  return b.create<tensor::EmptyOp>(shape, element);
}

Value LoopWriter::filled(ArrayRef<int64_t> shape, Type element, Value initial) {
  if (!initial)
    initial = b.create<arith::ConstantOp>(b.getZeroAttr(element));
  return buildFill(b, b.getLoc(), RankedTensorType::get(shape, element),
                   initial);
}

Value LoopWriter::scalarTensor(Value scalar) {
  return b.create<tensor::FromElementsOp>(
      RankedTensorType::get({}, scalar.getType()), scalar);
}

/// The extents of a slice without unit dimensions.
static RankedTensorType sliceType(Value tensor, ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> shape;
  llvm::copy_if(sizes, std::back_inserter(shape),
                [](int64_t size) { return size != 1; });
  if (shape.empty())
    shape.push_back(1);
  return RankedTensorType::get(shape, tensorType(tensor).getElementType());
}

Value LoopWriter::extractSlice(Value tensor, ValueRange offsets,
                               ArrayRef<int64_t> sizes) {
  SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
  return b.create<tensor::ExtractSliceOp>(
      sliceType(tensor, sizes), tensor, getAsOpFoldResult(offsets),
      getAsIndexOpFoldResult(b.getContext(), sizes), strides);
}

Value LoopWriter::insertSlice(Value slice, Value tensor, ValueRange offsets,
                              ArrayRef<int64_t> sizes) {
  SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
  return b.create<tensor::InsertSliceOp>(
      slice, tensor, getAsOpFoldResult(offsets),
      getAsIndexOpFoldResult(b.getContext(), sizes), strides);
}

Value LoopWriter::map(ValueRange inputs, Value output, ScalarBody body) {
  int64_t rank = tensorType(output).getRank();
  SmallVector<AffineMap> maps(inputs.size() + 1,
                              b.getMultiDimIdentityMap(rank));
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return b
      .create<linalg::GenericOp>(
          output.getType(), inputs, output, maps, iterators,
          [&](OpBuilder &nested, Location loc, ValueRange x) {
            Value element = body(nested, loc, x);
            nested.create<linalg::YieldOp>(loc, element);
          })
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Sorting
//===----------------------------------------------------------------------===//

Value IndexSorter::siftDown(Value heap, Value position, Value size) {
  Value moving = w.extract(heap, position);
  auto childOf = [&](Value parent) {
    return w.add(w.add(parent, parent), w.index(1));
  };
  // (the heap, where there is room, whether to go on)
  Value yes = w.b.create<arith::ConstantIntOp>(1, 1);
  Values state = w.loopWhile(
      {heap, position, yes},
      [&](ValueRange x) { return w.land(x[2], w.isLess(childOf(x[1]), size)); },
      [&](ValueRange x) {
        Value left = childOf(x[1]);
        Value right = w.add(left, w.index(1));
        Value hasRight = w.isLess(right, size);
        Value other = w.select(hasRight, right, left);
        Value leftElement = w.extract(x[0], left);
        Value rightElement = w.extract(x[0], other);
        // The root comes last: the later child moves up.
        Value isRight = before(leftElement, rightElement);
        Value child = w.select(isRight, other, left);
        Value element = w.select(isRight, rightElement, leftElement);
        Value goesOn = before(moving, element);
        Values next = w.branch(goesOn, {x[0], x[1]}, [&] {
          return Values{w.insert(element, x[0], x[1]), child};
        });
        return Values{next[0], next[1], goesOn};
      });
  return w.insert(moving, state[0], state[1]);
}

Value IndexSorter::makeHeap(Value heap, Value size) {
  Value half = w.b.create<arith::ShRSIOp>(size, w.index(1));
  return w.loop(w.index(0), half, heap, [&](Value i, ValueRange x) {
    Value position = w.sub(w.sub(half, i), w.index(1));
    return Values{siftDown(x[0], position, size)};
  })[0];
}

Value IndexSorter::sortHeap(Value heap, Value size) {
  return w.loop(w.index(1), size, heap, [&](Value i, ValueRange x) {
    Value zero = w.index(0), last = w.sub(size, i);
    Value root = w.extract(x[0], zero), leaf = w.extract(x[0], last);
    Value swapped = w.insert(leaf, w.insert(root, x[0], last), zero);
    return Values{siftDown(swapped, zero, last)};
  })[0];
}

Value IndexSorter::sort(Value heap, Value size) {
  return sortHeap(makeHeap(heap, size), size);
}

Value IndexSorter::selectFirst(Value heap, int64_t candidates, int64_t size) {
  Value room = w.index(size), zero = w.index(0);
  heap = w.loop(size, heap, [&](Value i, ValueRange x) {
    return Values{w.insert(i, x[0], i)};
  })[0];
  heap = makeHeap(heap, room);
  heap = w.loop(room, w.index(candidates), heap, [&](Value i, ValueRange x) {
    Value isBetter = before(i, w.extract(x[0], zero));
    return w.branch(isBetter, {x[0]}, [&] {
      return Values{siftDown(w.insert(i, x[0], zero), zero, room)};
    });
  })[0];
  return sortHeap(heap, room);
}

} // namespace edgec
