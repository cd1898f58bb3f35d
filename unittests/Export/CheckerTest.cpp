//===- CheckerTest.cpp - Every operation, there and back ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each operation of the dialect is exported, looked at by ONNX's checker,
// imported again and run: the outputs are those of the source.
//
//===----------------------------------------------------------------------===//

#include "ExportTest.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace edgec;
using namespace edgec::testing;

namespace {

/// A function of %x, %y, ... of these types with the result %r.
struct OperationCase {
  std::vector<const char *> arguments;
  const char *result;
  const char *body;
  /// The largest difference of an element: forms of several nodes round more
  /// often.
  double tolerance = 0;
};

class EveryOperation : public ExportTest {
protected:
  static std::string textOf(const OperationCase &test) {
    std::string text = "func.func @run(";
    for (auto [index, type] : llvm::enumerate(test.arguments)) {
      text += index == 0 ? "%" : ", %";
      text += static_cast<char>('x' + index);
      text += std::string(": ") + type;
    }
    std::string result = test.result;
    return text + ") -> " + result + " {\n" + test.body +
           "\nreturn %r : " + result + "\n}";
  }

  /// Values of both signs with fractions; small integers; booleans in turn.
  static Tensor inputOf(mlir::Type type) {
    auto tensorType = mlir::cast<mlir::RankedTensorType>(type);
    ElementType element = *toElementType(tensorType.getElementType());
    Tensor tensor(element, tensorType.getShape().vec());
    for (int64_t i = 0; i < tensor.size(); ++i) {
      char *to = tensor.mutableBytes() + i * byteSize(element);
      if (element == ElementType::F32)
        *reinterpret_cast<float *>(to) =
            static_cast<float>(i * 7 % 11) * 0.5f - 2.25f;
      else if (element == ElementType::Bool)
        *to = i % 2 == 0;
      else
        *to = static_cast<char>(i * 3 % 5);
    }
    return tensor;
  }

  void check(const OperationCase &test) {
    SCOPED_TRACE(test.body);
    messages.clear();
    std::string text = textOf(test);
    auto source = parse(text);
    ASSERT_TRUE(source);
    std::string bytes = exportBytes(text);
    ASSERT_FALSE(bytes.empty()) << messages;
    onnx::ModelProto model;
    ASSERT_TRUE(model.ParseFromString(bytes));
    constexpr int64_t newestThatTheCheckerKnows = 17;
    if (model.opset_import(0).version() <= newestThatTheCheckerKnows)
      EXPECT_EQ(complaintsOfOnnx(bytes), "");
    auto imported = importBytes(bytes);
    ASSERT_TRUE(imported) << messages;
    std::vector<Tensor> inputs;
    auto function = *source->getOps<mlir::func::FuncOp>().begin();
    for (mlir::Type type : function.getArgumentTypes())
      inputs.push_back(inputOf(type));
    std::vector<Tensor> expected = run(*source, inputs);
    std::vector<Tensor> actual = run(*imported, inputs);
    ASSERT_EQ(expected.size(), 1u);
    ASSERT_EQ(actual.size(), 1u);
    expectClose(actual[0], expected[0], test.tolerance);
  }

