//===- OnnxTest.cpp - What an exported model looks like -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportTest.h"

using namespace edgec;
using namespace edgec::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

using OnnxExport = ExportTest;

TEST_F(OnnxExport, SignatureAndProducer) {
  onnx::ModelProto model =
      exportModel("module attributes {edge.model_name = \"net\"} {"
                  "func.func @run(%x: tensor<2x3xf32> {edge.name = \"in:0\"}, "
                  "%n: tensor<i64> {edge.name = \"n\"})"
                  " -> (tensor<2x3xf32> {edge.name = \"out\"}, tensor<i64>) {"
                  "%r = edge.relu %x : tensor<2x3xf32>\n"
                  "%m = edge.neg %n : tensor<i64>\n"
                  "return %r, %m : tensor<2x3xf32>, tensor<i64>}}");
  EXPECT_EQ(model.producer_name(), "edgec");
  EXPECT_FALSE(model.producer_version().empty());
  EXPECT_EQ(model.ir_version(), 8);
  ASSERT_EQ(model.opset_import_size(), 1);
  EXPECT_EQ(model.opset_import(0).version(), 17);
  const onnx::GraphProto &graph = model.graph();
  EXPECT_EQ(graph.name(), "net");
  ASSERT_EQ(graph.input_size(), 2);
  EXPECT_EQ(graph.input(0).name(), "in:0");
  const auto &type = graph.input(0).type().tensor_type();
  EXPECT_EQ(type.elem_type(), onnx::TensorProto::FLOAT);
  ASSERT_EQ(type.shape().dim_size(), 2);
  EXPECT_EQ(type.shape().dim(1).dim_value(), 3);
  EXPECT_EQ(graph.input(1).type().tensor_type().shape().dim_size(), 0);
  ASSERT_EQ(graph.output_size(), 2);
  EXPECT_EQ(graph.output(0).name(), "out");
  EXPECT_EQ(graph.output(1).name(), "output1");
  EXPECT_EQ(graph.output(1).type().tensor_type().elem_type(),
            onnx::TensorProto::INT64);
}

TEST_F(OnnxExport, NamesComeFromLocationsAndAreUnique) {
  onnx::ModelProto model = exportModel(
      "func.func @run(%x: tensor<2xf32> {edge.name = \"act\"})"
      " -> (tensor<2xf32> {edge.name = \"y\"}) {"
      "%a = edge.relu %x : tensor<2xf32> loc(\"act\")\n"
      "%b = edge.abs %a : tensor<2xf32> loc(\"act\")\n"
      "%c = edge.neg %b : tensor<2xf32> loc(fused[\"first\", \"second\"])\n"
      "%d = edge.exp %c : tensor<2xf32> loc(unknown)\n"
      "%e = edge.log %d : tensor<2xf32> loc(\"last\")\n"
      "return %e : tensor<2xf32>}");
  std::vector<std::string> nodes, tensors;
  for (const onnx::NodeProto &node : model.graph().node()) {
    nodes.push_back(node.name());
    tensors.push_back(node.output(0));
  }
  EXPECT_THAT(nodes, ElementsAre("act", "act_1", "first", "exp", "last"));
  EXPECT_THAT(tensors, ElementsAre("act_1", "act_2", "first", "exp", "y"));
}

TEST_F(OnnxExport, WeightsAreInitializersOfTheirNames) {
  onnx::ModelProto model = exportModel(
      "func.func @run(%x: tensor<2xf32>) -> tensor<2xf32> {"
      "%w = edge.parameter \"w\" dense<[1.0, 2.0]> : tensor<2xf32>\n"
      "%unused = edge.parameter \"unused\" dense<0.0> : tensor<f32>\n"
      "%s = edge.constant dense<3.0> : tensor<2xf32> loc(\"splat\")\n"
      "%a = edge.mul %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>\n"
      "%b = edge.mul %a, %s : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>\n"
      "%c = edge.sub %b, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>\n"
      "return %c : tensor<2xf32>}");
  const onnx::GraphProto &graph = model.graph();
  ASSERT_EQ(graph.initializer_size(), 2);
  EXPECT_EQ(graph.initializer(0).name(), "w");
  EXPECT_EQ(graph.node(0).input(1), "w");
  EXPECT_EQ(graph.node(2).input(1), "w");
  EXPECT_EQ(graph.initializer(1).name(), "splat");
  const float expected[] = {3, 3};
  EXPECT_EQ(graph.initializer(1).raw_data(),
            std::string(reinterpret_cast<const char *>(expected), 8));
}

TEST_F(OnnxExport, OutputsThatNoNodeComputesAreCopied) {
  std::string bytes = exportBytes(
      "func.func @run(%x: tensor<2xf32> {edge.name = \"x\"})"
      " -> (tensor<2xf32> {edge.name = \"x\"}, tensor<2xf32>, tensor<f32>,"
      "     tensor<2xf32>, tensor<2xf32>) {"
      "%c = edge.constant dense<1.0> : tensor<f32>\n"
      "%r = edge.relu %x : tensor<2xf32>\n"
      "return %x, %x, %c, %r, %r : tensor<2xf32>, tensor<2xf32>, tensor<f32>,"
      " tensor<2xf32>, tensor<2xf32>}");
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(bytes)) << messages;
  EXPECT_THAT(operatorsOf(model.graph()),
              ElementsAre("Relu", "Identity", "Identity", "Identity"));
  auto module = importBytes(bytes);
  Tensor input(ElementType::F32, {2});
  input.mutableData<float>()[0] = -2;
  std::vector<Tensor> outputs = run(*module, input);
  ASSERT_EQ(outputs.size(), 5u);
  EXPECT_EQ(outputs[1].asDouble(0), -2);
  EXPECT_EQ(outputs[2].asDouble(0), 1);
  EXPECT_EQ(outputs[4].asDouble(0), 0);
}

