//===- QuantizedOperators.cpp - Operators on integers and their scales ----===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX's QOperator form: QLinearConv and QLinearMatMul, and those that ONNX
// Runtime's quantizer writes. Each becomes the operation between dequantized
// operands and a quantized result, from which the passes make integer kernels
// again: one form of quantized models for everything that follows.
//
//===----------------------------------------------------------------------===//

#include "QuantizedOperators.h"
#include "Windows.h"
#include "edgec/Reference/Interpreter.h"

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// A scale or zero point that is a scalar or a vector along `axis`.
struct Quantization {
  Value scale, zeroPoint;
  int64_t axis = 0;
};

/// Inputs `scale` and the one after it; null zero points are zero. `element`
/// is that of the quantized tensor.
std::optional<Quantization> readQuantization(NodeContext &node, unsigned scale,
                                             Type element, int64_t axis = 0) {
  Quantization result{perTensorAsScalar(node, node.input(scale)), Value(),
                      axis};
  if (node.rankOf(result.scale) > 1) {
    (void)node.error("a scale must be a scalar or a vector");
    return std::nullopt;
  }
  if (Value zero = node.input(scale + 1))
    result.zeroPoint = perTensorAsScalar(node, zero);
  else
    result.zeroPoint =
        node.broadcast(node.scalar(element, 0), node.shapeOf(result.scale));
  if (node.hasFailed())
    return std::nullopt;
  if (node.rankOf(result.scale) == 0)
    result.axis = 0;
  return result;
}

/// Input `index` in floats; its scale and zero point are the inputs after it.
Value dequantized(NodeContext &node, unsigned index, int64_t axis = 0) {
  Value value = node.input(index);
  auto quantization =
      readQuantization(node, index + 1, node.elementTypeOf(value), axis);
  if (!quantization)
    return {};
  return node.createAs<edge::DequantizeOp>(
      RankedTensorType::get(node.shapeOf(value),
                            node.elementTypeOf(quantization->scale)),
      value, quantization->scale, quantization->zeroPoint, quantization->axis);
}

