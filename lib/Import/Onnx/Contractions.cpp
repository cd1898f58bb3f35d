//===- Contractions.cpp - Convolution and matrix multiplication ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include "Windows.h"
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// Where the blocks of an image are.
struct BlockWindows {
  SmallVector<int64_t> strides, dilations, pads;
  SmallVector<int64_t> count; ///< Of blocks along each dimension.
};

/// The high pads take in what the last block does not reach.
std::optional<BlockWindows> readBlockWindows(NodeContext &node,
                                             ArrayRef<int64_t> image,
                                             ArrayRef<int64_t> block) {
  size_t rank = image.size();
  SmallVector<int64_t> ones(rank, 1), none(2 * rank, 0);
  BlockWindows windows;
  windows.strides = node.intsAttribute("strides").value_or(ones);
  windows.dilations = node.intsAttribute("dilations").value_or(ones);
  windows.pads = node.intsAttribute("pads").value_or(none);
  constexpr int64_t largest = 1 << 20;
  auto isBetween = [](ArrayRef<int64_t> values, int64_t least) {
    return llvm::all_of(values, [&](int64_t value) {
      return value >= least && value < largest;
    });
  };
  bool isComplete = windows.strides.size() == rank &&
                    windows.dilations.size() == rank &&
                    windows.pads.size() == 2 * rank;
  if (!isComplete || !isBetween(windows.strides, 1) ||
      !isBetween(windows.dilations, 1) || !isBetween(windows.pads, 0)) {
    (void)node.error("strides, dilations or pads do not fit the image");
    return std::nullopt;
  }
  for (size_t i = 0; i < rank; ++i) {
    int64_t extent = windows.dilations[i] * (block[i] - 1) + 1;
    int64_t &low = windows.pads[i], &high = windows.pads[i + rank];
    int64_t span = image[i] + low + high - extent;
    if (span < 0) {
      (void)node.error(fmt::format("a block of extent {} is larger than the "
                                   "padded image ({})",
                                   extent, image[i] + low + high));
      return std::nullopt;
    }
    windows.count.push_back(span / windows.strides[i] + 1);
    high -= span % windows.strides[i];
  }
  return windows;
}

/// The filter's spatial extents, with which kernel_shape must agree.
std::optional<ArrayRef<int64_t>> filterKernel(NodeContext &node, Value filter) {
  if (node.rankOf(filter) < 3) {
    (void)node.error("the filter needs rank 3 or more");
    return std::nullopt;
  }
  ArrayRef<int64_t> kernel = node.shapeOf(filter).drop_front(2);
  std::optional<SmallVector<int64_t>> stated =
      node.intsAttribute("kernel_shape");
  if (!stated || ArrayRef<int64_t>(*stated) == kernel)
    return kernel;
  (void)node.error("attribute 'kernel_shape' differs from the filter's shape");
  return std::nullopt;
}

LogicalResult importConv(NodeContext &node) {
  Value input = node.input(0), filter = node.input(1);
  std::optional<ArrayRef<int64_t>> kernel = filterKernel(node, filter);
  if (!kernel)
    return failure();
  std::optional<Windows> windows = readWindows(node, *kernel, false);
  int64_t groups = node.intAttribute("group", 1);
  if (!windows)
    return failure();
  return node.finish(
      node.create<edge::ConvOp>(input, filter, node.input(2), windows->strides,
                                windows->dilations, windows->pads, groups));
}

LogicalResult importConvTranspose(NodeContext &node) {
  Value input = node.input(0), filter = node.input(1);
  std::optional<ArrayRef<int64_t>> kernel = filterKernel(node, filter);
  if (!kernel)
    return failure();
  std::optional<Windows> windows = readTransposedWindows(node, *kernel);
  int64_t groups = node.intAttribute("group", 1);
  if (!windows)
    return failure();
  return node.finish(node.create<edge::ConvTransposeOp>(
      input, filter, node.input(2), windows->strides, windows->dilations,
      windows->pads, groups));
}

//===----------------------------------------------------------------------===//
// Col2Im
//===----------------------------------------------------------------------===//

