//===- ExampleModel.cpp - The model of an operator's example --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExampleModel.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::testing;
using llvm::StringRef;

namespace {

/// A tensor of the values, of which the last one is repeated.
Tensor filled(ElementType type, std::vector<int64_t> shape,
              llvm::ArrayRef<double> values) {
  Tensor tensor(type, std::move(shape));
  for (int64_t i = 0; i < tensor.size(); ++i)
    tensor.setDouble(i, values[std::min<size_t>(i, values.size() - 1)]);
  return tensor;
}

ExampleInput parseInput(StringRef text) {
  ExampleInput input;
  input.isThere = text != "-";
  auto [shape, values] = text.split('=');
  llvm::SmallVector<StringRef> parts;
  if (input.isThere && shape != ".")
    shape.split(parts, 'x');
  for (StringRef part : parts)
    EXPECT_FALSE(part.getAsInteger(10, input.shape.emplace_back()))
        << text.str();
  parts.clear();
  values.split(parts, ',', -1, /*KeepEmpty=*/false);
  for (StringRef part : parts)
    EXPECT_FALSE(part.getAsDouble(input.values.emplace_back())) << text.str();
  return input;
}

void setNumber(onnx::AttributeProto &attribute, StringRef text, bool isList) {
  int64_t integer;
  double real;
  if (!text.getAsInteger(10, integer)) {
    attribute.set_type(isList ? onnx::AttributeProto::INTS
                              : onnx::AttributeProto::INT);
    isList ? attribute.add_ints(integer) : attribute.set_i(integer);
  } else if (!isList && !text.getAsDouble(real)) {
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(static_cast<float>(real));
  } else {
    EXPECT_FALSE(isList) << text.str();
    attribute.set_type(onnx::AttributeProto::STRING);
    attribute.set_s(text.str());
  }
}

void addAttributes(onnx::NodeProto &node, StringRef text) {
  llvm::SmallVector<StringRef> attributes, numbers;
  text.split(attributes, ' ', -1, /*KeepEmpty=*/false);
  for (StringRef entry : attributes) {
    auto [name, value] = entry.split('=');
    onnx::AttributeProto &attribute = *node.add_attribute();
    attribute.set_name(name.str());
    numbers.clear();
    bool isList = value.consume_front("[") && value.consume_back("]");
    value.split(numbers, isList ? ',' : '\0');
    for (StringRef number : numbers)
      setNumber(attribute, number, isList);
  }
}

/// The type that an input has while another one is tried.
ElementType usualType(const ImportedInput &input) {
  for (ElementType type : {ElementType::F32, ElementType::I64})
    if (llvm::is_contained(input.types, type))
      return type;
  return input.types.front();
}

void addInitializer(onnx::GraphProto &graph, const std::string &name,
                    const Tensor &value) {
  onnx::TensorProto &tensor = *graph.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnxElementType(value.type()));
  for (int64_t extent : value.shape())
    tensor.add_dims(extent);
  tensor.set_raw_data(std::string(value.bytes(), value.byteCount()));
}

void addInput(onnx::GraphProto &graph, const std::string &name,
              const Tensor &value) {
  onnx::ValueInfoProto &input = *graph.add_input();
  input.set_name(name);
  auto &type = *input.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnxElementType(value.type()));
  for (int64_t extent : value.shape())
    type.mutable_shape()->add_dim()->set_dim_value(extent);
}

/// Inputs are those of subgraphs, which their own nodes check.
bool isControlFlow(StringRef name) {
  return name == "If" || name == "Loop" || name == "Scan";
}

bool isOfRow(const OperatorExample &example, const ImportedOperator &row) {
  std::string domain = row.domain.empty() ? "" : (row.domain + ".").str();
  if (example.name != domain + row.name.str())
    return false;
  if (example.opset == 0)
    return row.last == (row.domain.empty() ? 23 : 1);
  return row.first <= example.opset && example.opset <= row.last;
}

} // namespace

std::vector<ExampleInput>
edgec::testing::parseInputs(const OperatorExample &example) {
  llvm::SmallVector<StringRef> texts;
  StringRef(example.inputs).split(texts, ' ', -1, /*KeepEmpty=*/false);
  std::vector<ExampleInput> inputs;
  for (StringRef text : texts)
    inputs.push_back(parseInput(text));
  return inputs;
}

ImportedInput edgec::testing::inputOf(const ImportedOperator &row,
                                      size_t index) {
  size_t count = row.inputs.size();
  if (index < count)
    return row.inputs[index];
  ImportedInput input = row.inputs.back();
  if (row.repeatedInputs == 0) {
    input.likeInput = input.likeInput.value_or(count - 1);
    return input;
  }
  size_t first = count - row.repeatedInputs;
  size_t distance = (index - first) / row.repeatedInputs * row.repeatedInputs;
  input = row.inputs[index - distance];
  if (input.likeInput && *input.likeInput >= static_cast<int>(first))
    *input.likeInput += static_cast<int>(distance);
  return input;
}

std::vector<ElementType> edgec::testing::usualTypes(const ImportedOperator &row,
                                                    size_t count) {
  std::vector<ElementType> types;
  for (size_t index = 0; index < count; ++index) {
    ImportedInput input = inputOf(row, index);
    types.push_back(input.likeInput ? types[*input.likeInput]
                                    : usualType(input));
  }
  return types;
}

std::pair<onnx::ModelProto, std::vector<Tensor>> edgec::testing::makeModel(
    const ImportedOperator &row, const OperatorExample &example,
    llvm::ArrayRef<ExampleInput> inputs, llvm::ArrayRef<ElementType> types) {
  onnx::ModelProto model;
  model.set_ir_version(8);
  constexpr int opsetBesideOthers = 17;
  model.add_opset_import()->set_version(!row.domain.empty()  ? opsetBesideOthers
                                        : example.opset != 0 ? example.opset
                                                             : row.last);
  if (!row.domain.empty()) {
    onnx::OperatorSetIdProto &set = *model.add_opset_import();
    set.set_domain(row.domain.str());
    set.set_version(row.last);
  }
  std::vector<Tensor> arguments;
  onnx::GraphProto &graph = *model.mutable_graph();
  onnx::NodeProto &node = *graph.add_node();
  node.set_op_type(row.name.str());
  node.set_domain(row.domain.str());
  addAttributes(node, example.attributes);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const ExampleInput &input = inputs[i];
    node.add_input(input.isThere ? fmt::format("x{}", i) : "");
    if (!input.isThere)
      continue;
    bool isConstant = !input.values.empty();
    Tensor value = filled(types[i], input.shape,
                          isConstant ? input.values : std::vector<double>{1});
    if (isConstant)
      addInitializer(graph, node.input(i), value);
    else
      addInput(graph, node.input(i), value);
    if (!isConstant)
      arguments.push_back(std::move(value));
  }
  node.add_output("y");
  graph.add_output()->set_name("y");
  return {std::move(model), std::move(arguments)};
}

void edgec::testing::forEachExample(
    llvm::function_ref<void(const ImportedOperator &, const OperatorExample &)>
        visit) {
  for (const ImportedOperator &row : importedOperators()) {
    if (isControlFlow(row.name))
      continue;
    SCOPED_TRACE((row.domain + " " + row.name).str() + " " +
                 std::to_string(row.last));
    bool hasExample = false;
    for (const OperatorExample &example : operatorExamples()) {
      if (!isOfRow(example, row))
        continue;
      visit(row, example);
      hasExample = true;
    }
    EXPECT_TRUE(hasExample)
        << "no example for " << row.first << "-" << row.last;
  }
}
