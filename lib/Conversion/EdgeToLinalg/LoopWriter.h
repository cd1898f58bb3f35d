//===- LoopWriter.h - Algorithms on tensors, by loops -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For what no structured operation says, because one element decides where the
// next one goes: scattering, scans, sorting, selection. Tensors are carried
// from iteration to iteration; bufferization makes one buffer of each.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_EDGETOLINALG_LOOPWRITER_H
#define EDGEC_LIB_CONVERSION_EDGETOLINALG_LOOPWRITER_H

#include "Lowering.h"

namespace edgec {

class LoopWriter {
public:
  using Value = mlir::Value;
  using Values = llvm::SmallVector<Value>;

  LoopWriter(mlir::OpBuilder &builder, mlir::Location loc) : b(loc, builder) {}

  /// Builds where the loop or branch that is being written ends.
  mlir::ImplicitLocOpBuilder b;

  //===--------------------------------------------------------------------===//
  // Control flow. Bodies return the values of the next iteration, or of the
  // branch.
  //===--------------------------------------------------------------------===//

  /// for (index = begin; index < end; ++index).
  Values loop(Value begin, Value end, mlir::ValueRange carried,
              llvm::function_ref<Values(Value, mlir::ValueRange)> body);
  Values loop(int64_t end, mlir::ValueRange carried,
              llvm::function_ref<Values(Value, mlir::ValueRange)> body) {
    return loop(index(0), index(end), carried, body);
  }
  /// A nest over [0, extents), the last dimension innermost.
  Values
  nest(llvm::ArrayRef<int64_t> extents, mlir::ValueRange carried,
       llvm::function_ref<Values(mlir::ValueRange, mlir::ValueRange)> body);
  /// while (condition(carried)) carried = body(carried).
  Values loopWhile(mlir::ValueRange carried,
                   llvm::function_ref<Value(mlir::ValueRange)> condition,
                   llvm::function_ref<Values(mlir::ValueRange)> body);
  /// `then`'s values, or `otherwise` where the condition does not hold.
  Values branch(Value condition, mlir::ValueRange otherwise,
                llvm::function_ref<Values()> then);

  //===--------------------------------------------------------------------===//
  // Index arithmetic
  //===--------------------------------------------------------------------===//

  Value index(int64_t value) {
    return b.create<mlir::arith::ConstantIndexOp>(value);
  }
  Value add(Value x, Value y) { return b.create<mlir::arith::AddIOp>(x, y); }
  Value sub(Value x, Value y) { return b.create<mlir::arith::SubIOp>(x, y); }
  Value mul(Value x, Value y) { return b.create<mlir::arith::MulIOp>(x, y); }
  Value isLess(Value x, Value y) {
    return b.create<mlir::arith::CmpIOp>(mlir::arith::CmpIPredicate::slt, x, y);
  }
  Value isEqual(Value x, Value y) {
    return b.create<mlir::arith::CmpIOp>(mlir::arith::CmpIPredicate::eq, x, y);
  }
  Value land(Value x, Value y) { return b.create<mlir::arith::AndIOp>(x, y); }
  Value lor(Value x, Value y) { return b.create<mlir::arith::OrIOp>(x, y); }
  Value select(Value condition, Value x, Value y) {
    return b.create<mlir::arith::SelectOp>(condition, x, y);
  }
  Value toIndex(Value integer) {
    return b.create<mlir::arith::IndexCastOp>(b.getIndexType(), integer);
  }
  Value toI64(Value index) {
    return b.create<mlir::arith::IndexCastOp>(b.getI64Type(), index);
  }
  /// An index of elements: negative ones count from the end, the rest is
  /// clamped to [0, extent).
  Value clampedIndex(Value index, int64_t extent);

  //===--------------------------------------------------------------------===//
  // Tensors
  //===--------------------------------------------------------------------===//

  Value extract(Value tensor, mlir::ValueRange position);
  Value insert(Value element, Value tensor, mlir::ValueRange position);
  Value empty(llvm::ArrayRef<int64_t> shape, mlir::Type element);
  /// A tensor of zeros; `initial` where it is another scalar.
  Value filled(llvm::ArrayRef<int64_t> shape, mlir::Type element,
               Value initial = {});
  /// A rank-0 tensor.
  Value scalarTensor(Value scalar);
  /// The elements from `offsets` on, without unit dimensions: [sizes > 1].
  /// One element has the shape [1].
  Value extractSlice(Value tensor, mlir::ValueRange offsets,
                     llvm::ArrayRef<int64_t> sizes);
  Value insertSlice(Value slice, Value tensor, mlir::ValueRange offsets,
                    llvm::ArrayRef<int64_t> sizes);
  /// A tensor of the shape of `output`, in its place: `body` gets the elements
  /// of the inputs, which have that shape, and of the output.
  Value map(mlir::ValueRange inputs, Value output, ScalarBody body);
};

/// Sorts index tensors by heaps.
class IndexSorter {
public:
  using Value = mlir::Value;
  /// Whether element number x (an index) comes before element number y.
  using Order = llvm::function_ref<Value(Value x, Value y)>;

  /// `before` is a strict total order.
  IndexSorter(LoopWriter &writer, Order before) : w(writer), before(before) {}

  /// Of `candidates` elements, the `size` first ones in order, into the vector
  /// `heap` of index elements, which has room for as many.
  Value selectFirst(Value heap, int64_t candidates, int64_t size);
  /// Sorts the first `size` elements of the vector.
  Value sort(Value heap, Value size);

private:
  /// Moves the element at `position` of a heap of `size` elements, whose root
  /// comes last, down to where it belongs.
  Value siftDown(Value heap, Value position, Value size);
  Value makeHeap(Value heap, Value size);
  /// Makes an ordered vector of a heap.
  Value sortHeap(Value heap, Value size);

  LoopWriter &w;
  Order before;
};

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_EDGETOLINALG_LOOPWRITER_H
