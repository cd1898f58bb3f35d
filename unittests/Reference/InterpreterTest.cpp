//===- InterpreterTest.cpp - Functions, constants and folding -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace edgec;
using namespace edgec::testing;
using namespace mlir;

namespace {

using Interpreter = Evaluation;

TEST_F(Interpreter, EveryElementTypeHasItsCounterpart) {
  for (uint32_t i = 1; i <= 13; ++i) {
    auto type = static_cast<ElementType>(i);
    EXPECT_EQ(toElementType(fromElementType(&context, type)), type);
  }
  Builder builder(&context);
  EXPECT_FALSE(toElementType(builder.getIntegerType(4)));
  EXPECT_FALSE(toElementType(builder.getIntegerType(8, /*isSigned=*/true)));
  EXPECT_FALSE(toElementType(builder.getIndexType()));
}

TEST_F(Interpreter, AttributesRoundTrip) {
  for (uint32_t i = 1; i <= 13; ++i)
    // Empty, a scalar, 8-byte elements just at and beyond the inline limit.
    for (std::vector<int64_t> shape :
         {std::vector<int64_t>{0, 3}, {}, {8}, {9}, {3, 50}}) {
      Tensor tensor(static_cast<ElementType>(i), shape);
      for (size_t byte = 0; byte < tensor.byteCount(); ++byte)
        tensor.mutableBytes()[byte] =
            tensor.type() == ElementType::Bool ? byte % 3 == 1 : byte * 7 + 1;
      ElementsAttr attribute = toAttribute(tensor, "x", &context);
      EXPECT_EQ(isa<DenseResourceElementsAttr>(attribute),
                tensor.byteCount() > 64);
      FailureOr<Tensor> back = toTensor(attribute);
      ASSERT_TRUE(succeeded(back));
      expectClose(*back, tensor, 0, "round trip");
    }
}

TEST_F(Interpreter, ResourcesAreViewedUnlessTheirLayoutDiffers) {
  auto resource = [&](Type element, ArrayRef<char> bytes, int64_t extent) {
    return DenseResourceElementsAttr::get(
        RankedTensorType::get({extent}, element), "blob",
        HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, 64));
  };
  Builder builder(&context);
  std::vector<char> bytes = {0, 1, 2, 3, 4, 5, 6, 7};
  auto words = resource(builder.getI32Type(), bytes, 2);
  FailureOr<Tensor> view = toTensor(words);
  ASSERT_TRUE(succeeded(view));
  EXPECT_EQ(view->bytes(), words.getRawHandle().getBlob()->getData().data());
  // Anything that is not zero is true.
  FailureOr<Tensor> booleans =
      toTensor(resource(builder.getI1Type(), bytes, 8));
  ASSERT_TRUE(succeeded(booleans));
  EXPECT_EQ(booleans->bytes()[7], 1);
  EXPECT_TRUE(failed(toTensor(resource(builder.getI32Type(), bytes, 3))));
}

TEST_F(Interpreter, RunsAFunction) {
  std::vector<Tensor> results = run(
      R"(func.func @f(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) {
        %w = edge.parameter "w" dense<[10.0, 20.0]> : tensor<2xf32>
        %unused = edge.neg %x : tensor<2xf32>
        %y = edge.add %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
        return %y, %x, %y : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
      })",
      {tensorOf<float>({2}, {1, 2})});
  ASSERT_EQ(results.size(), 3u);
  expectClose(results[0], tensorOf<float>({2}, {11, 22}), 0, "sum");
  expectClose(results[1], tensorOf<float>({2}, {1, 2}), 0, "input");
  expectClose(results[2], tensorOf<float>({2}, {11, 22}), 0, "sum again");
}

constexpr const char *branch =
    R"(func.func @f(%c: tensor<i1>, %x: tensor<2xi32>) -> tensor<2xi32> {
      %y = edge.add %x, %x : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
      %r = edge.if %c : (tensor<i1>) -> tensor<2xi32> {
        edge.yield %y : tensor<2xi32>
      } else {
        %n = edge.neg %x : tensor<2xi32>
        edge.yield %n : tensor<2xi32>
      }
      return %r : tensor<2xi32>
    })";

TEST_F(Interpreter, TakesOneBranch) {
  Tensor x = tensorOf<int32_t>({2}, {3, 4});
  Tensor condition(ElementType::Bool, {});
  expectClose(run(branch, {condition, x}).at(0),
              tensorOf<int32_t>({2}, {-3, -4}), 0, "else");
  condition.mutableBytes()[0] = 1;
  expectClose(run(branch, {condition, x}).at(0), tensorOf<int32_t>({2}, {6, 8}),
              0, "then");
}

