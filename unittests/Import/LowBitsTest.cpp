//===- LowBitsTest.cpp - Weights of few bits, 4-bit integers, regions -----===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"
#include "gmock/gmock.h"
#include <fmt/format.h>
#include <random>

using namespace edgec;
using namespace edgec::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

std::string listOf(const std::string &field,
                   const std::vector<double> &values) {
  std::string text;
  for (double value : values)
    text += fmt::format("{}: {} ", field, value);
  return text;
}

/// A node of MatMulNBits as its definition has it.
struct BlockedProduct {
  int64_t bits, k, n, blockSize;
  std::vector<double> zeros;  ///< [n, blocks], of floats; empty: left out.
  std::vector<double> groups; ///< [k]; empty: columns are in order.

  int64_t blocks() const { return (k + blockSize - 1) / blockSize; }

  void makeWeights(unsigned seed) {
    std::mt19937 random(seed);
    weights.resize(n * k);
    scales.resize(n * blocks());
    for (double &weight : weights)
      weight = static_cast<double>(random() % (1u << bits));
    for (double &scale : scales)
      scale = 0.25 * static_cast<double>(1 + random() % 8);
  }

  std::string graph() const {
    // Whole blocks, of which each begins with a byte of its own.
    int64_t rowBytes = blockSize * bits / 8 * blocks();
    std::vector<double> bytes(n * rowBytes, 0);
    for (int64_t row = 0; row < n; ++row)
      for (int64_t column = 0; column < k; ++column)
        bytes[row * rowBytes + column * bits / 8] +=
            weights[row * k + column] * (1 << (column * bits % 8));
    std::string text =
        floatValue("input", "x", {1, k}) +
        fmt::format("initializer {{ name: 'b' data_type: 2 dims: {} dims: {} "
                    "dims: {} {}}}",
                    n, blocks(), blockSize * bits / 8,
                    listOf("int32_data", bytes)) +
        fmt::format("initializer {{ name: 's' data_type: 1 dims: {} {}}}",
                    scales.size(), listOf("float_data", scales)) +
        fmt::format("initializer {{ name: 'z' data_type: 1 dims: {} {}}}",
                    zeros.size(), listOf("float_data", zeros)) +
        fmt::format("initializer {{ name: 'g' data_type: 6 dims: {} {}}}",
                    groups.size(), listOf("int32_data", groups));
    text += fmt::format("node {{ op_type: 'MatMulNBits' domain: "
                        "'com.microsoft' input: 'x' input: 'b' input: 's' "
                        "input: '{}' input: '{}' output: 'y' ",
                        zeros.empty() ? "" : "z", groups.empty() ? "" : "g");
    for (auto [name, value] :
         {std::pair("K", k), std::pair("N", n), std::pair("bits", bits),
          std::pair("block_size", blockSize)})
      text += fmt::format("attribute {{ name: '{}' type: INT i: {} }} ", name,
                          value);
    return text + "} output { name: 'y' }";
  }

  std::vector<float> expected(const std::vector<float> &x) const {
    std::vector<float> y;
    for (int64_t row = 0; row < n; ++row) {
      double sum = 0;
      for (int64_t column = 0; column < k; ++column) {
        int64_t group = groups.empty() ? column / blockSize
                                       : static_cast<int64_t>(groups[column]);
        int64_t index = row * blocks() + group;
        double zero = zeros.empty() ? double(1 << (bits - 1)) : zeros[index];
        sum += x[column] * (weights[row * k + column] - zero) * scales[index];
      }
      y.push_back(static_cast<float>(sum));
    }
    return y;
  }

  std::vector<double> weights = {}, scales = {};
};

class LowBitsTest : public ImportTest {
protected:
  static std::string withRuntimeDomain(const std::string &graph) {
    onnx::ModelProto model;
    EXPECT_TRUE(model.ParseFromString(serializedModel(graph, 21)));
    onnx::OperatorSetIdProto &set = *model.add_opset_import();
    set.set_domain("com.microsoft");
    set.set_version(1);
    return model.SerializeAsString();
  }

  /// Imports the product and compares it on small integers, where nothing is
  /// rounded. Returns how the IR looks.
  std::string check(BlockedProduct product) {
    product.makeWeights(static_cast<unsigned>(product.k + product.bits));
    auto module = importBytes(withRuntimeDomain(product.graph()));
    EXPECT_TRUE(module) << messages;
    if (!module)
      return "";
    std::vector<float> x(product.k);
    for (int64_t i = 0; i < product.k; ++i)
      x[i] = static_cast<float>(i % 7 - 3);
    std::vector<Tensor> y =
        run(*module, {makeTensor<float>({1, product.k}, x)});
    EXPECT_EQ(valuesOf<float>(y.at(0)), product.expected(x));
    std::string text;
    llvm::raw_string_ostream stream(text);
    module->print(stream);
    return text;
  }
};

