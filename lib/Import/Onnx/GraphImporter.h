//===- GraphImporter.h - From nodes to operations ---------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_GRAPHIMPORTER_H
#define EDGEC_LIB_IMPORT_ONNX_GRAPHIMPORTER_H

#include "RuntimeExtents.h"
#include "TensorData.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Support/Tensor.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <onnx/onnx_pb.h>
#include <optional>
#include <vector>

namespace edgec::onnx_import {

class NodeContext;
struct OperatorRow;

/// Results of up to this many elements are computed while importing: shape
/// arithmetic, index tables and masks, but not weights.
inline constexpr int64_t maximumFoldedElements = 1 << 16;

/// Values by name. A null value is known to be missing: something before it
/// could not be imported.
struct Scope {
  Scope *parent = nullptr;
  llvm::StringMap<mlir::Value> values;

  /// Nothing where the name is not defined.
  std::optional<mlir::Value> find(llvm::StringRef name) const;
};

/// Imports the nodes of a graph and its subgraphs. Goes on after a node that
/// cannot be imported, without those that depend on it, and reports all of
/// them together.
class GraphImporter {
public:
  GraphImporter(onnx::ModelProto &model, mlir::Location file,
                llvm::StringRef folder, mlir::MLIRContext *context);

  /// Fails, after a diagnostic, where the model's operator sets are unknown.
  mlir::LogicalResult readOpsets();

  /// Imports initializers and nodes at the builder's insertion point. `scope`
  /// has the graph's inputs. `results` are the outputs, null where one cannot
  /// be computed.
  mlir::LogicalResult importGraph(onnx::GraphProto &graph, Scope &scope,
                                  llvm::SmallVectorImpl<mlir::Value> &results);
  /// The same for a subgraph of the node that is being imported, whose inputs
  /// have the values `arguments`.
  mlir::LogicalResult
  importSubgraph(onnx::GraphProto &graph, mlir::ValueRange arguments,
                 llvm::SmallVectorImpl<mlir::Value> &results);

  /// One error with a note a node; success if every node was imported.
  mlir::LogicalResult reportFailures();

  mlir::OpBuilder builder;
  TensorReader tensors;
  RuntimeExtents extents;
  /// The most elements of values whose extent the run decides, by name
  /// (`--max-elements`), and those among all such values that are asked about.
  llvm::StringMap<int64_t> maxElements;
  llvm::StringSet<> countedValues;

  /// The value of a constant, a parameter or something computed from them.
  std::optional<Tensor> knownValue(mlir::Value value);
  /// Replaces a new operation without uses by constants if its operands are
  /// constants and its results small; returns what stands for its results.
  llvm::SmallVector<mlir::Value> fold(mlir::Operation *op);

  /// A parameter of one element as a scalar, the same one every time: a weight
  /// stays a weight, and one weight.
  mlir::Value scalarParameter(edge::ParameterOp parameter);

  bool isUsed(llvm::StringRef name) const { return usedNames.contains(name); }

  /// How often loops run at most whose iteration number is a key.
  llvm::DenseMap<mlir::Value, int64_t> iterationCounts;

private:
  /// A node that could not be imported, and why.
  struct Failure {
    mlir::Location location;
    std::string description;
  };

  mlir::Location locationOf(const onnx::NodeProto &node, size_t index) const;
  int64_t opsetOf(llvm::StringRef domain) const;
  mlir::LogicalResult importInitializers(onnx::GraphProto &graph, Scope &scope);
  mlir::LogicalResult importInitializer(onnx::TensorProto &tensor,
                                        Scope &scope);
  void importNode(onnx::NodeProto &node, size_t index, Scope &scope);
  /// A function that the model defines; null where it defines none.
  const onnx::FunctionProto *functionOf(const onnx::NodeProto &node) const;
  /// The outputs of a call, null where one cannot be computed; or why it is not
  /// valid.
  llvm::Expected<llvm::SmallVector<mlir::Value>>
  importCall(const onnx::FunctionProto &function, const onnx::NodeProto &call,
             llvm::ArrayRef<mlir::Value> inputs);
  bool runHandler(NodeContext &node, const OperatorRow &row,
                  const onnx::NodeProto &proto);
  void bindOutputs(const onnx::NodeProto &node,
                   llvm::ArrayRef<mlir::Value> values, Scope &scope);
  void fail(const onnx::NodeProto &node, mlir::Location location,
            llvm::StringRef reason);

  onnx::ModelProto &model;
  mlir::Location file;
  llvm::StringMap<int64_t> opsets;
  llvm::StringSet<> usedNames;
  std::vector<Failure> failures;
  llvm::DenseMap<mlir::Operation *, mlir::Value> scalarParameters;
  Scope *currentScope = nullptr;
  /// The functions that are being inlined, each called by the one before.
  llvm::SmallVector<const onnx::FunctionProto *> calls;
  size_t inlinedNodes = 0;
};

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_GRAPHIMPORTER_H
