//===- Fusion.h - What the fusion passes share ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_FUSION_FUSION_H
#define EDGEC_LIB_CONVERSION_FUSION_FUSION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace edgec {

/// Copies scalar constants into the bodies and epilogues that use them, so that
/// each can be looked at, compared and outlined on its own. The folding of
/// constants hoists them to the function's entry.
void sinkScalarConstants(mlir::func::FuncOp function);

/// The only use of a kernel's result, if a linalg.generic reads it there that
/// maps every element once, in any order of the dimensions, by a scalar body.
/// Null, with a reason for the rewriter, where there is none.
mlir::OpOperand *findElementwiseReader(mlir::Operation *kernel,
                                       mlir::PatternRewriter &rewriter);

void populateFuseRowwisePatterns(mlir::RewritePatternSet &patterns);

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_FUSION_FUSION_H
