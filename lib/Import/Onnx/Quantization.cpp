//===- Quantization.cpp - Quantize, dequantize --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "GraphImporter.h"
#include "QuantizedOperators.h"
#include "edgec/Dialect/Edge/StoredBits.h"
#include "edgec/Reference/Interpreter.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
using llvm::APFloat;

Value edgec::onnx_import::perTensorAsScalar(NodeContext &node, Value value) {
  if (node.hasFailed() || node.rankOf(value) == 0 ||
      llvm::any_of(node.shapeOf(value), [](int64_t e) { return e != 1; }))
    return value;
  if (auto parameter = value.getDefiningOp<edge::ParameterOp>())
    return node.graph().scalarParameter(parameter);
  return node.toScalar(value);
}

namespace {

/// Scale, zero point and axis of QuantizeLinear and DequantizeLinear.
struct Quantization {
  Value scale, zeroPoint;
  int64_t axis = 0;
  /// A scale for so many elements along the axis; 0: no blocks.
  int64_t blockSize = 0;
};

/// Whether an operation that has blocks can take `value`: kernels know them in
/// weights.
bool isWeight(Value value) {
  return value.getDefiningOp<edge::ParameterOp>() ||
         value.getDefiningOp<edge::ConstantOp>();
}

/// The scales have the tensor's rank, and an extent along the axis for each
/// block of it, of which the last one of weights may be shorter.
void checkBlocks(NodeContext &node, const Quantization &quantization) {
  ArrayRef<int64_t> input = node.shapeOf(node.input(0));
  ArrayRef<int64_t> scale = node.shapeOf(quantization.scale);
  int64_t extent = input[quantization.axis];
  SmallVector<int64_t> expected(input);
  expected[quantization.axis] =
      llvm::divideCeil(extent, quantization.blockSize);
  bool divides =
      extent % quantization.blockSize == 0 || isWeight(node.input(0));
  if (divides && scale == ArrayRef<int64_t>(expected))
    return;
  (void)node.error(fmt::format(
      "a scale of shape {} does not fit blocks of {} elements along axis {} of "
      "an input of shape {}{}",
      formatShape(scale.vec()), quantization.blockSize, quantization.axis,
      formatShape(input.vec()),
      divides ? "" : ", which must divide into them"));
}

/// `zeroType` is the element type of an absent zero point.
std::optional<Quantization> readQuantization(NodeContext &node, Type zeroType) {
  Quantization result;
  int64_t rank = node.rankOf(node.input(0));
  int64_t axis = node.intAttribute("axis", 1);
  result.blockSize = node.intAttribute("block_size", 0);
  result.scale = result.blockSize == 0 ? perTensorAsScalar(node, node.input(1))
                                       : node.input(1);
  if (result.blockSize < 0)
    (void)node.error("block_size is negative");
  else if (result.blockSize == 0 && node.rankOf(result.scale) > 1)
    (void)node.error("the scale must be a scalar or a vector");
  if (node.rankOf(result.scale) == 1 || result.blockSize > 0)
    result.axis = node.normalizedAxis(axis, rank);
  if (result.blockSize > 0 && !node.hasFailed())
    checkBlocks(node, result);
  if (node.hasFailed())
    return std::nullopt;
  if (node.input(2))
    result.zeroPoint = result.blockSize == 0
                           ? perTensorAsScalar(node, node.input(2))
                           : node.input(2);
  else
    result.zeroPoint =
        node.broadcast(node.scalar(zeroType, 0), node.shapeOf(result.scale));
  return result;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// `value` with the axis split in two: blocks, and `inner` elements in each.
Value splitAxis(NodeContext &node, Value value, int64_t axis, int64_t inner) {
  SmallVector<int64_t> shape(node.shapeOf(value));
  shape[axis] /= inner;
  shape.insert(shape.begin() + axis + 1, inner);
  return node.reshape(value, shape);
}

/// What quantization is computed in: single precision where half is stored,
/// as for operations without blocks.
Type arithmeticOf(Type element) {
  return element.isF64() ? element : Float32Type::get(element.getContext());
}

/// (x - zero point) * scale, spelled out.
LogicalResult dequantizeBlocks(NodeContext &node, const Quantization &blocks,
                               Type element) {
  Type arithmetic = arithmeticOf(element);
  auto perBlock = [&](Value value) {
    return node.castTo(splitAxis(node, value, blocks.axis, 1), arithmetic);
  };
  Value input =
      node.castTo(splitAxis(node, node.input(0), blocks.axis, blocks.blockSize),
                  arithmetic);
  Value difference =
      node.create<edge::SubOp>(input, perBlock(blocks.zeroPoint));
  Value result = node.create<edge::MulOp>(difference, perBlock(blocks.scale));
  return node.finish(
      node.castTo(node.reshape(result, node.shapeOf(node.input(0))), element));
}

/// The largest and smallest integer of a type of up to 32 bits.
std::pair<double, double> rangeOf(Type type) {
  auto integer = cast<IntegerType>(type);
  double levels = std::ldexp(1.0, integer.getWidth());
  if (integer.isUnsigned())
    return {0, levels - 1};
  return {-levels / 2, levels / 2 - 1};
}

/// saturate(round(x / scale) + zero point), spelled out.
Value quantizeBlocks(NodeContext &node, Value input,
                     const Quantization &blocks) {
  Type arithmetic = arithmeticOf(node.elementTypeOf(input));
  Type integer = node.elementTypeOf(blocks.zeroPoint);
  auto perBlock = [&](Value value) {
    return node.castTo(splitAxis(node, value, blocks.axis, 1), arithmetic);
  };
  auto [low, high] = rangeOf(integer);
  Value steps = node.create<edge::DivOp>(
      node.castTo(splitAxis(node, input, blocks.axis, blocks.blockSize),
                  arithmetic),
      perBlock(blocks.scale));
  Value sum = node.create<edge::AddOp>(node.create<edge::RoundOp>(steps),
                                       perBlock(blocks.zeroPoint));
  Value bounded = node.create<edge::ClampOp>(sum, APFloat(low), APFloat(high));
  return node.reshape(node.castTo(bounded, integer), node.shapeOf(input));
}

//===----------------------------------------------------------------------===//
// QuantizeLinear, DequantizeLinear
//===----------------------------------------------------------------------===//

/// The type that attribute `name` states, kept in bytes where it has 4 bits;
/// `byDefault` where it states none.
std::optional<Type> statedType(NodeContext &node, StringRef name,
                               Type byDefault) {
  int32_t stated = node.intAttribute(name, 0);
  if (stated == 0)
    return byDefault;
  std::optional<ElementType> type = widenedFourBits(stated);
  if (!type)
    type = elementTypeOfOnnx(stated);
  if (type)
    return fromElementType(node.context(), *type);
  (void)node.error(fmt::format("{}: ONNX type {} is not supported", name.str(),
                               onnxTypeName(stated)));
  return std::nullopt;
}

/// The input as what it is divided as: the type of the scale, or what the
/// attribute says.
Value quantizedOperand(NodeContext &node, Type scale) {
  std::optional<Type> precision = statedType(node, "precision", scale);
  if (!precision)
    return {};
  if (!isa<FloatType>(*precision)) {
    (void)node.error("precision must be a floating-point type");
    return {};
  }
  return node.castTo(node.input(0), *precision);
}

LogicalResult importQuantize(NodeContext &node) {
  node.ignoreAttributes({"saturate"}); // Of 8-bit floating-point types only.
  bool fourBits =
      widenedFourBits(node.intAttribute("output_dtype", 0)).has_value();
  std::optional<Type> type =
      statedType(node, "output_dtype",
                 IntegerType::get(node.context(), 8, IntegerType::Unsigned));
  if (!type)
    return failure();
  std::optional<Quantization> quantization = readQuantization(node, *type);
  if (!quantization)
    return failure();
  Type element = node.elementTypeOf(quantization->zeroPoint);
  if (node.intAttribute("output_dtype", 0) != 0 && element != *type)
    return node.error("output_dtype is not the type of the zero point");
  if (!isa<IntegerType>(element) || element.getIntOrFloatBitWidth() > 16)
    return node.error("output_dtype must be an integer type of 4, 8 or 16 "
                      "bits");
  Value input = quantizedOperand(node, node.elementTypeOf(quantization->scale));
  if (node.hasFailed())
    return failure();
  Value result = quantization->blockSize != 0
                     ? quantizeBlocks(node, input, *quantization)
                     : node.createAs<edge::QuantizeOp>(
                           RankedTensorType::get(node.shapeOf(input), element),
                           input, quantization->scale, quantization->zeroPoint,
                           quantization->axis);
  if (!fourBits && !isStoredInFourBits(node.input(2)))
    return node.finish(result);
  // In bytes that hold integers of 4 bits.
  bool isUnsigned = element.isUnsignedInteger();
  return node.finish(
      node.create<edge::ClampOp>(result, APFloat(isUnsigned ? 0.0 : -8.0),
                                 APFloat(isUnsigned ? 15.0 : 7.0)));
}

LogicalResult importDequantize(NodeContext &node) {
  Value input = node.input(0);
  std::optional<Quantization> quantization =
      readQuantization(node, node.elementTypeOf(input));
  if (!quantization)
    return failure();
  std::optional<Type> stated =
      statedType(node, "output_dtype", node.elementTypeOf(quantization->scale));
  if (!stated)
    return failure();
  Type element = *stated;
  if (!isa<FloatType>(element))
    return node.error("output_dtype must be a floating-point type");
  if (quantization->blockSize != 0 && !isWeight(input))
    return dequantizeBlocks(node, *quantization, element);
  return node.finish(node.createAs<edge::DequantizeOp>(
      RankedTensorType::get(node.shapeOf(input), element), input,
      quantization->scale, quantization->zeroPoint, quantization->axis,
      quantization->blockSize));
}

/// From the range of the input with zero in it: scale = range / 255,
/// zero point = saturate(round(-min / scale)).
LogicalResult importDynamicQuantize(NodeContext &node) {
  Value input = node.input(0);
  Type element = node.elementTypeOf(input);
  SmallVector<int64_t> axes(node.rankOf(input));
  for (auto [index, axis] : llvm::enumerate(axes))
    axis = index;
  constexpr double levels = 255;
  Value zero = node.scalar(element, 0);
  Value largest = node.create<edge::MaximumOp>(
      node.create<edge::ReduceOp>(input, edge::ReduceKind::max, axes, false),
      zero);
  Value smallest = node.create<edge::MinimumOp>(
      node.create<edge::ReduceOp>(input, edge::ReduceKind::min, axes, false),
      zero);
  Value scale =
      node.create<edge::DivOp>(node.create<edge::SubOp>(largest, smallest),
                               node.scalar(element, levels));
  // All zeros: any scale will do, but none may be zero.
  Value isZero =
      node.create<edge::CompareOp>(scale, zero, edge::ComparePredicate::eq);
  scale = node.create<edge::SelectOp>(isZero, node.scalar(element, 1), scale);
  Value offset =
      node.create<edge::DivOp>(node.create<edge::SubOp>(zero, smallest), scale);
  offset = node.create<edge::ClampOp>(offset, APFloat(0.0), APFloat(levels));
  Type byte = IntegerType::get(node.context(), 8, IntegerType::Unsigned);
  Value zeroPoint = node.castTo(node.create<edge::RoundOp>(offset), byte);
  node.setOutput(1, scale);
  node.setOutput(2, zeroPoint);
  return node.finish(node.createAs<edge::QuantizeOp>(
      RankedTensorType::get(node.shapeOf(input), byte), input, scale,
      zeroPoint));
}

} // namespace

void edgec::onnx_import::addQuantization(OperatorTable &table) {
  constexpr TypeSet quantized =
      bytes | TypeSet{ElementType::I16, ElementType::U16};
  table.add({
      {"DequantizeLinear",
       10,
       newestOpset,
       {2, 3},
       {quantized | int32, floats, like(0)},
       importDequantize},
      {"DynamicQuantizeLinear",
       11,
       newestOpset,
       {1, 1},
       float32,
       importDynamicQuantize},
      {"QuantizeLinear",
       10,
       newestOpset,
       {2, 3},
       {floats | int32, floats, quantized},
       importQuantize},
  });
  addQuantizedOperators(table);
}
