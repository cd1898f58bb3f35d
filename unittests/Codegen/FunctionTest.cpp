//===- FunctionTest.cpp - Compiled functions and the interpreter's --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledCode.h"

#include "edgec/Reference/Approximations.h"
#include "fmt/format.h"
#include "gtest/gtest.h"

#include <cstring>
#include <limits>

using namespace edgec;

namespace {

/// Every function of `name` on every target, where it takes whole vectors and
/// what is left over, has the bits of `expected`.
void checkBits(const std::string &name, float (*expected)(float)) {
  constexpr int64_t count = 10007;
  std::string text = fmt::format(
      R"(func.func @run(%x: tensor<{0}xf32>) -> tensor<{0}xf32> {{
  %r = edge.{1} %x : tensor<{0}xf32>
  return %r : tensor<{0}xf32>
}})",
      count, name);
  Tensor x(ElementType::F32, {count});
  for (int64_t i = 0; i < count; ++i)
    x.mutableData<float>()[i] = 0.019f * static_cast<float>(i - count / 2);
  x.mutableData<float>()[0] = std::numeric_limits<float>::infinity();
  x.mutableData<float>()[1] = -std::numeric_limits<float>::infinity();
  for (const std::string &target : runnableTargets()) {
    if (target == "x86-64-v2") // Has no fused multiply-add.
      continue;
    std::vector<Tensor> outputs = compileAndRun(text, target, {x});
    ASSERT_EQ(outputs.size(), 1u);
    for (int64_t i = 0; i < count; ++i) {
      float actual = outputs[0].data<float>()[i];
      float wanted = expected(x.data<float>()[i]);
      ASSERT_EQ(std::memcmp(&actual, &wanted, sizeof(float)), 0)
          << name << " of " << x.data<float>()[i] << " on " << target << " is "
          << actual << ", not " << wanted;
    }
  }
}

TEST(FunctionBits, AreTheInterpreters) {
  checkBits("exp", [](float x) {
    ScalarArithmetic arithmetic;
    return approximateExp(arithmetic, x);
  });
  checkBits("erf", [](float x) {
    ScalarArithmetic arithmetic;
    return approximateErf(arithmetic, x);
  });
  checkBits("tanh", [](float x) {
    ScalarArithmetic arithmetic;
    return approximateTanh(arithmetic, x);
  });
}

} // namespace