  static void expectClose(const Tensor &actual, const Tensor &expected,
                          double tolerance) {
    ASSERT_EQ(actual.type(), expected.type());
    ASSERT_EQ(actual.shape(), expected.shape());
    for (int64_t i = 0; i < expected.size(); ++i) {
      double a = actual.asDouble(i), b = expected.asDouble(i);
      EXPECT_TRUE(a == b || std::abs(a - b) <= tolerance ||
                  (std::isnan(a) && std::isnan(b)))
          << "element " << i << ": " << a << " instead of " << b;
    }
  }
};

constexpr const char *f23 = "tensor<2x3xf32>";
constexpr const char *image = "tensor<1x4x5x6xf32>";

const OperationCase cases[] = {
    // Constants and control flow.
    {{f23},
     f23,
     "%w = edge.parameter \"w\" dense<[1.0, 2.0, 3.0]> : tensor<3xf32>\n"
     "%c = edge.constant dense<0.5> : tensor<f32>\n"
     "%a = edge.mul %x, %w : (tensor<2x3xf32>, tensor<3xf32>) -> "
     "tensor<2x3xf32>\n"
     "%r = edge.mul %a, %c : (tensor<2x3xf32>, tensor<f32>) -> "
     "tensor<2x3xf32>"},
    {{f23, "tensor<i1>"},
     f23,
     "%r = edge.if %y : (tensor<i1>) -> tensor<2x3xf32> {\n"
     "  %a = edge.relu %x : tensor<2x3xf32>\n"
     "  edge.yield %a : tensor<2x3xf32>\n"
     "} else {\n"
     "  edge.yield %x : tensor<2x3xf32>\n"
     "}"},
    {{f23, "tensor<i1>"},
     f23,
     "%n = edge.constant dense<3> : tensor<i64>\n"
     "%r = edge.loop %n, %y, %x : (tensor<i64>, tensor<i1>, tensor<2x3xf32>) "
     "-> tensor<2x3xf32> {\n"
     "^bb0(%i: tensor<i64>, %c: tensor<2x3xf32>):\n"
     "  %f = edge.cast %i : (tensor<i64>) -> tensor<f32>\n"
     "  %s = edge.add %c, %f : (tensor<2x3xf32>, tensor<f32>) -> "
     "tensor<2x3xf32>\n"
     "  edge.yield %y, %s : tensor<i1>, tensor<2x3xf32>\n"
     "}"},
    {{f23},
     "tensor<3x2x3xf32>",
     "%n = edge.constant dense<3> : tensor<i64>\n"
     "%t = edge.constant dense<true> : tensor<i1>\n"
     "%l, %r = edge.loop %n, %t, %x : (tensor<i64>, tensor<i1>, "
     "tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<3x2x3xf32>) {\n"
     "^bb0(%i: tensor<i64>, %c: tensor<2x3xf32>):\n"
     "  %s = edge.add %c, %c : (tensor<2x3xf32>, tensor<2x3xf32>) -> "
     "tensor<2x3xf32>\n"
     "  edge.yield %t, %s, %c : tensor<i1>, tensor<2x3xf32>, tensor<2x3xf32>\n"
     "}"},
    // Convolutions.
    {{image, "tensor<6x2x3x3xf32>", "tensor<6xf32>"},
     "tensor<1x6x2x3xf32>",
     "%r = edge.conv %x, %y, %z {strides = array<i64: 2, 2>, dilations = "
     "array<i64: 1, 1>, pads = array<i64: 0, 1, 1, 1>, groups = 2 : i64} : "
     "(tensor<1x4x5x6xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>) -> "
     "tensor<1x6x2x3xf32>"},
    {{"tensor<1x2x5xui8>", "tensor<3x2x2xi8>", "tensor<3xi32>"},
     "tensor<1x3x4xi32>",
     "%r = edge.conv %x, %y, %z {strides = array<i64: 1>, dilations = "
     "array<i64: 1>, pads = array<i64: 0, 0>, groups = 1 : i64} : "
     "(tensor<1x2x5xui8>, tensor<3x2x2xi8>, tensor<3xi32>) -> "
     "tensor<1x3x4xi32>"},
    {{"tensor<1x3x4x4xf32>", "tensor<3x2x3x3xf32>"},
     "tensor<1x2x8x7xf32>",
     "%r = edge.conv_transpose %x, %y {strides = array<i64: 2, 2>, dilations = "
     "array<i64: 1, 1>, pads = array<i64: 1, 1, 0, 1>, groups = 1 : i64} : "
     "(tensor<1x3x4x4xf32>, tensor<3x2x3x3xf32>) -> tensor<1x2x8x7xf32>"},
    {{"tensor<1x3x4xf32>", "tensor<3x2x3xf32>"},
     "tensor<1x2x10xf32>",
     "%r = edge.conv_transpose %x, %y {strides = array<i64: 2>, dilations = "
     "array<i64: 1>, pads = array<i64: 0, -1>, groups = 1 : i64} : "
     "(tensor<1x3x4xf32>, tensor<3x2x3xf32>) -> tensor<1x2x10xf32>"},
    // Matrix products.
    {{"tensor<4x2xf32>", "tensor<3x4xf32>"},
     f23,
     "%r = edge.matmul %x, %y {transpose_lhs, transpose_rhs} : "
     "(tensor<4x2xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>"},
    {{"tensor<5x2x4xf32>", "tensor<5x3x4xf32>"},
     "tensor<5x2x3xf32>",
     "%r = edge.matmul %x, %y {transpose_rhs} : (tensor<5x2x4xf32>, "
     "tensor<5x3x4xf32>) -> tensor<5x2x3xf32>"},
    {{"tensor<2x4xui8>", "tensor<4x3xi8>"},
     "tensor<2x3xi32>",
     "%r = edge.matmul %x, %y : (tensor<2x4xui8>, tensor<4x3xi8>) -> "
     "tensor<2x3xi32>"},
    // Normalisations.
    {{image, "tensor<4xf32>", "tensor<4xf32>"},
     image,
     "%v = edge.constant dense<2.0> : tensor<4xf32>\n"
     "%r = edge.batch_norm %x, %y, %z, %y, %v {epsilon = 1.0e-3 : f64} : "
     "(tensor<1x4x5x6xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, "
     "tensor<4xf32>) -> tensor<1x4x5x6xf32>",
     1e-6},
    {{f23, "tensor<1xf32>", "tensor<3xf32>"},
     f23,
     "%r = edge.layer_norm %x, %y, %z {axis = 1 : i64, epsilon = "
     "9.9999997473787516e-06 : f64} : (tensor<2x3xf32>, tensor<1xf32>, "
     "tensor<3xf32>) -> tensor<2x3xf32>"},
    {{image},
     image,
     "%r = edge.lrn %x {size = 3 : i64, alpha = 0.5 : f64, beta = 0.75 : f64, "
     "bias = 1.0 : f64} : (tensor<1x4x5x6xf32>) -> tensor<1x4x5x6xf32>"},
    // Quantization.
    {{f23},
     f23,
     "%s = edge.constant dense<0.25> : tensor<f32>\n"
     "%n = edge.constant dense<3> : tensor<i8>\n"
     "%q = edge.quantize %x, %s, %n : (tensor<2x3xf32>, tensor<f32>, "
     "tensor<i8>) -> tensor<2x3xi8>\n"
     "%r = edge.dequantize %q, %s, %n : (tensor<2x3xi8>, tensor<f32>, "
     "tensor<i8>) -> tensor<2x3xf32>"},
    {{f23},
     "tensor<2x3xui16>",
     "%s = edge.constant dense<[0.25, 0.5]> : tensor<2xf32>\n"
     "%n = edge.constant dense<[3, 4000]> : tensor<2xui16>\n"
     "%r = edge.quantize %x, %s, %n {axis = 0 : i64} : (tensor<2x3xf32>, "
     "tensor<2xf32>, tensor<2xui16>) -> tensor<2x3xui16>"},
    // Pooling.
    {{image},
     "tensor<1x4x3x3xf32>",
     "%r = edge.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: "
     "2, 2>, dilations = array<i64: 1, 2>, pads = array<i64: 0, 1, 1, 0>} : "
     "(tensor<1x4x5x6xf32>) -> tensor<1x4x3x3xf32>"},
    {{image},
     "tensor<1x4x3x3xf32>",
     "%r = edge.average_pool %x {kernel = array<i64: 3, 2>, strides = "
     "array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, "
     "2, 0>, count_include_pad, ceil_pads = array<i64: 1, 0>} : "
     "(tensor<1x4x5x6xf32>) -> tensor<1x4x3x3xf32>"},
    {{image},
     "tensor<1x4x3x3xf32>",
     "%r = edge.average_pool %x {kernel = array<i64: 3, 2>, strides = "
     "array<i64: 2, 2>, dilations = array<i64: 1, 1>, pads = array<i64: 1, 0, "
     "1, 0>, ceil_pads = array<i64: 0, 0>} : (tensor<1x4x5x6xf32>) -> "
     "tensor<1x4x3x3xf32>"},
    // Reductions.
    {{"tensor<2x3x4xf32>"},
     f23,
     "%r = edge.reduce <log_sum_exp> %x {axes = array<i64: 2>, keep_dims = "
     "false} : (tensor<2x3x4xf32>) -> tensor<2x3xf32>"},
    {{"tensor<2x3x4xf32>"},
     "tensor<1x3x1xf32>",
     "%r = edge.reduce <sum> %x {axes = array<i64: 0, 2>, keep_dims = true} : "
     "(tensor<2x3x4xf32>) -> tensor<1x3x1xf32>"},
    {{f23},
     f23,
     "%r = edge.reduce <l2> %x {axes = array<i64>, keep_dims = true} : "
     "(tensor<2x3xf32>) -> tensor<2x3xf32>"},
    {{f23},
     "tensor<2xi64>",
     "%r = edge.arg_reduce <min> %x {axis = 1 : i64, keep_dims = false, "
     "select_last} : (tensor<2x3xf32>) -> tensor<2xi64>"},
    {{f23},
     f23,
     "%r = edge.softmax %x {axis = 0 : i64, log} : (tensor<2x3xf32>) -> "
     "tensor<2x3xf32>"},
    // Shapes.
    {{f23},
     "tensor<6xf32>",
     "%r = edge.reshape %x : (tensor<2x3xf32>) -> tensor<6xf32>"},
    {{"tensor<1x1xf32>"},
     "tensor<f32>",
     "%r = edge.reshape %x : (tensor<1x1xf32>) -> tensor<f32>"},
    {{"tensor<2x0xf32>"},
     "tensor<0x7xf32>",
     "%r = edge.reshape %x : (tensor<2x0xf32>) -> tensor<0x7xf32>"},
    {{f23},
     "tensor<3x2xf32>",
     "%r = edge.transpose %x {permutation = array<i64: 1, 0>} : "
     "(tensor<2x3xf32>) -> tensor<3x2xf32>"},
    {{"tensor<3xf32>"},
     f23,
     "%r = edge.broadcast %x : (tensor<3xf32>) -> tensor<2x3xf32>"},
    {{f23, "tensor<2x1xf32>"},
     "tensor<2x4xf32>",
     "%r = edge.concat %x, %y {axis = 1 : i64} : (tensor<2x3xf32>, "
     "tensor<2x1xf32>) -> tensor<2x4xf32>"},
    {{"tensor<4x5x2xf32>"},
     "tensor<2x5x2xf32>",
     "%r = edge.slice %x {starts = array<i64: 1, 4, 0>, sizes = array<i64: 2, "
     "5, 2>, steps = array<i64: 2, -1, 1>} : (tensor<4x5x2xf32>) -> "
     "tensor<2x5x2xf32>"},
    {{f23},
     "tensor<0x3xf32>",
     "%r = edge.slice %x {starts = array<i64: 0, 0>, sizes = array<i64: 0, 3>, "
     "steps = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<0x3xf32>"},
    {{f23, "tensor<f32>"},
     "tensor<3x3xf32>",
     "%r = edge.pad %x, %y {low = array<i64: 1, -1>, high = array<i64: 0, 1>} "
     ": (tensor<2x3xf32>, tensor<f32>) -> tensor<3x3xf32>"},
    {{f23},
     "tensor<2x5xf32>",
     "%r = edge.pad %x {low = array<i64: 0, 2>, high = array<i64: 0, 0>, mode "
     "= #edge.pad_mode<reflect>} : (tensor<2x3xf32>) -> tensor<2x5xf32>"},
    {{"tensor<5x3xf32>", "tensor<2xi64>"},
     f23,
     "%r = edge.gather %x, %y {axis = 0 : i64} : (tensor<5x3xf32>, "
     "tensor<2xi64>) -> tensor<2x3xf32>"},
    {{"tensor<1x1x4x4xf32>"},
     "tensor<1x1x7x8xf32>",
     "%r = edge.resize %x {scales = array<f64: 1.0, 1.0, 1.75, 2.0>, mode = "
     "#edge.resize_mode<cubic>, coordinates = #edge.coordinates<half_pixel>, "
     "cubic_coefficient = -0.5 : f64, exclude_outside} : "
     "(tensor<1x1x4x4xf32>) -> tensor<1x1x7x8xf32>"},
    {{"tensor<6xf32>"},
     "tensor<4xf32>",
     "%r = edge.resize %x {scales = array<f64: 0.66666666666666663>, mode = "
     "#edge.resize_mode<nearest>, coordinates = "
     "#edge.coordinates<tf_half_pixel_for_nn>, nearest_mode = "
     "#edge.nearest_mode<floor>} : (tensor<6xf32>) -> tensor<4xf32>"},
    // Elementwise operations with something of their own.
    {{f23, "tensor<3xf32>"},
     f23,
     "%r = edge.prelu %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> "
     "tensor<2x3xf32>"},
    {{"tensor<3xf32>", f23},
     f23,
     "%r = edge.prelu %x, %y : (tensor<3xf32>, tensor<2x3xf32>) -> "
     "tensor<2x3xf32>"},
    {{f23, f23},
     f23,
     "%r = edge.mod %x, %y {fmod} : (tensor<2x3xf32>, tensor<2x3xf32>) -> "
     "tensor<2x3xf32>"},
    {{f23},
     f23,
     "%n = edge.constant dense<2> : tensor<i64>\n"
     "%r = edge.pow %x, %n : (tensor<2x3xf32>, tensor<i64>) -> "
     "tensor<2x3xf32>"},
    {{"tensor<2x3xi1>", f23, "tensor<f32>"},
     f23,
     "%r = edge.select %x, %y, %z : (tensor<2x3xi1>, tensor<2x3xf32>, "
     "tensor<f32>) -> tensor<2x3xf32>"},
    {{"tensor<2x3xi32>"},
     "tensor<2x3xi32>",
     "%r = edge.not %x : tensor<2x3xi32>"},
    {{f23},
     "tensor<2x3xi8>",
     "%r = edge.cast %x : (tensor<2x3xf32>) -> tensor<2x3xi8>"},
    {{"tensor<2x3xi32>"},
     "tensor<2x3xi32>",
     "%r = edge.clamp %x {min = 1.0 : f64, max = 0x7FF0000000000000 : f64} : "
     "tensor<2x3xi32>"},
};

/// name, attributes, tolerance: of f32 tensors to themselves.
struct UnaryCase {
  const char *name;
  const char *attributes = "";
  double tolerance = 0;
};

const UnaryCase unaryCases[] = {
    {"abs"},
    {"neg"},
    {"sign"},
    {"floor"},
    {"ceil"},
    {"round"},
    {"reciprocal"},
    {"sqrt"},
    {"exp"},
    {"log"},
    {"erf"},
    {"sin"},
    {"cos"},
    {"tanh"},
    {"relu"},
    {"sigmoid"},
    {"softplus"},
    {"softsign"},
    {"hard_swish"},
    {"mish", "", 1e-6},
    {"leaky_relu", " {alpha = 0.25 : f64}"},
    {"elu", " {alpha = 0.5 : f64}"},
    {"celu", " {alpha = 0.5 : f64}"},
    {"selu", " {alpha = 0.5 : f64, gamma = 2.0 : f64}"},
    {"thresholded_relu", " {alpha = 0.5 : f64}"},
    {"hard_sigmoid", " {alpha = 0.25 : f64, beta = 0.5 : f64}"},
    {"gelu", "", 1e-6},
    {"gelu", " {approximate_tanh}", 1e-6},
    {"clamp", " {min = -1.0 : f64, max = 1.5 : f64}"},
};

TEST_F(EveryOperation, ComesBackTheSame) {
  for (const OperationCase &test : cases)
    check(test);
}

TEST_F(EveryOperation, UnaryOperationsComeBackTheSame) {
  for (const UnaryCase &test : unaryCases) {
    std::string body = std::string("%r = edge.") + test.name + " %x" +
                       test.attributes + " : tensor<2x3xf32>";
    check({{f23}, f23, body.c_str(), test.tolerance});
  }
}

TEST_F(EveryOperation, BinaryOperationsComeBackTheSame) {
  for (const char *name : {"add", "sub", "mul", "div", "maximum", "minimum"}) {
    std::string body = std::string("%r = edge.") + name +
                       " %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> "
                       "tensor<2x3xf32>";
    check({{f23, "tensor<3xf32>"}, f23, body.c_str()});
  }
  for (const char *name : {"and", "or", "xor"}) {
    std::string body = std::string("%r = edge.") + name +
                       " %x, %y : (tensor<4xi1>, tensor<1xi1>) -> tensor<4xi1>";
    check({{"tensor<4xi1>", "tensor<1xi1>"}, "tensor<4xi1>", body.c_str()});
  }
}

TEST_F(EveryOperation, TestsComeBackTheSame) {
  for (const char *predicate : {"eq", "ne", "lt", "le", "gt", "ge"}) {
    std::string body = std::string("%r = edge.compare <") + predicate +
                       "> %x, %y : (tensor<2x3xf32>, tensor<3xf32>) -> "
                       "tensor<2x3xi1>";
    check({{f23, "tensor<3xf32>"}, "tensor<2x3xi1>", body.c_str()});
  }
  for (const char *name : {"is_nan", "is_inf"}) {
    std::string body = std::string("%l = edge.log %x : tensor<2x3xf32>\n"
                                   "%r = edge.") +
                       name + " %l : (tensor<2x3xf32>) -> tensor<2x3xi1>";
    check({{f23}, "tensor<2x3xi1>", body.c_str()});
  }
  check({{f23},
         "tensor<2x3xi1>",
         "%a = edge.is_inf %x {detect_negative = false} : (tensor<2x3xf32>) -> "
         "tensor<2x3xi1>\n%r = edge.not %a : tensor<2x3xi1>"});
}

/// Bytes of both signs are numbered as unsigned ones.
TEST_F(EveryOperation, LooksUpBytes) {
  std::string table;
  for (int entry = 0; entry < 256; ++entry)
    table += (entry ? ", " : "") + std::to_string(127 - entry);
  std::string body = "%s = edge.constant dense<0.25> : tensor<f32>\n"
                     "%n = edge.constant dense<0> : tensor<i8>\n"
                     "%q = edge.quantize %x, %s, %n : (tensor<2x3xf32>, "
                     "tensor<f32>, tensor<i8>) -> tensor<2x3xi8>\n"
                     "%r = edge.lookup %q {table = array<i8: " +
                     table + ">} : (tensor<2x3xi8>) -> ";
  for (const char *result : {"tensor<2x3xui8>", "tensor<2x3xi8>"})
    check({{f23}, result, (body + result).c_str()});
}

/// The newest forms are other ones.
TEST_F(EveryOperation, ComesBackInTheNewestOperatorSet) {
  options.opset = newestExportedOpset;
  for (const OperationCase &test : cases)
    check(test);
  for (const UnaryCase &test : unaryCases) {
    std::string body = std::string("%r = edge.") + test.name + " %x" +
                       test.attributes + " : tensor<2x3xf32>";
    check({{f23}, f23, body.c_str()});
  }
}

/// The tests above leave no operation of the dialect out. Those that only the
/// phases after the export, or a calibration, put into a module are refused.
TEST_F(EveryOperation, IsTested) {
  std::string tested = "edge.observe edge.unpack "
                       "edge.yield edge.add edge.sub edge.mul edge.div "
                       "edge.maximum edge.minimum edge.and edge.or edge.xor "
                       "edge.compare edge.is_nan edge.is_inf edge.not "
                       "edge.lookup ";
  for (const OperationCase &test : cases)
    tested += std::string(test.body) + " ";
  for (const UnaryCase &test : unaryCases)
    tested += std::string("edge.") + test.name + " ";
  for (mlir::RegisteredOperationName name : context.getRegisteredOperations())
    if (name.getDialectNamespace() == "edge")
      EXPECT_NE(tested.find(name.getStringRef().str() + " "), std::string::npos)
          << name.getStringRef().str();
}

} // namespace
