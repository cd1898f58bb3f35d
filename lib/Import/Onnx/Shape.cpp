//===- Shape.cpp - The reshape family -----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include "llvm/Support/MathExtras.h"
#include <fmt/format.h>
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

int64_t product(ArrayRef<int64_t> extents) {
  return std::accumulate(extents.begin(), extents.end(), int64_t{1},
                         std::multiplies<>());
}

std::string format(ArrayRef<int64_t> shape) {
  return formatShape({shape.begin(), shape.end()});
}

/// Replaces 0 (copy, unless `allowZero`) and -1 (the rest) in a target shape.
LogicalResult resolveShape(NodeContext &node, SmallVector<int64_t> &target,
                           bool allowZero) {
  ArrayRef<int64_t> input = node.shapeOf(node.input(0));
  for (auto [index, extent] : llvm::enumerate(target)) {
    if (extent != 0 || allowZero)
      continue;
    if (index >= input.size())
      return node.error("the shape copies a dimension that is not there");
    extent = input[index];
  }
  auto isUnknown = [](int64_t extent) { return extent == -1; };
  auto unknown = llvm::find_if(target, isUnknown);
  if (llvm::count_if(target, isUnknown) > 1)
    return node.error("the shape has more than one -1");
  int64_t elements = product(input);
  if (unknown != target.end()) {
    *unknown = 1;
    int64_t known = isReasonableShape(target, 1) ? product(target) : 0;
    if (known == 0 || elements % known != 0)
      return node.error(
          fmt::format("{} elements do not divide into the shape", elements));
    *unknown = elements / known;
  }
  if (isReasonableShape(target, 1) && product(target) == elements)
    return success();
  return node.error(
      fmt::format("cannot reshape {} to {}", format(input), format(target)));
}

LogicalResult importReshape(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  bool allowZero = node.flagAttribute("allowzero", false);
  constexpr int shapeInputSince = 5;
  std::optional<SmallVector<int64_t>> target = node.opset() < shapeInputSince
                                                   ? node.intsAttribute("shape")
                                                   : node.constantInts(1);
  if (!target)
    return node.error("the shape is missing");
  if (failed(resolveShape(node, *target, allowZero)))
    return failure();
  return node.finish(node.reshape(node.input(0), *target));
}

LogicalResult importFlatten(NodeContext &node) {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  int64_t axis = node.normalizedAxis(node.intAttribute("axis", 1), shape.size(),
                                     /*inclusive=*/true);
  return node.finish(
      node.reshape(node.input(0), {product(shape.take_front(axis)),
                                   product(shape.drop_front(axis))}));
}

/// The opset from which on Squeeze and Unsqueeze take their axes as input.
constexpr int axesInputSince = 13;

LogicalResult importSqueeze(NodeContext &node) {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  std::optional<SmallVector<int64_t>> axes = node.axes(axesInputSince, 1);
  if (axes)
    axes = node.normalizedAxes(*axes, shape.size());
  if (node.hasFailed())
    return failure();
  SmallVector<int64_t> result;
  for (auto [index, extent] : llvm::enumerate(shape)) {
    bool isNamed = axes && llvm::is_contained(*axes, int64_t(index));
    if (isNamed && extent != 1)
      return node.error(
          fmt::format("dimension {} is {}, not 1", index, extent));
    if (!isNamed && (axes || extent != 1))
      result.push_back(extent);
  }
  return node.finish(node.reshape(node.input(0), result));
}

LogicalResult importUnsqueeze(NodeContext &node) {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  std::optional<SmallVector<int64_t>> axes = node.axes(axesInputSince, 1);
  if (!axes)
    return node.error("the axes are missing");
  if (axes->size() + shape.size() > maximumRank)
    return node.error("the result has too many dimensions");
  SmallVector<int64_t> sorted =
      node.normalizedAxes(*axes, axes->size() + shape.size());
  if (node.hasFailed())
    return failure();
  SmallVector<int64_t> result(shape);
  for (int64_t axis : sorted)
    result.insert(result.begin() + axis, 1);
  return node.finish(node.reshape(node.input(0), result));
}

LogicalResult importIdentity(NodeContext &node) {
  return node.finish(node.input(0));
}

/// Dropout does nothing at inference.
LogicalResult importDropout(NodeContext &node) {
  node.ignoreAttributes({"ratio", "is_test", "seed", "consumed_inputs"});
  if (node.input(2)) {
    std::optional<Tensor> training = node.constant(2);
    if (!training || training->size() != 1)
      return node.error("training_mode must be a scalar");
    std::optional<Tensor> ratio = node.input(1) ? node.constant(1) : Tensor();
    bool dropsNothing = ratio && ratio->size() == 1 && ratio->asDouble(0) == 0;
    if (training->asInt(0) != 0 && !dropsNothing)
      return node.error("training_mode = true is not supported; export the "
                        "model for inference");
  }
  if (node.isUsed(1)) { // Everything is kept.
    Value kept = node.scalar(node.builder().getI1Type(), 1);
    node.setOutput(1, node.broadcast(kept, node.shapeOf(node.input(0))));
  }
  return node.finish(node.input(0));
}

