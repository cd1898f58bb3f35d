//===- Evaluate.cpp - Runs operations written as text ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Evaluate.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include <cmath>
#include <cstring>

using namespace edgec;
using namespace edgec::testing;
using namespace mlir;

Evaluation::Evaluation() {
  context.loadDialect<edge::EdgeDialect, func::FuncDialect>();
}

OwningOpRef<ModuleOp> Evaluation::parse(const std::string &text) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  EXPECT_TRUE(module) << text;
  return module;
}

std::vector<Tensor> Evaluation::run(const std::string &text,
                                    ArrayRef<Tensor> inputs) {
  OwningOpRef<ModuleOp> module = parse(text);
  if (!module)
    return {};
  auto functions = module->getOps<func::FuncOp>();
  FailureOr<std::vector<Tensor>> results =
      interpret(*functions.begin(), inputs);
  EXPECT_TRUE(succeeded(results)) << text;
  return succeeded(results) ? std::move(*results) : std::vector<Tensor>();
}

std::string Evaluation::messageOf(const std::string &text,
                                  ArrayRef<Tensor> inputs) {
  std::string messages;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    messages += diagnostic.str() + "\n";
    return success();
  });
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (module)
    (void)interpret(*module->getOps<func::FuncOp>().begin(), inputs);
  return messages;
}

Tensor Evaluation::constant(const std::string &attribute) {
  auto elements =
      dyn_cast_or_null<ElementsAttr>(parseAttribute(attribute, &context));
  EXPECT_TRUE(elements) << attribute;
  FailureOr<Tensor> tensor =
      elements ? toTensor(elements) : FailureOr<Tensor>(failure());
  EXPECT_TRUE(succeeded(tensor)) << attribute;
  return succeeded(tensor) ? Tensor(*tensor) : Tensor();
}

namespace {

/// Spacing of an element type's values around `value`.
double spacing(ElementType type, double value) {
  int digits = type == ElementType::F64    ? 53
               : type == ElementType::F32  ? 24
               : type == ElementType::F16  ? 11
               : type == ElementType::BF16 ? 8
                                           : 0;
  if (digits == 0)
    return 0;
  int exponent;
  std::frexp(value, &exponent);
  return std::ldexp(1.0, exponent - digits);
}

bool matches(const Tensor &actual, const Tensor &expected, int64_t i,
             int steps) {
  size_t width = byteSize(actual.type());
  if (!std::memcmp(actual.bytes() + i * width, expected.bytes() + i * width,
                   width))
    return true;
  double a = actual.asDouble(i), e = expected.asDouble(i);
  if (std::isnan(a) || std::isnan(e))
    return std::isnan(a) && std::isnan(e);
  if (steps == 0)
    return a == e && std::signbit(a) == std::signbit(e);
  return std::fabs(a - e) <= steps * spacing(actual.type(), e);
}

} // namespace

void edgec::testing::expectClose(const Tensor &actual, const Tensor &expected,
                                 int steps, const std::string &what) {
  ASSERT_EQ(actual.type(), expected.type()) << what;
  ASSERT_EQ(actual.shape(), expected.shape()) << what;
  for (int64_t i = 0; i < actual.size(); ++i)
    EXPECT_TRUE(matches(actual, expected, i, steps))
        << what << "\nelement " << i << " is " << actual.asDouble(i)
        << ", expected " << expected.asDouble(i);
}

void Evaluation::check(ArrayRef<Case> cases) {
  for (const Case &test : cases) {
    Tensor expected = constant(test.expected);
    std::string attribute = test.expected;
    std::string type = attribute.substr(attribute.rfind(": tensor<") + 2);
    std::string text = "func.func @f() -> " + type + " {\n" + test.operations +
                       "\nreturn %r : " + type + "\n}";
    std::vector<Tensor> results = run(text);
    if (!results.empty())
      expectClose(results.front(), expected, test.steps, text);
  }
}
