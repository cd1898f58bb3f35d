//===- LoopEmitter.h - Elementwise loops and reductions ---------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_LOOPEMITTER_H
#define EDGEC_LIB_CODEGEN_LOOPEMITTER_H

#include "FlatBuffer.h"
#include "SharedNest.h"
#include "edgec/Target/CPU/TargetOptions.h"

namespace edgec {

/// An input of a loop nest: a buffer, or one scalar for all iterations.
struct LoopInput {
  /// A table of indices, by position of the loops, into a dimension of the
  /// input with the given stride.
  struct Lookup {
    FlatBuffer table;
    int64_t stride;
  };

  mlir::Value scalar;
  FlatBuffer buffer;
  /// Added to the position in the buffer, as resampling reads it.
  llvm::SmallVector<Lookup, 0> lookups;
};

/// Maps elements of the inputs, then of the outputs, to new elements of the
/// outputs; vectors of `lanes`, or scalars for one lane. `indices` gives the
/// loops' indices.
using LoopBodyFn = std::function<llvm::SmallVector<mlir::Value>(
    llvm::ArrayRef<mlir::Value> arguments, int64_t lanes,
    llvm::function_ref<mlir::Value(int64_t loop)> indices)>;

/// A nest of parallel and reduction loops with its operands' positions.
struct LoopProblem {
  llvm::SmallVector<int64_t> extents;
  llvm::SmallVector<bool> isReduction;
  llvm::SmallVector<LoopInput> inputs;
  llvm::SmallVector<FlatBuffer> outputs;
  /// Whether the body reads the element of each output.
  llvm::SmallVector<bool> readsOutput;
  LoopBodyFn body;
  /// The body does not ask for indices: loops may be merged.
  bool indexFree = true;
  /// The widest element that the body handles: decides the number of lanes.
  unsigned widestBits = 32;
  /// For one output that is combined with what the rest of the body computes:
  /// the operation that combines. Null: any other reduction.
  mlir::Operation *combiner = nullptr;
  /// Operations of the body: how much code one more copy of it is.
  int64_t bodySize = 1;
  /// What a reduction starts with, one an output; null: the output's elements.
  llvm::SmallVector<mlir::Value> initial;
  /// The part of the parallel iterations that is to be emitted.
  LayerPart part;
};

/// Emits the nest at the builder's insertion point.
///
/// Floating-point sums have one order on every target: lane l of 16 takes
/// elements l, l + 16, ... in the order of the reduction loops, and the lanes
/// are added as (l, l + 8), (l, l + 4), (l, l + 2), (l, l + 1). Exceptions, in
/// plain order: reductions over more than 32 elements in several loops that
/// cannot be merged, and bodies of another form than combine(output, value).
void emitLoops(mlir::OpBuilder &builder, mlir::Location loc,
               LoopProblem problem, const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_LOOPEMITTER_H
