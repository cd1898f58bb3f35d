//===- Loops.cpp - Loops with static bounds ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Loops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace edgec;

SmallVector<Value> edgec::emitLoop(OpBuilder &builder, Location loc,
                                   int64_t begin, int64_t end, int64_t step,
                                   ValueRange carried, CarriedBody body) {
  Value first = builder.create<arith::ConstantIndexOp>(loc, begin);
  if (begin >= end)
    return llvm::to_vector(carried);
  if (begin + step >= end)
    return body(first, carried);
  Value last = builder.create<arith::ConstantIndexOp>(loc, end);
  Value stride = builder.create<arith::ConstantIndexOp>(loc, step);
  auto loop = builder.create<scf::ForOp>(loc, first, last, stride, carried);
  OpBuilder::InsertionGuard guard(builder);
  // Without carried values the builder has made the terminator already.
  if (carried.empty()) {
    builder.setInsertionPoint(loop.getBody()->getTerminator());
    body(loop.getInductionVar(), {});
  } else {
    builder.setInsertionPointToEnd(loop.getBody());
    builder.create<scf::YieldOp>(
        loc, body(loop.getInductionVar(), loop.getRegionIterArgs()));
  }
  return llvm::to_vector_of<Value>(loop.getResults());
}

void edgec::emitLoop(OpBuilder &builder, Location loc, int64_t begin,
                     int64_t end, int64_t step, LoopBody body) {
  emitLoop(builder, loc, begin, end, step, ValueRange(),
           [&](Value index, ValueRange) -> SmallVector<Value> {
             body(index);
             return {};
           });
}

void edgec::emitTiles(OpBuilder &builder, Location loc, int64_t extent,
                      int64_t tile,
                      function_ref<void(Value begin, int64_t size)> body) {
  int64_t rest = extent % tile;
  emitLoop(builder, loc, 0, extent - rest, tile,
           [&](Value begin) { body(begin, tile); });
  if (rest > 0)
    body(builder.create<arith::ConstantIndexOp>(loc, extent - rest), rest);
}

void edgec::emitNest(OpBuilder &builder, Location loc, ArrayRef<unsigned> dims,
                     ArrayRef<int64_t> extents, MutableArrayRef<Value> values,
                     function_ref<void()> body) {
  if (dims.empty())
    return body();
  emitLoop(builder, loc, 0, extents[dims.front()], 1, [&](Value index) {
    values[dims.front()] = index;
    emitNest(builder, loc, dims.drop_front(), extents, values, body);
  });
}
