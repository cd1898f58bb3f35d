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
#include "OperationCases.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace edgec;
using namespace edgec::testing;

namespace {

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

TEST_F(EveryOperation, ComesBackTheSame) {
  for (const OperationCase &test : operationCases())
    check(test);
}

TEST_F(EveryOperation, UnaryOperationsComeBackTheSame) {
  for (const UnaryCase &test : unaryCases()) {
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
  for (const char *name : {"shift_left", "shift_right"}) {
    std::string body = std::string("%r = edge.") + name +
                       " %x, %y : (tensor<4xui16>, tensor<1xui16>) -> "
                       "tensor<4xui16>";
    check(
        {{"tensor<4xui16>", "tensor<1xui16>"}, "tensor<4xui16>", body.c_str()});
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
  for (const OperationCase &test : operationCases())
    check(test);
  for (const UnaryCase &test : unaryCases()) {
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
                       "edge.lookup edge.shift_left edge.shift_right ";
  for (const OperationCase &test : operationCases())
    tested += std::string(test.body) + " ";
  for (const UnaryCase &test : unaryCases())
    tested += std::string("edge.") + test.name + " ";
  for (mlir::RegisteredOperationName name : context.getRegisteredOperations())
    if (name.getDialectNamespace() == "edge")
      EXPECT_NE(tested.find(name.getStringRef().str() + " "), std::string::npos)
          << name.getStringRef().str();
}

} // namespace
