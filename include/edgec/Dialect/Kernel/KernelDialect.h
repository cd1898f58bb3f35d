//===- KernelDialect.h - The kernel dialect ---------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_KERNEL_KERNELDIALECT_H
#define EDGEC_DIALECT_KERNEL_KERNELDIALECT_H

#include "edgec/Dialect/Kernel/TapGroups.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "edgec/Dialect/Kernel/KernelDialect.h.inc"

#define GET_OP_CLASSES
#include "edgec/Dialect/Kernel/KernelOps.h.inc"

#endif // EDGEC_DIALECT_KERNEL_KERNELDIALECT_H
