//===- Passes.h - Passes that make models smaller ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_COMPRESS_PASSES_H
#define EDGEC_COMPRESS_PASSES_H

#include "edgec/Compress/InputMoments.h"
#include "edgec/Compress/RangeObserver.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace edgec::edge {

/// A table of less is left as it is: what it would gain is little beside the
/// code that reads it.
constexpr int64_t smallestTableBytes = 4096;

#define GEN_PASS_DECL
#include "edgec/Compress/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "edgec/Compress/Passes.h.inc"

/// Gives the module's observation points the ranges of their numbers. Points
/// that have none are erased, with a warning: what they see stays float.
mlir::LogicalResult
setObservedRanges(mlir::ModuleOp module,
                  llvm::ArrayRef<std::optional<TensorRange>> ranges);

/// Puts observation points at the inputs of `weightedContractions`, numbered in
/// their order from `firstPoint`.
void observeContractionInputs(mlir::ModuleOp module, int64_t firstPoint);

/// The constant of f32 from which `op` gathers rows, as a table of embeddings:
/// one of two dimensions or more, of which the first is indexed. Null where
/// `op` does anything else.
ConstantOp embeddingTable(mlir::Operation *op);

/// Whether such a table becomes integers: not if it has less than `smallest`
/// bytes, nor if its rows are so short that a scale takes what is gained.
bool isWorthQuantizing(ConstantOp table, int64_t smallest = smallestTableBytes);

/// The bits that the weights of a contraction have at least, unless it is
/// named: 8 for depthwise filters and for filters of less than 8 input
/// channels, as first layers have them. They are small, and lose most. Of a
/// gather from a table, the fewest with which a row is whole bytes, named or
/// not.
unsigned fewestWeightBits(mlir::Operation *op);

/// Quantizes with the moments of the inputs of `weightedContractions`, one each
/// or none at all.
std::unique_ptr<mlir::Pass>
createQuantizePass(const QuantizePassOptions &options,
                   InputMomentsList moments);

} // namespace edgec::edge

#endif // EDGEC_COMPRESS_PASSES_H
