//===- Attention.cpp - Attention and rotary embedding -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operators of ONNX, and those of ONNX Runtime (com.microsoft) that its
// optimisers and exporters write.
//
//===----------------------------------------------------------------------===//

#include "AttentionParts.h"
#include "OperatorTable.h"
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

constexpr double minusInfinity = -std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// ONNX
//===----------------------------------------------------------------------===//

/// A mask as what is added to the scores.
Value additiveMask(NodeContext &node, Value mask, Type element) {
  if (!mask || node.hasFailed())
    return {};
  if (node.elementTypeOf(mask).isInteger(1))
    return maskBias(node, mask, element, minusInfinity);
  return node.castTo(mask, element);
}

LogicalResult importAttention(NodeContext &node) {
  node.ignoreAttributes({"softmax_precision"});
  int64_t rank = node.rankOf(node.input(0));
  if (rank != 3 && rank != 4)
    return node.error("queries, keys and values need rank 3 or 4");
  bool isFlat = rank == 3;
  AttentionParts parts{node.input(0), node.input(1), node.input(2)};
  int64_t heads = node.intAttribute("q_num_heads", 0);
  int64_t groups = node.intAttribute("kv_num_heads", 0);
  if (isFlat) {
    parts.query = splitHeads(node, parts.query, heads);
    parts.key = splitHeads(node, parts.key, groups);
    parts.value = splitHeads(node, parts.value, groups);
  }
  Value pastKey = node.input(4), pastValue = node.input(5);
  if (!pastKey != !pastValue)
    return node.error("past keys and past values need each other");
  if (pastKey && node.rankOf(pastKey) == 4)
    parts.pastLength = node.shapeOf(pastKey)[2];
  parts.key = appendPast(node, pastKey, parts.key);
  parts.value = appendPast(node, pastValue, parts.value);
  parts.scale =
      attentionScale(node, parts.query, node.floatAttribute("scale", 0));
  parts.softcap = node.floatAttribute("softcap", 0);
  parts.isCausal = node.flagAttribute("is_causal", false);
  parts.bias =
      additiveMask(node, node.input(3), node.elementTypeOf(node.input(0)));
  AttentionScores scores;
  Value result = buildAttention(node, parts, &scores);
  if (node.isUsed(1))
    node.setOutput(1, parts.key);
  if (node.isUsed(2))
    node.setOutput(2, parts.value);
  if (node.isUsed(3)) {
    Value modes[] = {scores.products, scores.bounded, scores.masked,
                     scores.shares};
    int64_t mode = node.intAttribute("qk_matmul_output_mode", 0);
    if (mode < 0 || mode > 3)
      return node.error("attribute 'qk_matmul_output_mode' must be 0 to 3");
    node.setOutput(3, modes[mode]);
  } else {
    node.ignoreAttributes({"qk_matmul_output_mode"});
  }
  return node.finish(isFlat ? joinHeads(node, result) : result);
}

//===----------------------------------------------------------------------===//
// Rotary embedding
//===----------------------------------------------------------------------===//

/// Elements first, first + step, ... of the last dimension.
Value pick(NodeContext &node, Value value, int64_t first, int64_t step,
           int64_t count) {
  if (node.hasFailed())
    return {};
  SmallVector<int64_t> starts(node.rankOf(value), 0), steps(starts.size(), 1);
  SmallVector<int64_t> sizes(node.shapeOf(value));
  starts.back() = first;
  steps.back() = step;
  sizes.back() = count;
  return node.create<edge::SliceOp>(value, starts, sizes, steps);
}

struct Rotation {
  Value cos, sin; ///< [N or 1, S, D / 2], or of fewer elements.
  bool interleaves = false;
};

