//===- EmbeddingTables.h - Constants of which rows are read -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_COMPRESS_EMBEDDINGTABLES_H
#define EDGEC_LIB_COMPRESS_EMBEDDINGTABLES_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace edgec::edge {

/// A table and what gathers rows of it, in the order of the program: the first
/// one's name is the table's.
struct EmbeddingTable {
  ConstantOp values;
  llvm::SmallVector<GatherOp> gathers;

  mlir::RankedTensorType type() const;
  int64_t rows() const { return type().getDimSize(0); }
  /// Of a row.
  int64_t elements() const;
};

llvm::SmallVector<EmbeddingTable> embeddingTables(mlir::ModuleOp module);

} // namespace edgec::edge

#endif // EDGEC_LIB_COMPRESS_EMBEDDINGTABLES_H
