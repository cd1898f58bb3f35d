//===- OnnxGraph.cpp - Builds an ONNX model node by node ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "io/OnnxGraph.h"

#include "onnx/onnx_pb.h"

#include <cstring>

using namespace digits;

// Opset 17 and IR version 8 are from 2022: every current tool reads them.
static constexpr int64_t irVersion = 8;
static constexpr int64_t opsetVersion = 17;

OnnxGraph::OnnxGraph(const std::string &name)
    : proto(std::make_unique<onnx::ModelProto>()) {
  proto->set_ir_version(irVersion);
  proto->set_producer_name("edgec examples");
  proto->set_producer_version("1");
  proto->set_model_version(1);
  onnx::OperatorSetIdProto *opset = proto->add_opset_import();
  opset->set_domain("");
  opset->set_version(opsetVersion);
  proto->mutable_graph()->set_name(name);
}

OnnxGraph::OnnxGraph(OnnxGraph &&) = default;
OnnxGraph::~OnnxGraph() = default;

static void describeValue(onnx::ValueInfoProto &value, const std::string &name,
                          const std::vector<int64_t> &shape,
                          const std::string &doc) {
  value.set_name(name);
  value.set_doc_string(doc);
  onnx::TypeProto_Tensor *type = value.mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  for (int64_t extent : shape) {
    auto *dimension = type->mutable_shape()->add_dim();
    if (extent)
      dimension->set_dim_value(extent);
    else
      dimension->set_dim_param("N");
  }
}

void OnnxGraph::addInput(const std::string &name,
                         const std::vector<int64_t> &shape,
                         const std::string &doc) {
  describeValue(*proto->mutable_graph()->add_input(), name, shape, doc);
}

void OnnxGraph::addOutput(const std::string &name,
                          const std::vector<int64_t> &shape,
                          const std::string &doc) {
  describeValue(*proto->mutable_graph()->add_output(), name, shape, doc);
}

/// ONNX's raw data is little-endian, whatever the machine is.
static void appendLittleEndian(std::string &bytes, float value) {
  uint32_t bits;
  static_assert(sizeof bits == sizeof value);
  std::memcpy(&bits, &value, sizeof bits);
  for (int shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<char>(bits >> shift & 0xFF));
}

template <typename T>
std::string OnnxGraph::addParameter(const Parameter<T> &parameter) {
  onnx::TensorProto *tensor = proto->mutable_graph()->add_initializer();
  tensor->set_name(parameter.name);
  tensor->set_data_type(onnx::TensorProto::FLOAT);
  for (int64_t extent : parameter.shape)
    tensor->add_dims(extent);
  std::string bytes;
  for (T value : parameter.values)
    appendLittleEndian(bytes, static_cast<float>(value));
  tensor->set_raw_data(std::move(bytes));
  return parameter.name;
}

template std::string OnnxGraph::addParameter(const Parameter<float> &);
template std::string OnnxGraph::addParameter(const Parameter<double> &);

static void setAttribute(onnx::AttributeProto &attribute,
                         const OnnxAttribute &from) {
  attribute.set_name(from.name);
  if (const float *number = std::get_if<float>(&from.value)) {
    attribute.set_type(onnx::AttributeProto::FLOAT);
    attribute.set_f(*number);
  } else if (const int64_t *integer = std::get_if<int64_t>(&from.value)) {
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(*integer);
  } else {
    attribute.set_type(onnx::AttributeProto::INTS);
    for (int64_t integer : std::get<std::vector<int64_t>>(from.value))
      attribute.add_ints(integer);
  }
}

std::string OnnxGraph::addNode(const std::string &type, const std::string &name,
                               const std::vector<std::string> &inputs,
                               const std::vector<OnnxAttribute> &attributes,
                               const std::string &doc) {
  onnx::NodeProto *node = proto->mutable_graph()->add_node();
  node->set_op_type(type);
  node->set_name(name);
  node->set_doc_string(doc);
  for (const std::string &input : inputs)
    node->add_input(input);
  node->add_output(name);
  for (const OnnxAttribute &attribute : attributes)
    setAttribute(*node->add_attribute(), attribute);
  return name;
}
