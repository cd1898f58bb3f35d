//===- ControlTest.cpp - Loops, scans and functions compute their values --===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

class ControlTest : public ImportTest {
protected:
  std::vector<Tensor> compute(const std::string &model,
                              std::vector<Tensor> inputs) {
    auto module = importText(model);
    EXPECT_TRUE(module) << messages;
    return module ? run(*module, inputs) : std::vector<Tensor>();
  }
  /// A whole model in text format.
  mlir::OwningOpRef<mlir::ModuleOp> importText(const std::string &text) {
    onnx::ModelProto model;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &model));
    model.set_ir_version(8);
    if (!defaultsOfFunction.empty())
      addDefaults(*model.mutable_functions(0));
    return importBytes(model.SerializeAsString());
  }
  static std::string opset(int version) {
    return "opset_import { version: " + std::to_string(version) +
           " } opset_import { domain: 'own' version: 1 } ";
  }

  /// Defaults of the first function's attributes.
  std::vector<onnx::AttributeProto> defaultsOfFunction;

private:
  /// The message classes do not know their field yet.
  void addDefaults(onnx::FunctionProto &function) {
    constexpr int field = 11;
    for (const onnx::AttributeProto &attribute : defaultsOfFunction)
      function.GetReflection()
          ->MutableUnknownFields(&function)
          ->AddLengthDelimited(field, attribute.SerializeAsString());
  }
};

/// The body of the scans: sum' = sum + next * scale, which is from outside.
std::string scanBody(const std::string &shape) {
  std::string type =
      " type { tensor_type { elem_type: 1 shape { " + shape + " } } } } ";
  return "attribute { name: 'body' type: GRAPH g { input { name: 'sum'" + type +
         "input { name: 'next'" + type +
         "node { op_type: 'Mul' input: 'next' input: 'scale' output: 'p' } "
         "node { op_type: 'Add' input: 'sum' input: 'p' output: 'total' } "
         "output { name: 'total' } output { name: 'total' } } } "
         "attribute { name: 'num_scan_inputs' type: INT i: 1 } ";
}

/// Columns from the last to the first, stored from the last to the first.
TEST_F(ControlTest, ScanOverAnAxisBackwards) {
  std::vector<Tensor> y = compute(
      opset(13) + "graph { " + floatValue("input", "zero", {2}) +
          floatValue("input", "x", {2, 3}) + floatValue("input", "scale", {}) +
          "output { name: 'last' } output { name: 'all' } "
          "node { op_type: 'Scan' input: 'zero' input: 'x' output: 'last' "
          "output: 'all' " +
          scanBody("dim { dim_value: 2 }") +
          "attribute { name: 'scan_input_axes' type: INTS ints: -1 } "
          "attribute { name: 'scan_input_directions' type: INTS ints: 1 } "
          "attribute { name: 'scan_output_axes' type: INTS ints: 1 } "
          "attribute { name: 'scan_output_directions' type: INTS ints: 1 } } }",
      {makeTensor<float>({2}, {0, 100}),
       makeTensor<float>({2, 3}, {1, 2, 3, 4, 5, 6}),
       makeTensor<float>({}, {10})});
  ASSERT_EQ(y.size(), 2u);
  EXPECT_THAT(valuesOf<float>(y[0]), ElementsAre(60, 250));
  EXPECT_EQ(y[1].shape(), (std::vector<int64_t>{2, 3}));
  EXPECT_THAT(valuesOf<float>(y[1]), ElementsAre(60, 50, 30, 250, 210, 160));
}