/// Filters [channels * taps, 1, taps...] that put column `tap` of a channel's
/// block at that tap.
Value placingFilters(NodeContext &node, Type element, int64_t channels,
                     ArrayRef<int64_t> block) {
  int64_t taps = ShapedType::getNumElements(block);
  std::vector<int64_t> shape{channels * taps, 1};
  shape.insert(shape.end(), block.begin(), block.end());
  bool isDouble = element.isF64();
  Tensor filters(isDouble ? ElementType::F64 : ElementType::F32, shape);
  for (int64_t row = 0; row < channels * taps; ++row) {
    int64_t at = row * taps + row % taps;
    if (isDouble)
      filters.mutableData<double>()[at] = 1;
    else
      filters.mutableData<float>()[at] = 1;
  }
  return node.castTo(node.constant(filters), element);
}

/// The columns' elements added where they come from: a transposed convolution.
LogicalResult importCol2Im(NodeContext &node) {
  Value input = node.input(0);
  std::optional<SmallVector<int64_t>> image = node.constantInts(1);
  std::optional<SmallVector<int64_t>> block = node.constantInts(2);
  if (!image || !block)
    return failure();
  size_t rank = image->size();
  constexpr int64_t largest = int64_t{1} << 20;
  auto isExtent = [](int64_t extent) { return extent > 0 && extent < largest; };
  if (node.rankOf(input) != 3 || rank == 0 || block->size() != rank ||
      !llvm::all_of(*image, isExtent) || !llvm::all_of(*block, isExtent) ||
      !isReasonableShape(*block, 8))
    return node.error("the input needs rank 3, image and block the same number "
                      "of extents");
  std::optional<BlockWindows> windows = readBlockWindows(node, *image, *block);
  if (!windows)
    return failure();
  ArrayRef<int64_t> shape = node.shapeOf(input);
  int64_t taps = ShapedType::getNumElements(*block);
  if (shape[1] % taps != 0 ||
      shape[2] != ShapedType::getNumElements(windows->count))
    return node.error(fmt::format(
        "an input of shape {} does not have columns of {} elements at {} "
        "places",
        formatShape(shape.vec()), taps,
        ShapedType::getNumElements(windows->count)));
  SmallVector<int64_t> blocks{shape[0], shape[1]};
  llvm::append_range(blocks, windows->count);
  int64_t channels = shape[1] / taps;
  return node.finish(node.create<edge::ConvTransposeOp>(
      node.reshape(input, blocks),
      placingFilters(node, node.elementTypeOf(input), channels, *block),
      Value(), windows->strides, windows->dilations, windows->pads, channels));
}

LogicalResult importMatMul(NodeContext &node) {
  return node.finish(node.create<edge::MatMulOp>(node.input(0), node.input(1),
                                                 /*transpose_lhs=*/false,
                                                 /*transpose_rhs=*/false));
}

//===----------------------------------------------------------------------===//
// Gemm
//===----------------------------------------------------------------------===//

/// value * factor, where the factor is not 1.
Value scaled(NodeContext &node, Value value, double factor) {
  if (node.hasFailed() || factor == 1.0)
    return value;
  Type element = node.elementTypeOf(value);
  if (!isa<FloatType>(element) && factor != std::floor(factor)) {
    (void)node.error("alpha and beta must be integers for integer matrices");
    return {};
  }
  return node.create<edge::MulOp>(value, node.scalar(element, factor));
}

/// alpha * A' * B' + beta * C.
LogicalResult importGemm(NodeContext &node) {
  double alpha = node.floatAttribute("alpha", 1.0f);
  double beta = node.floatAttribute("beta", 1.0f);
  bool transA = node.flagAttribute("transA", false);
  bool transB = node.flagAttribute("transB", false);
  node.ignoreAttributes({"broadcast"}); // C broadcasts in every version.
  Value lhs = node.input(0), rhs = node.input(1), addend = node.input(2);
  if (node.rankOf(lhs) != 2 || node.rankOf(rhs) != 2)
    return node.error("both matrices need rank 2");
  Value product = node.create<edge::MatMulOp>(lhs, rhs, transA, transB);
  product = scaled(node, product, alpha);
  if (!addend || beta == 0.0)
    return node.finish(product);
  Value result = node.create<edge::AddOp>(product, scaled(node, addend, beta));
  if (!node.hasFailed() && result.getType() != product.getType())
    return node.error("C does not broadcast to the product's shape");
  return node.finish(result);
}