TEST_F(OnnxExport, BytesAreReproducible) {
  std::string text =
      "func.func @run(%x: tensor<1x4xf32>) -> tensor<1x3xf32> {"
      "%w = edge.parameter \"w\" dense<0.5> : tensor<4x3xf32>\n"
      "%b = edge.parameter \"b\" dense<1.0> : tensor<3xf32>\n"
      "%p = edge.matmul %x, %w : (tensor<1x4xf32>, tensor<4x3xf32>) -> "
      "tensor<1x3xf32>\n"
      "%s = edge.add %p, %b : (tensor<1x3xf32>, tensor<3xf32>) -> "
      "tensor<1x3xf32>\n"
      "%y = edge.softmax %s {axis = 1 : i64} : (tensor<1x3xf32>) -> "
      "tensor<1x3xf32>\n"
      "return %y : tensor<1x3xf32>}";
  std::string first = exportBytes(text);
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(first, exportBytes(text));
  EXPECT_EQ(complaintsOfOnnx(first), "");
}

/// Elements that are not written out: nothing of that size is allocated.
TEST_F(OnnxExport, WeightsBeyondTheFormatAreRefused) {
  EXPECT_EQ(exportBytes("func.func @run() -> tensor<600000000xf32> {"
                        "%w = edge.constant dense<1.0> : tensor<600000000xf32>"
                        "return %w : tensor<600000000xf32>}"),
            "");
  EXPECT_THAT(messages, HasSubstr("the weights take 2400000000 bytes, and an "
                                  "ONNX file holds 2147483647 at most"));
}

TEST_F(OnnxExport, EveryOperationWithoutAFormIsNamed) {
  EXPECT_EQ(
      exportBytes("func.func @run(%x: tensor<2xf32>, %i: tensor<2xi32>)"
                  " -> tensor<2xf32> {"
                  "%a = edge.mod %x, %x : (tensor<2xf32>, tensor<2xf32>) -> "
                  "tensor<2xf32> loc(\"first\")\n"
                  "%s = edge.constant dense<1.0> : tensor<f32>\n"
                  "%z = edge.constant dense<1> : tensor<i32>\n"
                  "%b = edge.dequantize %i, %s, %z : (tensor<2xi32>, "
                  "tensor<f32>, tensor<i32>) -> tensor<2xf32> loc(\"second\")\n"
                  "%c = edge.add %a, %b : (tensor<2xf32>, tensor<2xf32>) -> "
                  "tensor<2xf32>\n"
                  "return %c : tensor<2xf32>}"),
      "");
  EXPECT_THAT(messages, HasSubstr("'edge.mod' cannot be written to ONNX: Mod "
                                  "has the sign of the divisor"));
  EXPECT_THAT(messages,
              HasSubstr("'edge.dequantize' cannot be written to ONNX: the zero "
                        "point of 32-bit integers must be 0"));
}

/// Whoever exports between calibration and quantization learns so.
TEST_F(OnnxExport, PointsOfObservationAreNoPartOfAModel) {
  exportBytes("func.func @run(%x: tensor<2xf32>) -> tensor<2xf32> {"
              "edge.observe %x {point = 0 : i64} : tensor<2xf32>\n"
              "%r = edge.relu %x : tensor<2xf32>\n"
              "return %r : tensor<2xf32>}");
  EXPECT_THAT(messages, HasSubstr("'edge.observe' cannot be written to ONNX"));
}

TEST_F(OnnxExport, OtherRefusals) {
  exportBytes("func.func private @run(%x: tensor<f32>) -> tensor<f32> {"
              "return %x : tensor<f32>}");
  EXPECT_THAT(messages, HasSubstr("there is no public function to export"));
  exportBytes("func.func @a(%x: tensor<f32>) -> tensor<f32> {"
              "return %x : tensor<f32>}"
              "func.func @b(%x: tensor<f32>) -> tensor<f32> {"
              "return %x : tensor<f32>}");
  EXPECT_THAT(messages, HasSubstr("the module has several"));
  exportBytes("func.func @run(%x: tensor<f32> {edge.name = \"x\"}, "
              "%y: tensor<f32> {edge.name = \"x\"}) { return }");
  EXPECT_THAT(messages, HasSubstr("two inputs are named 'x'"));
  exportBytes("func.func @run(%x: tensor<f32>) -> (tensor<f32> {edge.name = "
              "\"input0\"}) { %r = edge.relu %x : tensor<f32>\n"
              "return %r : tensor<f32>}");
  EXPECT_THAT(messages, HasSubstr("another output is named 'input0' as well"));
  exportBytes("func.func @run(%x: tensor<1x4x4x2xf32>) -> "
              "tensor<1x2x2x2xf32> {%r = edge.max_pool %x {kernel = array<i64: "
              "2, 2>, strides = array<i64: 2, 2>, dilations = array<i64: 1, "
              "1>, pads = array<i64: 0, 0, 0, 0>, layout = #edge.layout<nhwc>} "
              ": (tensor<1x4x4x2xf32>) -> tensor<1x2x2x2xf32>\n"
              "return %r : tensor<1x2x2x2xf32>}");
  EXPECT_THAT(messages, HasSubstr("channels are last"));
}

} // namespace
