//===- Attention.h - Blocks of queries --------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_ATTENTION_H
#define EDGEC_LIB_CODEGEN_ATTENTION_H

#include "edgec/Codegen/AttentionRows.h"
#include "mlir/IR/Types.h"

namespace edgec {

/// What the number of queries depends on.
struct AttentionShape {
  AttentionExtents extents;
  mlir::Type query, key; ///< Of the elements.
  mlir::Type sum, score; ///< Of a sum, and of what is stored of it.
  bool queryUnsigned = false, keyUnsigned = false; ///< Of bytes.
};

/// How many queries the code for the shape takes at a time; 0: there is none,
/// because the scores of too few have room on the stack.
int64_t attentionRows(const AttentionShape &shape,
                      const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_ATTENTION_H
