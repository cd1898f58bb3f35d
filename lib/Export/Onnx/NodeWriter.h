//===- NodeWriter.h - The nodes of one operation ----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_EXPORT_ONNX_NODEWRITER_H
#define EDGEC_LIB_EXPORT_ONNX_NODEWRITER_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Support/Tensor.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"
#include <onnx/onnx_pb.h>
#include <string>
#include <variant>

namespace edgec::onnx_export {

class GraphExporter;

/// An attribute of a node.
struct NodeAttribute {
  NodeAttribute(llvm::StringRef name, int64_t value)
      : name(name), value(value) {}
  NodeAttribute(llvm::StringRef name, bool value)
      : name(name), value(int64_t{value}) {}
  NodeAttribute(llvm::StringRef name, const llvm::APFloat &value)
      : name(name), value(static_cast<float>(value.convertToDouble())) {}
  NodeAttribute(llvm::StringRef name, llvm::StringRef value)
      : name(name), value(value.str()) {}
  NodeAttribute(llvm::StringRef name, llvm::ArrayRef<int64_t> values)
      : name(name), value(llvm::SmallVector<int64_t>(values)) {}
  // Or else text would be taken for a boolean.
  NodeAttribute(llvm::StringRef name, const char *value)
      : NodeAttribute(name, llvm::StringRef(value)) {}

  llvm::StringRef name;
  std::variant<int64_t, float, std::string, llvm::SmallVector<int64_t>> value;
};

/// Adds the nodes that stand for one operation to a graph. Tensors go by their
/// names; an empty name is an optional input that is left out.
class NodeWriter {
public:
  NodeWriter(GraphExporter &exporter, onnx::GraphProto &graph,
             mlir::Operation *op);

  /// Reports that the operation has no ONNX form, and why.
  mlir::LogicalResult error(const llvm::Twine &reason);

  /// The model's operator set.
  int64_t opset() const;

  //===--------------------------------------------------------------------===//
  // Tensors
  //===--------------------------------------------------------------------===//

  /// The name of an operand; empty for null.
  std::string name(mlir::Value value);
  llvm::SmallVector<std::string> operands();

  /// New initializers; `role` is what they are to the operation.
  std::string constant(llvm::StringRef role, const Tensor &tensor);
  std::string intVector(llvm::StringRef role, llvm::ArrayRef<int64_t> values);
  std::string floatVector(llvm::StringRef role, llvm::ArrayRef<double> values);
  std::string scalar(llvm::StringRef role, mlir::Type element, double value);

  /// A constant of 8-bit integers as a tensor of 4-bit ones: one initializer
  /// however often it is asked for.
  std::string packed(mlir::Value constant, const Tensor &tensor);

  static llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);
  static int64_t rankOf(mlir::Value value) { return shapeOf(value).size(); }
  static mlir::Type elementTypeOf(mlir::Value value);
  /// The elements of a constant or parameter.
  static std::optional<Tensor> knownValue(mlir::Value value);

  //===--------------------------------------------------------------------===//
  // Nodes
  //===--------------------------------------------------------------------===//

  /// A node with one result; returns its name.
  std::string add(llvm::StringRef opType, llvm::ArrayRef<std::string> inputs,
                  llvm::ArrayRef<NodeAttribute> attributes = {});
  /// The node whose result is the operation's.
  mlir::LogicalResult finish(llvm::StringRef opType,
                             llvm::ArrayRef<std::string> inputs,
                             llvm::ArrayRef<NodeAttribute> attributes = {});
  /// The node whose results are all of the operation's.
  onnx::NodeProto &addFinal(llvm::StringRef opType,
                            llvm::ArrayRef<std::string> inputs,
                            llvm::ArrayRef<NodeAttribute> attributes = {});

  /// The node whose results are these of the operation's.
  onnx::NodeProto &addPartial(mlir::ValueRange results, llvm::StringRef opType,
                              llvm::ArrayRef<std::string> inputs,
                              llvm::ArrayRef<NodeAttribute> attributes = {});

  /// The tensor repeated to `shape`, where that is not its own.
  std::string expanded(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  /// The tensor with its last two dimensions swapped.
  std::string transposed(mlir::Value value);

  GraphExporter &graphs() { return exporter; }

private:
  onnx::NodeProto &addNode(llvm::StringRef opType,
                           llvm::ArrayRef<std::string> inputs,
                           llvm::ArrayRef<std::string> outputs,
                           llvm::ArrayRef<NodeAttribute> attributes);

  GraphExporter &exporter;
  onnx::GraphProto &graph;
  mlir::Operation *op;
};

} // namespace edgec::onnx_export

#endif // EDGEC_LIB_EXPORT_ONNX_NODEWRITER_H