//===----------------------------------------------------------------------===//
// MatMulInteger
//===----------------------------------------------------------------------===//

/// The zero point as i32 in a shape that broadcasts with the product: one for
/// all, or one a row (`isRow`) or column. Null if it is absent or known to be
/// zero.
Value zeroPoint(NodeContext &node, Value zero, bool isRow) {
  if (!zero || node.isKnownZero(zero))
    return {};
  SmallVector<int64_t> shape(node.shapeOf(zero));
  if (shape.size() == 1 && shape[0] == 1)
    shape.clear();
  else if (shape.size() == 1 && isRow)
    shape.push_back(1);
  return node.castTo(node.reshape(zero, shape), node.builder().getI32Type());
}

/// Sums of an 8-bit matrix along one of its last two dimensions, as i32.
Value sums(NodeContext &node, Value matrix, int64_t axisFromEnd) {
  Value wide = node.castTo(matrix, node.builder().getI32Type());
  int64_t axis = node.rankOf(matrix) - axisFromEnd;
  return node.create<edge::ReduceOp>(wide, edge::ReduceKind::sum,
                                     ArrayRef<int64_t>(axis), true);
}

/// (A - za) * (B - zb) = A * B - za * colsum(B) - rowsum(A) * zb + K * za * zb
/// in i32 arithmetic: the product stays one of 8-bit integers, and the sums of
/// constant weights fold away.
LogicalResult importMatMulInteger(NodeContext &node) {
  Value lhs = node.input(0), rhs = node.input(1);
  if (node.rankOf(lhs) < 2 || node.rankOf(rhs) < 2)
    return node.error("operands of rank 1 are not supported");
  Value lhsZero = zeroPoint(node, node.input(2), /*isRow=*/true);
  Value rhsZero = zeroPoint(node, node.input(3), /*isRow=*/false);
  Value product = node.create<edge::MatMulOp>(lhs, rhs, false, false);
  Value result = product;
  if (lhsZero)
    result = node.create<edge::SubOp>(
        result, node.create<edge::MulOp>(lhsZero, sums(node, rhs, 2)));
  if (rhsZero)
    result = node.create<edge::SubOp>(
        result, node.create<edge::MulOp>(sums(node, lhs, 1), rhsZero));
  if (lhsZero && rhsZero) {
    Value depth =
        node.scalar(node.builder().getI32Type(), node.shapeOf(lhs).back());
    Value zeros = node.create<edge::MulOp>(lhsZero, rhsZero);
    result = node.create<edge::AddOp>(result,
                                      node.create<edge::MulOp>(zeros, depth));
  }
  if (!node.hasFailed() && result.getType() != product.getType())
    return node.error("a zero point does not fit the operand's shape");
  return node.finish(result);
}

LogicalResult importDet(NodeContext &node) {
  return node.finish(node.create<edge::DetOp>(node.input(0)));
}

} // namespace

void edgec::onnx_import::addContractions(OperatorTable &table) {
  table.add({
      {"Col2Im", 18, newestOpset, {3, 3}, {floats, int64}, importCol2Im},
      {"Conv", 1, newestOpset, {2, 3}, floats, importConv},
      {"ConvTranspose", 1, newestOpset, {2, 3}, floats, importConvTranspose},
      {"Det", 11, newestOpset, {1, 1}, floats, importDet},
      {"Gemm", 1, newestOpset, {2, 3}, wideNumbers, importGemm},
      {"MatMul", 1, newestOpset, {2, 2}, wideNumbers, importMatMul},
      {"MatMulInteger",
       10,
       newestOpset,
       {2, 4},
       {bytes, bytes, like(0), like(1)},
       importMatMulInteger},
  });
}
