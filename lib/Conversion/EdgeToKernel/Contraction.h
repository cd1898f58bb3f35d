//===- Contraction.h - Building kernel.contract -----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_EDGETOKERNEL_CONTRACTION_H
#define EDGEC_LIB_CONVERSION_EDGETOKERNEL_CONTRACTION_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/PatternMatch.h"

namespace edgec {

/// What a kernel reads in the place of a b of 4 or 2 bits.
struct PackedWeights {
  mlir::Value integers; ///< An edge.constant of i8.
  int64_t bits = 4;     ///< 8 with scales only.
  /// What the sums are to be multiplied by, and its map; null for nothing.
  mlir::Value scale;
  mlir::AffineMap scaleMap;
  /// What elements are to be multiplied by, so many neighbours along the last
  /// contracted dimension by one; null for nothing.
  mlir::ElementsAttr groupScales;
  int64_t group = 0;
};

/// The parts of a kernel.contract: see there.
struct Contraction {
  mlir::Value a;
  mlir::Value b;
  mlir::Value bias; ///< Null for none.
  llvm::SmallVector<int64_t> extents;
  int64_t numBatch = 0;
  int64_t numRows = 0;
  mlir::AffineMap aMap;
  mlir::AffineMap bMap;
  mlir::AffineMap cMap;
  mlir::AffineMap biasMap;
  mlir::RankedTensorType resultType; ///< Its element type may be unsigned.
  /// What holds the elements that are not computed; null: there are none.
  mlir::Value init;
  /// What is read in b's place, through bMap; nothing: what matchPackedWeights
  /// finds in b.
  std::optional<PackedWeights> packed;
};

/// What a cast widens from f16 or bf16, if it is a constant: kernels do that as
/// they load it. Else `value` itself.
mlir::Value lookThroughWidening(mlir::Value value);

/// Emits the kernel and the casts from and to unsigned element types. A b that
/// is stored in 16, 4 or 2 bits is read as it is.
mlir::Value buildContraction(mlir::OpBuilder &builder, mlir::Location loc,
                             const Contraction &contraction);

/// The type in which products that give `resultElement` are summed: f32 for
/// half precision, else that type without a sign.
mlir::Type accumulatorFor(mlir::Type resultElement);

/// Nothing where `b`, read through `bMap`, is neither unpacked nor dequantized
/// bytes, or is dequantized in a way that kernels do not know. Dimensions after
/// `columnDim` are contracted.
std::optional<PackedWeights> matchPackedWeights(mlir::OpBuilder &builder,
                                                mlir::Value b,
                                                mlir::AffineMap bMap,
                                                unsigned columnDim,
                                                mlir::Type accumulator);

/// Fills an empty epilogue: the sum, times `scale` and plus `bias`, which are
/// the extras if they are not null, converted to `resultElement`.
void buildBiasEpilogue(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Region &epilogue, mlir::Type accumulator,
                       mlir::Value scale, mlir::Value bias,
                       mlir::Type resultElement);

/// The input of a convolution, channels last and padded with zeros; signedness
/// is kept.
mlir::Value channelsLastInput(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::Value input, edge::Layout layout,
                              llvm::ArrayRef<int64_t> pads);
/// The type of a result in `layout` when it is computed channels last.
mlir::RankedTensorType channelsLastType(mlir::RankedTensorType type,
                                        edge::Layout layout);
/// What was computed channels last, in `layout`.
mlir::Value fromChannelsLast(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value result, edge::Layout layout);

void populateConvToKernelPatterns(mlir::RewritePatternSet &patterns);
void populateConvTransposeToKernelPatterns(mlir::RewritePatternSet &patterns);
void populateMatMulToKernelPatterns(mlir::RewritePatternSet &patterns);

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_EDGETOKERNEL_CONTRACTION_H
