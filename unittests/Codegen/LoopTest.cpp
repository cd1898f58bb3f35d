//===- LoopTest.cpp - Compiled linalg against its definition -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledCode.h"

#include "edgec/Reference/CanonicalReduction.h"
#include "fmt/format.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstring>

using namespace edgec;

namespace {

/// A sum over `reduced` of an M x N tensor.
std::string sumText(int64_t m, int64_t n, int reduced) {
  int64_t kept = reduced == 1 ? m : n, depth = reduced == 1 ? n : m;
  return fmt::format(
      R"(func.func @run(%x: tensor<{0}x{1}xf32>) -> tensor<{2}xf32> {{
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<{2}xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<{2}xf32>) -> tensor<{2}xf32>
  %r = linalg.generic {{indexing_maps = [affine_map<(i, k) -> ({3})>, affine_map<(i, k) -> (i)>],
      iterator_types = ["parallel", "reduction"]}} ins(%x : tensor<{0}x{1}xf32>) outs(%f : tensor<{2}xf32>) {{
  ^bb0(%in: f32, %out: f32):
    %square = arith.mulf %in, %in : f32
    %s = arith.addf %out, %square : f32
    linalg.yield %s : f32
  }} -> tensor<{2}xf32>
  return %r : tensor<{2}xf32>
}})",
      m, n, kept, reduced == 1 ? "i, k" : "k, i", depth);
}

class CompiledSum
    : public testing::TestWithParam<std::tuple<int64_t, int64_t, int>> {};

// Bit for bit the reference's order, on every vector width.
TEST_P(CompiledSum, IsCanonical) {
  auto [m, n, reduced] = GetParam();
  Tensor x = randomTensor(ElementType::F32, {m, n}, 11);
  int64_t columns = n;
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs =
        compileAndRun(sumText(m, n, reduced), target, {x});
    ASSERT_EQ(outputs.size(), 1u);
    for (int64_t i = 0; i < outputs[0].size(); ++i) {
      bool rows = reduced == 1;
      float expected = canonicalSum<float>(rows ? n : m, [&](int64_t k) {
        float value = x.data<float>()[rows ? i * columns + k : k * columns + i];
        volatile float square = value * value;
        return square;
      });
      ASSERT_EQ(outputs[0].data<float>()[i], expected) << target << " at " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, CompiledSum,
    testing::Values(std::tuple(5, 100, 1), std::tuple(3, 7, 1),
                    std::tuple(5, 1, 1), std::tuple(49, 37, 0),
                    std::tuple(9, 20, 0), std::tuple(130, 1, 0)));

/// Transposition, comparison to booleans, selection and an index.
TEST(CompiledElementwise, MixedTypesAndAccesses) {
  const int64_t rows = 13, columns = 21;
  std::string text = fmt::format(
      R"(func.func @run(%x: tensor<{1}x{0}xf32>, %y: tensor<{0}xf32>) -> (tensor<{0}x{1}xi1>, tensor<{0}x{1}xf32>) {{
  %eb = tensor.empty() : tensor<{0}x{1}xi1>
  %ef = tensor.empty() : tensor<{0}x{1}xf32>
  %r:2 = linalg.generic {{indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i)>,
      affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}}
      ins(%x, %y : tensor<{1}x{0}xf32>, tensor<{0}xf32>) outs(%eb, %ef : tensor<{0}x{1}xi1>, tensor<{0}x{1}xf32>) {{
  ^bb0(%a: f32, %b: f32, %o1: i1, %o2: f32):
    %less = arith.cmpf olt, %a, %b : f32
    %j = linalg.index 1 : index
    %i = arith.index_cast %j : index to i32
    %f = arith.sitofp %i : i32 to f32
    %s = arith.select %less, %f, %a : f32
    linalg.yield %less, %s : i1, f32
  }} -> (tensor<{0}x{1}xi1>, tensor<{0}x{1}xf32>)
  return %r#0, %r#1 : tensor<{0}x{1}xi1>, tensor<{0}x{1}xf32>
}})",
      rows, columns);
  Tensor x = randomTensor(ElementType::F32, {columns, rows}, 12);
  Tensor y = randomTensor(ElementType::F32, {rows}, 13);
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs = compileAndRun(text, target, {x, y});
    ASSERT_EQ(outputs.size(), 2u);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        float a = x.data<float>()[j * rows + i];
        bool less = a < y.data<float>()[i];
        ASSERT_EQ(outputs[0].bytes()[i * columns + j], less) << target;
        ASSERT_EQ(outputs[1].data<float>()[i * columns + j], less ? j : a)
            << target;
      }
  }
}

//===----------------------------------------------------------------------===//
// Lanes that are no neighbours
//===----------------------------------------------------------------------===//

/// One row reads `source` elements through `map`, which gives `count` of them;
/// `place` is that map in C++.
struct Access {
  const char *name, *map;
  int64_t source, count;
  int64_t (*place)(int64_t);
};

class CompiledAccess
    : public testing::TestWithParam<std::tuple<Access, ElementType>> {};

