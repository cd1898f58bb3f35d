//===- Quantized.h - What stands behind a dequantized value -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_QUANTIZED_H
#define EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_QUANTIZED_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Support/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace edgec::edge {

/// `(value - zeroPoint) * scale` as single-precision floats: an activation with
/// one scale, seen through reshapes and transposes.
struct QuantizedActivation {
  mlir::Value quantized; ///< The i8 or ui8 tensor.
  /// Reshapes and transposes between it and its reader, the reader's first.
  llvm::SmallVector<mlir::Operation *> moves;
  float scale = 1;
  int64_t zeroPoint = 0;

  /// Whether the integers are ui8 rather than i8.
  bool isUnsigned() const;
  /// The integers in the shape that the reader sees.
  mlir::Value integers(mlir::OpBuilder &builder) const;
};

std::optional<QuantizedActivation> matchActivation(mlir::Value value);

/// `values * scale[channel]`: a constant of 8-bit integers, its zero points
/// subtracted, with one scale or one for each index of `axis`.
struct QuantizedFilter {
  mlir::Value source; ///< The constant.
  /// Of the source's shape; a view of it where its zero points are zero.
  Tensor values;
  bool isShifted = false;
  int64_t axis = 0;
  llvm::SmallVector<float> scales;

  int64_t channels() const { return values.dim(axis); }
  float scale(int64_t channel) const {
    return scales.size() == 1 ? scales[0] : scales[channel];
  }
};

/// Nothing where a scale belongs to another dimension than `axis`, or where
/// subtracting a zero point leaves the range of i8.
std::optional<QuantizedFilter> matchFilter(mlir::Value value, int64_t axis);

/// The integers of a bias quantized by `scales`, the products of input and
/// filter scale, with zero points of zero.
std::optional<Tensor> matchBias(mlir::Value value,
                                llvm::ArrayRef<float> scales);

/// Whether `op` only moves or selects elements of its first operand, in an
/// order that a positive scale keeps: a quantization of that is one of the
/// result.
bool selectsElements(mlir::Operation *op);
/// The same of operands, which may be several.
bool selectsFromOperands(mlir::Operation *op);
/// Those operands.
mlir::ValueRange selectedOperands(mlir::Operation *op);

/// The elements of a constant of floats in single precision.
std::optional<llvm::SmallVector<float>> floatValues(mlir::Value value);
/// The only element of an integer constant, or the one that all share.
std::optional<int64_t> commonInteger(mlir::Value value);

/// Rows that are gathered from a quantized table are dequantized, not the
/// table.
void populateGatherQuantizedPatterns(mlir::RewritePatternSet &patterns);

} // namespace edgec::edge

#endif // EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_QUANTIZED_H
