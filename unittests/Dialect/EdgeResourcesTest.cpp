//===- EdgeResourcesTest.cpp - Passes free the bytes they replace --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Edge/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace edgec::edge;

namespace {

class EdgeResourcesTest : public testing::Test {
protected:
  EdgeResourcesTest() { context.loadDialect<EdgeDialect, func::FuncDialect>(); }

  void parse(llvm::StringRef body) {
    std::string text = body.str() + R"(
      {-#
        dialect_resources: { builtin: {
          w: "0x040000000000803F000000400000404000008040"
        } }
      #-})";
    module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module);
  }

  void run(std::unique_ptr<Pass> pass) {
    PassManager pm(&context);
    pm.addPass(std::move(pass));
    ASSERT_TRUE(succeeded(pm.run(*module)));
  }

  /// Bytes that the context holds under a resource's name.
  size_t bytesOf(llvm::StringRef name) {
    auto &manager = DenseResourceElementsHandle::getManagerInterface(&context)
                        .getBlobManager();
    auto *entry = manager.lookup(name);
    return entry && entry->getBlob() ? entry->getBlob()->getData().size() : 0;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST_F(EdgeResourcesTest, FoldingFreesItsOperands) {
  parse(R"(
    func.func @f() -> tensor<4xf32> {
      %w = edge.constant dense_resource<w> : tensor<4xf32>
      %y = edge.neg %w : tensor<4xf32>
      return %y : tensor<4xf32>
    })");
  EXPECT_EQ(bytesOf("w"), 16u);
  run(createFoldConstantsPass());
  EXPECT_EQ(bytesOf("w"), 0u);
}

TEST_F(EdgeResourcesTest, BytesWithAnotherUserStay) {
  parse(R"(
    func.func @f() -> (tensor<4xf32>, tensor<4xf32>) {
      %w = edge.constant dense_resource<w> : tensor<4xf32>
      %v = edge.constant dense_resource<w> : tensor<4xf32>
      %y = edge.neg %w : tensor<4xf32>
      return %y, %v : tensor<4xf32>, tensor<4xf32>
    })");
  run(createFoldConstantsPass());
  EXPECT_EQ(bytesOf("w"), 16u);
}

TEST_F(EdgeResourcesTest, ReshapeSharesBytes) {
  parse(R"(
    func.func @f() -> tensor<2x2xf32> {
      %w = edge.constant dense_resource<w> : tensor<4xf32>
      %y = edge.reshape %w : (tensor<4xf32>) -> tensor<2x2xf32>
      return %y : tensor<2x2xf32>
    })");
  run(createFoldConstantsPass());
  EXPECT_EQ(bytesOf("w"), 16u);
  EXPECT_FALSE(module->walk([](ReshapeOp) { return WalkResult::interrupt(); })
                   .wasInterrupted());
}

TEST_F(EdgeResourcesTest, FoldedFiltersAreFreed) {
  parse(R"(
    func.func @f(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
      %w = edge.constant dense_resource<w> : tensor<2x2xf32>
      %two = edge.constant dense<2.0> : tensor<f32>
      %y = edge.matmul %x, %w
          : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
      %z = edge.mul %y, %two : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
      return %z : tensor<1x2xf32>
    })");
  run(createFoldBatchNormPass());
  EXPECT_EQ(bytesOf("w"), 0u);
  EXPECT_FALSE(module->walk([](MulOp) { return WalkResult::interrupt(); })
                   .wasInterrupted());
}

} // namespace
