//===- Quantization.cpp - Quantize, dequantize --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "GraphImporter.h"
#include "QuantizedOperators.h"
#include "edgec/Reference/Interpreter.h"
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
};

/// `zeroType` is the element type of an absent zero point.
std::optional<Quantization> readQuantization(NodeContext &node, Type zeroType) {
  Quantization result;
  int64_t rank = node.rankOf(node.input(0));
  int64_t axis = node.intAttribute("axis", 1);
  result.scale = perTensorAsScalar(node, node.input(1));
  if (node.intAttribute("block_size", 0) != 0)
    (void)node.error("blocked quantization is not supported");
  else if (node.rankOf(result.scale) > 1)
    (void)node.error("the scale must be a scalar or a vector");
  if (node.rankOf(result.scale) == 1)
    result.axis = node.normalizedAxis(axis, rank);
  if (node.hasFailed())
    return std::nullopt;
  if (node.input(2))
    result.zeroPoint = perTensorAsScalar(node, node.input(2));
  else
    result.zeroPoint =
        node.broadcast(node.scalar(zeroType, 0), node.shapeOf(result.scale));
  return result;
}

LogicalResult importQuantize(NodeContext &node) {
  node.ignoreAttributes({"saturate", "precision"});
  int32_t stated = node.intAttribute("output_dtype", 0);
  std::optional<ElementType> type =
      stated == 0 ? ElementType::U8 : elementTypeOfOnnx(stated);
  if (!type)
    return node.error("ONNX type " + onnxTypeName(stated) +
                      " is not supported");
  std::optional<Quantization> quantization =
      readQuantization(node, fromElementType(node.context(), *type));
  if (!quantization)
    return failure();
  Value input = node.input(0);
  if (!isa<FloatType>(node.elementTypeOf(input)))
    input = node.castTo(input, node.elementTypeOf(quantization->scale));
  return node.finish(node.createAs<edge::QuantizeOp>(
      RankedTensorType::get(node.shapeOf(input),
                            node.elementTypeOf(quantization->zeroPoint)),
      input, quantization->scale, quantization->zeroPoint, quantization->axis));
}

LogicalResult importDequantize(NodeContext &node) {
  Value input = node.input(0);
  std::optional<Quantization> quantization =
      readQuantization(node, node.elementTypeOf(input));
  if (!quantization)
    return failure();
  int32_t stated = node.intAttribute("output_dtype", 0);
  std::optional<ElementType> type = elementTypeOfOnnx(stated);
  Type element = type ? fromElementType(node.context(), *type)
                      : node.elementTypeOf(quantization->scale);
  return node.finish(node.createAs<edge::DequantizeOp>(
      RankedTensorType::get(node.shapeOf(input), element), input,
      quantization->scale, quantization->zeroPoint, quantization->axis));
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
  table.add({
      {"DequantizeLinear", 10, newestOpset, {2, 3}, importDequantize},
      {"DynamicQuantizeLinear", 11, newestOpset, {1, 1}, importDynamicQuantize},
      {"QuantizeLinear", 10, newestOpset, {2, 3}, importQuantize},
  });
  addQuantizedOperators(table);
}
