//===- SharedNest.h - Loops that threads share ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The iterations of a nest, in their order, are cut into `parts` ranges of
// equal length; a call of the layer's function walks through one of them. Which
// part an iteration belongs to depends on the number of parts only, so a thread
// meets the same weights again in the next run, and no iteration computes
// anything else than it would alone.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_SHAREDNEST_H
#define EDGEC_LIB_CODEGEN_SHAREDNEST_H

#include "mlir/IR/Builders.h"
#include <functional>

namespace edgec {

/// Which part of how many a call of a layer's function is to do; null: all.
struct LayerPart {
  mlir::Value part, parts;
  explicit operator bool() const { return part != nullptr; }
};

/// The part that the function around `op` is called for.
LayerPart partAround(mlir::Operation *op);

/// A loop of a nest over [0, extent) in steps of `step`. `enter` is called
/// where the code inside is emitted: with the first index of an iteration and
/// how many indices it has, `step` or, in the last, the rest.
struct NestLoop {
  int64_t extent = 1;
  int64_t step = 1;
  std::function<void(mlir::Value begin, int64_t size)> enter;
};

/// Emits loops, outermost first, around what `body` emits, for one part of the
/// iterations. `body` is called once for each combination of sizes.
void emitSharedNest(mlir::OpBuilder &builder, mlir::Location loc,
                    llvm::ArrayRef<NestLoop> loops, LayerPart part,
                    llvm::function_ref<void()> body);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_SHAREDNEST_H