/// Rotates pairs of the last dimension of [N, S, H, D]: halves, or neighbours.
/// Elements beyond those that have an angle stay.
Value rotate(NodeContext &node, Value x, const Rotation &rotation) {
  if (node.hasFailed())
    return {};
  int64_t half = node.shapeOf(rotation.cos).back(), last = node.rankOf(x) - 1;
  SmallVector<int64_t> shape(node.shapeOf(x));
  if (2 * half > shape[last]) {
    (void)node.error(
        fmt::format("{} angles for {} elements of a head", half, shape[last]));
    return {};
  }
  auto perHead = [&](Value angles) {
    ArrayRef<int64_t> dims = node.shapeOf(angles);
    return node.reshape(angles, {dims[0], dims[1], 1, dims[2]});
  };
  Value cos = perHead(rotation.cos), sin = perHead(rotation.sin);
  int64_t step = rotation.interleaves ? 2 : 1;
  Value a = pick(node, x, 0, step, half);
  Value b = pick(node, x, rotation.interleaves ? 1 : half, step, half);
  auto product = [&](Value left, Value right) {
    return node.create<edge::MulOp>(left, right);
  };
  Value real = node.create<edge::SubOp>(product(a, cos), product(b, sin));
  Value imaginary = node.create<edge::AddOp>(product(a, sin), product(b, cos));
  SmallVector<int64_t> pair(shape);
  pair[last] = half;
  pair.push_back(1);
  Value rotated;
  shape[last] = 2 * half;
  if (rotation.interleaves)
    rotated = node.reshape(
        node.create<edge::ConcatOp>(
            ValueRange{node.reshape(real, pair), node.reshape(imaginary, pair)},
            last + 1),
        shape);
  else
    rotated = node.create<edge::ConcatOp>(ValueRange{real, imaginary}, last);
  if (node.hasFailed() || node.shapeOf(x)[last] == 2 * half)
    return rotated;
  Value rest = pick(node, x, 2 * half, 1, node.shapeOf(x)[last] - 2 * half);
  return node.create<edge::ConcatOp>(ValueRange{rotated, rest}, last);
}

/// Angles of each place: rows of a table by `positions`, [N, S] or null where
/// the table has them in order; only the first `half` of a row.
Value anglesOf(NodeContext &node, Value table, Value positions, int64_t half) {
  if (positions)
    table = node.create<edge::GatherOp>(table, positions, /*axis=*/0);
  if (node.hasFailed())
    return {};
  if (node.rankOf(table) != 3) {
    (void)node.error("the tables of angles do not fit the positions");
    return {};
  }
  if (half != 0 && half < node.shapeOf(table).back())
    table = pick(node, table, 0, 1, half);
  return table;
}

/// The heads of [N, S, H * D] or [N, H, S, D] rotated.
LogicalResult rotateHeads(NodeContext &node, Value x, int64_t heads,
                          const Rotation &rotation) {
  if (node.hasFailed())
    return failure();
  SmallVector<int64_t> shape(node.shapeOf(x));
  if (shape.size() == 4) {
    Value swapped = node.transpose(x, {0, 2, 1, 3});
    return node.finish(
        node.transpose(rotate(node, swapped, rotation), {0, 2, 1, 3}));
  }
  if (shape.size() != 3 || heads < 1 || shape[2] % heads != 0)
    return node.error("the input needs rank 4, or 3 and the number of heads");
  Value split = node.reshape(x, {shape[0], shape[1], heads, shape[2] / heads});
  return node.finish(node.reshape(rotate(node, split, rotation), shape));
}

LogicalResult importRotaryEmbedding(NodeContext &node) {
  int64_t half = node.intAttribute("rotary_embedding_dim", 0) / 2;
  Rotation rotation;
  rotation.interleaves = node.flagAttribute("interleaved", false);
  rotation.cos = anglesOf(node, node.input(1), node.input(3), half);
  rotation.sin = anglesOf(node, node.input(2), node.input(3), half);
  return rotateHeads(node, node.input(0), node.intAttribute("num_heads", 0),
                     rotation);
}

/// Positions come before the tables, and may be that of the first element only.
LogicalResult importRuntimeRotaryEmbedding(NodeContext &node) {
  if (node.flagAttribute("is_packed_batching", false))
    return node.error("is_packed_batching = 1 is not supported");
  node.ignoreAttributes({"scale"}); // Of how tables were made.
  Value x = node.input(0), positions = node.input(1);
  int64_t half = node.intAttribute("rotary_embedding_dim", 0) / 2;
  int64_t heads = node.intAttribute("num_heads", 0);
  SmallVector<int64_t> shape(node.shapeOf(x));
  if (shape.size() != 3 && shape.size() != 4)
    return node.error("the input needs rank 3 or 4");
  int64_t steps = shape.size() == 4 ? shape[2] : shape[1];
  if (node.rankOf(positions) == 1) {
    Value offsets =
        node.madeConstant(ElementType::I64, {1, steps}, [](Tensor &places) {
          for (int64_t i = 0; i < places.size(); ++i)
            places.mutableData<int64_t>()[i] = i;
        });
    positions = node.create<edge::AddOp>(offsets, positions);
  }
  if (shape.size() == 3 && heads == 0 && node.rankOf(node.input(2)) == 2)
    heads = shape[2] / std::max<int64_t>(1, 2 * node.shapeOf(node.input(2))[1]);
  Rotation rotation;
  rotation.interleaves = node.flagAttribute("interleaved", false);
  rotation.cos = anglesOf(node, node.input(2), positions, half);
  rotation.sin = anglesOf(node, node.input(3), positions, half);
  return rotateHeads(node, x, heads, rotation);
}

