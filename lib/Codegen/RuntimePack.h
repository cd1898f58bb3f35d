//===- RuntimePack.h - Panels of what is computed at run time ---*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_RUNTIMEPACK_H
#define EDGEC_LIB_CODEGEN_RUNTIMEPACK_H

#include "DotProduct.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"

namespace edgec {

/// How a contraction is computed whose b is packed at run time.
struct RuntimeDot {
  DotRow row;
  /// b's elements are stored with their sign bits flipped: ui8 less 128.
  bool flipsB = false;
};

/// For bytes of which a's are neighbours along k. Nothing where no instruction
/// takes them, or where packing b would cost more than it gains.
std::optional<RuntimeDot> chooseRuntimeDot(kernel::ContractOp op,
                                           const TargetDescription &target);

/// Packs b, bytes, in panels of `panel` columns and groups along k, by a
/// `linalg.generic` before `op`. What flipped sign bits add to sums, or take
/// from them, is made up for by operands of the epilogue.
void packAtRunTime(kernel::ContractOp op, const RuntimeDot &dot, int64_t panel);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_RUNTIMEPACK_H
