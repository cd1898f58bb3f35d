//===- VectorBody.h - Scalar bodies on vectors ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_VECTORBODY_H
#define EDGEC_LIB_CODEGEN_VECTORBODY_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace edgec {

/// Emits `body`, which maps scalars to scalars, for `lanes` elements at once.
/// `arguments` are vectors of that many lanes, or scalars if `lanes` is 1.
/// Operations that do not vectorise are repeated for each lane. `indices` are
/// what linalg.index gives for each loop, one lane each.
/// Returns what the terminator yields, or the values of the body in `wanted`.
llvm::SmallVector<mlir::Value>
emitBody(mlir::OpBuilder &builder, mlir::Block &body,
         llvm::ArrayRef<mlir::Value> arguments, int64_t lanes,
         llvm::function_ref<mlir::Value(int64_t loop)> indices = {},
         llvm::ArrayRef<mlir::Value> wanted = {});

/// `value` in every lane; itself if `lanes` is 1.
mlir::Value splat(mlir::OpBuilder &builder, mlir::Location loc,
                  mlir::Value value, int64_t lanes);

/// vector<lanes x type>, or `type` itself for one lane.
mlir::Type laneType(mlir::Type type, int64_t lanes);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_VECTORBODY_H
