//===- LayerDescription.h - What a layer does and costs ---------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_LAYERDESCRIPTION_H
#define EDGEC_LIB_CODEGEN_LAYERDESCRIPTION_H

#include "edgec/Codegen/LayerCost.h"
#include "edgec/Target/ModelSpec.h"
#include "mlir/IR/Operation.h"

namespace edgec {

/// "contract", "gemv" (a contraction of a single row, which is bound by
/// reading b), "depthwise", "attention", "rowwise", "fill", "copy", "reduction"
/// or "elementwise".
llvm::StringRef layerKind(mlir::Operation *op);

/// What the time of an operation on memrefs depends on.
LayerCost layerCost(mlir::Operation *op);

/// Name, kind, arithmetic, multiply-accumulates and bytes of an operation on
/// memrefs. The kernel is not known yet.
LayerSpec describeLayer(mlir::Operation *op);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_LAYERDESCRIPTION_H
