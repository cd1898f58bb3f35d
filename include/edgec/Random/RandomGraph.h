//===- RandomGraph.h - Modules of random operations -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_RANDOM_RANDOMGRAPH_H
#define EDGEC_RANDOM_RANDOMGRAPH_H

#include "edgec/Support/Tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace edgec {

struct RandomGraphOptions {
  /// Rows of the table of operations that are used for a graph, which has at
  /// least as many operations, constants not counted.
  unsigned leastNodes = 5;
  unsigned mostNodes = 40;
  /// Leave out what ONNX has no form for.
  bool exportable = false;
  /// Only the rows of these operations ("edge.conv"); empty: of all.
  std::vector<std::string> only;
};

/// Attributes of the function of a random graph, by which it can be run from a
/// file. On an argument, what its elements are made of: a dictionary with the
/// f64 `low` and `high`, between which they lie, the f64 `step`, whose
/// multiples they are (0: any numbers), and an i64 `seed`; with the unit
/// `special` infinities and NaNs are among them.
inline constexpr llvm::StringLiteral randomElementsAttr = "edge.random";
/// On a result, an f64: how far, relative to the largest element, rounding may
/// move it; 0: not at all.
inline constexpr llvm::StringLiteral roundingAttr = "edge.rounding";

/// A module with a function @run of operations of the edge dialect, the same
/// for a seed on every machine. Null after diagnostics where the interpreter
/// or a verifier refuses what the table of operations makes, which is a fault
/// of one of the three.
mlir::OwningOpRef<mlir::ModuleOp>
makeRandomGraph(mlir::MLIRContext *context, uint64_t seed,
                const RandomGraphOptions &options = {});

/// The inputs that the attributes on a function's arguments describe; those
/// without one are made like those with `low` -1, `high` 1 and `step` 0.
std::vector<Tensor> makeRandomInputs(mlir::func::FuncOp function);

/// A row of the table of operations: how often it is chosen in relation to the
/// others, and whether ONNX has a form for what it makes.
struct RandomOperation {
  llvm::StringRef name;
  unsigned weight;
  bool exportable;
};
std::vector<RandomOperation> randomOperations();

/// An operation that random graphs do not have, and why.
struct ExcludedOperation {
  llvm::StringLiteral name;
  llvm::StringLiteral reason;
};
llvm::ArrayRef<ExcludedOperation> operationsWithoutRow();

} // namespace edgec

#endif // EDGEC_RANDOM_RANDOMGRAPH_H
