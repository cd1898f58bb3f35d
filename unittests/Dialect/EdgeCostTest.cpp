//===- EdgeCostTest.cpp - Costs of edge operations -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <limits>

using namespace mlir;
using namespace edgec::edge;

namespace {

/// Parses a module and gives its first operation of the edge dialect that
/// computes a cost of its own.
class EdgeCostTest : public testing::Test {
protected:
  CostOpInterface parse(llvm::StringRef text) {
    context.loadDialect<EdgeDialect, func::FuncDialect>();
    module = parseSourceString<ModuleOp>(text, &context);
    CostOpInterface found;
    if (module)
      module->walk([&](CostOpInterface op) {
        if (!isa<ConstantOp, ParameterOp>(op.getOperation()))
          found = op;
      });
    return found;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

TEST_F(EdgeCostTest, GroupedConvolution) {
  CostOpInterface op = parse(R"mlir(
    func.func @f(%x: tensor<1x4x8x8xf32>, %b: tensor<6xf32>) {
      %w = edge.parameter "w" dense<1.0> : tensor<6x2x3x3xf32>
      %y = edge.conv %x, %w, %b {strides = array<i64: 1, 1>,
          dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>,
          groups = 2 : i64}
          : (tensor<1x4x8x8xf32>, tensor<6x2x3x3xf32>, tensor<6xf32>)
          -> tensor<1x6x6x6xf32>
      return
    })mlir");
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getMacs(), 6 * 6 * 6 * (2 * 3 * 3));
  EXPECT_EQ(op.getParameterCount(), 6 * 2 * 3 * 3);
  EXPECT_EQ(op.getBytes(), 4 * (4 * 8 * 8 + 6 * 2 * 3 * 3 + 6 + 6 * 6 * 6));
}

TEST_F(EdgeCostTest, BatchedMatrixProduct) {
  CostOpInterface op = parse(R"mlir(
    func.func @f(%x: tensor<2x5x7xui8>, %y: tensor<7x3xi8>) {
      %z = edge.matmul %x, %y
          : (tensor<2x5x7xui8>, tensor<7x3xi8>) -> tensor<2x5x3xi32>
      return
    })mlir");
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getMacs(), 2 * 5 * 7 * 3);
  EXPECT_EQ(op.getParameterCount(), 0);
  EXPECT_EQ(op.getBytes(), 2 * 5 * 7 + 7 * 3 + 4 * (2 * 5 * 3));
}

TEST_F(EdgeCostTest, ElementwiseOperationsCostNoMacs) {
  CostOpInterface op = parse(R"mlir(
    func.func @f(%x: tensor<10xi1>) {
      %y = edge.not %x : tensor<10xi1>
      return
    })mlir");
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getMacs(), 0);
  EXPECT_EQ(op.getBytes(), 20) << "a boolean takes a byte";
}

TEST_F(EdgeCostTest, HugeCostsSaturate) {
  CostOpInterface op = parse(R"mlir(
    func.func @f(%x: tensor<268435456x268435456xf32>) {
      %y = edge.matmul %x, %x
          : (tensor<268435456x268435456xf32>, tensor<268435456x268435456xf32>)
          -> tensor<268435456x268435456xf32>
      return
    })mlir");
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getMacs(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(op.getBytes(), 3 * (int64_t(1) << 58));
}

TEST_F(EdgeCostTest, UnknownExtentsCostNothing) {
  CostOpInterface op = parse(R"mlir(
    func.func @f(%x: tensor<?x4xf32>, %y: tensor<4x2xf32>) {
      %z = edge.matmul %x, %y
          : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
      return
    })mlir");
  ASSERT_TRUE(op);
  EXPECT_EQ(op.getMacs(), 0);
  EXPECT_EQ(op.getBytes(), 4 * 4 * 2);
}

} // namespace
