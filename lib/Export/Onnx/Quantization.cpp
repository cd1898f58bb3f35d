//===- Quantization.cpp - Quantize, dequantize, look up -------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"
#include "TensorData.h"
#include "edgec/Dialect/Edge/StoredBits.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

/// Operator sets that first had a form: scales in 16 bits, integers of 16 or 4
/// and blocks.
constexpr int64_t halfScalesSince = 19, otherIntegersSince = 21;

int64_t opsetOfTypes(Type scale, Type quantized) {
  if (quantized.isInteger(16))
    return otherIntegersSince;
  return scale.isF32() ? 0 : halfScalesSince;
}

/// Whether the tensor is a constant that is marked as one of 4-bit integers, or
/// of 2-bit ones, of which ONNX has none.
bool isMarkedFourBits(Value value) {
  Operation *op = value.getDefiningOp();
  auto bits = op ? op->getAttrOfType<IntegerAttr>(edge::bitsAttr) : nullptr;
  return bits && bits.getInt() <= 4;
}

/// The axis, where there is one scale for each of its indices; ONNX's default
/// is another than here.
SmallVector<NodeAttribute> axisOf(Value scale, int64_t axis) {
  if (NodeWriter::rankOf(scale) == 0)
    return {};
  return {{"axis", axis}};
}

/// What both operators ask of scales and zero points.
template <typename OpTy>
LogicalResult checkParameters(OpTy op, Value real, NodeWriter &node) {
  if (node.shapeOf(op.getScale()) != node.shapeOf(op.getZeroPoint()))
    return node.error("scale and zero point differ in shape");
  Type element = node.elementTypeOf(op.getScale());
  if (element != node.elementTypeOf(real))
    return node.error("the scale's element type is not the tensor's");
  if (!element.isF32() && !element.isF16() && !element.isBF16())
    return node.error("scales of this element type have no ONNX form");
  return success();
}

//===----------------------------------------------------------------------===//
// QuantizeLinear
//===----------------------------------------------------------------------===//

LogicalResult exportQuantize(edge::QuantizeOp op, NodeWriter &node) {
  Type element = node.elementTypeOf(op.getResult());
  if (!element.isInteger(8) && !element.isInteger(16))
    return node.error("QuantizeLinear gives integers of 8 or 16 bits");
  if (failed(checkParameters(op, op.getInput(), node)))
    return failure();
  return node.finish("QuantizeLinear", node.operands(),
                     axisOf(op.getScale(), op.getAxis()));
}

int64_t quantizeOpset(edge::QuantizeOp op) {
  return opsetOfTypes(NodeWriter::elementTypeOf(op.getScale()),
                      NodeWriter::elementTypeOf(op.getResult()));
}

//===----------------------------------------------------------------------===//
// DequantizeLinear
//===----------------------------------------------------------------------===//

bool isKnownZero(Value value) {
  std::optional<Tensor> known = NodeWriter::knownValue(value);
  for (int64_t i = 0; known && i < known->size(); ++i)
    if (known->asInt(i) != 0)
      return false;
  return known.has_value();
}

/// The values of a constant that is to be written in 4 bits, with its zero
/// point; nothing where that is not asked for or does not fit.
struct FourBits {
  Tensor elements, zeroPoint;
};

std::optional<FourBits> asFourBits(edge::DequantizeOp op) {
  if (!isMarkedFourBits(op.getInput()))
    return std::nullopt;
  std::optional<Tensor> elements = NodeWriter::knownValue(op.getInput());
  std::optional<Tensor> zero = NodeWriter::knownValue(op.getZeroPoint());
  if (!elements || !zero || byteSize(elements->type()) != 1 ||
      !fitsFourBits(*elements) || !fitsFourBits(*zero))
    return std::nullopt;
  return FourBits{std::move(*elements), std::move(*zero)};
}

LogicalResult exportDequantize(edge::DequantizeOp op, NodeWriter &node) {
  Type element = node.elementTypeOf(op.getInput());
  bool isWide = element.isSignlessInteger(32);
  if (!element.isInteger(8) && !element.isInteger(16) && !isWide)
    return node.error("DequantizeLinear takes integers of 8 or 16 bits, and "
                      "signed ones of 32");
  if (failed(checkParameters(op, op.getResult(), node)))
    return failure();
  std::string scale = node.name(op.getScale());
  SmallVector<NodeAttribute> attributes = axisOf(op.getScale(), op.getAxis());
  if (op.getBlockSize() != 0 && !attributes.empty())
    attributes.push_back({"block_size", int64_t(op.getBlockSize())});
  if (std::optional<FourBits> four = asFourBits(op))
    return node.finish("DequantizeLinear",
                       {node.packed(op.getInput(), four->elements), scale,
                        node.packed(op.getZeroPoint(), four->zeroPoint)},
                       attributes);
  // ONNX has none for integers of 32 bits.
  if (isWide && !isKnownZero(op.getZeroPoint()))
    return node.error("the zero point of 32-bit integers must be 0");
  return node.finish("DequantizeLinear",
                     {node.name(op.getInput()), scale,
                      isWide ? "" : node.name(op.getZeroPoint())},
                     attributes);
}

int64_t dequantizeOpset(edge::DequantizeOp op) {
  if (asFourBits(op) || op.getBlockSize() != 0)
    return otherIntegersSince;
  return opsetOfTypes(NodeWriter::elementTypeOf(op.getScale()),
                      NodeWriter::elementTypeOf(op.getInput()));
}

//===----------------------------------------------------------------------===//
// Lookup
//===----------------------------------------------------------------------===//

/// A table of 256 entries is gathered from: a negative index counts from the
/// end, so that signed bytes find what they are numbered by.
LogicalResult exportLookup(edge::LookupOp op, NodeWriter &node) {
  ArrayRef<int8_t> entries = op.getTable();
  bool isSigned = node.elementTypeOf(op.getResult()).isSignlessInteger();
  Tensor table(isSigned ? ElementType::I8 : ElementType::U8,
               {static_cast<int64_t>(entries.size())});
  llvm::copy(entries, reinterpret_cast<int8_t *>(table.mutableBytes()));
  std::string indices = node.add("Cast", {node.name(op.getInput())},
                                 {{"to", int64_t{onnx::TensorProto::INT32}}});
  return node.finish("Gather", {node.constant("table", table), indices},
                     {{"axis", int64_t{0}}});
}

} // namespace

void onnx_export::addQuantization(HandlerTable &table) {
  table.add(exportLookup);
  table.add(exportQuantize, quantizeOpset);
  table.add(exportDequantize, dequantizeOpset);
}
