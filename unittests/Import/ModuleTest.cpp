//===- ModuleTest.cpp - What an imported module looks like --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

using ModuleTest = ImportTest;

std::string print(mlir::Location location) {
  std::string text;
  llvm::raw_string_ostream(text) << location;
  return text;
}

/// The only operation of a kind.
template <typename OpTy> OpTy only(mlir::ModuleOp module) {
  OpTy found;
  module.walk([&](OpTy op) {
    EXPECT_FALSE(found);
    found = op;
  });
  EXPECT_TRUE(found);
  return found;
}

TEST_F(ModuleTest, LocationsNameNodesAndWeights) {
  auto module = importGraph(
      floatValue("input", "x", {2}) + floatValue("output", "y", {2}) +
      "node { op_type: 'Relu' input: 'x' output: 'a' name: 'block/relu' }"
      "node { op_type: 'Mul' input: 'a' input: 'w' output: 'y' }"
      "initializer { name: 'w' data_type: 1 dims: 2 float_data: [1, 2] }");
  ASSERT_TRUE(module) << messages;
  auto relu = only<edge::ReluOp>(*module);
  EXPECT_THAT(print(relu.getLoc()),
              HasSubstr("loc(\"block/relu\"(\"Relu opset 13\"("));
  auto mul = only<edge::MulOp>(*module);
  EXPECT_THAT(print(mul.getLoc()), HasSubstr("loc(\"y\"(\"Mul opset 13\"("));
  auto weight = only<edge::ParameterOp>(*module);
  EXPECT_THAT(print(weight.getLoc()), HasSubstr("loc(\"w\"("));
  EXPECT_EQ(weight.getName(), "w");
}

TEST_F(ModuleTest, TheModuleKnowsItsSource) {
  std::string bytes = serializedModel(
      floatValue("input", "x", {2}) + floatValue("output", "y", {2}) +
      "node { op_type: 'Relu' input: 'x' output: 'y' }");
  auto module =
      importOnnx(folder.write("2nd-model.v1.onnx", bytes), options, &context);
  ASSERT_TRUE(module) << messages;
  auto attribute = [&](llvm::StringRef name) {
    return (*module)->getAttrOfType<mlir::StringAttr>(name).str();
  };
  EXPECT_EQ(attribute(edge::modelNameAttr), "model_2nd_model_v1");
  EXPECT_EQ(attribute(edge::sourceAttr), "2nd-model.v1.onnx");
  EXPECT_EQ(attribute(edge::sha256Attr).size(), 64u);
  options.modelName = "not a name";
  EXPECT_FALSE(importBytes(bytes));
  EXPECT_THAT(messages, HasSubstr("is not a C identifier"));
}

TEST_F(ModuleTest, OnlyWeightsBecomeParameters) {
  auto module = importGraph(
      floatValue("input", "x", {4}) + floatValue("output", "y", {2, 2}) +
      "node { op_type: 'Reshape' input: 'x' input: 's' output: 'a' }"
      "node { op_type: 'Mul' input: 'a' input: 'w' output: 'y' }"
      "initializer { name: 's' data_type: 7 dims: 2 int64_data: [2, 2] }"
      "initializer { name: 'w' data_type: 1 float_data: 3 }"
      "initializer { name: 'unused' data_type: 1 float_data: 4 }");
  ASSERT_TRUE(module) << messages;
  EXPECT_EQ(only<edge::ParameterOp>(*module).getName(), "w");
  module->walk([](edge::ConstantOp op) {
    ADD_FAILURE() << "a constant that nothing reads is left";
  });
}

/// Typed fields and raw bytes, with and without a change of width.
TEST_F(ModuleTest, WeightsKeepTheirValues) {
  std::string many, bytes;
  for (int i = 0; i < 100; ++i)
    many += "int32_data: " + std::to_string(i - 50) + " ";
  auto module = importGraph(
      "output { name: 'a' } output { name: 'b' } output { name: 'c' }"
      "initializer { name: 'a' data_type: 3 dims: 100 " +
      many +
      "}"
      "initializer { name: 'b' data_type: 6 dims: 100 " +
      many +
      "}"
      "initializer { name: 'c' data_type: 9 dims: 3 raw_data: "
      "'\\000\\002\\001'}");
  ASSERT_TRUE(module) << messages;
  std::vector<Tensor> outputs = run(*module, {});
  ASSERT_EQ(outputs.size(), 3u);
  EXPECT_EQ(outputs[0].type(), ElementType::I8);
  EXPECT_EQ(outputs[1].type(), ElementType::I32);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(outputs[0].asInt(i), i - 50);
    EXPECT_EQ(outputs[1].asInt(i), i - 50);
  }
  // Any byte but 0 is true.
  EXPECT_THAT(valuesOf<bool>(outputs[2]), ElementsAre(false, true, true));
}

TEST_F(ModuleTest, InputsCanBeFixedToValues) {
  options.values.try_emplace("shape", makeTensor<int64_t>({2}, {2, 2}));
  std::string graph =
      floatValue("input", "x", {4}) + floatValue("output", "y", {2, 2}) +
      "input { name: 'shape' type { tensor_type { elem_type: 7 shape { dim { "
      "dim_param: 'n' } } } } }"
      "node { op_type: 'Reshape' input: 'x' input: 'shape' output: 'y' }";
  auto module = importGraph(graph);
  ASSERT_TRUE(module) << messages;
  auto function = module->lookupSymbol<mlir::func::FuncOp>("run");
  EXPECT_EQ(function.getNumArguments(), 1u);
  options.values["shape"] = makeTensor<float>({2}, {2, 2});
  EXPECT_FALSE(importGraph(graph));
  EXPECT_THAT(messages, HasSubstr("is float32, the model wants int64"));
}

} // namespace