/// Ends a node: `value` quantized by the inputs from `scale` on.
LogicalResult finishQuantized(NodeContext &node, Value value, unsigned scale) {
  if (node.hasFailed())
    return failure();
  Type byte = IntegerType::get(node.context(), 8, IntegerType::Unsigned);
  auto quantization = readQuantization(node, scale, byte);
  if (!quantization)
    return failure();
  return node.finish(node.createAs<edge::QuantizeOp>(
      RankedTensorType::get(node.shapeOf(value),
                            node.elementTypeOf(quantization->zeroPoint)),
      value, quantization->scale, quantization->zeroPoint, quantization->axis));
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

/// An i32 bias in steps of the product of the scales, inputs `lhs` and `rhs`,
/// in floats; null without one.
Value dequantizedBias(NodeContext &node, Value bias, unsigned lhs,
                      unsigned rhs) {
  if (!bias || node.hasFailed())
    return {};
  Value scale =
      node.create<edge::MulOp>(perTensorAsScalar(node, node.input(lhs)),
                               perTensorAsScalar(node, node.input(rhs)));
  Value zero = node.broadcast(node.scalar(node.elementTypeOf(bias), 0),
                              node.shapeOf(scale));
  if (node.hasFailed())
    return {};
  return node.createAs<edge::DequantizeOp>(
      RankedTensorType::get(node.shapeOf(bias), node.elementTypeOf(scale)),
      bias, scale, zero, node.rankOf(bias) - 1);
}

/// x, its scale and zero point, w, w's, y's, and an i32 bias in steps of the
/// product of the first two scales.
LogicalResult importQLinearConv(NodeContext &node) {
  Value filter = node.input(3), bias = node.input(8);
  if (node.rankOf(filter) < 3)
    return node.error("the filter needs rank 3 or more");
  ArrayRef<int64_t> kernel = node.shapeOf(filter).drop_front(2);
  (void)node.intsAttribute("kernel_shape");
  std::optional<Windows> windows = readWindows(node, kernel, false);
  int64_t groups = node.intAttribute("group", 1);
  Value input = dequantized(node, 0);
  Value weights = dequantized(node, 3, /*axis=*/0);
  if (!windows || node.hasFailed())
    return failure();
  bias = dequantizedBias(node, bias, 1, 4);
  Value result =
      node.create<edge::ConvOp>(input, weights, bias, windows->strides,
                                windows->dilations, windows->pads, groups);
  return finishQuantized(node, result, 6);
}

LogicalResult importQLinearMatMul(NodeContext &node) {
  // A scale for each row of a, or for each column of b.
  int64_t rows = std::max<int64_t>(node.rankOf(node.input(0)) - 2, 0);
  int64_t columns = node.rankOf(node.input(3)) - 1;
  Value lhs = dequantized(node, 0, rows);
  Value rhs = dequantized(node, 3, columns);
  Value result = node.create<edge::MatMulOp>(lhs, rhs, /*transpose_lhs=*/false,
                                             /*transpose_rhs=*/false);
  return finishQuantized(node, result, 6);
}

/// A, its scale and zero point, B, B's, an i32 C in steps of the product of
/// both scales, and y's, without which the result is in floats.
LogicalResult importQGemm(NodeContext &node) {
  bool transA = node.flagAttribute("transA", false);
  bool transB = node.flagAttribute("transB", false);
  if (node.floatAttribute("alpha", 1.0f) != 1.0f)
    return node.error("an alpha other than 1 is not supported");
  if (node.rankOf(node.input(0)) != 2 || node.rankOf(node.input(3)) != 2)
    return node.error("both matrices need rank 2");
  Value lhs = dequantized(node, 0);
  Value rhs = dequantized(node, 3, /*axis=*/transB ? 0 : 1);
  Value result = node.create<edge::MatMulOp>(lhs, rhs, transA, transB);
  if (Value addend = dequantizedBias(node, node.input(6), 1, 4)) {
    Type type = result ? result.getType() : Type();
    result = node.create<edge::AddOp>(result, addend);
    if (!node.hasFailed() && result.getType() != type)
      return node.error("C does not broadcast to the product's shape");
  }
  return node.input(7) ? finishQuantized(node, result, 7) : node.finish(result);
}

/// The sums of each filter as i32, in a shape that broadcasts with the result.
Value filterSums(NodeContext &node, Value filter) {
  SmallVector<int64_t> axes, shape(node.rankOf(filter) - 1, 1);
  for (int64_t axis = 1; axis < node.rankOf(filter); ++axis)
    axes.push_back(axis);
  Value sums = node.create<edge::ReduceOp>(
      node.castTo(filter, node.builder().getI32Type()), edge::ReduceKind::sum,
      axes, /*keep_dims=*/false);
  shape.front() = node.shapeOf(filter).front();
  return node.reshape(sums, shape);
}

/// The zero point of w in i32, in a shape that broadcasts with the result of
/// `rank` dimensions; null if it is absent or known to be zero.
Value filterZeroPoint(NodeContext &node, Value zero, int64_t rank) {
  if (!zero || node.isKnownZero(zero))
    return {};
  zero = perTensorAsScalar(node, zero);
  if (node.rankOf(zero) > 1) {
    (void)node.error("the zero point of w must be a scalar or a vector");
    return {};
  }
  if (node.rankOf(zero) == 1) {
    SmallVector<int64_t> shape(rank - 1, 1);
    shape.front() = node.shapeOf(zero).front();
    zero = node.reshape(zero, shape);
  }
  return node.castTo(zero, node.builder().getI32Type());
}

/// A filter of ones for the sums of the windows that `filter` sees.
Value onesLike(NodeContext &node, Value filter, int64_t groups) {
  SmallVector<int64_t> shape(node.shapeOf(filter));
  if (groups == 1)
    shape.front() = 1;
  return node.broadcast(node.scalar(node.builder().getI8Type(), 1), shape);
}

/// `value`'s elements in the padding of `windows`, which then has none.
Value paddedWith(NodeContext &node, Value input, Value value,
                 Windows &windows) {
  size_t spatial = windows.pads.size() / 2;
  SmallVector<int64_t> low(spatial + 2, 0), high(spatial + 2, 0);
  llvm::copy(ArrayRef(windows.pads).take_front(spatial), low.begin() + 2);
  llvm::copy(ArrayRef(windows.pads).drop_front(spatial), high.begin() + 2);
  windows.pads.assign(2 * spatial, 0);
  return node.create<edge::PadOp>(input, value, low, high);
}

/// Sum of (x - zx) * (w - zw) over each window, in which the padding is zx:
/// conv(x, w) - zx * sum(w) - zw * (conv(x, 1) - zx * n) with n elements a
/// window, in i32 arithmetic. What depends on constants only folds away.
LogicalResult importConvInteger(NodeContext &node) {
  Value input = node.input(0), filter = node.input(1);
  if (node.rankOf(filter) < 3)
    return node.error("the filter needs rank 3 or more");
  ArrayRef<int64_t> kernel = node.shapeOf(filter).drop_front(2);
  (void)node.intsAttribute("kernel_shape");
  std::optional<Windows> windows = readWindows(node, kernel, false);
  int64_t groups = node.intAttribute("group", 1);
  Value filterZero = filterZeroPoint(node, node.input(3), node.rankOf(filter));
  if (!windows || node.hasFailed())
    return failure();
  Type i32 = node.builder().getI32Type();
  Value zero = node.input(2);
  if (zero) {
    zero = perTensorAsScalar(node, zero);
    input = paddedWith(node, input, zero, *windows);
    zero = node.castTo(zero, i32);
  }
  auto convolve = [&](Value weights) -> Value {
    return node.create<edge::ConvOp>(input, weights, Value(), windows->strides,
                                     windows->dilations, windows->pads, groups);
  };
  Value product = convolve(filter), result = product;
  if (zero)
    result = node.create<edge::SubOp>(
        result, node.create<edge::MulOp>(zero, filterSums(node, filter)));
  if (filterZero) {
    Value sums = convolve(onesLike(node, filter, groups));
    if (zero) {
      int64_t elements = 1;
      for (int64_t extent : node.shapeOf(filter).drop_front())
        elements *= extent;
      sums = node.create<edge::SubOp>(
          sums, node.create<edge::MulOp>(zero, node.scalar(i32, elements)));
    }
    result = node.create<edge::SubOp>(
        result, node.create<edge::MulOp>(sums, filterZero));
  }
  if (!node.hasFailed() && result.getType() != product.getType())
    return node.error("a zero point does not fit the operand's shape");
  return node.finish(result);
}

//===----------------------------------------------------------------------===//
// Others, of ONNX Runtime's operator set
//===----------------------------------------------------------------------===//

template <typename Op> LogicalResult importQLinearBinary(NodeContext &node) {
  Value lhs = dequantized(node, 0), rhs = dequantized(node, 3);
  return finishQuantized(node, node.create<Op>(lhs, rhs), 6);
}

LogicalResult importQLinearSigmoid(NodeContext &node) {
  return finishQuantized(node,
                         node.create<edge::SigmoidOp>(dequantized(node, 0)), 3);
}

LogicalResult importQLinearLeakyRelu(NodeContext &node) {
  llvm::APFloat alpha(node.floatAttribute("alpha", 0.01f));
  return finishQuantized(
      node, node.create<edge::LeakyReluOp>(dequantized(node, 0), alpha), 3);
}

LogicalResult importQLinearAveragePool(NodeContext &node) {
  if (node.intAttribute("channels_last", 0) != 0)
    return node.error("attribute 'channels_last' is not supported");
  bool countsPadding = node.flagAttribute("count_include_pad", false);
  std::optional<Windows> windows = poolWindows(node);
  if (!windows)
    return failure();
  Value result = node.create<edge::AveragePoolOp>(
      dequantized(node, 0), windows->kernel, windows->strides,
      windows->dilations, windows->pads, edge::Layout::nchw, countsPadding,
      windows->ceilPads);
  return finishQuantized(node, result, 3);
}

/// Attribute opset says which Softmax it stands for: the one along an axis, or
/// the older one, which is the same along the last axis.
LogicalResult importQLinearSoftmax(NodeContext &node) {
  constexpr int64_t singleAxisSince = 13;
  int64_t rank = node.rankOf(node.input(0));
  int64_t opset = node.requiredIntAttribute("opset");
  int64_t axis = node.normalizedAxis(node.intAttribute("axis", -1), rank);
  if (!node.hasFailed() && opset < singleAxisSince && axis != rank - 1)
    return node.error("before operator set 13 only the last axis is supported");
  return finishQuantized(
      node,
      node.create<edge::SoftmaxOp>(dequantized(node, 0), axis, /*log=*/false),
      3);
}

LogicalResult importQLinearGlobalAveragePool(NodeContext &node) {
  if (node.intAttribute("channels_last", 0) != 0)
    return node.error("attribute 'channels_last' is not supported");
  SmallVector<int64_t> axes;
  for (int64_t axis = 2; axis < node.rankOf(node.input(0)); ++axis)
    axes.push_back(axis);
  return finishQuantized(node,
                         node.create<edge::ReduceOp>(dequantized(node, 0),
                                                     edge::ReduceKind::mean,
                                                     axes, /*keep_dims=*/true),
                         3);
}

/// Axes are an attribute; none are all.
LogicalResult importQLinearReduceMean(NodeContext &node) {
  int64_t rank = node.rankOf(node.input(0));
  SmallVector<int64_t> axes;
  if (auto given = node.intsAttribute("axes"))
    axes = node.normalizedAxes(*given, rank);
  if (axes.empty())
    for (int64_t axis = 0; axis < rank; ++axis)
      axes.push_back(axis);
  bool keepDims = node.flagAttribute("keepdims", true);
  return finishQuantized(node,
                         node.create<edge::ReduceOp>(dequantized(node, 0),
                                                     edge::ReduceKind::mean,
                                                     axes, keepDims),
                         3);
}

/// A condition, then x and y with a scale and a zero point each.
LogicalResult importQLinearWhere(NodeContext &node) {
  Value x = dequantized(node, 1), y = dequantized(node, 4);
  return finishQuantized(node, node.create<edge::SelectOp>(node.input(0), x, y),
                         7);
}

/// y's scale and zero point, then each tensor with its own.
LogicalResult importQLinearConcat(NodeContext &node) {
  if (node.numInputs() < 5 || (node.numInputs() - 2) % 3 != 0)
    return node.error("each tensor needs a scale and a zero point");
  SmallVector<Value> tensors;
  for (unsigned index = 2; index < node.numInputs(); index += 3)
    tensors.push_back(dequantized(node, index));
  if (node.hasFailed())
    return failure();
  int64_t axis = node.normalizedAxis(node.requiredIntAttribute("axis"),
                                     node.rankOf(tensors.front()));
  return finishQuantized(
      node, node.create<edge::ConcatOp>(ValueRange(tensors), axis), 0);
}

} // namespace

