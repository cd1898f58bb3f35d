//===- KernelDialect.cpp - The kernel dialect -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Kernel/KernelDialect.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace edgec::kernel;

#include "edgec/Dialect/Kernel/KernelDialect.cpp.inc"

#define GET_OP_CLASSES
#include "edgec/Dialect/Kernel/KernelOps.cpp.inc"
