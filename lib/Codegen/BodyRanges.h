//===- BodyRanges.h - What values of scalar bodies can be -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_BODYRANGES_H
#define EDGEC_LIB_CODEGEN_BODYRANGES_H

#include "edgec/Codegen/ScaledSum.h"
#include "mlir/IR/Value.h"

namespace edgec {

/// What an integer of the body of a kernel or a linalg.generic can be, as far
/// as its definition tells. Elements of signless types count as signed.
IntegerRange integerRange(mlir::Value value);

/// No magnitude of a float of such a body is larger, and it is no NaN;
/// infinite where that is unknown. Operands that are constants are looked
/// through, so this is for bodies on tensors.
double largestMagnitude(mlir::Value value);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_BODYRANGES_H
