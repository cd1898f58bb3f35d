//===- ActivationProduct.h - Products of two activations --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_ACTIVATIONPRODUCT_H
#define EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_ACTIVATIONPRODUCT_H

#include "Quantized.h"

namespace edgec::edge {

/// The sums of (lhs - its zero point) * (rhs - its zero point) as i32, of which
/// `lhs.scale * rhs.scale` is a step; null where 32 bits might not hold them.
/// `op` is the product of the floats.
mlir::Value multiplyActivations(mlir::OpBuilder &builder, MatMulOp op,
                                const QuantizedActivation &lhs,
                                const QuantizedActivation &rhs);

} // namespace edgec::edge

#endif // EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_ACTIVATIONPRODUCT_H
