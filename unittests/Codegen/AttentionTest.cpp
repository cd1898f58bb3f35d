//===- AttentionTest.cpp - Blocks of queries, bit for bit -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledCode.h"

#include "edgec/Codegen/AttentionRows.h"
#include "fmt/format.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cstring>

using namespace edgec;

namespace {

TargetDescription resolve(const char *name) {
  TargetOptions options;
  options.target = name;
  llvm::Expected<TargetDescription> target = resolveTarget(options);
  EXPECT_TRUE(static_cast<bool>(target));
  return *target;
}

TEST(AttentionRows, RowsAreAnOddNumberOfCacheLinesApart) {
  for (int64_t keys : {1, 15, 16, 17, 128, 197, 1024}) {
    int64_t stride = scoreStride(keys, sizeof(float));
    EXPECT_GE(stride, keys);
    EXPECT_LE(stride, keys + 31);
    EXPECT_EQ(stride % 32, 16) << keys;
  }
}

TEST(AttentionRows, ScoresHaveRoomOnTheStack) {
  for (const char *name : {"x86-64-v2", "x86-64-v3", "x86-64-v4", "aarch64"}) {
    TargetDescription target = resolve(name);
    for (int64_t queries : {1, 3, 50, 197, 1024})
      for (int64_t keys : {1, 50, 197, 1024, 4000}) {
        int64_t rows = chooseAttentionRows(target, 32, {queries, keys, 64, 64});
        EXPECT_GE(rows, std::min<int64_t>(queries, 4));
        EXPECT_LE(rows, queries);
        EXPECT_LE(rows * scoreStride(keys, sizeof(float)) * sizeof(float),
                  maxScoreBytes);
      }
    EXPECT_EQ(chooseAttentionRows(target, 32, {197, 5000, 64, 64}), 0);
    EXPECT_EQ(chooseAttentionRows(target, 64, {197, 2500, 64, 64}), 0);
  }
}

TEST(AttentionRows, BlocksLeaveNoSmallRest) {
  TargetDescription target = resolve("x86-64-v4");
  EXPECT_EQ(chooseAttentionRows(target, 32, {20, 20, 64, 64}), 20);
  for (int64_t queries : {128, 197, 256, 384}) {
    int64_t rows = chooseAttentionRows(target, 32, {queries, 128, 64, 64});
    int64_t rest = queries % rows;
    EXPECT_TRUE(rest == 0 || 3 * rest >= rows) << queries << " by " << rows;
  }
}

/// Attention; where the probabilities are a result too, its three operations
/// stay apart.
std::string attentionText(int64_t queries, int64_t keys, bool isApart) {
  return fmt::format(
      R"(func.func @run(%q: tensor<2x{0}x12xf32>, %k: tensor<2x12x{1}xf32>, %v: tensor<2x{1}x20xf32>) -> {2} {{
  %s = edge.matmul %q, %k : (tensor<2x{0}x12xf32>, tensor<2x12x{1}xf32>) -> tensor<2x{0}x{1}xf32>
  %p = edge.softmax %s {{axis = 2 : i64}} : (tensor<2x{0}x{1}xf32>) -> tensor<2x{0}x{1}xf32>
  %o = edge.matmul %p, %v : (tensor<2x{0}x{1}xf32>, tensor<2x{1}x20xf32>) -> tensor<2x{0}x20xf32>
  return %o{3}
}})",
      queries, keys,
      isApart ? fmt::format("(tensor<2x{0}x20xf32>, tensor<2x{0}x{1}xf32>)",
                            queries, keys)
              : fmt::format("tensor<2x{0}x20xf32>", queries),
      isApart
          ? fmt::format(", %p : tensor<2x{0}x20xf32>, tensor<2x{0}x{1}xf32>",
                        queries, keys)
          : fmt::format(" : tensor<2x{0}x20xf32>", queries));
}

TEST(Attention, HasTheBitsOfItsParts) {
  for (auto [queries, keys] :
       {std::pair<int64_t, int64_t>{1, 1}, {5, 17}, {131, 197}, {90, 300}}) {
    std::vector<Tensor> inputs{
        randomTensor(ElementType::F32, {2, queries, 12}, 1),
        randomTensor(ElementType::F32, {2, 12, keys}, 2),
        randomTensor(ElementType::F32, {2, keys, 20}, 3)};
    for (const std::string &target : runnableTargets()) {
      std::vector<Tensor> apart = compileAndRun(
          attentionText(queries, keys, /*isApart=*/true), target, inputs);
      std::vector<Tensor> fused = compileAndRun(
          attentionText(queries, keys, /*isApart=*/false), target, inputs);
      ASSERT_EQ(apart.size(), 2u);
      ASSERT_EQ(fused.size(), 1u);
      ASSERT_EQ(apart[0].byteCount(), fused[0].byteCount());
      EXPECT_EQ(
          std::memcmp(apart[0].bytes(), fused[0].bytes(), apart[0].byteCount()),
          0)
          << queries << " queries, " << keys << " keys, " << target;
    }
  }
}

} // namespace
