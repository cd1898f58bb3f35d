//===- MalformedTest.cpp - Files that are no valid models ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::testing;
using ::testing::HasSubstr;

namespace {

using MalformedTest = ImportTest;

std::string smallModel() {
  return serializedModel(
      floatValue("input", "x", {2, 2}) + floatValue("output", "y", {2, 2}) +
      "node { op_type: 'Gemm' input: 'x' input: 'w' output: 'y' "
      "attribute { name: 'alpha' type: FLOAT f: 2 } }"
      "initializer { name: 'w' data_type: 1 dims: 2 dims: 2 "
      "float_data: [1, 2, 3, 4] }");
}

TEST_F(MalformedTest, EveryPrefixOfAModelIsDiagnosed) {
  std::string bytes = smallModel();
  ASSERT_TRUE(importBytes(bytes)) << messages;
  // The graph is the second last field: without the last, all of it is there.
  size_t graphEnd = bytes.size() - 4;
  for (size_t length = 0; length < graphEnd; ++length) {
    messages.clear();
    EXPECT_FALSE(importBytes(llvm::StringRef(bytes).take_front(length)))
        << length;
    EXPECT_FALSE(messages.empty()) << length;
  }
}

TEST_F(MalformedTest, EveryByteMayBeWrong) {
  const std::string bytes = smallModel();
  for (size_t position = 0; position < bytes.size(); ++position)
    for (char wrong : {'\x00', '\x7f', '\xff'}) {
      std::string copy = bytes;
      copy[position] = wrong;
      messages.clear();
      // Some changes give other valid models; none may fail silently.
      bool imported = static_cast<bool>(importBytes(copy));
      EXPECT_TRUE(imported || !messages.empty()) << position;
    }
}

/// `depth` branches in each other.
std::string nestedGraph(int depth) {
  std::string output = "output { name: 'y' }";
  if (depth == 0)
    return output + "node { op_type: 'Identity' input: 'x' output: 'y' }";
  std::string branch = "type: GRAPH g { " + nestedGraph(depth - 1) + " } }";
  return output +
         "node { op_type: 'If' input: 'c' output: 'y' "
         "attribute { name: 'then_branch' " +
         branch +
         "attribute { name: 'else_branch' type: GRAPH g { output { "
         "name: 'x' } } } }";
}

TEST_F(MalformedTest, SubgraphsNestToALimit) {
  std::string inputs = floatValue("input", "x", {2}) +
                       "initializer { name: 'c' data_type: 9 int32_data: 1 }";
  EXPECT_TRUE(importGraph(inputs + nestedGraph(10))) << messages;
  EXPECT_FALSE(importGraph(inputs + nestedGraph(40)));
  EXPECT_THAT(messages, HasSubstr("nest"));
}

TEST_F(MalformedTest, LargeResultsAreNotComputed) {
  auto shape = [](const std::string &extents) {
    return floatValue("output", "y", {}) +
           "node { op_type: 'ConstantOfShape' input: 's' output: 'y' }"
           "initializer { name: 's' data_type: 7 dims: 2 int64_data: [" +
           extents + "] }";
  };
  EXPECT_FALSE(importGraph(shape("4611686018427387904, 4")));
  EXPECT_THAT(messages, HasSubstr("impossible"));
  EXPECT_FALSE(importGraph(shape("-1, 4")));
  // 64 GiB: an operation, and no constant.
  EXPECT_TRUE(importGraph(shape("131072, 131072"))) << messages;
}

TEST_F(MalformedTest, NegativeExtentsAreOpen) {
  std::string graph = floatValue("input", "x", {-1, 2}) +
                      floatValue("output", "y", {-1, 2}) +
                      "node { op_type: 'Relu' input: 'x' output: 'y' }";
  EXPECT_FALSE(importGraph(graph));
  EXPECT_THAT(messages, HasSubstr("the shape ?x2, in which dimension 0 is not "
                                  "fixed; give it, for instance "
                                  "--shape=x=1x2"));
  options.shapes["x"] = {3, 2};
  EXPECT_TRUE(importGraph(graph)) << messages;
  options.shapes["x"] = {-3, 2};
  EXPECT_FALSE(importGraph(graph));
  EXPECT_THAT(messages, HasSubstr("impossible shape -3x2"));
}

TEST_F(MalformedTest, NodesOutOfOrderAreSorted) {
  auto module = importGraph(floatValue("input", "x", {2}) +
                            floatValue("output", "y", {2}) +
                            "node { op_type: 'Neg' input: 'a' output: 'y' }"
                            "node { op_type: 'Abs' input: 'x' output: 'a' }");
  ASSERT_TRUE(module) << messages;
  std::vector<Tensor> y = run(*module, {makeTensor<float>({2}, {-1, 2})});
  EXPECT_EQ(valuesOf<float>(y.at(0)), (std::vector<float>{-1, -2}));
}

TEST_F(MalformedTest, UnknownAttributesAreMentioned) {
  EXPECT_TRUE(importGraph(floatValue("input", "x", {2}) +
                          floatValue("output", "y", {2}) +
                          "node { op_type: 'Relu' input: 'x' output: 'y' "
                          "attribute { name: 'slope' type: FLOAT f: 2 } }"));
  EXPECT_THAT(messages, HasSubstr("attribute 'slope' is not known"));
}

TEST_F(MalformedTest, DeclaredOutputsAreCompared) {
  std::string graph = floatValue("input", "x", {2}) +
                      "node { op_type: 'Relu' input: 'x' output: 'y' }";
  EXPECT_TRUE(importGraph(graph + floatValue("output", "y", {3})));
  EXPECT_THAT(messages, HasSubstr("declared with the shape 3"));
  EXPECT_FALSE(importGraph(
      graph + "output { name: 'y' type { tensor_type { elem_type: 7 } } }"));
  EXPECT_THAT(messages, HasSubstr("'y' is declared INT64"));
}

} // namespace
