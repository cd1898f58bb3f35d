//===- SharedNest.cpp - Loops that threads share -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SharedNest.h"

#include "Loops.h"
#include "edgec/Codegen/LayerCost.h"
#include "edgec/Codegen/Passes.h"

using namespace mlir;
using namespace edgec;

LayerPart edgec::partAround(Operation *op) {
  auto function = op->getParentOfType<func::FuncOp>();
  if (!function || !function->hasAttr(maxPartsAttr))
    return {};
  ArrayRef<BlockArgument> arguments = function.getArguments();
  return {arguments[arguments.size() - 2], arguments[arguments.size() - 1]};
}

namespace {

/// Some of a nest's iterations, counted in their order; null: all.
struct Range {
  Value begin, end;
};

class NestEmitter {
public:
  NestEmitter(OpBuilder &builder, Location loc, ArrayRef<NestLoop> loops,
              function_ref<void()> body)
      : builder(builder), loc(loc), loops(loops), body(body) {}

  void emit(LayerPart part);

private:
  void emitForFirst(LayerPart part);
  void emitAll(unsigned level);
  void emitRange(unsigned level, Range range);
  Range inside(Range range, Value iteration, int64_t units);

  int64_t trips(unsigned level) const {
    return llvm::divideCeil(loops[level].extent, loops[level].step);
  }
  Value constant(int64_t value) {
    return builder.create<arith::ConstantIndexOp>(loc, value);
  }
  template <typename Op> Value create(Value lhs, Value rhs) {
    return builder.create<Op>(loc, lhs, rhs);
  }

  OpBuilder &builder;
  Location loc;
  ArrayRef<NestLoop> loops;
  function_ref<void()> body;
  unsigned shared = 0; ///< Loops that are walked as one.
};

void NestEmitter::emit(LayerPart part) {
  SmallVector<int64_t> counts;
  for (unsigned level = 0; level < loops.size(); ++level)
    counts.push_back(trips(level));
  if (!part)
    return emitAll(0);
  shared = chooseSharedLoops(counts);
  int64_t total = 1;
  for (int64_t count : ArrayRef(counts).take_front(shared))
    total *= count;
  if (total == 1)
    return emitForFirst(part);
  auto boundary = [&](Value part_) {
    return create<arith::DivUIOp>(create<arith::MulIOp>(part_, constant(total)),
                                  part.parts);
  };
  Value next = create<arith::AddIOp>(part.part, constant(1));
  emitRange(0, {boundary(part.part), boundary(next)});
}

/// No loop would be empty for the other parts.
void NestEmitter::emitForFirst(LayerPart part) {
  Value isFirst = builder.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq,
                                                part.part, constant(0));
  auto ifOp = builder.create<scf::IfOp>(loc, isFirst);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(ifOp.thenBlock()->getTerminator());
  emitAll(0);
}

void NestEmitter::emitAll(unsigned level) {
  if (level == loops.size())
    return body();
  emitTiles(builder, loc, loops[level].extent, loops[level].step,
            [&](Value begin, int64_t size) {
              loops[level].enter(begin, size);
              emitAll(level + 1);
            });
}

/// The range among the `units` iterations inside one of a loop.
Range NestEmitter::inside(Range range, Value iteration, int64_t units) {
  Value first = create<arith::MulIOp>(iteration, constant(units));
  Value begin = create<arith::SubIOp>(range.begin, first);
  Value end = create<arith::SubIOp>(range.end, first);
  return {create<arith::MaxSIOp>(begin, constant(0)),
          create<arith::MinSIOp>(end, constant(units))};
}

/// Counts iterations of the shared loops from `level` on, within one iteration
/// of those before it.
void NestEmitter::emitRange(unsigned level, Range range) {
  if (level == shared)
    return emitAll(level);
  const NestLoop &loop = loops[level];
  if (trips(level) == 1) {
    loop.enter(constant(0), loop.extent);
    return emitRange(level + 1, range);
  }
  int64_t units = 1;
  for (unsigned inner = level + 1; inner < shared; ++inner)
    units *= trips(inner);
  Value first = range.begin, last = range.end;
  if (units > 1) {
    first = create<arith::DivUIOp>(range.begin, constant(units));
    last = builder.create<arith::CeilDivUIOp>(loc, range.end, constant(units));
  }
  auto iterate = [&](Value iteration, int64_t size) {
    loop.enter(create<arith::MulIOp>(iteration, constant(loop.step)), size);
    emitRange(level + 1, units > 1 ? inside(range, iteration, units) : Range{});
  };
  int64_t whole = loop.extent / loop.step, rest = loop.extent % loop.step;
  OpBuilder::InsertionGuard guard(builder);
  Value wholeEnd = last;
  if (rest > 0)
    wholeEnd = create<arith::MinUIOp>(last, constant(whole));
  auto loopOp = builder.create<scf::ForOp>(loc, first, wholeEnd, constant(1));
  builder.setInsertionPoint(loopOp.getBody()->getTerminator());
  iterate(loopOp.getInductionVar(), loop.step);
  if (rest == 0)
    return;
  builder.setInsertionPointAfter(loopOp);
  auto compare = [&](arith::CmpIPredicate predicate, Value value) -> Value {
    return builder.create<arith::CmpIOp>(loc, predicate, value,
                                         constant(whole));
  };
  Value hasRest =
      create<arith::AndIOp>(compare(arith::CmpIPredicate::ule, first),
                            compare(arith::CmpIPredicate::ugt, last));
  auto ifOp = builder.create<scf::IfOp>(loc, hasRest);
  builder.setInsertionPoint(ifOp.thenBlock()->getTerminator());
  iterate(constant(whole), rest);
}

} // namespace

void edgec::emitSharedNest(OpBuilder &builder, Location loc,
                           ArrayRef<NestLoop> loops, LayerPart part,
                           function_ref<void()> body) {
  NestEmitter(builder, loc, loops, body).emit(part);
}
