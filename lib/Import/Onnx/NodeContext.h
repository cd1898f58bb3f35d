//===- NodeContext.h - One ONNX node, as a handler sees it ------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Errors are sticky: after the first one, accessors give defaults and `create`
// gives null, so that a handler reads as the formula that it implements and
// only its end is checked.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_NODECONTEXT_H
#define EDGEC_LIB_IMPORT_ONNX_NODECONTEXT_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Support/Tensor.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"
#include <onnx/onnx_pb.h>
#include <optional>
#include <string>

namespace edgec::onnx_import {

class GraphImporter;

class NodeContext {
public:
  NodeContext(GraphImporter &importer, onnx::NodeProto &proto, int64_t opset,
              llvm::ArrayRef<mlir::Value> inputs, mlir::Location location);

  //===--------------------------------------------------------------------===//
  // Errors
  //===--------------------------------------------------------------------===//

  /// Records why the node cannot be imported; only the first reason counts.
  mlir::LogicalResult error(const llvm::Twine &reason);
  /// Gives the node up because of something that is reported already.
  mlir::LogicalResult giveUp();
  bool hasGivenUp() const { return givenUp; }
  bool hasFailed() const { return givenUp || !failureReason.empty(); }
  llvm::StringRef reason() const { return failureReason; }

  //===--------------------------------------------------------------------===//
  // The node
  //===--------------------------------------------------------------------===//

  llvm::StringRef opType() const { return proto.op_type(); }
  int64_t opset() const { return opsetVersion; }
  mlir::Location loc() const { return location; }
  mlir::OpBuilder &builder() const;
  GraphImporter &graph() const { return importer; }
  mlir::MLIRContext *context() const { return location.getContext(); }

  unsigned numInputs() const { return inputs.size(); }
  /// Null where an optional input is left out.
  mlir::Value input(unsigned index) const {
    return index < inputs.size() ? inputs[index] : mlir::Value();
  }
  llvm::ArrayRef<mlir::Value> allInputs() const { return inputs; }

  unsigned numOutputs() const { return proto.output_size(); }
  /// Whether something reads output `index`.
  bool isUsed(unsigned index) const;
  void setOutput(unsigned index, mlir::Value value);
  /// Sets the first output, and fails if there were errors before.
  mlir::LogicalResult finish(mlir::Value value);
  llvm::ArrayRef<mlir::Value> outputValues() const { return outputs; }

  /// Imports a subgraph where the builder stands; gives the node up where
  /// something in it could not be imported, which is reported there.
  mlir::LogicalResult
  importSubgraph(onnx::GraphProto &subgraph, mlir::ValueRange arguments,
                 llvm::SmallVectorImpl<mlir::Value> &results);

  //===--------------------------------------------------------------------===//
  // Attributes: a default where the node has none, an error for a wrong type
  //===--------------------------------------------------------------------===//

  bool hasAttribute(llvm::StringRef name);
  int64_t intAttribute(llvm::StringRef name, int64_t byDefault);
  bool flagAttribute(llvm::StringRef name, bool byDefault);
  double floatAttribute(llvm::StringRef name, float byDefault);
  std::string stringAttribute(llvm::StringRef name, llvm::StringRef byDefault);
  std::optional<llvm::SmallVector<int64_t>> intsAttribute(llvm::StringRef name);
  std::optional<llvm::SmallVector<float>> floatsAttribute(llvm::StringRef name);
  std::optional<llvm::SmallVector<std::string>>
  stringsAttribute(llvm::StringRef name);
  /// Null where the node has none.
  onnx::TensorProto *tensorAttribute(llvm::StringRef name);
  onnx::GraphProto *graphAttribute(llvm::StringRef name);
  /// An integer that must be there.
  int64_t requiredIntAttribute(llvm::StringRef name);
  /// Attributes that have no influence on inference.
  void ignoreAttributes(std::initializer_list<llvm::StringRef> names);
  /// Those that no accessor asked for.
  llvm::SmallVector<llvm::StringRef> unreadAttributes() const;

  //===--------------------------------------------------------------------===//
  // Shapes and axes
  //===--------------------------------------------------------------------===//

  static llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);
  static int64_t rankOf(mlir::Value value);
  static mlir::Type elementTypeOf(mlir::Value value);

  /// `axis` in [0, rank), counted from the end where it is negative; an error
  /// beyond. `inclusive` allows rank itself.
  int64_t normalizedAxis(int64_t axis, int64_t rank, bool inclusive = false);
  /// The same for several, in order; an error where two are equal.
  llvm::SmallVector<int64_t> normalizedAxes(llvm::ArrayRef<int64_t> axes,
                                            int64_t rank);
  /// Axes that are attribute `axes` before opset `inputSince` and input
  /// `index` from it on; nothing where they are left out.
  std::optional<llvm::SmallVector<int64_t>> axes(int inputSince,
                                                 unsigned index);

  //===--------------------------------------------------------------------===//
  // Values that are known at compile time
  //===--------------------------------------------------------------------===//

  /// The value of input `index`; an error where it depends on run-time data.
  std::optional<Tensor> constant(unsigned index);
  std::optional<llvm::SmallVector<int64_t>> constantInts(unsigned index);
  std::optional<llvm::SmallVector<double>> constantFloats(unsigned index);
  /// The value, if it is known; no error otherwise.
  std::optional<Tensor> knownValue(mlir::Value value);
  /// Whether `value` is known, and all its elements are zero.
  bool isKnownZero(mlir::Value value);