bool isRuntime(Value extent) { return bool(extent); }

LogicalResult importShape(NodeContext &node) {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  int64_t rank = shape.size();
  auto clamped = [&](int64_t position) {
    return std::clamp<int64_t>(position < 0 ? position + rank : position, 0,
                               rank);
  };
  int64_t start = clamped(node.intAttribute("start", 0));
  int64_t end = clamped(node.intAttribute("end", rank));
  int64_t count = std::max<int64_t>(0, end - start);
  ArrayRef<Value> extents = node.runtimeExtents(node.input(0));
  if (extents.empty() || llvm::none_of(extents.slice(start, count), isRuntime))
    return node.finish(node.intVector(shape.slice(start, count)));
  SmallVector<Value> parts;
  for (int64_t dim = start; dim < end; ++dim)
    parts.push_back(extents[dim] ? node.reshape(extents[dim], {1})
                                 : node.intVector(shape[dim]));
  return node.finish(node.create<edge::ConcatOp>(parts, 0));
}

LogicalResult importSize(NodeContext &node) {
  SmallVector<int64_t> shape(node.shapeOf(node.input(0)));
  SmallVector<Value> factors;
  for (auto [dim, extent] :
       llvm::enumerate(node.runtimeExtents(node.input(0)))) {
    if (!extent)
      continue;
    factors.push_back(extent);
    shape[dim] = 1;
  }
  Value count = node.toScalar(node.intVector({product(shape)}));
  for (Value factor : factors)
    count = node.create<edge::MulOp>(count, factor);
  return node.finish(count);
}

LogicalResult importTranspose(NodeContext &node) {
  int64_t rank = node.rankOf(node.input(0));
  SmallVector<int64_t> reversed(rank);
  std::iota(reversed.rbegin(), reversed.rend(), 0);
  SmallVector<int64_t> permutation =
      node.intsAttribute("perm").value_or(reversed);
  if (!std::is_permutation(permutation.begin(), permutation.end(),
                           reversed.begin(), reversed.end()))
    return node.error("attribute 'perm' is not a permutation of the input's "
                      "dimensions");
  return node.finish(node.transpose(node.input(0), permutation));
}

//===----------------------------------------------------------------------===//
// Repetition
//===----------------------------------------------------------------------===//

LogicalResult importExpand(NodeContext &node) {
  ArrayRef<int64_t> input = node.shapeOf(node.input(0));
  std::optional<SmallVector<int64_t>> shape = node.constantInts(1);
  if (!shape)
    return failure();
  if (!isReasonableShape(*shape, 1))
    return node.error("the shape " + format(*shape) + " is impossible");
  // Broadcasting goes both ways.
  SmallVector<int64_t> target(*shape);
  if (target.size() < input.size())
    target.insert(target.begin(), input.size() - target.size(), 1);
  size_t offset = target.size() - input.size();
  for (auto [index, extent] : llvm::enumerate(input)) {
    int64_t &wanted = target[index + offset];
    if (wanted == 1)
      wanted = extent;
    else if (extent != 1 && extent != wanted)
      return node.error(
          fmt::format("cannot expand {} to {}", format(input), format(*shape)));
  }
  return node.finish(node.broadcast(node.input(0), target));
}

/// Every repeated dimension gets a new one before it, which broadcasts.
LogicalResult tile(NodeContext &node, ArrayRef<int64_t> repeats) {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  if (repeats.size() != shape.size())
    return node.error("there must be one repeat a dimension");
  SmallVector<int64_t> split, repeated, result;
  for (auto [extent, count] : llvm::zip(shape, repeats)) {
    if (count < 0)
      return node.error("a repeat is negative");
    if (count != 1) {
      split.push_back(1);
      repeated.push_back(count);
    }
    split.push_back(extent);
    repeated.push_back(extent);
    int64_t total;
    if (llvm::MulOverflow(extent, count, total))
      return node.error("the result is too large");
    result.push_back(total);
  }
  if (repeated.size() > maximumRank || !isReasonableShape(repeated, 1))
    return node.error("the result is too large");
  Value value = node.broadcast(node.reshape(node.input(0), split), repeated);
  return node.finish(node.reshape(value, result));
}