TEST_F(ControlTest, FirstVersionOfScanHasABatch) {
  std::vector<Tensor> y =
      compute(opset(8) + "graph { " + floatValue("input", "zero", {2, 1}) +
                  floatValue("input", "x", {2, 3, 1}) +
                  floatValue("input", "scale", {}) +
                  "output { name: 'last' } output { name: 'all' } "
                  "node { op_type: 'Scan' input: '' input: 'zero' input: 'x' "
                  "output: 'last' output: 'all' " +
                  scanBody("dim { dim_value: 1 }") +
                  "attribute { name: 'directions' type: INTS ints: 1 } } }",
              {makeTensor<float>({2, 1}, {0, 100}),
               makeTensor<float>({2, 3, 1}, {1, 2, 3, 4, 5, 6}),
               makeTensor<float>({}, {1})});
  ASSERT_EQ(y.size(), 2u);
  EXPECT_THAT(valuesOf<float>(y[0]), ElementsAre(6, 115));
  EXPECT_THAT(valuesOf<float>(y[1]), ElementsAre(3, 5, 6, 106, 111, 115));
}

/// Two elements from 2 * i + 1 on, in the three iterations of a loop.
std::string slidingModel(const std::string &length) {
  return "graph { " + floatValue("input", "x", {8}) +
         "output { name: 'all' } "
         "initializer { name: 'n' data_type: 7 int64_data: 3 } "
         "initializer { name: 'one' data_type: 7 dims: 1 "
         "int64_data: 1 } "
         "initializer { name: 'two' data_type: 7 int64_data: 2 } "
         "initializer { name: 'length' data_type: 7 int64_data: " +
         length +
         " } node { op_type: 'Loop' input: 'n' input: '' output: "
         "'all' attribute { name: 'body' type: GRAPH g { "
         "input { name: 'i' type { tensor_type { elem_type: 7 shape "
         "{ } } } } input { name: 'c' type { tensor_type { elem_type: "
         "9 shape { } } } } "
         "node { op_type: 'Mul' input: 'i' input: 'two' output: 'd' }"
         "node { op_type: 'Add' input: 'd' input: 'one' output: 'a' }"
         "node { op_type: 'Add' input: 'a' input: 'length' output: "
         "'b' } node { op_type: 'Slice' input: 'x' input: 'a' input: "
         "'b' output: 's' } node { op_type: 'Identity' input: 'c' "
         "output: 'again' } output { name: 'again' } "
         "output { name: 's' } } } } }";
}

TEST_F(ControlTest, SliceThatMovesWithALoop) {
  std::vector<Tensor> y =
      compute(opset(13) + slidingModel("2"),
              {makeTensor<float>({8}, {0, 1, 2, 3, 4, 5, 6, 7})});
  EXPECT_THAT(valuesOf<float>(y.at(0)), ElementsAre(1, 2, 3, 4, 5, 6));
}

