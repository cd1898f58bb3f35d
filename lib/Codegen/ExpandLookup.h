//===- ExpandLookup.h - Tables of bytes in registers ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_EXPANDLOOKUP_H
#define EDGEC_LIB_CODEGEN_EXPANDLOOKUP_H

#include "edgec/Target/CPU/TargetOptions.h"
#include "mlir/IR/PatternMatch.h"

namespace edgec {

/// `kernel.lookup` becomes the target's permutations of bytes, a register at a
/// time: a gather would read memory once an element.
void populateExpandLookupPattern(mlir::RewritePatternSet &patterns,
                                 const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_EXPANDLOOKUP_H