/// The first version repeats one axis.
/// Tiles and axis had the type of the input, which is often one of floats.
LogicalResult importTileFirst(NodeContext &node) {
  std::optional<SmallVector<double>> tiles = node.constantFloats(1);
  std::optional<SmallVector<double>> axis = node.constantFloats(2);
  if (!tiles || !axis)
    return failure();
  if (tiles->size() != 1 || axis->size() != 1)
    return node.error("tiles and axis must be scalars");
  int64_t rank = node.rankOf(node.input(0));
  SmallVector<int64_t> repeats(rank, 1);
  int64_t position =
      node.normalizedAxis(static_cast<int64_t>((*axis)[0]), rank);
  if (node.hasFailed())
    return failure();
  repeats[position] = static_cast<int64_t>((*tiles)[0]);
  return tile(node, repeats);
}

LogicalResult importTile(NodeContext &node) {
  std::optional<SmallVector<int64_t>> repeats = node.constantInts(1);
  return repeats ? tile(node, *repeats) : failure();
}

//===----------------------------------------------------------------------===//
// Between channels and space
//===----------------------------------------------------------------------===//

/// The block size, or 0 after an error.
int64_t blockSize(NodeContext &node) {
  int64_t block = node.requiredIntAttribute("blocksize");
  constexpr int64_t largest = 1 << 15;
  if (node.rankOf(node.input(0)) != 4)
    (void)node.error("the input needs rank 4");
  else if (block < 1 || block > largest)
    (void)node.error(
        fmt::format("blocksize {} is not in [1, {}]", block, largest));
  return node.hasFailed() ? 0 : block;
}

LogicalResult importDepthToSpace(NodeContext &node) {
  std::string mode = node.stringAttribute("mode", "DCR");
  int64_t block = blockSize(node);
  if (block == 0)
    return failure();
  ArrayRef<int64_t> s = node.shapeOf(node.input(0));
  if (s[1] % (block * block) != 0)
    return node.error("the channels do not divide into blocks");
  int64_t depth = s[1] / (block * block);
  Value value;
  if (mode == "DCR") {
    value =
        node.reshape(node.input(0), {s[0], block, block, depth, s[2], s[3]});
    value = node.transpose(value, {0, 3, 4, 1, 5, 2});
  } else if (mode == "CRD") {
    value =
        node.reshape(node.input(0), {s[0], depth, block, block, s[2], s[3]});
    value = node.transpose(value, {0, 1, 4, 2, 5, 3});
  } else {
    return node.error("mode '" + mode + "' is not known");
  }
  return node.finish(
      node.reshape(value, {s[0], depth, s[2] * block, s[3] * block}));
}

LogicalResult importSpaceToDepth(NodeContext &node) {
  int64_t block = blockSize(node);
  if (block == 0)
    return failure();
  ArrayRef<int64_t> s = node.shapeOf(node.input(0));
  if (s[2] % block != 0 || s[3] % block != 0)
    return node.error("height and width do not divide into blocks");
  Value value = node.reshape(
      node.input(0), {s[0], s[1], s[2] / block, block, s[3] / block, block});
  value = node.transpose(value, {0, 3, 5, 1, 2, 4});
  return node.finish(node.reshape(
      value, {s[0], s[1] * block * block, s[2] / block, s[3] / block}));
}

} // namespace

void edgec::onnx_import::addShape(OperatorTable &table) {
  constexpr InputCount one{1, 1}, two{2, 2}, oneOrTwo{1, 2};
  table.add({
      {"DepthToSpace", 1, newestOpset, one, anyElement, importDepthToSpace},
      {"Dropout",
       1,
       newestOpset,
       {1, 3},
       {floats, floats, boolean},
       importDropout},
      {"Expand", 8, newestOpset, two, {anyElement, int64}, importExpand},
      {"Flatten", 1, newestOpset, one, anyElement, importFlatten},
      {"Identity", 1, newestOpset, one, anyElement, importIdentity},
      {"Reshape", 1, newestOpset, oneOrTwo, {anyElement, int64}, importReshape},
      {"Shape", 1, newestOpset, one, anyElement, importShape},
      {"Size", 1, newestOpset, one, anyElement, importSize},
      {"SpaceToDepth", 1, newestOpset, one, anyElement, importSpaceToDepth},
      {"Squeeze", 1, newestOpset, oneOrTwo, {anyElement, int64}, importSqueeze},
      {"Tile", 1, 5, {3, 3}, {anyElement, numbers, numbers}, importTileFirst},
      {"Tile", 6, newestOpset, two, {anyElement, int64}, importTile},
      {"Transpose", 1, newestOpset, one, anyElement, importTranspose},
      {"Unsqueeze",
       1,
       newestOpset,
       oneOrTwo,
       {anyElement, int64},
       importUnsqueeze},
  });
}
