//===- Passes.h - Code generation passes ------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_CODEGEN_PASSES_H
#define EDGEC_CODEGEN_PASSES_H

#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "edgec/Target/CPU/TargetOptions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace edgec {

#define GEN_PASS_DECL
#include "edgec/Codegen/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "edgec/Codegen/Passes.h.inc"

/// What code generation leaves as attributes for `compile`.
///
/// On the module: an array of {offset : i64, value : elements}, the contents
/// of the weights section, and its size in bytes.
inline constexpr llvm::StringLiteral weightsAttr = "edgec.weights";
inline constexpr llvm::StringLiteral weightsSizeAttr = "edgec.weights_size";
/// On an entry function: bytes of its arena, the least that any layout would
/// need, and that without the borders of padded buffers and without alignment;
/// an array with a dictionary of LayerSpec's fields for each of its layers.
inline constexpr llvm::StringLiteral arenaSizeAttr = "edgec.arena_size";
inline constexpr llvm::StringLiteral arenaLowerBoundAttr =
    "edgec.arena_lower_bound";
inline constexpr llvm::StringLiteral arenaLogicalBoundAttr =
    "edgec.arena_logical_bound";
inline constexpr llvm::StringLiteral layersAttr = "edgec.layers";

/// On a layer's function: the most parts into which it pays to divide the
/// layer, an i64. Its last two arguments are then the part to do and the number
/// of parts, of type index.
inline constexpr llvm::StringLiteral maxPartsAttr = "edgec.max_parts";

/// On a linalg.fill that makes a border: the offsets, then the extents of the
/// part that is overwritten afterwards and need not be filled.
inline constexpr llvm::StringLiteral fillInteriorAttr = "edgec.interior";

/// On a linalg operation: an array with what the reduction into each of its
/// outputs starts with; a unit attribute where that is the output's elements.
inline constexpr llvm::StringLiteral initialValuesAttr = "edgec.initial";

/// Alignment of the arena, of buffers in it and of constants, in bytes: a
/// cache line and the widest vector register.
inline constexpr uint64_t bufferAlignment = 64;

/// Bytes of an element in memory: at least one, eight for an index.
inline uint64_t elementBytes(mlir::Type element) {
  return element.isIndex()
             ? sizeof(uint64_t)
             : llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
}

/// Prefix of the symbols of compiled entry functions.
inline constexpr llvm::StringLiteral entryPrefix = "edgec_entry_";

} // namespace edgec

#endif // EDGEC_CODEGEN_PASSES_H
