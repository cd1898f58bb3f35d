//===- Kernels.h - What the interpreter's families share --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_REFERENCE_KERNELS_H
#define EDGEC_LIB_REFERENCE_KERNELS_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Support/Tensor.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include <vector>

namespace edgec::reference {

using Operands = llvm::ArrayRef<Tensor>;

using Results = llvm::MutableArrayRef<Tensor>;

/// Computes an operation into `results`, tensors of the results' types filled
/// with zeros. The operation has been verified and all of its shapes are
/// static, so that there is nothing left that can fail.
using Kernel = void (*)(mlir::Operation *op, Operands operands,
                        Results results);

/// From operation to function. To add an operation, write a function
/// `void compute(Op op, Operands operands, Tensor &result)`, or one that takes
/// `Results results`, in its family's file and a row in that file's
/// add...Kernels.
class KernelTable {
public:
  template <typename Op, void (*compute)(Op, Operands, Tensor &)> void add() {
    kernels[Op::getOperationName()] = [](mlir::Operation *op, Operands operands,
                                         Results results) {
      compute(llvm::cast<Op>(op), operands, results.front());
    };
  }
  template <typename Op, void (*compute)(Op, Operands, Results)> void add() {
    kernels[Op::getOperationName()] = [](mlir::Operation *op, Operands operands,
                                         Results results) {
      compute(llvm::cast<Op>(op), operands, results);
    };
  }
  /// Null for operations that have no row.
  Kernel lookup(mlir::Operation *op) const {
    return kernels.lookup(op->getName().getStringRef());
  }

private:
  llvm::StringMap<Kernel> kernels;
};

void addContractionKernels(KernelTable &table);
void addConvTransposeKernels(KernelTable &table);
void addElementwiseKernels(KernelTable &table);
void addBinaryKernels(KernelTable &table);
void addNormalizationKernels(KernelTable &table);
void addPoolingKernels(KernelTable &table);
void addQuantizationKernels(KernelTable &table);
void addReductionKernels(KernelTable &table);
void addResizeKernels(KernelTable &table);
void addSamplingKernels(KernelTable &table);
void addScatterKernels(KernelTable &table);
void addSelectionKernels(KernelTable &table);
void addShapeKernels(KernelTable &table);

/// The table of all families.
const KernelTable &kernels();

/// What interpretOperation does once the operation has been verified:
/// constants, then the table; a tensor for each result. Fails with a diagnostic
/// where an operand does not have its declared type, a shape is not static, a
/// result is too large or the operation has no row.
mlir::FailureOr<std::vector<Tensor>> evaluate(mlir::Operation *op,
                                              Operands operands);

/// A zero tensor of an MLIR type; a diagnostic at `op` if that is impossible.
mlir::FailureOr<Tensor> allocate(mlir::Operation *op, mlir::Type type);

} // namespace edgec::reference

#endif // EDGEC_LIB_REFERENCE_KERNELS_H
