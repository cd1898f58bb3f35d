//===- Interpreter.h - The definition of right -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_REFERENCE_INTERPRETER_H
#define EDGEC_REFERENCE_INTERPRETER_H

#include "edgec/Support/Tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/ArrayRef.h"
#include <vector>

namespace edgec {

/// Computes one edge operation, without regions, on host tensors. Emits a
/// diagnostic and fails where an operand's value is not allowed.
mlir::FailureOr<std::vector<Tensor>>
interpretOperation(mlir::Operation *op, llvm::ArrayRef<Tensor> operands);

/// Given the number of an observation point and its tensor.
using TensorObserver = llvm::function_ref<void(int64_t, const Tensor &)>;

/// Computes a function of edge operations, regions included. `inputs` have the
/// types of the function's arguments. A value is dropped after its last use.
mlir::FailureOr<std::vector<Tensor>>
interpret(mlir::func::FuncOp function, llvm::ArrayRef<Tensor> inputs,
          TensorObserver observer = nullptr);

/// The host element type of an MLIR element type (i8: I8, ui8: U8, i1: Bool).
std::optional<ElementType> toElementType(mlir::Type elementType);
/// Its inverse.
mlir::Type fromElementType(mlir::MLIRContext *context, ElementType type);

/// A constant's elements: a view of a dense_resource's blob or of a dense
/// attribute's raw data where the layouts agree, a copy otherwise (splats,
/// packed booleans). The attribute must outlive a view.
mlir::FailureOr<Tensor> toTensor(mlir::ElementsAttr attribute);
/// The attribute of a tensor: `dense` up to 64 bytes, a `dense_resource` named
/// after `name` beyond.
mlir::ElementsAttr toAttribute(const Tensor &tensor, llvm::StringRef name,
                               mlir::MLIRContext *context);

/// Replaces `op` by constants if all of its operands are edge.constant, it has
/// no side effects, and its results have at most `maxResultElements` elements
/// in all. Returns whether it did.
bool foldThroughInterpreter(mlir::Operation *op, mlir::OpBuilder &builder,
                            int64_t maxResultElements);

} // namespace edgec

#endif // EDGEC_REFERENCE_INTERPRETER_H
