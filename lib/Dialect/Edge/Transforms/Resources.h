//===- Resources.h - Bytes of constants that passes replace -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_RESOURCES_H
#define EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_RESOURCES_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/DenseMap.h"

namespace edgec::edge {

/// Counts the references of a module to resource blobs and frees a blob when
/// its last reference goes. The context would keep every blob until its own
/// end: a model's weights once for each pass that replaces them.
class ResourceUses {
public:
  explicit ResourceUses(mlir::Operation *root);

  /// An operation of the module is new.
  void add(mlir::Operation *op);
  /// Erases an operation, and the blobs that only it refers to.
  void erase(mlir::Operation *op);
  /// Erases the constant that defines `value` if nothing uses it any more, and
  /// returns its stored bytes.
  int64_t eraseIfUnused(mlir::Value value);

private:
  using BlobEntry = mlir::DialectResourceBlobManager::BlobEntry;
  llvm::DenseMap<BlobEntry *, int64_t> counts;
};

/// Builds at the start of the body of the function around `op`, where the
/// canonicalizer puts constants. It takes the names of those that it has to
/// move.
mlir::OpBuilder constantBuilder(mlir::Operation *op);

/// Bytes of a constant's value as stored: one element for a splat.
int64_t storedBytes(ConstantOp constant);

/// Whether a constant's elements may be written out: not those of a splat that
/// would take much more memory than anything in the model file.
bool canExpand(ConstantOp constant);

} // namespace edgec::edge

#endif // EDGEC_LIB_DIALECT_EDGE_TRANSFORMS_RESOURCES_H
