//===- OperatorsTest.cpp - What operations become in ONNX -----------------===//
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

class OnnxOperators : public ExportTest {
protected:
  /// Of a function with the argument %x and the result %r.
  onnx::ModelProto exportBody(const std::string &from, const std::string &body,
                              const std::string &to) {
    return exportModel("func.func @run(%x: " + from + ") -> " + to + " {" +
                       body + "\nreturn %r : " + to + "}");
  }
  static int64_t opsetOf(const onnx::ModelProto &model) {
    return model.opset_import(0).version();
  }
  static const onnx::TensorProto *initializer(const onnx::ModelProto &model,
                                              const std::string &name) {
    for (const onnx::TensorProto &tensor : model.graph().initializer())
      if (tensor.name() == name)
        return &tensor;
    return nullptr;
  }
};

TEST_F(OnnxOperators, MatrixProducts) {
  constexpr const char *types =
      " : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>\n";
  std::string weights = "%w = edge.constant dense<1.0> : tensor<3x4xf32>\n";
  auto plain =
      exportBody("tensor<2x4xf32>",
                 weights + "%r = edge.matmul %x, %w {transpose_rhs}" + types,
                 "tensor<2x3xf32>");
  EXPECT_THAT(operatorsOf(plain.graph()), ElementsAre("Gemm"));
  // The bias may stand on either side, but must be read by column.
  std::string product = weights + "%p = edge.matmul %x, %w {transpose_rhs}" +
                        types + "%b = edge.constant dense<2.0> : ";
  auto biased = exportBody("tensor<2x4xf32>",
                           product + "tensor<3xf32>\n%r = edge.add %b, %p : "
                                     "(tensor<3xf32>, tensor<2x3xf32>) -> "
                                     "tensor<2x3xf32>",
                           "tensor<2x3xf32>");
  ASSERT_THAT(operatorsOf(biased.graph()), ElementsAre("Gemm"));
  EXPECT_EQ(biased.graph().node(0).input_size(), 3);
  auto byRow = exportBody("tensor<2x4xf32>",
                          product + "tensor<2x1xf32>\n%r = edge.add %p, %b : "
                                    "(tensor<2x3xf32>, tensor<2x1xf32>) -> "
                                    "tensor<2x3xf32>",
                          "tensor<2x3xf32>");
  EXPECT_THAT(operatorsOf(byRow.graph()), ElementsAre("Gemm", "Add"));
  auto batched = exportBody("tensor<5x2x4xf32>",
                            "%r = edge.matmul %x, %x {transpose_rhs} : "
                            "(tensor<5x2x4xf32>, tensor<5x2x4xf32>) -> "
                            "tensor<5x2x2xf32>",
                            "tensor<5x2x2xf32>");
  EXPECT_THAT(operatorsOf(batched.graph()), ElementsAre("Transpose", "MatMul"));
}

/// One of the two products is part of the sum, not both.
TEST_F(OnnxOperators, SumOfTwoProducts) {
  auto model = exportBody(
      "tensor<1x4xf32>",
      "%w = edge.constant dense<1.0> : tensor<4x3xf32>\n"
      "%p = edge.matmul %x, %w : (tensor<1x4xf32>, tensor<4x3xf32>) -> "
      "tensor<1x3xf32>\n"
      "%q = edge.matmul %x, %w : (tensor<1x4xf32>, tensor<4x3xf32>) -> "
      "tensor<1x3xf32>\n"
      "%r = edge.add %p, %q : (tensor<1x3xf32>, tensor<1x3xf32>) -> "
      "tensor<1x3xf32>",
      "tensor<1x3xf32>");
  EXPECT_THAT(operatorsOf(model.graph()), ElementsAre("MatMul", "Gemm"));
}

TEST_F(OnnxOperators, AxesAreInputsInNewerOperatorSets) {
  std::string body = "%r = edge.reduce <max> %x {axes = array<i64: 1>, "
                     "keep_dims = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>";
  auto older = exportBody("tensor<2x3xf32>", body, "tensor<2x1xf32>");
  EXPECT_EQ(older.graph().node(0).input_size(), 1);
  options.opset = 18;
  auto newer = exportBody("tensor<2x3xf32>", body, "tensor<2x1xf32>");
  EXPECT_EQ(opsetOf(newer), 18);
  EXPECT_EQ(newer.graph().node(0).input_size(), 2);
}

TEST_F(OnnxOperators, OperatorSetIsRaisedWhereNeeded) {
  auto bits = exportBody("tensor<2xi32>",
                         "%r = edge.and %x, %x : (tensor<2xi32>, "
                         "tensor<2xi32>) -> tensor<2xi32>",
                         "tensor<2xi32>");
  EXPECT_EQ(opsetOf(bits), 18);
  EXPECT_THAT(operatorsOf(bits.graph()), ElementsAre("BitwiseAnd"));
  auto wrap =
      exportBody("tensor<2xf32>",
                 "%r = edge.pad %x {low = array<i64: 1>, high = array<i64: 0>,"
                 " mode = #edge.pad_mode<wrap>} : (tensor<2xf32>) -> "
                 "tensor<3xf32>",
                 "tensor<3xf32>");
  EXPECT_EQ(opsetOf(wrap), 19);
  EXPECT_EQ(wrap.ir_version(), 9);
  auto wide =
      exportBody("tensor<2xf32>",
                 "%s = edge.constant dense<0.5> : tensor<f32>\n"
                 "%z = edge.constant dense<7> : tensor<i16>\n"
                 "%r = edge.quantize %x, %s, %z : (tensor<2xf32>, tensor<f32>, "
                 "tensor<i16>) -> tensor<2xi16>",
                 "tensor<2xi16>");
  EXPECT_EQ(opsetOf(wide), 21);
  EXPECT_EQ(wide.ir_version(), 10);
}

