//===- Coverage.h - What random graphs have exercised -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_RANDOM_COVERAGE_H
#define EDGEC_RANDOM_COVERAGE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace edgec {

/// Counts of operations of the edge dialect by their names, and of kernel rows:
/// what the code generator tells apart when it emits an operation of the kernel
/// dialect (the types that are multiplied, how weights are stored and packed,
/// how epilogues and rows are computed).
class Coverage {
public:
  /// Counts the operations of a module of the edge dialect.
  void countOperations(mlir::ModuleOp module);
  /// Counts the kernel rows of a module with a memory plan.
  void countKernels(mlir::ModuleOp module);

  void add(const Coverage &other);
  void add(const std::string &row, int64_t count) { counts[row] += count; }

  const std::map<std::string, int64_t> &rows() const { return counts; }
  int64_t count(const std::string &row) const;

  /// A table of all rows that there are, rare ones last.
  void print(llvm::raw_ostream &stream) const;

private:
  std::map<std::string, int64_t> counts;
};

/// The rows of an operation that the code generator makes loops of: its kind
/// and types, and those of its properties that have code of their own.
std::vector<std::string> kernelRowsOf(mlir::Operation *op);

/// The rows that random graphs must have on x86 with all instructions that the
/// code generator knows. What only options bring (weights that are stored in 16
/// bits) is not among them.
const std::vector<std::string> &allKernelRows();

} // namespace edgec

#endif // EDGEC_RANDOM_COVERAGE_H
