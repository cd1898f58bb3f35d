//===- Reduce.h - Makes failing modules small -------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_RANDOM_REDUCE_H
#define EDGEC_RANDOM_REDUCE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace edgec {

/// Replaces operations of the module's function @run, as long as `fails` holds:
/// by operands of the same type, by new arguments of the function with elements
/// between the same bounds, by constants of the elements that they have. Leaves
/// out results, and what nothing reads.
///
/// Unlike the passes of edgec-reduce, which erase operations whose results
/// nothing reads, this follows the values, so that what is left still computes.
mlir::OwningOpRef<mlir::ModuleOp>
reduceModule(mlir::OwningOpRef<mlir::ModuleOp> module,
             llvm::function_ref<bool(mlir::ModuleOp)> fails);

} // namespace edgec

#endif // EDGEC_RANDOM_REDUCE_H
