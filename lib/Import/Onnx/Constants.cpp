//===- Constants.cpp - Constants and ranges -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "GraphImporter.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include "edgec/Reference/Interpreter.h"
#include <cmath>
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

template <typename T>
LogicalResult finishWith(NodeContext &node, ArrayRef<T> values, bool isScalar) {
  std::vector<int64_t> shape;
  if (!isScalar)
    shape.push_back(values.size());
  Tensor tensor(elementTypeOf<T>(), std::move(shape));
  llvm::copy(values, tensor.mutableData<T>());
  return node.finish(node.constant(tensor));
}

/// The attribute's bytes as a constant.
Value constantFrom(NodeContext &node, onnx::TensorProto &tensor) {
  StringRef name =
      tensor.name().empty() ? "constant" : StringRef(tensor.name());
  llvm::Expected<ElementsAttr> value =
      node.graph().tensors.read(tensor, name.str());
  if (!value) {
    (void)node.error(llvm::toString(value.takeError()));
    return {};
  }
  auto constant = node.builder().create<edge::ConstantOp>(node.loc(), *value);
  markFourBits(constant, tensor.data_type());
  return constant;
}

LogicalResult importConstant(NodeContext &node) {
  if (onnx::TensorProto *tensor = node.tensorAttribute("value"))
    return node.finish(constantFrom(node, *tensor));
  if (node.hasAttribute("value_int"))
    return finishWith<int64_t>(node, {node.intAttribute("value_int", 0)}, true);
  if (auto values = node.intsAttribute("value_ints"))
    return finishWith<int64_t>(node, *values, false);
  if (node.hasAttribute("value_float"))
    return finishWith<float>(
        node, {static_cast<float>(node.floatAttribute("value_float", 0))},
        true);
  if (auto values = node.floatsAttribute("value_floats"))
    return finishWith<float>(node, *values, false);
  return node.error("the constant has no value, or one of strings or a sparse "
                    "one, which are not supported");
}

/// A broadcast scalar, so that a large result takes no memory here; small ones
/// fold.
LogicalResult importConstantOfShape(NodeContext &node) {
  std::optional<SmallVector<int64_t>> shape = node.constantInts(0);
  if (!shape)
    return failure();
  if (!isReasonableShape(*shape, 8))
    return node.error(fmt::format("the shape {} is impossible",
                                  formatShape({shape->begin(), shape->end()})));
  Value value;
  if (onnx::TensorProto *tensor = node.tensorAttribute("value"))
    value = constantFrom(node, *tensor);
  else
    value = node.scalar(node.builder().getF32Type(), 0);
  if (node.hasFailed())
    return failure();
  if (cast<RankedTensorType>(value.getType()).getNumElements() != 1)
    return node.error("the value must have one element");
  return node.finish(node.broadcast(node.toScalar(value), *shape));
}

/// The number of elements of a range, or nothing if that is too many to be
/// index arithmetic.
std::optional<int64_t> rangeSize(NodeContext &node, double start, double limit,
                                 double delta) {
  double count = std::max(0.0, std::ceil((limit - start) / delta));
  if (count <= maximumFoldedElements) // Not for a NaN either.
    return static_cast<int64_t>(count);
  (void)node.error(fmt::format("a range of {} elements is not supported, {} "
                               "are the most",
                               count, maximumFoldedElements));
  return std::nullopt;
}

template <typename T>
LogicalResult finishRange(NodeContext &node, T start, T delta, int64_t count) {
  SmallVector<T> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(static_cast<T>(start + static_cast<T>(i) * delta));
  return finishWith<T>(node, values, false);
}

/// (limit - start) / delta, rounded up, in double precision.
Value runtimeRangeSize(NodeContext &node, int64_t bound) {
  Type f64 = node.builder().getF64Type(), i64 = node.builder().getI64Type();
  Value x[3];
  for (unsigned i = 0; i < 3; ++i)
    x[i] = node.castTo(node.toScalar(node.input(i)), f64);
  Value size = node.create<edge::CeilOp>(
      node.create<edge::DivOp>(node.create<edge::SubOp>(x[1], x[0]), x[2]));
  return node.create<edge::ClampOp>(node.castTo(size, i64), APFloat(0.0),
                                    APFloat(static_cast<double>(bound)));
}

