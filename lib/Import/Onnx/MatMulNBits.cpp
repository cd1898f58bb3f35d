//===- MatMulNBits.cpp - Products with weights in blocks of few bits ------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX Runtime's A * B' + bias with B as [N, blocks, bytes]: blocks of weights
// along K, each with a scale and a zero point. What fits becomes a block-wise
// dequantization, which kernels read packed. Zero points that are no integers
// of so many bits, and groups of other sizes than the blocks', become weights
// in floats.
//
//===----------------------------------------------------------------------===//

#include "AttentionParts.h"
#include "GraphImporter.h"
#include "OperatorTable.h"
#include "TensorData.h"
#include "edgec/Reference/Interpreter.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <tuple>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// The weights as the node has them, but for the packing.
struct BlockedWeights {
  int64_t rows = 0, columns = 0; ///< N and K.
  int64_t bits = 0;
  int64_t blockSize = 0, blocks = 0;
  Tensor values;              ///< [rows, columns], bytes.
  std::vector<double> zeros;  ///< [rows, blocks]
  std::vector<int32_t> group; ///< Of each column, below `blocks`.

  double zeroOf(int64_t row, int64_t block) const {
    return zeros[row * blocks + block];
  }
};

/// Element `index` of a row of so many bits each, from the lowest.
uint8_t packedElement(const uint8_t *row, int64_t index, int64_t bits) {
  int64_t bit = index * bits;
  return (row[bit / 8] >> (bit % 8)) & ((1 << bits) - 1);
}

/// The rows of a tensor of packed bytes, [rows, columns]. Each begins with a
/// byte of its own.
Tensor unpackRows(const Tensor &packed, int64_t rows, int64_t columns,
                  int64_t bits) {
  Tensor result(ElementType::U8, {rows, columns});
  int64_t rowBytes = packed.size() / std::max<int64_t>(rows, 1);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column)
      result.mutableData<uint8_t>()[row * columns + column] =
          packedElement(packed.data<uint8_t>() + row * rowBytes, column, bits);
  return result;
}

//===----------------------------------------------------------------------===//
// Reading the node
//===----------------------------------------------------------------------===//

LogicalResult wrongSize(NodeContext &node, StringRef what) {
  return node.error(
      fmt::format("{} does not have the size that K, N, bits and block_size "
                  "tell",
                  what.str()));
}

/// Zero points are packed like weights, one each, or left out, which stands for
/// the middle of the range.
LogicalResult readZeros(NodeContext &node, BlockedWeights &weights) {
  int64_t count = weights.rows * weights.blocks;
  if (!node.input(3)) {
    weights.zeros.assign(count, std::ldexp(1.0, weights.bits - 1));
    return success();
  }
  std::optional<Tensor> zeros = node.constant(3);
  if (!zeros)
    return failure();
  if (zeros->type() == ElementType::U8) {
    int64_t rowBytes = llvm::divideCeil(weights.blocks * weights.bits, 8);
    if (zeros->size() != weights.rows * rowBytes)
      return wrongSize(node, "zero_points");
    zeros = unpackRows(*zeros, weights.rows, weights.blocks, weights.bits);
  }
  if (zeros->size() != count)
    return wrongSize(node, "zero_points");
  for (int64_t i = 0; i < count; ++i)
    weights.zeros.push_back(zeros->asDouble(i));
  return success();
}

/// The block whose scale a column has: its own, or what g_idx says.
LogicalResult readGroups(NodeContext &node, BlockedWeights &weights) {
  for (int64_t column = 0; column < weights.columns; ++column)
    weights.group.push_back(static_cast<int32_t>(column / weights.blockSize));
  if (!node.input(4))
    return success();
  std::optional<Tensor> groups = node.constant(4);
  if (!groups)
    return failure();
  // Whole blocks may be there, of which the last one's rest means nothing.
  if (groups->size() != weights.columns &&
      groups->size() != weights.blocks * weights.blockSize)
    return wrongSize(node, "g_idx");
  for (int64_t column = 0; column < weights.columns; ++column) {
    int64_t group = groups->asInt(column);
    if (group < 0 || group >= weights.blocks)
      return node.error(
          fmt::format("g_idx has {} for column {}, there are {} blocks", group,
                      column, weights.blocks));
    weights.group[column] = static_cast<int32_t>(group);
  }
  return success();
}

LogicalResult readWeights(NodeContext &node, BlockedWeights &weights) {
  weights.columns = node.requiredIntAttribute("K");
  weights.rows = node.requiredIntAttribute("N");
  weights.bits = node.intAttribute("bits", 4);
  weights.blockSize = node.requiredIntAttribute("block_size");
  std::optional<Tensor> packed = node.constant(1);
  if (!packed)
    return failure();
  if (weights.bits != 2 && weights.bits != 4 && weights.bits != 8)
    return node.error(fmt::format("weights of {} bits are not supported; 2, 4 "
                                  "and 8 bits are",
                                  weights.bits));
  constexpr int64_t most = int64_t{1} << 31;
  for (int64_t size : {weights.columns, weights.rows, weights.blockSize})
    if (size < 1 || size > most)
      return node.error("K, N and block_size must be positive, and not huge");
  weights.blocks = llvm::divideCeil(weights.columns, weights.blockSize);
  int64_t blockBytes = llvm::divideCeil(weights.blockSize * weights.bits, 8);
  int64_t bytes = 0;
  if (llvm::MulOverflow(weights.rows * weights.blocks, blockBytes, bytes) ||
      packed->size() != bytes)
    return wrongSize(node, "B");
  ArrayRef<int64_t> input = node.shapeOf(node.input(0));
  if (input.empty() || input.back() != weights.columns)
    return node.error(
        fmt::format("the last extent of A is not K = {}", weights.columns));
  if (ShapedType::getNumElements(node.shapeOf(node.input(2))) !=
      weights.rows * weights.blocks)
    return wrongSize(node, "scales");
  // Blocks are whole: the last one's elements beyond K are left out.
  weights.values =
      unpackRows(*packed, weights.rows, weights.columns, weights.bits);
  if (failed(readZeros(node, weights)))
    return failure();
  return readGroups(node, weights);
}

