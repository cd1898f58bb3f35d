//===- Contractions.cpp - Convolution and matrix multiplication -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HandlerTable.h"

using namespace edgec;
using namespace edgec::onnx_export;
using namespace mlir;

namespace {

constexpr llvm::StringLiteral channelsLast =
    "channels are last; ONNX has them first, so export before the layout phase";

/// Whether the products are of bytes, with sums of 32 bits.
bool isOfBytes(Value operand) {
  return NodeWriter::elementTypeOf(operand).isInteger(8);
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

/// Attributes that convolutions and transposed ones have in common.
template <typename OpTy> SmallVector<NodeAttribute> windowAttributes(OpTy op) {
  ArrayRef<int64_t> filter = NodeWriter::shapeOf(op.getFilter());
  return {{"kernel_shape", filter.drop_front(2)},
          {"strides", op.getStrides()},
          {"dilations", op.getDilations()},
          {"group", static_cast<int64_t>(op.getGroups())}};
}

LogicalResult exportConv(edge::ConvOp op, NodeWriter &node) {
  if (op.getLayout() != edge::Layout::nchw)
    return node.error(channelsLast);
  SmallVector<NodeAttribute> attributes = windowAttributes(op);
  attributes.emplace_back("pads", op.getPads());
  if (!isOfBytes(op.getInput()))
    return node.finish("Conv", node.operands(), attributes);
  std::string input = node.name(op.getInput());
  std::string filter = node.name(op.getFilter());
  if (!op.getBias())
    return node.finish("ConvInteger", {input, filter}, attributes);
  // The operator has no bias: it is added by channel.
  SmallVector<int64_t> shape(node.rankOf(op.getFilter()) - 1, 1);
  shape.front() = node.shapeOf(op.getBias()).front();
  std::string sums = node.add("ConvInteger", {input, filter}, attributes);
  std::string bias = node.add("Reshape", {node.name(op.getBias()),
                                          node.intVector("bias_shape", shape)});
  return node.finish("Add", {sums, bias});
}

/// High pads below zero are what ONNX calls output padding.
LogicalResult exportConvTranspose(edge::ConvTransposeOp op, NodeWriter &node) {
  if (op.getLayout() != edge::Layout::nchw)
    return node.error(channelsLast);
  SmallVector<int64_t> pads(op.getPads());
  size_t spatial = pads.size() / 2;
  SmallVector<int64_t> added(spatial, 0);
  for (size_t i = 0; i < spatial; ++i) {
    if (pads[i] < 0)
      return node.error("ConvTranspose adds no elements at a low end");
    int64_t &high = pads[i + spatial];
    added[i] = std::max<int64_t>(0, -high);
    high = std::max<int64_t>(0, high);
  }
  SmallVector<NodeAttribute> attributes = windowAttributes(op);
  attributes.emplace_back("pads", ArrayRef<int64_t>(pads));
  attributes.emplace_back("output_padding", ArrayRef<int64_t>(added));
  return node.finish("ConvTranspose", node.operands(), attributes);
}

//===----------------------------------------------------------------------===//
// Matrix multiplication
//===----------------------------------------------------------------------===//

bool isMatrixProduct(edge::MatMulOp op) {
  return NodeWriter::rankOf(op.getLhs()) == 2 &&
         NodeWriter::rankOf(op.getRhs()) == 2 &&
         isa<FloatType>(NodeWriter::elementTypeOf(op.getResult()));
}

/// Whether `op` is a product of matrices that only `sum` reads, which adds a
/// bias by column: Gemm, which quantized models are expected to have.
bool isBiased(edge::MatMulOp op, edge::AddOp sum, Value bias) {
  return op && isMatrixProduct(op) && op->hasOneUse() &&
         op->getBlock() == sum->getBlock() && op.getType() == sum.getType() &&
         cast<RankedTensorType>(bias.getType()).getNumElements() ==
             NodeWriter::shapeOf(sum.getResult()).back();
}

/// The product that becomes one node with `sum`, and its bias; null products
/// otherwise.
std::pair<edge::MatMulOp, Value> biasedProduct(edge::AddOp sum) {
  auto product = sum.getLhs().getDefiningOp<edge::MatMulOp>();
  if (isBiased(product, sum, sum.getRhs()))
    return {product, sum.getRhs()};
  product = sum.getRhs().getDefiningOp<edge::MatMulOp>();
  if (isBiased(product, sum, sum.getLhs()))
    return {product, sum.getLhs()};
  return {};
}

bool becomesPartOfSum(edge::MatMulOp op) {
  if (!op->hasOneUse())
    return false;
  auto sum = dyn_cast<edge::AddOp>(*op->getUsers().begin());
  return sum && biasedProduct(sum).first == op;
}

LogicalResult writeGemm(edge::MatMulOp op, Value bias, NodeWriter &node) {
  return node.finish(
      "Gemm", {node.name(op.getLhs()), node.name(op.getRhs()), node.name(bias)},
      {{"transA", op.getTransposeLhs()}, {"transB", op.getTransposeRhs()}});
}

LogicalResult exportAdd(edge::AddOp op, NodeWriter &node) {
  auto [product, bias] = biasedProduct(op);
  if (product)
    return writeGemm(product, bias, node);
  return node.finish("Add", node.operands());
}

LogicalResult exportMatMul(edge::MatMulOp op, NodeWriter &node) {
  if (becomesPartOfSum(op))
    return success();
  bool isTransposed = op.getTransposeLhs() || op.getTransposeRhs();
  if (isTransposed && isMatrixProduct(op))
    return writeGemm(op, Value(), node);
  std::string lhs = op.getTransposeLhs() ? node.transposed(op.getLhs())
                                         : node.name(op.getLhs());
  std::string rhs = op.getTransposeRhs() ? node.transposed(op.getRhs())
                                         : node.name(op.getRhs());
  return node.finish(isOfBytes(op.getLhs()) ? "MatMulInteger" : "MatMul",
                     {lhs, rhs});
}

} // namespace

void onnx_export::addContractions(HandlerTable &table) {
  table.add(exportAdd);
  table.add(exportConv);
  table.add(exportConvTranspose);
  table.add(exportMatMul);
}