void edgec::onnx_import::addQuantizedOperators(OperatorTable &table) {
  table.add({
      {"ConvInteger",
       10,
       newestOpset,
       {2, 4},
       {bytes, bytes, like(0), like(1)},
       importConvInteger},
      {"QLinearConv",
       10,
       newestOpset,
       {8, 9},
       {bytes, float32, like(0), bytes, float32, like(3), float32, bytes,
        int32},
       importQLinearConv},
      {"QLinearMatMul",
       10,
       newestOpset,
       {8, 8},
       {bytes, float32, like(0), bytes, float32, like(3), float32, bytes},
       importQLinearMatMul},
  });
  constexpr llvm::StringLiteral runtime = "com.microsoft";
  table.add({
      {"QGemm",
       1,
       1,
       {6, 9},
       {bytes, float32, like(0), bytes, float32, like(3), int32, float32,
        bytes},
       importQGemm,
       runtime},
      {"QLinearAveragePool",
       1,
       1,
       {4, 5},
       {bytes, float32, like(0), float32, bytes},
       importQLinearAveragePool,
       runtime},
      {"QLinearSoftmax",
       1,
       1,
       {4, 5},
       {bytes, float32, like(0), float32, bytes},
       importQLinearSoftmax,
       runtime},
      {"QLinearAdd",
       1,
       1,
       {7, 8},
       {bytes, float32, like(0), bytes, float32, like(3), float32, bytes},
       importQLinearBinary<edge::AddOp>,
       runtime},
      {"QLinearConcat",
       1,
       1,
       {5, anyNumber},
       InputTypes({float32, bytes, bytes, float32, like(2)}).repeatingLast(3),
       importQLinearConcat,
       runtime},
      {"QLinearGlobalAveragePool",
       1,
       1,
       {4, 5},
       {bytes, float32, like(0), float32, bytes},
       importQLinearGlobalAveragePool,
       runtime},
      {"QLinearLeakyRelu",
       1,
       1,
       {4, 5},
       {bytes, float32, like(0), float32, bytes},
       importQLinearLeakyRelu,
       runtime},
      {"QLinearMul",
       1,
       1,
       {7, 8},
       {bytes, float32, like(0), bytes, float32, like(3), float32, bytes},
       importQLinearBinary<edge::MulOp>,
       runtime},
      {"QLinearReduceMean",
       1,
       1,
       {4, 5},
       {bytes, float32, like(0), float32, bytes},
       importQLinearReduceMean,
       runtime},
      {"QLinearWhere",
       1,
       1,
       {9, 9},
       {boolean, bytes, float32, like(1), bytes, float32, like(4), float32,
        bytes},
       importQLinearWhere,
       runtime},
      {"QLinearSigmoid",
       1,
       1,
       {4, 5},
       {bytes, float32, like(0), float32, bytes},
       importQLinearSigmoid,
       runtime},
  });
}
