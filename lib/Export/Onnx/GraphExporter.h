//===- GraphExporter.h - From operations to nodes ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_EXPORT_ONNX_GRAPHEXPORTER_H
#define EDGEC_LIB_EXPORT_ONNX_GRAPHEXPORTER_H

#include "edgec/Support/Tensor.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <onnx/onnx_pb.h>
#include <string>

namespace edgec::onnx_export {

/// Writes blocks of edge operations as graphs. Names are unique in the whole
/// model: ONNX lets no graph reuse a name of the graphs around it. Goes on
/// after an operation that has no ONNX form, so that all are reported.
class GraphExporter {
public:
  explicit GraphExporter(int64_t opset) : opsetVersion(opset) {}

  int64_t opset() const { return opsetVersion; }

  //===--------------------------------------------------------------------===//
  // Names
  //===--------------------------------------------------------------------===//

  /// Takes a name that must stay as it is; whether it was free.
  bool reserve(llvm::StringRef name) { return tensorNames.take(name); }
  /// The name, with a number where it is taken.
  std::string uniqueName(llvm::StringRef wanted);
  std::string uniqueNodeName(llvm::StringRef wanted);

  void setName(mlir::Value value, std::string name) {
    names[value] = std::move(name);
  }
  /// The name of a value that is an argument, a constant or already computed. A
  /// constant becomes an initializer of its own block's graph when it is first
  /// asked for.
  std::string nameOf(mlir::Value value);
  /// The name for the result of an operation that is being written: the one
  /// that is set, or a new one from the operation's location.
  std::string nameResult(mlir::Value result);

  //===--------------------------------------------------------------------===//
  // Graphs
  //===--------------------------------------------------------------------===//

  /// Adds an input for a value, which has its name from then on.
  mlir::LogicalResult addInput(mlir::Value value, llvm::StringRef name,
                               onnx::GraphProto &graph);

  /// Writes the operations of a block, whose arguments have names, and the
  /// operands of its terminator as the graph's outputs. An empty name is left
  /// to choice.
  void exportBlock(mlir::Block &block, onnx::GraphProto &graph,
                   llvm::ArrayRef<std::string> outputNames);

  /// Whether something has been reported.
  bool hasFailed() const { return failureReported; }

  /// A constant of 8-bit integers as an initializer of 4-bit ones.
  std::string packedConstant(mlir::Value constant, const Tensor &tensor);

private:
  class NameSet {
  public:
    bool take(llvm::StringRef name) { return used.insert(name).second; }
    std::string makeUnique(llvm::StringRef wanted);

  private:
    llvm::StringSet<> used;
    llvm::StringMap<unsigned> lastNumber;
  };

  void nameOutputs(mlir::Block &block, llvm::ArrayRef<std::string> outputNames);
  void addOutputs(mlir::Block &block, onnx::GraphProto &graph,
                  llvm::ArrayRef<std::string> outputNames);
  std::string writeConstant(mlir::Operation *op);

  int64_t opsetVersion;
  bool failureReported = false;
  NameSet tensorNames, nodeNames;
  llvm::DenseMap<mlir::Value, std::string> names, packedNames;
  llvm::DenseMap<mlir::Block *, onnx::GraphProto *> graphs;
};

/// What an operation is called after its location: the source model's node, or
/// the operation's own name.
std::string nameFromLocation(mlir::Operation *op);

/// Whether an operation is an edge.constant or edge.parameter.
bool isConstant(mlir::Operation *op);

} // namespace edgec::onnx_export

#endif // EDGEC_LIB_EXPORT_ONNX_GRAPHEXPORTER_H