/// start + i * delta with a size that the run decides.
LogicalResult importRuntimeRange(NodeContext &node) {
  std::optional<int64_t> bound = node.maxElements();
  if (!bound)
    return node.error("its size depends on run-time data: give the most "
                      "elements with --max-elements=NAME=SIZE, NAME being the "
                      "node's output");
  Type element = node.elementTypeOf(node.input(0));
  for (unsigned i = 0; i < 3; ++i)
    if (node.elementTypeOf(node.input(i)) != element ||
        ShapedType::getNumElements(node.shapeOf(node.input(i))) != 1)
      return node.error("start, limit and delta must be scalars of one type");
  Value steps =
      node.createAs<edge::IotaOp>(RankedTensorType::get({*bound}, element), 0);
  Value values = node.create<edge::AddOp>(
      node.toScalar(node.input(0)),
      node.create<edge::MulOp>(steps, node.toScalar(node.input(2))));
  Value size = runtimeRangeSize(node, *bound);
  return node.setCounted({{0, node.cutAt(values, size, 0), 0}}, size);
}

LogicalResult importRange(NodeContext &node) {
  for (unsigned i = 0; i < 3; ++i)
    if (!node.knownValue(node.input(i)))
      return importRuntimeRange(node);
  std::optional<Tensor> operands[3];
  for (unsigned i = 0; i < 3; ++i) {
    operands[i] = node.constant(i);
    if (!operands[i])
      return failure();
    if (operands[i]->size() != 1 || operands[i]->type() != operands[0]->type())
      return node.error("start, limit and delta must be scalars of one type");
  }
  auto real = [&](int i) { return operands[i]->asDouble(0); };
  if (real(2) == 0)
    return node.error("delta is 0");
  std::optional<int64_t> count = rangeSize(node, real(0), real(1), real(2));
  if (!count)
    return failure();
  switch (operands[0]->type()) {
  case ElementType::F32:
    return finishRange<float>(node, real(0), real(2), *count);
  case ElementType::F64:
    return finishRange<double>(node, real(0), real(2), *count);
  case ElementType::I16:
    return finishRange<int16_t>(node, operands[0]->asInt(0),
                                operands[2]->asInt(0), *count);
  case ElementType::I32:
    return finishRange<int32_t>(node, operands[0]->asInt(0),
                                operands[2]->asInt(0), *count);
  case ElementType::I64:
    return finishRange<int64_t>(node, operands[0]->asInt(0),
                                operands[2]->asInt(0), *count);
  default:
    return node.error("ranges of this element type are not supported");
  }
}

/// Ones on a diagonal.
LogicalResult importEyeLike(NodeContext &node) {
  ArrayRef<int64_t> shape = node.shapeOf(node.input(0));
  int64_t diagonal = node.intAttribute("k", 0);
  int32_t stated = node.intAttribute("dtype", 0);
  if (shape.size() != 2)
    return node.error("the input needs rank 2");
  Type element = node.elementTypeOf(node.input(0));
  if (std::optional<ElementType> type = elementTypeOfOnnx(stated))
    element = fromElementType(node.context(), *type);
  else if (stated != 0)
    return node.error("ONNX type " + onnxTypeName(stated) +
                      " is not supported");
  std::optional<int64_t> rows = rangeSize(node, 0, shape[0], 1);
  std::optional<int64_t> columns = rangeSize(node, 0, shape[1], 1);
  if (!rows || !columns)
    return failure();
  SmallVector<int64_t> row(*rows), column(*columns);
  for (auto [index, value] : llvm::enumerate(row))
    value = index;
  // Beyond the matrix there is no diagonal, however far.
  diagonal = std::clamp(diagonal, -*rows, *columns);
  for (auto [index, value] : llvm::enumerate(column))
    value = static_cast<int64_t>(index) - diagonal;
  Value isOne = node.create<edge::CompareOp>(
      node.reshape(node.intVector(row), {*rows, 1}), node.intVector(column),
      edge::ComparePredicate::eq);
  return node.finish(node.castTo(isOne, element));
}

} // namespace

void edgec::onnx_import::addConstants(OperatorTable &table) {
  constexpr TypeSet rangeable =
      float32 | indices | TypeSet{ElementType::F64, ElementType::I16};
  table.add({
      {"Constant", 1, newestOpset, {0, 0}, {}, importConstant},
      {"ConstantOfShape", 9, newestOpset, {1, 1}, int64, importConstantOfShape},
      {"EyeLike", 9, newestOpset, {1, 1}, anyElement, importEyeLike},
      {"Range",
       11,
       newestOpset,
       {3, 3},
       rangeable,
       importRange,
       onnxDomain,
       "limits of the run need --max-elements"},
  });
}
