//===- LayerConstants.h - Numbers in which layers may differ ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_LAYERCONSTANTS_H
#define EDGEC_LIB_CODEGEN_LAYERCONSTANTS_H

#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "mlir/IR/Operation.h"

namespace edgec {

/// The scalar constants in a layer's regions that can as well be arguments of
/// its function, with code as fast: scales, zero points and bounds that are
/// added, multiplied or compared with.
struct LayerConstants {
  struct Use {
    mlir::OpOperand *operand;
    unsigned number; ///< Among `values`.
  };
  llvm::SmallVector<mlir::TypedAttr> values; ///< Each once, in order of use.
  llvm::SmallVector<Use> uses;
};

/// Looks at the operation's regions. Operations that differ in the constants'
/// values only have as many of them, in the same order.
LayerConstants collectConstants(mlir::Operation *layer);

/// Makes arguments of constants: `values[n]`, where it is not null, replaces
/// the uses of constant n. Constants that nobody uses any longer are erased.
void replaceConstants(const LayerConstants &constants, mlir::ValueRange values);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_LAYERCONSTANTS_H
