//===- NodeWriter.cpp - The nodes of one operation ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeWriter.h"
#include "GraphExporter.h"
#include "TensorData.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Builders.h"
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

NodeWriter::NodeWriter(GraphExporter &exporter, onnx::GraphProto &graph,
                       Operation *op)
    : exporter(exporter), graph(graph), op(op) {}

LogicalResult NodeWriter::error(const Twine &reason) {
  return op->emitError("'")
         << op->getName() << "' cannot be written to ONNX: " << reason;
}

int64_t NodeWriter::opset() const { return exporter.opset(); }

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

std::string NodeWriter::name(Value value) {
  return value ? exporter.nameOf(value) : std::string();
}

SmallVector<std::string> NodeWriter::operands() {
  SmallVector<std::string> names;
  for (Value operand : op->getOperands())
    names.push_back(name(operand));
  return names;
}

std::string NodeWriter::constant(StringRef role, const Tensor &tensor) {
  std::string name =
      exporter.uniqueName(nameFromLocation(op) + "/" + role.str());
  writeTensor(tensor, name, *graph.add_initializer());
  return name;
}

std::string NodeWriter::intVector(StringRef role, ArrayRef<int64_t> values) {
  Tensor tensor(ElementType::I64, {static_cast<int64_t>(values.size())});
  llvm::copy(values, tensor.mutableData<int64_t>());
  return constant(role, tensor);
}

std::string NodeWriter::floatVector(StringRef role, ArrayRef<double> values) {
  Tensor tensor(ElementType::F32, {static_cast<int64_t>(values.size())});
  for (auto [index, value] : llvm::enumerate(values))
    tensor.mutableData<float>()[index] = static_cast<float>(value);
  return constant(role, tensor);
}

std::string NodeWriter::scalar(StringRef role, Type element, double value) {
  Builder builder(op->getContext());
  Attribute attribute;
  if (isa<FloatType>(element))
    attribute = builder.getFloatAttr(element, value);
  else
    attribute = builder.getIntegerAttr(element, static_cast<int64_t>(value));
  FailureOr<Tensor> tensor = toTensor(
      DenseElementsAttr::get(RankedTensorType::get({}, element), attribute));
  assert(succeeded(tensor) && "a scalar of an element type");
  return constant(role, *tensor);
}

std::string NodeWriter::packed(Value constant, const Tensor &tensor) {
  return exporter.packedConstant(constant, tensor);
}

ArrayRef<int64_t> NodeWriter::shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

Type NodeWriter::elementTypeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getElementType();
}

std::optional<Tensor> NodeWriter::knownValue(Value value) {
  ElementsAttr attribute;
  if (auto constant = value.getDefiningOp<edge::ConstantOp>())
    attribute = constant.getValue();
  else if (auto parameter = value.getDefiningOp<edge::ParameterOp>())
    attribute = parameter.getValue();
  if (!attribute)
    return std::nullopt;
  FailureOr<Tensor> tensor = toTensor(attribute);
  if (failed(tensor))
    return std::nullopt;
  return std::move(*tensor);
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

static void setValue(onnx::AttributeProto &proto,
                     const NodeAttribute &attribute) {
  proto.set_name(attribute.name.str());
  if (auto *integer = std::get_if<int64_t>(&attribute.value)) {
    proto.set_type(onnx::AttributeProto::INT);
    proto.set_i(*integer);
  } else if (auto *real = std::get_if<float>(&attribute.value)) {
    proto.set_type(onnx::AttributeProto::FLOAT);
    proto.set_f(*real);
  } else if (auto *text = std::get_if<std::string>(&attribute.value)) {
    proto.set_type(onnx::AttributeProto::STRING);
    proto.set_s(*text);
  } else {
    proto.set_type(onnx::AttributeProto::INTS);
    for (int64_t value : std::get<SmallVector<int64_t>>(attribute.value))
      proto.add_ints(value);
  }
}

onnx::NodeProto &NodeWriter::addNode(StringRef opType,
                                     ArrayRef<std::string> inputs,
                                     ArrayRef<std::string> outputs,
                                     ArrayRef<NodeAttribute> attributes) {
  onnx::NodeProto &node = *graph.add_node();
  node.set_op_type(opType.str());
  node.set_name(exporter.uniqueNodeName(nameFromLocation(op)));
  while (!inputs.empty() && inputs.back().empty())
    inputs = inputs.drop_back();
  for (const std::string &input : inputs)
    node.add_input(input);
  for (const std::string &output : outputs)
    node.add_output(output);
  for (const NodeAttribute &attribute : attributes)
    setValue(*node.add_attribute(), attribute);
  return node;
}

std::string NodeWriter::add(StringRef opType, ArrayRef<std::string> inputs,
                            ArrayRef<NodeAttribute> attributes) {
  std::string result =
      exporter.uniqueName(nameFromLocation(op) + "/" + opType.str());
  addNode(opType, inputs, result, attributes);
  return result;
}

onnx::NodeProto &NodeWriter::addFinal(StringRef opType,
                                      ArrayRef<std::string> inputs,
                                      ArrayRef<NodeAttribute> attributes) {
  return addPartial(op->getResults(), opType, inputs, attributes);
}

onnx::NodeProto &NodeWriter::addPartial(ValueRange results, StringRef opType,
                                        ArrayRef<std::string> inputs,
                                        ArrayRef<NodeAttribute> attributes) {
  SmallVector<std::string> outputs;
  for (Value result : results)
    outputs.push_back(exporter.nameResult(result));
  return addNode(opType, inputs, outputs, attributes);
}

LogicalResult NodeWriter::finish(StringRef opType, ArrayRef<std::string> inputs,
                                 ArrayRef<NodeAttribute> attributes) {
  addFinal(opType, inputs, attributes);
  return success();
}

std::string NodeWriter::expanded(Value value, ArrayRef<int64_t> shape) {
  if (shapeOf(value) == shape)
    return name(value);
  return add("Expand", {name(value), intVector("shape", shape)});
}

std::string NodeWriter::transposed(Value value) {
  SmallVector<int64_t> permutation(rankOf(value));
  std::iota(permutation.begin(), permutation.end(), 0);
  std::swap(permutation.back(), permutation[permutation.size() - 2]);
  return add("Transpose", {name(value)},
             {{"perm", ArrayRef<int64_t>(permutation)}});
}