/// Adds the iteration number and `step` until the sum is 10 or more; the scan
/// output keeps every sum.
constexpr const char *loop =
    R"(func.func @f(%n: tensor<i64>, %go: tensor<i1>, %step: tensor<i64>)
        -> (tensor<i64>, tensor<4xi64>) {
      %zero = edge.constant dense<0> : tensor<i64>
      %r:2 = edge.loop %n, %go, %zero
          : (tensor<i64>, tensor<i1>, tensor<i64>) -> (tensor<i64>, tensor<4xi64>) {
      ^bb0(%i: tensor<i64>, %sum: tensor<i64>):
        %ten = edge.constant dense<10> : tensor<i64>
        %a = edge.add %sum, %i : (tensor<i64>, tensor<i64>) -> tensor<i64>
        %b = edge.add %a, %step : (tensor<i64>, tensor<i64>) -> tensor<i64>
        %more = edge.compare <lt> %b, %ten : (tensor<i64>, tensor<i64>) -> tensor<i1>
        edge.yield %more, %b, %b : tensor<i1>, tensor<i64>, tensor<i64>
      }
      return %r#0, %r#1 : tensor<i64>, tensor<4xi64>
    })";

TEST_F(Interpreter, Loops) {
  auto loopOf = [&](int64_t count, bool go, int64_t step) {
    Tensor condition(ElementType::Bool, {});
    condition.mutableBytes()[0] = go;
    return run(loop, {tensorOf<int64_t>({}, {count}), condition,
                      tensorOf<int64_t>({}, {step})});
  };
  struct {
    int64_t count;
    bool go;
    int64_t step, sum;
    std::vector<int64_t> scan;
  } cases[] = {
      {4, true, 0, 6, {0, 1, 3, 6}},   {3, true, 1, 6, {1, 3, 6, 0}},
      {4, true, 5, 11, {5, 11, 0, 0}}, // The condition ends it.
      {4, false, 5, 0, {0, 0, 0, 0}},  {-1, true, 5, 0, {0, 0, 0, 0}},
  };
  for (auto &test : cases) {
    std::vector<Tensor> results = loopOf(test.count, test.go, test.step);
    ASSERT_EQ(results.size(), 2u);
    expectClose(results[0], tensorOf<int64_t>({}, {test.sum}), 0, "sum");
    expectClose(results[1], tensorOf<int64_t>({4}, test.scan), 0, "scan");
  }
}

TEST_F(Interpreter, RefusesWhatItCannotCompute) {
  Tensor two = tensorOf<float>({2}, {1, 2});
  const char *identity = "func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> { "
                         "return %x : tensor<2xf32> }";
  EXPECT_EQ(messageOf(identity, {two}), "");
  EXPECT_NE(messageOf(identity, {}).find("has 1 inputs but is given 0"),
            std::string::npos);
  EXPECT_NE(messageOf(identity, {tensorOf<float>({3}, {1, 2, 3})})
                .find("expects a tensor of type 'tensor<2xf32>' but is given "
                      "float32 3"),
            std::string::npos);
  EXPECT_NE(messageOf("func.func @f(%x: tensor<?xf32>) -> tensor<?xf32> "
                      "{ return %x : tensor<?xf32> }",
                      {two})
                .find("not a tensor of static shape"),
            std::string::npos);
  EXPECT_NE(
      messageOf(
          "func.func @f(%x: tensor<1xf32>) -> tensor<1000000x1000000xf32> {"
          "%r = edge.broadcast %x : (tensor<1xf32>) -> "
          "tensor<1000000x1000000xf32>\n"
          "return %r : tensor<1000000x1000000xf32> }",
          {tensorOf<float>({1}, {1})})
          .find("limit of 4 GiB"),
      std::string::npos);
  EXPECT_NE(
      messageOf("func.func @f() -> tensor<2xf32> {"
                "%r = edge.constant dense_resource<missing> : tensor<2xf32>\n"
                "return %r : tensor<2xf32> }")
          .find("cannot be read"),
      std::string::npos);
  EXPECT_NE(
      messageOf(loop, {tensorOf<int64_t>({}, {5}), tensorOf<bool>({}, {true}),
                       tensorOf<int64_t>({}, {0})})
          .find("runs 5 times"),
      std::string::npos);
}

TEST_F(Interpreter, FoldsConstantsButNotParameters) {
  OwningOpRef<ModuleOp> module = parse(
      R"(func.func @f(%x: tensor<2xi64>) -> tensor<2xi64> {
        %a = edge.constant dense<[1, 2]> : tensor<2xi64>
        %p = edge.parameter "p" dense<[1, 2]> : tensor<2xi64>
        %b = edge.add %a, %a : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
        %c = edge.add %a, %p : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
        %d = edge.add %b, %x : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
        %e = edge.add %c, %d : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
        return %e : tensor<2xi64>
      })");
  OpBuilder builder(&context);
  auto fold = [&](int64_t maxElements) {
    int folded = 0;
    func::FuncOp function = *module->getOps<func::FuncOp>().begin();
    for (Operation &op : llvm::make_early_inc_range(function.getOps()))
      folded += foldThroughInterpreter(&op, builder, maxElements);
    return folded;
  };
  EXPECT_EQ(fold(1), 0);
  EXPECT_EQ(fold(2), 1);
  EXPECT_EQ(fold(2), 0);
  int constants = 0;
  module->walk([&](edge::ConstantOp constant) {
    if (++constants == 2) {
      FailureOr<Tensor> value = toTensor(constant.getValue());
      ASSERT_TRUE(succeeded(value));
      expectClose(*value, tensorOf<int64_t>({2}, {2, 4}), 0, "folded");
    }
  });
  EXPECT_EQ(constants, 2);
}

} // namespace