/// In the last iteration it would end one element beyond the input.
TEST_F(ControlTest, SliceThatLeavesItsInputHasNoFixedSize) {
  EXPECT_FALSE(importText(opset(13) + slidingModel("4")));
  EXPECT_THAT(messages, HasSubstr("as many elements as 's' says in the run"));
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

std::string reference(const std::string &name, const std::string &attribute) {
  return "attribute { name: '" + name + "' type: FLOAT ref_attr_name: '" +
         attribute + "' } ";
}

/// own.Leaky(x, alpha), which calls own.Twice(x) = x + x; both need opset 13.
std::string functions() {
  return "functions { name: 'Leaky' domain: 'own' input: 'x' input: 'unused' "
         "output: 'y' attribute: 'alpha' opset_import { version: 13 } "
         "opset_import { domain: 'own' version: 1 } "
         "node { op_type: 'LeakyRelu' input: 'x' output: 'a' " +
         reference("alpha", "alpha") +
         "} node { op_type: 'Twice' domain: 'own' input: 'a' output: 'y' } } "
         "functions { name: 'Twice' domain: 'own' input: 'x' output: 'y' "
         "opset_import { version: 13 } "
         "node { op_type: 'Add' input: 'x' input: 'x' output: 'y' } } ";
}

std::string callModel(const std::string &attributes) {
  return functions() + "graph { " + floatValue("input", "v", {2}) +
         "output { name: 'w' } node { op_type: 'Leaky' domain: 'own' input: "
         "'v' output: 'w' name: 'call' " +
         attributes + " } }";
}

TEST_F(ControlTest, FunctionsSeeTheirAttributes) {
  std::vector<Tensor> x = {makeTensor<float>({2}, {-1, 3})};
  std::vector<Tensor> given = compute(
      opset(14) + callModel("attribute { name: 'alpha' type: FLOAT f: 0.5 }"),
      x);
  EXPECT_THAT(valuesOf<float>(given.at(0)), ElementsAre(-1, 6));
  // LeakyRelu's own default, as the reference stands for nothing.
  std::vector<Tensor> absent = compute(opset(14) + callModel(""), x);
  EXPECT_THAT(valuesOf<float>(absent.at(0)), ElementsAre(-0.02f, 6));
}

TEST_F(ControlTest, FunctionsHaveDefaults) {
  onnx::AttributeProto alpha;
  alpha.set_name("alpha");
  alpha.set_type(onnx::AttributeProto::FLOAT);
  alpha.set_f(0.25f);
  defaultsOfFunction.push_back(alpha);
  std::vector<Tensor> y =
      compute(opset(14) + callModel(""), {makeTensor<float>({2}, {-1, 3})});
  EXPECT_THAT(valuesOf<float>(y.at(0)), ElementsAre(-0.5f, 6));
}

TEST_F(ControlTest, FunctionsSeeNothingOfTheGraph) {
  EXPECT_FALSE(importText(
      opset(13) +
      "functions { name: 'F' domain: 'own' input: 'x' output: 'y' "
      "opset_import { version: 13 } node { op_type: 'Add' input: "
      "'x' input: 'v' output: 'y' } } graph { " +
      floatValue("input", "v", {2}) +
      "output { name: 'w' } node { op_type: 'F' domain: 'own' input: 'v' "
      "output: 'w' } }"));
  EXPECT_THAT(messages, HasSubstr("'v'"));
}

TEST_F(ControlTest, FunctionsThatCallThemselvesAreRefused) {
  auto calls = [](const std::string &name, const std::string &other) {
    return "functions { name: '" + name +
           "' domain: 'own' input: 'x' output: 'y' opset_import { version: 13 "
           "} opset_import { domain: 'own' version: 1 } node { op_type: '" +
           other + "' domain: 'own' input: 'x' output: 'y' } } ";
  };
  EXPECT_FALSE(importText(
      opset(13) + calls("F", "G") + calls("G", "F") + "graph { " +
      floatValue("input", "v", {2}) +
      "output { name: 'w' } node { op_type: 'F' domain: 'own' input: 'v' "
      "output: 'w' name: 'call' } }"));
  EXPECT_THAT(messages, HasSubstr("the function calls itself"));
  EXPECT_THAT(messages, HasSubstr("call/y/y"));
}

/// Each function calls the next one twice: 2^40 nodes.
TEST_F(ControlTest, FunctionsThatGrowBeyondBoundsAreRefused) {
  std::string text = opset(13);
  constexpr int depth = 40;
  for (int i = 0; i < depth; ++i) {
    std::string next = "F" + std::to_string(i + 1);
    auto node = [&](const std::string &from, const std::string &to) {
      return "node { op_type: '" + next + "' domain: 'own' input: '" + from +
             "' output: '" + to + "' } ";
    };
    text += "functions { name: 'F" + std::to_string(i) +
            "' domain: 'own' input: 'x' output: 'y' opset_import { version: "
            "13 } opset_import { domain: 'own' version: 1 } " +
            (i + 1 == depth ? "node { op_type: 'Relu' input: 'x' output: 'y' } "
                            : node("x", "a") + node("a", "y")) +
            "} ";
  }
  EXPECT_FALSE(importText(
      text + "graph { " + floatValue("input", "v", {2}) +
      "output { name: 'w' } node { op_type: 'F0' domain: 'own' input: 'v' "
      "output: 'w' } }"));
  EXPECT_THAT(messages, HasSubstr("nodes together"));
}

} // namespace