  //===--------------------------------------------------------------------===//
  // Extents that the run decides
  //===--------------------------------------------------------------------===//

  /// An output with `count` elements along a dimension.
  struct CountedOutput {
    unsigned index;
    mlir::Value value;
    int64_t dim;
  };
  /// Sets outputs, cut to their true extent where `count` is known, and to what
  /// `--max-elements` says of one of them where it is not.
  mlir::LogicalResult setCounted(llvm::ArrayRef<CountedOutput> outputs,
                                 mlir::Value count);
  /// Notes that a dimension of `value` has `count` elements in a run.
  void setExtent(mlir::Value value, int64_t dim, mlir::Value count);
  /// `value` with zeros from position `count` on.
  mlir::Value cutAt(mlir::Value value, mlir::Value count, int64_t dim);
  /// What `--max-elements` says of one of the node's outputs, the least of
  /// several; those before `firstOutput` are not asked about.
  std::optional<int64_t> maxElements(unsigned firstOutput = 0);
  /// For each dimension the scalar that tells its extent, or null; empty where
  /// all are static.
  llvm::ArrayRef<mlir::Value> runtimeExtents(mlir::Value value) const;

  //===--------------------------------------------------------------------===//
  // Building
  //===--------------------------------------------------------------------===//

  /// An operation whose result type follows from its operands; null after an
  /// error. Computed at once where all operands are constants.
  template <typename OpTy, typename... Args>
  mlir::Value create(Args &&...args) {
    if (hasFailed())
      return {};
    mlir::OperationState state(location, OpTy::getOperationName());
    OpTy::build(builder(), state, mlir::Type(builder().getNoneType()),
                std::forward<Args>(args)...);
    if (mlir::failed(inferTypes<OpTy>(state)))
      return {};
    return createFrom(state);
  }

  /// The same for an operation with several results: all of them, null after
  /// an error.
  template <typename OpTy, unsigned numResults, typename... Args>
  llvm::SmallVector<mlir::Value> createAll(Args &&...args) {
    llvm::SmallVector<mlir::Value> results(numResults);
    if (hasFailed())
      return results;
    mlir::OperationState state(location, OpTy::getOperationName());
    llvm::SmallVector<mlir::Type> unknown(numResults, builder().getNoneType());
    OpTy::build(builder(), state, mlir::TypeRange(unknown),
                std::forward<Args>(args)...);
    if (mlir::failed(inferTypes<OpTy>(state)))
      return results;
    return createAllFrom(state, numResults);
  }

  /// An operation whose result type the caller gives.
  template <typename OpTy, typename... Args>
  mlir::Value createAs(mlir::Type type, Args &&...args) {
    if (hasFailed())
      return {};
    mlir::OperationState state(location, OpTy::getOperationName());
    OpTy::build(builder(), state, type, std::forward<Args>(args)...);
    return createFrom(state);
  }

  mlir::Value constant(const Tensor &tensor);
  /// A constant that the node does not have but needs, such as the places of
  /// elements, which `fill` writes; an error where it is too large for that.
  mlir::Value madeConstant(ElementType type, llvm::ArrayRef<int64_t> shape,
                           llvm::function_ref<void(Tensor &)> fill);
  /// A rank-0 constant of `elementType`, floating-point or integer.
  mlir::Value scalar(mlir::Type elementType, double value);
  mlir::Value intVector(llvm::ArrayRef<int64_t> values);
  mlir::Value reshape(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  mlir::Value transpose(mlir::Value value, llvm::ArrayRef<int64_t> permutation);
  mlir::Value castTo(mlir::Value value, mlir::Type elementType);
  mlir::Value broadcast(mlir::Value value, llvm::ArrayRef<int64_t> shape);
  /// Slices whole dimensions but for `axis`.
  mlir::Value slice(mlir::Value value, int64_t axis, int64_t start,
                    int64_t size);
  /// A value with one element as rank 0.
  mlir::Value toScalar(mlir::Value value);

private:
  onnx::AttributeProto *find(llvm::StringRef name,
                             onnx::AttributeProto::AttributeType type);
  template <typename OpTy>
  mlir::LogicalResult inferTypes(mlir::OperationState &state) {
    state.types.clear();
    if (mlir::succeeded(OpTy::inferReturnTypes(
            context(), location, state.operands,
            state.attributes.getDictionary(context()), state.getRawProperties(),
            state.regions, state.types)))
      return mlir::success();
    return error("the operands' types do not fit together");
  }
  mlir::Value createFrom(mlir::OperationState &state) {
    return createAllFrom(state, 1).front();
  }
  llvm::SmallVector<mlir::Value> createAllFrom(mlir::OperationState &state,
                                               unsigned numResults);

  GraphImporter &importer;
  onnx::NodeProto &proto;
  int64_t opsetVersion;
  llvm::ArrayRef<mlir::Value> inputs;
  llvm::SmallVector<mlir::Value> outputs;
  mlir::Location location;
  llvm::StringSet<> readAttributes;
  std::string failureReason;
  bool givenUp = false;
};

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_NODECONTEXT_H
