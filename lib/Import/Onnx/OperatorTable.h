//===- OperatorTable.h - Which operators are imported, and how --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One row an operator and form. A family of operators is a file that adds its
// rows; nothing else knows operators by name. See docs/adding-an-operator.md.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_OPERATORTABLE_H
#define EDGEC_LIB_IMPORT_ONNX_OPERATORTABLE_H

#include "InputTypes.h"
#include "mlir/Support/LogicalResult.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace edgec::onnx_import {

class NodeContext;

/// The newest version of ONNX's own operator set that is understood.
inline constexpr int newestOpset = 23;

/// Builds the edge operations of one node and sets its outputs. Fails after
/// NodeContext::error().
using Handler = mlir::LogicalResult (*)(NodeContext &node);

/// How many inputs a node has. The first `minimum` must be there; those after
/// them may be left out by an empty name.
struct InputCount {
  int minimum;
  int maximum;
};
inline constexpr int anyNumber = 1 << 30;

/// The domain of ONNX's own operators, which is written where more follows.
inline constexpr llvm::StringLiteral onnxDomain = "";

/// Operator `name` in the versions [first, last] of the operator set `domain`.
struct OperatorRow {
  llvm::StringLiteral name;
  int first;
  int last;
  InputCount inputs;
  InputTypes types;
  Handler handler;
  llvm::StringLiteral domain = onnxDomain;
  /// What the list of operators says of it besides.
  llvm::StringLiteral notes = "";
};

class OperatorTable {
public:
  /// The table of all families.
  static const OperatorTable &get();

  void add(llvm::ArrayRef<OperatorRow> rows);

  /// The row for an operator in an operator set's version, or null; `reason`
  /// then says why there is none.
  const OperatorRow *find(llvm::StringRef domain, llvm::StringRef name,
                          int64_t opset, std::string &reason) const;

  /// All rows, in no particular order.
  llvm::SmallVector<OperatorRow, 0> rows() const;

private:
  llvm::StringMap<llvm::SmallVector<OperatorRow, 2>> rowsByName;
};

void addActivations(OperatorTable &table);
void addAttention(OperatorTable &table);
void addConstants(OperatorTable &table);
void addContractions(OperatorTable &table);
void addContributed(OperatorTable &table);
void addDeformConv(OperatorTable &table);
void addEinsum(OperatorTable &table);
void addElementwise(OperatorTable &table);
void addIf(OperatorTable &table);
void addIndexing(OperatorTable &table);
void addLoop(OperatorTable &table);
void addLosses(OperatorTable &table);
void addMatMulNBits(OperatorTable &table);
void addNormalizations(OperatorTable &table);
void addPooling(OperatorTable &table);
void addQuantization(OperatorTable &table);
void addRecurrent(OperatorTable &table);
void addReductions(OperatorTable &table);
void addResize(OperatorTable &table);
void addSampling(OperatorTable &table);
void addScan(OperatorTable &table);
void addSelection(OperatorTable &table);
void addShape(OperatorTable &table);
void addSignal(OperatorTable &table);
void addSignalWindows(OperatorTable &table);
void addSlicing(OperatorTable &table);
void addTfIdf(OperatorTable &table);

/// Why an operator of ONNX's own set that has no row is not imported.
llvm::StringRef reasonOutOfScope(llvm::StringRef name);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_OPERATORTABLE_H