//===----------------------------------------------------------------------===//
// Building the product
//===----------------------------------------------------------------------===//

/// The order of columns in which each block is a group, if there is one: all
/// groups but the last are as large as a block.
std::optional<SmallVector<int64_t>>
orderByGroup(const BlockedWeights &weights) {
  SmallVector<int64_t> order(weights.columns);
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](int64_t a, int64_t b) {
    return std::tie(weights.group[a], a) < std::tie(weights.group[b], b);
  });
  for (auto [place, column] : llvm::enumerate(order))
    if (weights.group[column] != int64_t(place) / weights.blockSize)
      return std::nullopt;
  return order;
}

bool areIntegersOfSoManyBits(const BlockedWeights &weights) {
  return llvm::all_of(weights.zeros, [&](double zero) {
    return zero == std::floor(zero) && zero >= 0 &&
           zero < std::ldexp(1.0, weights.bits);
  });
}

Value makeParameter(NodeContext &node, const Tensor &tensor) {
  return node.builder().create<edge::ParameterOp>(
      node.loc(), resourceName("weights"),
      toAttribute(tensor, "weights", node.context()));
}

/// [rows, columns], dequantized block by block, with the columns in `order`.
Value buildBlocks(NodeContext &node, const BlockedWeights &weights,
                  ArrayRef<int64_t> order) {
  int64_t rows = weights.rows, columns = weights.columns;
  Tensor values(ElementType::U8, {rows, columns});
  Tensor zeros(ElementType::U8, {rows, weights.blocks});
  for (int64_t row = 0; row < rows; ++row)
    for (auto [place, column] : llvm::enumerate(order))
      values.mutableData<uint8_t>()[row * columns + place] =
          weights.values.data<uint8_t>()[row * columns + column];
  for (auto [index, zero] : llvm::enumerate(weights.zeros))
    zeros.mutableData<uint8_t>()[index] = static_cast<uint8_t>(zero);
  Value parameter = makeParameter(node, values);
  constexpr int32_t onnxUInt4 = 21;
  if (weights.bits == 4)
    markFourBits(parameter.getDefiningOp(), onnxUInt4);
  Type element = node.elementTypeOf(node.input(2));
  return node.createAs<edge::DequantizeOp>(
      RankedTensorType::get({rows, columns}, element), parameter,
      node.reshape(node.input(2), {rows, weights.blocks}), node.constant(zeros),
      /*axis=*/int64_t{1}, weights.blockSize);
}

/// [rows, columns] in single precision.
Value buildFloats(NodeContext &node, const BlockedWeights &weights) {
  std::optional<Tensor> scales = node.constant(2);
  if (!scales)
    return {};
  int64_t rows = weights.rows, columns = weights.columns;
  Tensor result(ElementType::F32, {rows, columns});
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      int64_t group = weights.group[column], index = row * columns + column;
      auto scale =
          static_cast<float>(scales->asDouble(row * weights.blocks + group));
      auto zero = static_cast<float>(weights.zeroOf(row, group));
      result.mutableData<float>()[index] =
          (static_cast<float>(weights.values.data<uint8_t>()[index]) - zero) *
          scale;
    }
  return makeParameter(node, result);
}

LogicalResult importMatMulNBits(NodeContext &node) {
  node.ignoreAttributes({"accuracy_level", "weight_prepacked"});
  BlockedWeights weights;
  if (failed(readWeights(node, weights)))
    return failure();
  Value input = node.input(0), dequantized;
  std::optional<SmallVector<int64_t>> order = orderByGroup(weights);
  if (order && areIntegersOfSoManyBits(weights)) {
    if (!llvm::is_sorted(*order))
      input = node.create<edge::GatherOp>(input, node.intVector(*order),
                                          node.rankOf(input) - 1);
    dequantized = buildBlocks(node, weights, *order);
  } else {
    dequantized = buildFloats(node, weights);
  }
  if (node.hasFailed())
    return failure();
  Value product = node.create<edge::MatMulOp>(
      input, node.castTo(dequantized, node.elementTypeOf(input)), false, true);
  return node.finish(addOptional(node, product, node.input(5)));
}

} // namespace

void edgec::onnx_import::addMatMulNBits(OperatorTable &table) {
  table.add({
      {"MatMulNBits",
       1,
       1,
       {3, 6},
       {floats, uint8, like(0), uint8 | floats, int32, like(0)},
       importMatMulNBits,
       "com.microsoft",
       "bits is 2, 4 or 8; B, zero_points and g_idx are known when compiling"},
  });
}
