//===- EdgeDialect.h - The edge dialect -------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_EDGEDIALECT_H
#define EDGEC_DIALECT_EDGE_EDGEDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "edgec/Dialect/Edge/EdgeDialect.h.inc"
#include "edgec/Dialect/Edge/EdgeEnums.h.inc"

namespace edgec::edge {

/// f16, bf16, f32, f64, i1, i8 ... i64, ui8 ... ui64 or a quantized type.
bool isElementType(mlir::Type type);

/// i8 ... i64 and ui8 ... ui64, not i1.
bool isIntegerElement(mlir::Type type);

/// Bytes of a tensor in memory: a boolean takes one, sub-byte elements are
/// packed. At most INT64_MAX; zero where an extent is dynamic.
int64_t tensorBytes(mlir::Type type);

/// What CostOpInterface answers unless an operation knows better: bytes of all
/// tensor operands and results, and elements of the operands that constants or
/// parameters define. Dynamic extents count as zero.
int64_t operandAndResultBytes(mlir::Operation *op);
int64_t parameterElements(mlir::Operation *op);

/// Result of an elementwise operation: the operands' shapes broadcast as in
/// NumPy, the element type of the last operand or i1. Fails with a diagnostic
/// that gives both shapes where they do not broadcast.
mlir::LogicalResult
inferElementwise(std::optional<mlir::Location> location,
                 mlir::ValueRange operands, bool booleanResult,
                 llvm::SmallVectorImpl<mlir::Type> &inferred);

/// Attributes of the model's function: names of its inputs and outputs in the
/// source model, on arguments and results.
inline constexpr llvm::StringLiteral tensorNameAttr = "edge.name";
/// On arguments and results whose first dimension holds the samples of a batch,
/// up to as many as the extent says; on their function, the functions that
/// compute fewer samples, largest first; and on each of these, that function.
inline constexpr llvm::StringLiteral batchAttr = "edge.batch";
inline constexpr llvm::StringLiteral batchVariantsAttr = "edge.batch_variants";
inline constexpr llvm::StringLiteral batchVariantOfAttr =
    "edge.batch_variant_of";
/// Attributes of the module: the model's C identifier, its file name without
/// folder, and the hexadecimal SHA-256 of the file.
inline constexpr llvm::StringLiteral modelNameAttr = "edge.model_name";
inline constexpr llvm::StringLiteral sourceAttr = "edge.source";
inline constexpr llvm::StringLiteral sha256Attr = "edge.sha256";

} // namespace edgec::edge

#include "edgec/Dialect/Edge/EdgeInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "edgec/Dialect/Edge/EdgeAttributes.h.inc"

#define GET_OP_CLASSES
#include "edgec/Dialect/Edge/EdgeOps.h.inc"

#endif // EDGEC_DIALECT_EDGE_EDGEDIALECT_H
