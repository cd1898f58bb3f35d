//===- Lowering.h - What the families of edge-to-linalg share ---*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_EDGETOLINALG_LOWERING_H
#define EDGEC_LIB_CONVERSION_EDGETOLINALG_LOWERING_H

#include "Common.h"
#include "Scalars.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/Transforms/DialectConversion.h"

namespace edgec {

/// Types without a sign; the type converter of all patterns here. An adaptor's
/// operands are signless, the operation's own operand types tell signedness.
struct SignlessTypeConverter : mlir::TypeConverter {
  SignlessTypeConverter();
};

/// Emits "cannot generate code for `op`: `reason`" and fails.
mlir::LogicalResult reject(mlir::Operation *op, const llvm::Twine &reason);

using ScalarBody = llvm::function_ref<mlir::Value(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// The map by which a tensor of `shape` is read where the loops have extents
/// `loops`: aligned at the last dimension, unit dimensions repeat.
mlir::AffineMap broadcastMap(mlir::MLIRContext *context,
                             llvm::ArrayRef<int64_t> shape,
                             llvm::ArrayRef<int64_t> loops);

/// The first `count` of `numDims` dimensions, in order.
mlir::AffineMap leadingDims(mlir::MLIRContext *context, int64_t numDims,
                            int64_t count);

/// A generic with parallel loops over `type`'s shape; inputs are read through
/// `maps`. The body gets the inputs' elements.
mlir::Value buildParallel(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::RankedTensorType type, mlir::ValueRange inputs,
                          llvm::ArrayRef<mlir::AffineMap> maps,
                          ScalarBody body);

/// The same with inputs that broadcast to `type`.
mlir::Value buildElementwise(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::RankedTensorType type,
                             mlir::ValueRange inputs, ScalarBody body);

/// A generic whose last `numReduced` loops are reductions into a tensor of
/// `type`, indexed by the other loops in order and filled with `initial`
/// before. The body gets the inputs' elements, then the value so far.
mlir::Value buildReduction(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::RankedTensorType type, int64_t numReduced,
                           mlir::ValueRange inputs,
                           llvm::ArrayRef<mlir::AffineMap> maps,
                           mlir::Value initial, ScalarBody body);

/// A tensor filled with a scalar.
mlir::Value buildFill(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::RankedTensorType type, mlir::Value scalar);

/// The same elements with another static shape, by collapsing and expanding.
mlir::Value buildReshape(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value value, llvm::ArrayRef<int64_t> shape);

/// A constant tensor of f32, f64 or index elements.
mlir::Value constantTensor(mlir::OpBuilder &builder, mlir::Location loc,
                           llvm::ArrayRef<float> values,
                           llvm::ArrayRef<int64_t> shape);
mlir::Value constantTensor(mlir::OpBuilder &builder, mlir::Location loc,
                           llvm::ArrayRef<double> values,
                           llvm::ArrayRef<int64_t> shape);
mlir::Value constantTensor(mlir::OpBuilder &builder, mlir::Location loc,
                           llvm::ArrayRef<int64_t> values,
                           llvm::ArrayRef<int64_t> shape);

/// Type of a result after conversion.
inline mlir::RankedTensorType signlessType(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(toSignless(value.getType()));
}
/// Element type of a value before conversion.
inline mlir::Type elementOf(mlir::Value value) {
  return tensorType(value).getElementType();
}

// One function for each family of operations.
#define EDGEC_FAMILY(NAME)                                                     \
  void populate##NAME##ToLinalgPatterns(const mlir::TypeConverter &converter,  \
                                        mlir::RewritePatternSet &patterns);
EDGEC_FAMILY(Constant)
EDGEC_FAMILY(Elementwise)
EDGEC_FAMILY(Cast)
EDGEC_FAMILY(Shape)
EDGEC_FAMILY(Pad)
EDGEC_FAMILY(Gather)
EDGEC_FAMILY(Scatter)
EDGEC_FAMILY(Selection)
EDGEC_FAMILY(NonMaxSuppression)
EDGEC_FAMILY(Resize)
EDGEC_FAMILY(GridSample)
EDGEC_FAMILY(RoiAlign)
EDGEC_FAMILY(Determinant)
EDGEC_FAMILY(Reduce)
EDGEC_FAMILY(Softmax)
EDGEC_FAMILY(Pool)
EDGEC_FAMILY(Normalization)
EDGEC_FAMILY(Quant)
EDGEC_FAMILY(Control)
#undef EDGEC_FAMILY

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_EDGETOLINALG_LOWERING_H
