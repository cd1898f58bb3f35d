//===- DepthwisePack.h - Depthwise filters in groups of taps ----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_DEPTHWISEPACK_H
#define EDGEC_LIB_CODEGEN_DEPTHWISEPACK_H

#include "DotProduct.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"

namespace edgec {

/// Bits of an element of a packed depthwise filter: vpmaddwd takes words.
unsigned packedTapBits(const DotRow &row);

/// Packs a constant filter of bytes for the target's instruction that adds
/// four products. Returns the constant's old value if nothing uses it any more;
/// null where nothing was done or it is still in use.
mlir::Attribute packDepthwise(kernel::DepthwiseOp op,
                              const TargetDescription &target);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_DEPTHWISEPACK_H
