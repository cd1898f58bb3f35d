//===- LocalFunctions.cpp - Functions that a model defines --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LocalFunctions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <fmt/format.h>
#include <google/protobuf/unknown_field_set.h>

using namespace edgec::onnx_import;
using namespace llvm;

namespace {

/// The defaults of a function's attributes. They are newer than the message
/// classes, to which their field is unknown.
std::vector<onnx::AttributeProto>
defaultAttributes(const onnx::FunctionProto &function) {
  constexpr int attributeProtoField = 11;
  std::vector<onnx::AttributeProto> defaults;
  const google::protobuf::UnknownFieldSet &fields =
      function.GetReflection()->GetUnknownFields(function);
  for (int i = 0; i < fields.field_count(); ++i) {
    const google::protobuf::UnknownField &field = fields.field(i);
    if (field.number() != attributeProtoField ||
        field.type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED)
      continue;
    onnx::AttributeProto attribute;
    if (attribute.ParseFromString(field.length_delimited()))
      defaults.push_back(std::move(attribute));
  }
  return defaults;
}

class Instance {
public:
  Instance(const onnx::FunctionProto &function, const onnx::NodeProto &call) {
    for (onnx::AttributeProto &attribute : defaultAttributes(function))
      attributes[attribute.name()] = std::move(attribute);
    for (const onnx::AttributeProto &attribute : call.attribute())
      attributes[attribute.name()] = attribute;
    for (int i = 0; i < function.input_size(); ++i)
      if (i >= call.input_size() || call.input(i).empty())
        missing.insert(function.input(i));
  }

  void bind(onnx::NodeProto &node) {
    for (std::string &input : *node.mutable_input())
      if (missing.contains(input))
        input.clear();
    auto &list = *node.mutable_attribute();
    for (int i = list.size(); i-- > 0;) {
      onnx::AttributeProto &attribute = list[i];
      if (!attribute.ref_attr_name().empty() && !replace(attribute)) {
        list.DeleteSubrange(i, 1); // Neither given nor with a default.
        continue;
      }
      if (attribute.has_g())
        bind(*attribute.mutable_g());
      for (onnx::GraphProto &graph : *attribute.mutable_graphs())
        bind(graph);
    }
  }

private:
  void bind(onnx::GraphProto &graph) {
    for (onnx::NodeProto &node : *graph.mutable_node())
      bind(node);
  }

  bool replace(onnx::AttributeProto &attribute) {
    auto found = attributes.find(attribute.ref_attr_name());
    if (found == attributes.end())
      return false;
    std::string name = attribute.name();
    attribute = found->second;
    attribute.set_name(name);
    return true;
  }

  StringMap<onnx::AttributeProto> attributes;
  StringSet<> missing;
};

std::string nameOf(const onnx::NodeProto &node) {
  if (!node.name().empty() || node.output_size() == 0)
    return node.name();
  return node.output(0);
}

} // namespace

Expected<onnx::GraphProto>
edgec::onnx_import::instantiateFunction(const onnx::FunctionProto &function,
                                        const onnx::NodeProto &call) {
  if (call.input_size() > function.input_size() ||
      call.output_size() > function.output_size())
    return createStringError(fmt::format(
        "the function has {} inputs and {} outputs, the node {} and {}",
        function.input_size(), function.output_size(), call.input_size(),
        call.output_size()));
  Instance instance(function, call);
  onnx::GraphProto graph;
  *graph.mutable_node() = function.node();
  std::string prefix = nameOf(call);
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    instance.bind(node);
    if (!prefix.empty())
      node.set_name(prefix + "/" + nameOf(node));
  }
  for (const std::string &name : function.input())
    graph.add_input()->set_name(name);
  // Outputs that the call does not take need not be computed.
  for (int i = 0; i < call.output_size(); ++i)
    graph.add_output()->set_name(function.output(i));
  return graph;
}