TEST_F(OnnxOperators, ScalesByAxis) {
  auto model = exportBody(
      "tensor<2x3xui8>",
      "%s = edge.constant dense<[0.5, 1.0, 2.0]> : tensor<3xf32>\n"
      "%z = edge.constant dense<[1, 2, 3]> : tensor<3xui8>\n"
      "%r = edge.dequantize %x, %s, %z {axis = 1 : i64} : (tensor<2x3xui8>, "
      "tensor<3xf32>, tensor<3xui8>) -> tensor<2x3xf32>",
      "tensor<2x3xf32>");
  const onnx::NodeProto &node = model.graph().node(0);
  EXPECT_EQ(node.input_size(), 3);
  ASSERT_EQ(node.attribute_size(), 1);
  EXPECT_EQ(node.attribute(0).name(), "axis");
  EXPECT_EQ(node.attribute(0).i(), 1);
}

/// ONNX has no zero point for biases.
TEST_F(OnnxOperators, BiasesOf32Bits) {
  auto model = exportBody("tensor<2xi32>",
                          "%s = edge.constant dense<0.5> : tensor<f32>\n"
                          "%z = edge.constant dense<0> : tensor<i32>\n"
                          "%r = edge.dequantize %x, %s, %z : (tensor<2xi32>, "
                          "tensor<f32>, tensor<i32>) -> tensor<2xf32>",
                          "tensor<2xf32>");
  EXPECT_EQ(opsetOf(model), 17);
  EXPECT_EQ(model.graph().node(0).input_size(), 2);
  EXPECT_EQ(model.graph().node(0).attribute_size(), 0);
}

/// Only constants that are marked, and whose elements and zero points fit.
TEST_F(OnnxOperators, WeightsOfFourBits) {
  auto dequantize = [](const std::string &marks, const std::string &values) {
    return "%w = edge.constant {" + marks + "} dense<" + values +
           "> : tensor<3xi8> loc(\"w\")\n"
           "%s = edge.constant dense<0.5> : tensor<f32>\n"
           "%z = edge.constant dense<1> : tensor<i8> loc(\"z\")\n"
           "%d = edge.dequantize %w, %s, %z : (tensor<3xi8>, tensor<f32>, "
           "tensor<i8>) -> tensor<3xf32>\n"
           "%r = edge.add %x, %d : (tensor<3xf32>, tensor<3xf32>) -> "
           "tensor<3xf32>";
  };
  auto marked = exportBody("tensor<3xf32>",
                           dequantize("edge.bits = 4 : i64", "[-8, 7, 3]"),
                           "tensor<3xf32>");
  EXPECT_EQ(opsetOf(marked), 21);
  const onnx::TensorProto *weights = initializer(marked, "w");
  ASSERT_TRUE(weights);
  EXPECT_EQ(weights->data_type(), 22);
  EXPECT_EQ(weights->raw_data(), std::string("\x78\x03", 2));
  EXPECT_EQ(initializer(marked, "z")->data_type(), 22);
  auto outside = exportBody("tensor<3xf32>",
                            dequantize("edge.bits = 4 : i64", "[-9, 7, 3]"),
                            "tensor<3xf32>");
  EXPECT_EQ(opsetOf(outside), 17);
  EXPECT_EQ(initializer(outside, "w")->data_type(), onnx::TensorProto::INT8);
  auto unmarked = exportBody("tensor<3xf32>", dequantize("", "[-8, 7, 3]"),
                             "tensor<3xf32>");
  EXPECT_EQ(opsetOf(unmarked), 17);
}

TEST_F(OnnxOperators, ExtentsAndScalesOfResize) {
  auto resize = [&](const std::string &scale, const std::string &extent) {
    return exportBody("tensor<3xf32>",
                      "%r = edge.resize %x {scales = array<f64: " + scale +
                          ">, mode = #edge.resize_mode<nearest>, coordinates = "
                          "#edge.coordinates<half_pixel>} : (tensor<3xf32>) -> "
                          "tensor<" +
                          extent + "xf32>",
                      "tensor<" + extent + "xf32>");
  };
  EXPECT_EQ(resize("2.0", "6").graph().node(0).input_size(), 3);
  // 7 / 3 is no number of single precision.
  EXPECT_EQ(resize("2.3333333333333335", "7").graph().node(0).input_size(), 4);
  auto module = "func.func @run(%x: tensor<3xf32>) -> tensor<7xf32> {"
                "%r = edge.resize %x {scales = array<f64: 2.5>, mode = "
                "#edge.resize_mode<nearest>, coordinates = "
                "#edge.coordinates<tf_half_pixel_for_nn>} : (tensor<3xf32>) "
                "-> tensor<7xf32>\nreturn %r : tensor<7xf32>}";
  EXPECT_EQ(exportBytes(module), "");
  EXPECT_THAT(messages, HasSubstr("tf_half_pixel_for_nn"));
}

} // namespace