//===----------------------------------------------------------------------===//
// ONNX Runtime's attention
//===----------------------------------------------------------------------===//

/// A mask of keys as what is added to the scores: [N, T] or [N, S, T] where not
/// zero is seen, or [N], how many of the keys are.
Value keyMask(NodeContext &node, Value mask, int64_t keys, Type element,
              double otherwise) {
  if (!mask || node.hasFailed())
    return {};
  ArrayRef<int64_t> shape = node.shapeOf(mask);
  Type type = node.elementTypeOf(mask);
  if (shape.size() == 1) {
    Value places =
        node.madeConstant(ElementType::I32, keys, [](Tensor &places) {
          for (int64_t i = 0; i < places.size(); ++i)
            places.mutableData<int32_t>()[i] = i;
        });
    Value sees = node.create<edge::CompareOp>(
        node.castTo(places, type), node.reshape(mask, {shape[0], 1, 1, 1}),
        edge::ComparePredicate::lt);
    return maskBias(node, sees, element, otherwise);
  }
  SmallVector<int64_t> expanded(shape);
  if (shape.size() == 2)
    expanded = {shape[0], 1, 1, shape[1]};
  else if (shape.size() == 3)
    expanded = {shape[0], 1, shape[1], shape[2]};
  Value sees = node.create<edge::CompareOp>(node.reshape(mask, expanded),
                                            node.scalar(type, 0),
                                            edge::ComparePredicate::ne);
  return maskBias(node, sees, element, otherwise);
}

/// Part [start, start + size) of a bias vector added to the last dimension.
Value addBias(NodeContext &node, Value value, Value bias, int64_t start,
              int64_t size) {
  if (!bias || node.hasFailed())
    return value;
  return node.create<edge::AddOp>(value, node.slice(bias, 0, start, size));
}

struct RuntimeMask {
  bool isCausal;
  double otherwise;
  double scale;
};

RuntimeMask readRuntimeMask(NodeContext &node) {
  // The least number rather than minus infinity: rows without keys then have
  // the mean of all.
  return {node.flagAttribute("unidirectional", false),
          node.floatAttribute("mask_filter_value", -10000.0f),
          node.floatAttribute("scale", 0)};
}

/// The projections of one input, side by side: q, k and v.
LogicalResult importRuntimeAttention(NodeContext &node) {
  if (node.flagAttribute("do_rotary", false) ||
      node.flagAttribute("past_present_share_buffer", false) || node.input(6))
    return node.error("do_rotary and past_present_share_buffer are not "
                      "supported");
  node.ignoreAttributes({"rotary_embedding_dim"});
  Value weights = node.input(1), past = node.input(4);
  if (node.rankOf(weights) != 2 || node.rankOf(node.input(0)) != 3)
    return node.error("the input needs rank 3, the weights rank 2");
  int64_t heads = node.requiredIntAttribute("num_heads");
  int64_t columns = node.shapeOf(weights)[1];
  SmallVector<int64_t> sizes =
      node.intsAttribute("qkv_hidden_sizes")
          .value_or(SmallVector<int64_t>(3, columns / 3));
  if (sizes.size() != 3 || sizes[0] + sizes[1] + sizes[2] != columns)
    return node.error("the weights are not those of q, k and v");
  RuntimeMask mask = readRuntimeMask(node);
  Value projected =
      node.create<edge::MatMulOp>(node.input(0), weights, false, false);
  projected = addOptional(node, projected, node.input(2));
  int64_t start = 0;
  SmallVector<Value> operands;
  for (int64_t size : sizes) {
    operands.push_back(
        node.hasFailed()
            ? Value()
            : splitHeads(node, node.slice(projected, 2, start, size), heads));
    start += size;
  }
  if (node.hasFailed())
    return failure();
  AttentionParts parts{operands[0], operands[1], operands[2]};
  if (past && node.rankOf(past) == 5) {
    SmallVector<int64_t> shape(node.shapeOf(past).drop_front());
    parts.pastLength = shape[2];
    parts.key = appendPast(node, node.reshape(node.slice(past, 0, 0, 1), shape),
                           parts.key);
    parts.value = appendPast(
        node, node.reshape(node.slice(past, 0, 1, 1), shape), parts.value);
  }
  if (node.hasFailed())
    return failure();
  int64_t keys = node.shapeOf(parts.key)[2];
  Type element = node.elementTypeOf(parts.query);
  parts.scale = attentionScale(node, parts.query, mask.scale);
  parts.isCausal = mask.isCausal;
  parts.bias = addOptional(
      node, keyMask(node, node.input(3), keys, element, mask.otherwise),
      node.input(5));
  Value result = buildAttention(node, parts);
  if (node.isUsed(1) && !node.hasFailed()) {
    SmallVector<int64_t> shape(node.shapeOf(parts.key));
    shape.insert(shape.begin(), 1);
    node.setOutput(1, node.create<edge::ConcatOp>(
                          ValueRange{node.reshape(parts.key, shape),
                                     node.reshape(parts.value, shape)},
                          /*axis=*/0));
  }
  return node.finish(joinHeads(node, result));
}

