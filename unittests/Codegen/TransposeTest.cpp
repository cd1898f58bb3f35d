//===- TransposeTest.cpp - Compiled transposes against their definition ---===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledCode.h"

#include "fmt/format.h"
#include "gtest/gtest.h"

#include <cstring>

using namespace edgec;

namespace {

/// [a, m, n] to [a, n, m], of whole blocks, of less and of some and a rest.
void checkTranspose(ElementType type, const char *element, int64_t m,
                    int64_t n) {
  constexpr int64_t batch = 3;
  std::string text = fmt::format(
      R"(func.func @run(%x: tensor<{0}x{1}x{2}x{3}>) -> tensor<{0}x{2}x{1}x{3}> {{
  %r = edge.transpose %x {{permutation = array<i64: 0, 2, 1>}}
      : (tensor<{0}x{1}x{2}x{3}>) -> tensor<{0}x{2}x{1}x{3}>
  return %r : tensor<{0}x{2}x{1}x{3}>
}})",
      batch, m, n, element);
  Tensor x = randomTensor(type, {batch, m, n}, m * n);
  int64_t bytes = byteSize(type);
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs = compileAndRun(text, target, {x});
    ASSERT_EQ(outputs.size(), 1u);
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j)
          ASSERT_EQ(
              std::memcmp(outputs[0].bytes() + ((b * n + j) * m + i) * bytes,
                          x.bytes() + ((b * m + i) * n + j) * bytes, bytes),
              0)
              << element << " " << m << "x" << n << " at " << b << ", " << i
              << ", " << j << " on " << target;
  }
}

TEST(CompiledTranspose, MovesEveryElement) {
  for (auto [m, n] :
       {std::pair(32, 48), {16, 16}, {5, 40}, {67, 21}, {3, 50}}) {
    checkTranspose(ElementType::F32, "f32", m, n);
    checkTranspose(ElementType::I8, "i8", m, n);
  }
  checkTranspose(ElementType::F64, "f64", 19, 18);
}

} // namespace