TEST_F(LowBitsTest, ProductsWithWeightsOf2And4And8Bits) {
  for (int64_t bits : {2, 4, 8})
    for (int64_t k : {16, 32, 41}) {
      SCOPED_TRACE(fmt::format("{} bits, K = {}", bits, k));
      EXPECT_THAT(check({bits, k, 3, 16, {}, {}}),
                  HasSubstr("edge.dequantize"));
    }
}

/// Integers become zero points of bytes, other numbers weights of floats.
TEST_F(LowBitsTest, ZeroPointsOfFloats) {
  EXPECT_THAT(check({4, 32, 2, 16, {3, 0, 15, 8}, {}}),
              HasSubstr("edge.dequantize"));
  for (std::vector<double> zeros :
       {std::vector<double>{3, 0.5, 15, 8}, std::vector<double>{3, 0, 16, 8},
        std::vector<double>{3, 0, -1, 8}})
    EXPECT_THAT(check({4, 32, 2, 16, zeros, {}}),
                Not(HasSubstr("edge.dequantize")));
}

/// Columns of a group are brought together, if all groups are as large as a
/// block.
TEST_F(LowBitsTest, GroupsOfColumns) {
  std::vector<double> order, turns, uneven;
  for (int64_t column = 0; column < 40; ++column) {
    order.push_back(static_cast<double>(column / 16));
    turns.push_back(static_cast<double>(column < 32 ? column % 2 : 2));
    uneven.push_back(static_cast<double>(column % 3));
  }
  EXPECT_THAT(check({4, 40, 3, 16, {}, order}), Not(HasSubstr("edge.gather")));
  EXPECT_THAT(check({4, 40, 3, 16, {}, turns}),
              AllOf(HasSubstr("edge.gather"), HasSubstr("edge.dequantize")));
  EXPECT_THAT(check({4, 40, 3, 16, {}, uneven}),
              Not(HasSubstr("edge.dequantize")));
}

TEST_F(LowBitsTest, RefusesWhatDoesNotFit) {
  auto expectError = [&](BlockedProduct product, const std::string &reason) {
    messages.clear();
    product.makeWeights(1);
    EXPECT_FALSE(importBytes(withRuntimeDomain(product.graph())));
    EXPECT_THAT(messages, HasSubstr(reason));
  };
  expectError({3, 16, 1, 16, {}, {}}, "weights of 3 bits are not supported");
  expectError({4, 16, 1, 16, {1, 2}, {}}, "zero_points does not have the size");
  expectError({4, 16, 1, 16, {}, {0, 0}}, "g_idx does not have the size");
  expectError({4, 16, 1, 16, {}, std::vector<double>(16, 1)},
              "g_idx has 1 for column 0, there are 1 blocks");
}

/// Only the lower bits are kept, as two's complement.
TEST_F(LowBitsTest, CastsToFourBits) {
  auto cast = [&](int type) {
    auto module = importGraph(
        "input { name: 'x' type { tensor_type { elem_type: 6 shape { dim { "
        "dim_value: 6 } } } } } node { op_type: 'Cast' input: 'x' output: 'y' "
        "attribute { name: 'to' type: INT i: " +
            std::to_string(type) +
            " } } node { op_type: 'Cast' input: 'y' output: 'z' attribute { "
            "name: 'to' type: INT i: 6 } } output { name: 'z' }",
        21);
    EXPECT_TRUE(module) << messages;
    return valuesOf<int32_t>(
        run(*module, {makeTensor<int32_t>({6}, {0, 7, 8, -8, -9, 31})}).at(0));
  };
  constexpr int onnxUInt4 = 21, onnxInt4 = 22;
  EXPECT_THAT(cast(onnxInt4), ElementsAre(0, 7, -8, -8, 7, -1));
  EXPECT_THAT(cast(onnxUInt4), ElementsAre(0, 7, 8, 8, 7, 15));
}

/// Parts that lie outside of the image have no maximum.
TEST_F(LowBitsTest, MaxRoiPool) {
  auto module = importGraph(
      floatValue("input", "x", {1, 1, 3, 4}) +
          floatValue("input", "r", {2, 5}) +
          "node { op_type: 'MaxRoiPool' input: 'x' input: 'r' output: 'y' "
          "attribute { name: 'pooled_shape' type: INTS ints: 2 ints: 2 } "
          "attribute { name: 'spatial_scale' type: FLOAT f: 0.5 } } "
          "output { name: 'y' }",
      22);
  ASSERT_TRUE(module) << messages;
  std::vector<Tensor> y =
      run(*module, {makeTensor<float>({1, 1, 3, 4}, {-1, 2, 3, 4, //
                                                     5, 6, 7, 8,  //
                                                     9, 8, 7, -6}),
                    makeTensor<float>({2, 5}, {0, 0, 0, 6, 4, //
                                               0, 4, 2, 12, 2})});
  EXPECT_THAT(valuesOf<float>(y.at(0)), ElementsAre(6, 8, 9, 8, //
                                                    8, 0, 8, 0));
}

} // namespace