TEST_P(CompiledAccess, ReadsWhatItsMapSays) {
  auto [access, element] = GetParam();
  const int64_t rows = 3;
  const char *type = element == ElementType::F32 ? "f32" : "i8";
  std::string text = fmt::format(
      R"(func.func @run(%x: tensor<{0}x{1}x{3}>) -> tensor<{0}x{2}x{3}> {{
  %e = tensor.empty() : tensor<{0}x{2}x{3}>
  %r = linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, {4})>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}} ins(%x : tensor<{0}x{1}x{3}>) outs(%e : tensor<{0}x{2}x{3}>) {{
  ^bb0(%in: {3}, %out: {3}):
    linalg.yield %in : {3}
  }} -> tensor<{0}x{2}x{3}>
  return %r : tensor<{0}x{2}x{3}>
}})",
      rows, access.source, access.count, type, access.map);
  Tensor x = randomTensor(element, {rows, access.source}, 15);
  int64_t bytes = element == ElementType::F32 ? 4 : 1;
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs = compileAndRun(text, target, {x});
    ASSERT_EQ(outputs.size(), 1u);
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < access.count; ++j)
        ASSERT_EQ(
            memcmp(outputs[0].bytes() + (i * access.count + j) * bytes,
                   x.bytes() + (i * access.source + access.place(j)) * bytes,
                   bytes),
            0)
            << target << " at " << i << ", " << j;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Patterns, CompiledAccess,
    testing::Combine(
        testing::Values(
            Access{"Shuffle", "(j mod 3) * 80 + j floordiv 3", 240, 240,
                   [](int64_t j) { return j % 3 * 80 + j / 3; }},
            Access{"ShuffleWithTail", "(j mod 4) * 50 + j floordiv 4", 200, 200,
                   [](int64_t j) { return j % 4 * 50 + j / 4; }},
            Access{"EverySecond", "j * 2", 301, 151,
                   [](int64_t j) { return j * 2; }},
            Access{"EveryThirdFromOne", "j * 3 + 1", 320, 100,
                   [](int64_t j) { return j * 3 + 1; }},
            Access{"Backwards", "-j + 99", 100, 100,
                   [](int64_t j) { return 99 - j; }},
            Access{"Repeated", "j floordiv 2", 70, 140,
                   [](int64_t j) { return j / 2; }},
            Access{"FarApart", "j * 40", 2600, 65,
                   [](int64_t j) { return j * 40; }}),
        testing::Values(ElementType::F32, ElementType::I8)),
    [](const auto &info) {
      return std::string(std::get<0>(info.param).name) +
             (std::get<1>(info.param) == ElementType::F32 ? "F32" : "I8");
    });

/// A pad, whose source is computed in its place, read as a whole.
TEST(CompiledPad, BorderIsFilled) {
  std::string text =
      R"(func.func @run(%x: tensor<3x5xf32>) -> tensor<6x9xf32> {
  %v = arith.constant 2.5 : f32
  %e = tensor.empty() : tensor<3x5xf32>
  %n = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]} ins(%x : tensor<3x5xf32>) outs(%e : tensor<3x5xf32>) {
  ^bb0(%in: f32, %out: f32):
    %m = arith.negf %in : f32
    linalg.yield %m : f32
  } -> tensor<3x5xf32>
  %p = tensor.pad %n low[1, 3] high[2, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %v : f32
  } : tensor<3x5xf32> to tensor<6x9xf32>
  return %p : tensor<6x9xf32>
})";
  Tensor x = randomTensor(ElementType::F32, {3, 5}, 14);
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs = compileAndRun(text, target, {x});
    ASSERT_EQ(outputs.size(), 1u);
    for (int64_t i = 0; i < 6; ++i)
      for (int64_t j = 0; j < 9; ++j) {
        bool inside = i >= 1 && i < 4 && j >= 3 && j < 8;
        float expected = inside ? -x.data<float>()[(i - 1) * 5 + j - 3] : 2.5f;
        ASSERT_EQ(outputs[0].data<float>()[i * 9 + j], expected) << target;
      }
  }
}

struct Function {
  const char *operation;
  double (*exact)(double);
  float from, to;
  double tolerance; ///< Relative, or absolute below 1.
};

class CompiledFunction : public testing::TestWithParam<Function> {};

TEST_P(CompiledFunction, IsAccurate) {
  const Function &function = GetParam();
  const int64_t count = 10007;
  std::string text = fmt::format(
      R"(func.func @run(%x: tensor<{0}xf32>) -> tensor<{0}xf32> {{
  %e = tensor.empty() : tensor<{0}xf32>
  %r = linalg.generic {{indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}} ins(%x : tensor<{0}xf32>) outs(%e : tensor<{0}xf32>) {{
  ^bb0(%in: f32, %out: f32):
    %f = {1} %in : f32
    linalg.yield %f : f32
  }} -> tensor<{0}xf32>
  return %r : tensor<{0}xf32>
}})",
      count, function.operation);
  Tensor x(ElementType::F32, {count});
  for (int64_t i = 0; i < count; ++i)
    x.mutableData<float>()[i] =
        function.from + (function.to - function.from) * i / (count - 1);
  for (const std::string &target : runnableTargets()) {
    std::vector<Tensor> outputs = compileAndRun(text, target, {x});
    ASSERT_EQ(outputs.size(), 1u);
    double worst = 0;
    float at = 0;
    for (int64_t i = 0; i < count; ++i) {
      double exact = function.exact(x.data<float>()[i]);
      double error = std::abs(outputs[0].data<float>()[i] - exact) /
                     std::max(std::abs(exact), 1e-30);
      if (error > worst) {
        worst = error;
        at = x.data<float>()[i];
      }
    }
    EXPECT_LE(worst, function.tolerance)
        << function.operation << " at " << at << " for " << target;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Math, CompiledFunction,
    testing::Values(Function{"math.exp", std::exp, -80, 80, 1e-6},
                    Function{"math.tanh", std::tanh, -10, 10, 1e-6},
                    Function{"math.erf", std::erf, -5, 5, 1e-6},
                    Function{"math.log", std::log, 1e-6f, 100, 1e-6},
                    Function{"math.sqrt", std::sqrt, 0.001f, 100, 1e-7},
                    Function{"math.floor", std::floor, -10, 10, 0},
                    Function{"math.roundeven", std::nearbyint, -10, 10, 0},
                    Function{"math.round", std::round, -10, 10, 0}));

} // namespace
