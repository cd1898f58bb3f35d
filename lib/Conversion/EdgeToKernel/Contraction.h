//===- Contraction.h - Building kernel.contract -----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CONVERSION_EDGETOKERNEL_CONTRACTION_H
#define EDGEC_LIB_CONVERSION_EDGETOKERNEL_CONTRACTION_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/PatternMatch.h"

namespace edgec {

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
};

/// What a cast widens from f16 or bf16, if it is a constant: kernels do that as
/// they load it. Else `value` itself.
mlir::Value lookThroughWidening(mlir::Value value);

/// Emits the kernel and the casts from and to unsigned element types. A b that
/// is stored in 16 bits is read as it is.
mlir::Value buildContraction(mlir::OpBuilder &builder, mlir::Location loc,
                             const Contraction &contraction);

/// The type in which products that give `resultElement` are summed: f32 for
/// half precision, else that type without a sign.
mlir::Type accumulatorFor(mlir::Type resultElement);

/// Fills an empty epilogue: the sum, plus the only extra if there is one,
/// converted to `resultElement`.
void buildBiasEpilogue(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Region &epilogue, mlir::Type accumulator,
                       mlir::Value bias, mlir::Type resultElement);

void populateConvToKernelPatterns(mlir::RewritePatternSet &patterns);
void populateMatMulToKernelPatterns(mlir::RewritePatternSet &patterns);

} // namespace edgec

#endif // EDGEC_LIB_CONVERSION_EDGETOKERNEL_CONTRACTION_H
