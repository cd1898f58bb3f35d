//===- RuntimeExtents.h - Values that the run may not fill ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where ONNX leaves an extent to the run (NonZero, Compress, NonMaxSuppression,
// ...), a value is a buffer of the largest extent, and beside it stands a
// scalar that tells the true one. What comes after takes the extent along where
// it may, and is refused where it would take the rest of the buffer for data.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_RUNTIMEEXTENTS_H
#define EDGEC_LIB_IMPORT_ONNX_RUNTIMEEXTENTS_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <optional>
#include <string>

namespace edgec::onnx_import {

class RuntimeExtents {
public:
  /// For each dimension the i64 scalar that tells its extent, null where the
  /// type does.
  using Extents = llvm::SmallVector<mlir::Value>;

  /// Empty where the type tells all extents.
  llvm::ArrayRef<mlir::Value> of(mlir::Value value) const;
  void set(mlir::Value value, Extents extents);
  /// Notes that a scalar counts something: it is not negative.
  void setCount(mlir::Value value) { counts.insert(value); }
  bool isCount(mlir::Value value) const {
    return counts.contains(value) || bounds.contains(value);
  }
  /// The largest that a scalar is which tells an extent; nothing for other
  /// values.
  std::optional<int64_t> boundOf(mlir::Value extent) const;

  /// Gives the results of a new operation the extents that follow from its
  /// operands. Where it would mix in what lies beyond them, keeps that out, if
  /// there is a simple way: `results` may then be other ones. Fails where there
  /// is none; `reason` says why.
  mlir::LogicalResult carryOver(mlir::OpBuilder &builder, mlir::Operation *op,
                                llvm::SmallVectorImpl<mlir::Value> &results,
                                std::string &reason);

  /// Notes that an operation that was created without carrying over is right.
  void trust(mlir::Operation *op) { carried.insert(op); }

  /// Says at every operation below `root` that uses such a value without
  /// having been carried over that it may not, and fails if there is one.
  mlir::LogicalResult checkUses(mlir::Operation *root) const;

  /// The true shape of a value: i64 [rank].
  mlir::Value shapeOf(mlir::OpBuilder &builder, mlir::Location loc,
                      mlir::Value value) const;

  /// What decides an extent, for messages: the node's name.
  static std::string describe(mlir::Value extent);

private:
  llvm::DenseMap<mlir::Value, Extents> extents;
  llvm::DenseMap<mlir::Value, int64_t> bounds;
  llvm::DenseSet<mlir::Value> counts;
  /// Operations whose results are known to be right.
  llvm::DenseSet<mlir::Operation *> carried;
};

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_RUNTIMEEXTENTS_H