/// Queries, keys and values that are projected already.
LogicalResult importMultiHeadAttention(NodeContext &node) {
  Value query = node.input(0), key = node.input(1), value = node.input(2);
  int64_t heads = node.requiredIntAttribute("num_heads");
  if (node.rankOf(query) != 3 || !key || !value)
    return node.error("packed queries, keys and values are not supported");
  int64_t width = node.shapeOf(query)[2];
  RuntimeMask mask = readRuntimeMask(node);
  Value bias = node.input(3);
  auto isSplit = [&](Value operand) { return node.rankOf(operand) == 4; };
  int64_t valueWidth =
      bias ? node.shapeOf(bias).back() - 2 * width : node.shapeOf(value).back();
  AttentionParts parts;
  parts.query = splitHeads(node, addBias(node, query, bias, 0, width), heads);
  parts.key =
      isSplit(key)
          ? key
          : splitHeads(node, addBias(node, key, bias, width, width), heads);
  parts.value =
      isSplit(value)
          ? value
          : splitHeads(node, addBias(node, value, bias, 2 * width, valueWidth),
                       heads);
  if (Value past = node.input(6); past && node.rankOf(past) == 4)
    parts.pastLength = node.shapeOf(past)[2];
  parts.key = appendPast(node, node.input(6), parts.key);
  parts.value = appendPast(node, node.input(7), parts.value);
  if (node.hasFailed())
    return failure();
  int64_t keys = node.shapeOf(parts.key)[2];
  Type element = node.elementTypeOf(query);
  parts.scale = attentionScale(node, parts.query, mask.scale);
  parts.isCausal = mask.isCausal;
  parts.bias = addOptional(
      node, keyMask(node, node.input(4), keys, element, mask.otherwise),
      node.input(5));
  Value result = buildAttention(node, parts);
  if (node.isUsed(1))
    node.setOutput(1, parts.key);
  if (node.isUsed(2))
    node.setOutput(2, parts.value);
  return node.finish(joinHeads(node, result));
}

} // namespace

void edgec::onnx_import::addAttention(OperatorTable &table) {
  constexpr llvm::StringLiteral runtime = "com.microsoft";
  table.add({
      {"Attention",
       23,
       newestOpset,
       {3, 6},
       {floats, like(0), like(0), floats | boolean, like(0), like(0)},
       importAttention},
      {"RotaryEmbedding",
       23,
       newestOpset,
       {3, 4},
       {floats, like(0), like(0), int64},
       importRotaryEmbedding},
      {"Attention",
       1,
       1,
       {2, 7},
       {floats, like(0), like(0), int32, like(0), like(0), int32},
       importRuntimeAttention,
       runtime},
      {"MultiHeadAttention",
       1,
       1,
       {1, 8},
       {floats, like(0), like(0), like(0), int32, like(0), like(0), like(0)},
       importMultiHeadAttention,
       runtime},
      {"RotaryEmbedding",
       1,
       1,
       {4, 4},
       {floats, int64, like(0), like(0)},
       importRuntimeRotaryEmbedding,
       runtime},
  });
}
