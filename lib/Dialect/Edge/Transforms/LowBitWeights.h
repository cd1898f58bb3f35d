//===- LowBitWeights.h - Weights that kernels take as integers --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_LOWBITWEIGHTS_H
#define EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_LOWBITWEIGHTS_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Support/Tensor.h"

namespace edgec::edge {

/// The right operand of a contraction: a constant of small integers.
struct LowBitWeights {
  int64_t bits = 4; ///< 8 only where they are dequantized.
  Tensor values;    ///< i8; zero points are subtracted.
  ConstantOp source;
  DequantizeOp dequantize; ///< Null where the integers are multiplied.
};

/// Nothing where `operand` is not what a kernel can take in 4 or 2 bits, or in
/// 8 where it multiplies floats: the filter of a convolution that is not
/// depthwise, or the right operand of a matrix product, constant, of i8 or
/// dequantized to f32 with zero points that can be subtracted, and with one
/// scale, one an output channel, or one a block along the last contracted
/// dimension.
std::optional<LowBitWeights> matchLowBitWeights(mlir::OpOperand &operand);

/// A table of small integers that rows are gathered from.
struct LowBitRows {
  int64_t bits = 4;
  Tensor values; ///< i8.
  ConstantOp source;
};

/// Nothing where `op` does not pick rows of a constant of i8, along its first
/// dimension, that are whole bytes in 4 or 2 bits; or where the constant is so
/// small that nothing is gained.
std::optional<LowBitRows> matchLowBitRows(GatherOp op);

} // namespace edgec::edge

#endif // EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_LOWBITWEIGHTS_H
