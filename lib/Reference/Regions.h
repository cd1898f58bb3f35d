//===- Regions.h - Runs regions of edge operations --------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_REFERENCE_REGIONS_H
#define EDGEC_LIB_REFERENCE_REGIONS_H

#include "Kernels.h"
#include "edgec/Reference/Interpreter.h"
#include "llvm/ADT/DenseMap.h"
#include <vector>

namespace edgec::reference {

/// Runs a function's region and, recursively, those of its control flow. Holds
/// the values that are alive.
class RegionInterpreter {
public:
  explicit RegionInterpreter(TensorObserver observer) : observer(observer) {}

  /// Runs a region of one block; returns the terminator's operands. The
  /// arguments are borrowed while it runs.
  mlir::FailureOr<std::vector<Tensor>> run(mlir::Region &region,
                                           Operands arguments);

private:
  /// For each operation of a block, the block's values that nothing uses after
  /// it. Uses inside an operation's regions are uses by that operation.
  using LastUses =
      llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::Value, 2>>;

  mlir::LogicalResult runOperation(mlir::Operation *op);
  mlir::LogicalResult runIf(edge::IfOp op);
  mlir::LogicalResult runLoop(edge::LoopOp op);
  void assign(mlir::ValueRange results, std::vector<Tensor> tensors);
  const LastUses &lastUses(mlir::Block &block);

  TensorObserver observer;
  llvm::DenseMap<mlir::Value, Tensor> values;
  llvm::DenseMap<mlir::Block *, std::unique_ptr<LastUses>> lastUsesOfBlock;
};

} // namespace edgec::reference

#endif // EDGEC_LIB_REFERENCE_REGIONS_H
