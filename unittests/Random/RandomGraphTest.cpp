//===- RandomGraphTest.cpp - The table of random operations ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Random/RandomGraph.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Dialect/Kernel/KernelDialect.h"
#include "edgec/Random/Check.h"
#include "edgec/Random/Coverage.h"
#include "edgec/Random/Reduce.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/MLIRContext.h"
#include "gmock/gmock.h"

using namespace edgec;

namespace {

class RandomGraphs : public ::testing::Test {
protected:
  RandomGraphs() {
    context.loadDialect<edge::EdgeDialect, mlir::func::FuncDialect>();
  }

  static std::string textOf(mlir::ModuleOp module) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    module.print(stream);
    return text;
  }

  static mlir::func::FuncOp functionOf(mlir::ModuleOp module) {
    return module.lookupSymbol<mlir::func::FuncOp>("run");
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
};

/// An operation that is new in the dialect needs a row, or a reason why random
/// graphs do without it.
TEST_F(RandomGraphs, HaveARowForEveryOperation) {
  std::set<std::string> known = {"edge.yield"}; // Ends regions.
  for (const RandomOperation &operation : randomOperations())
    known.insert(operation.name.str());
  for (const ExcludedOperation &excluded : operationsWithoutRow())
    EXPECT_TRUE(known.insert(excluded.name.str()).second)
        << excluded.name.str() << " has a row and a reason to have none";
  for (mlir::RegisteredOperationName name : context.getRegisteredOperations())
    if (name.getDialectNamespace() == "edge")
      EXPECT_TRUE(known.count(name.getStringRef().str()))
          << name.getStringRef().str()
          << " has no row in lib/Random: see docs/adding-an-operator.md";
}

/// A row makes the operation that it is named after.
TEST_F(RandomGraphs, HaveTheOperationOfTheRow) {
  for (const RandomOperation &operation : randomOperations()) {
    RandomGraphOptions options;
    options.only = {operation.name.str()};
    Coverage coverage;
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      auto module = makeRandomGraph(&context, seed, options);
      ASSERT_TRUE(module) << operation.name.str() << ", seed " << seed;
      coverage.countOperations(*module);
    }
    EXPECT_GT(coverage.count(operation.name.str()), 0) << operation.name.str();
  }
}

TEST_F(RandomGraphs, AreTheSameForASeed) {
  std::string first;
  for (int run = 0; run < 2; ++run) {
    mlir::MLIRContext fresh(mlir::MLIRContext::Threading::DISABLED);
    fresh.loadDialect<edge::EdgeDialect, mlir::func::FuncDialect>();
    auto module = makeRandomGraph(&fresh, 7);
    ASSERT_TRUE(module);
    if (run == 0)
      first = textOf(*module);
    else
      EXPECT_EQ(textOf(*module), first);
  }
  auto other = makeRandomGraph(&context, 8);
  ASSERT_TRUE(other);
  EXPECT_NE(textOf(*other), first);
}

TEST_F(RandomGraphs, RefuseAnOperationWithoutRow) {
  std::string message;
  mlir::ScopedDiagnosticHandler handler(
      &context,
      [&](mlir::Diagnostic &diagnostic) { message = diagnostic.str(); });
  RandomGraphOptions options;
  options.only = {"edge.observe"};
  EXPECT_FALSE(makeRandomGraph(&context, 1, options));
  EXPECT_EQ(message, "no row of the table is for 'edge.observe'");
}

/// Inputs are what the attributes say, and nothing that is exact overflows its
/// number of bits.
TEST_F(RandomGraphs, HaveInputsWithinTheirBounds) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    auto module = makeRandomGraph(&context, seed);
    ASSERT_TRUE(module);
    mlir::func::FuncOp function = functionOf(*module);
    std::vector<Tensor> inputs = makeRandomInputs(function);
    for (auto [index, input] : llvm::enumerate(inputs)) {
      auto spec = function.getArgAttrOfType<mlir::DictionaryAttr>(
          index, randomElementsAttr);
      ASSERT_TRUE(spec);
      auto number = [&](const char *key) {
        return spec.getAs<mlir::FloatAttr>(key).getValueAsDouble();
      };
      if (spec.contains("special") || input.type() == ElementType::F16 ||
          input.type() == ElementType::BF16)
        continue;
      for (int64_t i = 0; i < input.size(); ++i) {
        EXPECT_LE(input.asDouble(i), std::max(number("high"), 0.0));
        EXPECT_GE(input.asDouble(i), std::min(number("low"), 0.0));
        if (number("step") != 0)
          EXPECT_EQ(std::remainder(input.asDouble(i), number("step")), 0);
      }
    }
  }
}

/// What reduction leaves is the operation that the condition asks for, fed with
/// an argument.
TEST_F(RandomGraphs, AreReduced) {
  RandomGraphOptions options;
  options.leastNodes = options.mostNodes = 12;
  // Whatever reads a value can give way to it: it is of the same type.
  options.only = {"edge.tanh", "edge.add", "edge.mul", "edge.matmul",
                  "edge.concat"};
  // Outside of regions, which would stay around it.
  auto hasTanh = [](mlir::ModuleOp module) {
    return module
        .walk([](edge::TanhOp op) {
          return llvm::isa<mlir::func::FuncOp>(op->getParentOp())
                     ? mlir::WalkResult::interrupt()
                     : mlir::WalkResult::advance();
        })
        .wasInterrupted();
  };
  for (uint64_t seed = 1; seed < 100; ++seed) {
    auto module = makeRandomGraph(&context, seed, options);
    ASSERT_TRUE(module);
    if (!hasTanh(*module))
      continue;
    auto reduced = reduceModule(std::move(module), hasTanh);
    int64_t count = 0;
    reduced->walk([&](mlir::Operation *op) {
      count += llvm::isa<edge::EdgeDialect>(op->getDialect());
    });
    EXPECT_EQ(count, 1) << textOf(*reduced);
    return;
  }
  FAIL() << "no graph has what is looked for";
}

} // namespace
