//===- AttentionParts.cpp - What operators of attention share -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AttentionParts.h"
#include <cmath>
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

Value edgec::onnx_import::splitHeads(NodeContext &node, Value value,
                                     int64_t heads) {
  if (node.hasFailed())
    return {};
  ArrayRef<int64_t> shape = node.shapeOf(value);
  if (shape.size() != 3 || heads < 1 || shape[2] % heads != 0) {
    (void)node.error(fmt::format("{} heads do not divide a tensor of shape "
                                 "[{}]",
                                 heads, fmt::join(shape, ", ")));
    return {};
  }
  return node.transpose(
      node.reshape(value, {shape[0], shape[1], heads, shape[2] / heads}),
      {0, 2, 1, 3});
}

Value edgec::onnx_import::joinHeads(NodeContext &node, Value value) {
  Value swapped = node.transpose(value, {0, 2, 1, 3});
  if (node.hasFailed())
    return {};
  ArrayRef<int64_t> shape = node.shapeOf(swapped);
  return node.reshape(swapped, {shape[0], shape[1], shape[2] * shape[3]});
}

Value edgec::onnx_import::maskBias(NodeContext &node, Value mask, Type element,
                                   double otherwise) {
  return node.create<edge::SelectOp>(mask, node.scalar(element, 0),
                                     node.scalar(element, otherwise));
}

Value edgec::onnx_import::appendPast(NodeContext &node, Value past,
                                     Value value) {
  if (!past || node.hasFailed() || node.rankOf(past) != 4 ||
      node.shapeOf(past)[2] == 0)
    return value;
  return node.create<edge::ConcatOp>(ValueRange{past, value}, /*axis=*/2);
}

Value edgec::onnx_import::addOptional(NodeContext &node, Value a, Value b) {
  if (!a || !b)
    return a ? a : b;
  return node.create<edge::AddOp>(a, b);
}

double edgec::onnx_import::attentionScale(NodeContext &node, Value query,
                                          double given) {
  if (given != 0 || node.hasFailed())
    return given;
  return 1 / std::sqrt(static_cast<double>(node.shapeOf(query).back()));
}

namespace {

/// Rows that see only keys up to their own place: [S, T].
Value causalBias(NodeContext &node, int64_t queries, int64_t keys,
                 int64_t pastLength, Type element) {
  auto placesFrom = [&](ArrayRef<int64_t> shape, int64_t first) {
    return node.madeConstant(ElementType::I32, shape, [&](Tensor &places) {
      for (int64_t i = 0; i < places.size(); ++i)
        places.mutableData<int32_t>()[i] = i + first;
    });
  };
  Value sees = node.create<edge::CompareOp>(
      placesFrom(keys, 0), placesFrom({queries, 1}, pastLength),
      edge::ComparePredicate::le);
  return maskBias(node, sees, element,
                  -std::numeric_limits<double>::infinity());
}

/// The bias for heads that are rows of their group: [N, G, H / G * S, T] of one
/// that broadcasts to [N, H, S, T].
Value groupBias(NodeContext &node, Value bias, int64_t groups, int64_t heads,
                int64_t queries) {
  if (!bias || node.hasFailed() || groups == heads)
    return bias;
  SmallVector<int64_t> shape(node.shapeOf(bias));
  shape.insert(shape.begin(), 4 - shape.size(), 1);
  int64_t inGroup = heads / groups;
  SmallVector<int64_t> split{shape[0], shape[1] == heads ? groups : 1,
                             shape[1] == heads ? inGroup : 1, shape[2],
                             shape[3]};
  Value value = node.reshape(bias, split);
  split[2] = inGroup;
  split[3] = queries;
  return node.reshape(node.broadcast(value, split),
                      {split[0], split[1], inGroup * queries, split[4]});
}

/// Whether the shapes belong together; an error where they do not.
bool checkParts(NodeContext &node, const AttentionParts &parts) {
  if (node.hasFailed())
    return false;
  for (Value value : {parts.query, parts.key, parts.value})
    if (node.rankOf(value) != 4) {
      (void)node.error("queries, keys and values need rank 4, or 3 with heads "
                       "side by side");
      return false;
    }
  ArrayRef<int64_t> q = node.shapeOf(parts.query), k = node.shapeOf(parts.key),
                    v = node.shapeOf(parts.value);
  bool fits = q[0] == k[0] && q[0] == v[0] && k[1] == v[1] && k[1] > 0 &&
              q[1] % k[1] == 0 && k[2] == v[2] && q[3] == k[3];
  bool biasFits = !parts.bias || node.rankOf(parts.bias) <= 4;
  if (fits && biasFits)
    return true;
  (void)node.error(
      fmt::format("queries [{}], keys [{}] and values [{}] do not fit together",
                  fmt::join(q, ", "), fmt::join(k, ", "), fmt::join(v, ", ")));
  return false;
}

} // namespace

Value edgec::onnx_import::buildAttention(NodeContext &node,
                                         AttentionParts parts,
                                         AttentionScores *scores) {
  if (!checkParts(node, parts))
    return {};
  Type element = node.elementTypeOf(parts.query);
  SmallVector<int64_t> shape(node.shapeOf(parts.query));
  int64_t groups = node.shapeOf(parts.key)[1],
          keys = node.shapeOf(parts.key)[2];
  int64_t heads = shape[1], queries = shape[2];
  SmallVector<int64_t> scoreShape{shape[0], heads, queries, keys};
  // Heads of a group share their keys: they are rows of one product.
  Value query = node.reshape(
      parts.query, {shape[0], groups, heads / groups * queries, shape[3]});
  Value products = node.create<edge::MatMulOp>(query, parts.key,
                                               /*transpose_lhs=*/false,
                                               /*transpose_rhs=*/true);
  if (parts.scale != 1)
    products =
        node.create<edge::MulOp>(products, node.scalar(element, parts.scale));
  Value bias = parts.bias;
  if (parts.isCausal)
    bias = addOptional(
        node, bias, causalBias(node, queries, keys, parts.pastLength, element));
  Value bounded = products;
  if (parts.softcap != 0) {
    Value limit = node.scalar(element, parts.softcap);
    bounded = node.create<edge::MulOp>(
        node.create<edge::TanhOp>(node.create<edge::DivOp>(products, limit)),
        limit);
  }
  Value biased =
      addOptional(node, bounded, groupBias(node, bias, groups, heads, queries));
  if (!node.hasFailed() && biased.getType() != products.getType()) {
    (void)node.error("the mask does not broadcast to the scores");
    return {};
  }
  Value shares = node.create<edge::SoftmaxOp>(biased, /*axis=*/3,
                                              /*log=*/false);
  Value result = node.create<edge::MatMulOp>(shares, parts.value,
                                             /*transpose_lhs=*/false,
                                             /*transpose_rhs=*/false);
  if (node.hasFailed())
    return {};
  if (scores)
    *scores = {
        node.reshape(products, scoreShape), node.reshape(bounded, scoreShape),
        node.reshape(biased, scoreShape), node.reshape(shares, scoreShape)};
  return node.reshape(
      result, {shape[0], heads, queries, node.shapeOf(parts.value).back()});
}
