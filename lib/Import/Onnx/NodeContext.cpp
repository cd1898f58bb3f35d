//===- NodeContext.cpp - One ONNX node, as a handler sees it --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "ElementTypes.h"
#include "GraphImporter.h"
#include "edgec/Dialect/Edge/RuntimeShape.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

NodeContext::NodeContext(GraphImporter &importer, onnx::NodeProto &proto,
                         int64_t opset, ArrayRef<Value> inputs,
                         Location location)
    : importer(importer), proto(proto), opsetVersion(opset), inputs(inputs),
      location(location) {}

LogicalResult NodeContext::error(const Twine &reason) {
  if (failureReason.empty())
    failureReason = reason.str();
  return failure();
}

LogicalResult NodeContext::giveUp() {
  givenUp = true;
  return failure();
}

OpBuilder &NodeContext::builder() const { return importer.builder; }

bool NodeContext::isUsed(unsigned index) const {
  return index < numOutputs() && !proto.output(index).empty() &&
         importer.isUsed(proto.output(index));
}

void NodeContext::setOutput(unsigned index, Value value) {
  if (outputs.size() <= index)
    outputs.resize(index + 1);
  outputs[index] = value;
}

LogicalResult NodeContext::finish(Value value) {
  if (hasFailed())
    return failure();
  setOutput(0, value);
  return success();
}

LogicalResult NodeContext::importSubgraph(onnx::GraphProto &subgraph,
                                          ValueRange arguments,
                                          SmallVectorImpl<Value> &results) {
  if (failed(importer.importSubgraph(subgraph, arguments, results)))
    return hasFailed() ? failure() : giveUp();
  if (llvm::is_contained(results, Value()))
    return giveUp();
  return success();
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

/// The attribute's type. Models of IR version 1 do not state it: it is what
/// the attribute has.
static onnx::AttributeProto::AttributeType
typeOf(const onnx::AttributeProto &attribute) {
  if (attribute.type() != onnx::AttributeProto::UNDEFINED)
    return attribute.type();
  if (attribute.has_i())
    return onnx::AttributeProto::INT;
  if (attribute.has_f())
    return onnx::AttributeProto::FLOAT;
  if (attribute.has_s())
    return onnx::AttributeProto::STRING;
  if (attribute.has_t())
    return onnx::AttributeProto::TENSOR;
  if (attribute.has_g())
    return onnx::AttributeProto::GRAPH;
  if (attribute.ints_size() != 0)
    return onnx::AttributeProto::INTS;
  if (attribute.floats_size() != 0)
    return onnx::AttributeProto::FLOATS;
  if (attribute.strings_size() != 0)
    return onnx::AttributeProto::STRINGS;
  return onnx::AttributeProto::UNDEFINED;
}

onnx::AttributeProto *
NodeContext::find(StringRef name, onnx::AttributeProto::AttributeType type) {
  readAttributes.insert(name);
  for (onnx::AttributeProto &attribute : *proto.mutable_attribute()) {
    if (name != attribute.name())
      continue;
    if (attribute.has_ref_attr_name() && !attribute.ref_attr_name().empty())
      (void)error(fmt::format("attribute '{}' refers to a function's attribute "
                              "outside a function",
                              attribute.name()));
    else if (typeOf(attribute) == type)
      return &attribute;
    else
      (void)error(fmt::format(
          "attribute '{}' must be {}, not {}", attribute.name(),
          onnx::AttributeProto::AttributeType_Name(type),
          onnx::AttributeProto::AttributeType_Name(typeOf(attribute))));
    return nullptr;
  }
  return nullptr;
}

bool NodeContext::hasAttribute(StringRef name) {
  readAttributes.insert(name);
  return llvm::any_of(proto.attribute(), [&](const auto &attribute) {
    return name == attribute.name();
  });
}

int64_t NodeContext::intAttribute(StringRef name, int64_t byDefault) {
  const auto *attribute = find(name, onnx::AttributeProto::INT);
  return attribute ? attribute->i() : byDefault;
}

int64_t NodeContext::requiredIntAttribute(StringRef name) {
  if (!hasAttribute(name))
    (void)error("attribute '" + name + "' is missing");
  return intAttribute(name, 0);
}

bool NodeContext::flagAttribute(StringRef name, bool byDefault) {
  return intAttribute(name, byDefault) != 0;
}

double NodeContext::floatAttribute(StringRef name, float byDefault) {
  const auto *attribute = find(name, onnx::AttributeProto::FLOAT);
  return attribute ? attribute->f() : byDefault;
}

std::string NodeContext::stringAttribute(StringRef name, StringRef byDefault) {
  const auto *attribute = find(name, onnx::AttributeProto::STRING);
  return attribute ? attribute->s() : byDefault.str();
}

std::optional<SmallVector<int64_t>> NodeContext::intsAttribute(StringRef name) {
  const auto *attribute = find(name, onnx::AttributeProto::INTS);
  if (!attribute)
    return std::nullopt;
  return SmallVector<int64_t>(attribute->ints().begin(),
                              attribute->ints().end());
}

std::optional<SmallVector<float>> NodeContext::floatsAttribute(StringRef name) {
  const auto *attribute = find(name, onnx::AttributeProto::FLOATS);
  if (!attribute)
    return std::nullopt;
  return SmallVector<float>(attribute->floats().begin(),
                            attribute->floats().end());
}

std::optional<SmallVector<std::string>>
NodeContext::stringsAttribute(StringRef name) {
  const auto *attribute = find(name, onnx::AttributeProto::STRINGS);
  if (!attribute)
    return std::nullopt;
  return SmallVector<std::string>(attribute->strings().begin(),
                                  attribute->strings().end());
}

onnx::TensorProto *NodeContext::tensorAttribute(StringRef name) {
  auto *attribute = find(name, onnx::AttributeProto::TENSOR);
  return attribute ? attribute->mutable_t() : nullptr;
}

onnx::GraphProto *NodeContext::graphAttribute(StringRef name) {
  auto *attribute = find(name, onnx::AttributeProto::GRAPH);
  return attribute ? attribute->mutable_g() : nullptr;
}

void NodeContext::ignoreAttributes(std::initializer_list<StringRef> names) {
  for (StringRef name : names)
    readAttributes.insert(name);
}

SmallVector<StringRef> NodeContext::unreadAttributes() const {
  SmallVector<StringRef> unread;
  for (const onnx::AttributeProto &attribute : proto.attribute())
    if (!readAttributes.contains(attribute.name()))
      unread.push_back(attribute.name());
  return unread;
}

//===----------------------------------------------------------------------===//
// Shapes and axes
//===----------------------------------------------------------------------===//

ArrayRef<int64_t> NodeContext::shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

int64_t NodeContext::rankOf(Value value) { return shapeOf(value).size(); }

Type NodeContext::elementTypeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getElementType();
}

int64_t NodeContext::normalizedAxis(int64_t axis, int64_t rank,
                                    bool inclusive) {
  int64_t last = inclusive ? rank : rank - 1;
  if (axis < -rank || axis > last) {
    (void)error(fmt::format("axis {} is not in [{}, {}]", axis, -rank, last));
    return 0;
  }
  return axis < 0 ? axis + rank : axis;
}

SmallVector<int64_t> NodeContext::normalizedAxes(ArrayRef<int64_t> axes,
                                                 int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes)
    result.push_back(normalizedAxis(axis, rank));
  llvm::sort(result);
  auto duplicate = std::adjacent_find(result.begin(), result.end());
  if (duplicate != result.end() && !hasFailed())
    (void)error(fmt::format("axis {} is given twice", *duplicate));
  return result;
}

std::optional<SmallVector<int64_t>> NodeContext::axes(int inputSince,
                                                      unsigned index) {
  if (opset() < inputSince)
    return intsAttribute("axes");
  if (!input(index))
    return std::nullopt;
  return constantInts(index);
}

//===----------------------------------------------------------------------===//
// Known values
//===----------------------------------------------------------------------===//

std::optional<Tensor> NodeContext::knownValue(Value value) {
  return importer.knownValue(value);
}

bool NodeContext::isKnownZero(Value value) {
  std::optional<Tensor> known = knownValue(value);
  if (!known)
    return false;
  for (int64_t i = 0; i < known->size(); ++i)
    if (known->asInt(i) != 0)
      return false;
  return true;
}

std::optional<Tensor> NodeContext::constant(unsigned index) {
  if (hasFailed())
    return std::nullopt;
  if (!input(index)) {
    (void)error(fmt::format("input {} is missing", index));
    return std::nullopt;
  }
  std::optional<Tensor> value = knownValue(input(index));
  if (!value)
    (void)error(fmt::format("input {} ('{}') is computed from run-time data; "
                            "it must be known at compile time",
                            index, proto.input(index)));
  return value;
}

std::optional<SmallVector<int64_t>> NodeContext::constantInts(unsigned index) {
  std::optional<Tensor> tensor = constant(index);
  if (!tensor)
    return std::nullopt;
  if (isa<FloatType>(elementTypeOf(input(index)))) {
    (void)error(fmt::format("input {} must hold integers", index));
    return std::nullopt;
  }
  SmallVector<int64_t> values;
  for (int64_t i = 0; i < tensor->size(); ++i)
    values.push_back(tensor->asInt(i));
  return values;
}

std::optional<SmallVector<double>> NodeContext::constantFloats(unsigned index) {
  std::optional<Tensor> tensor = constant(index);
  if (!tensor)
    return std::nullopt;
  SmallVector<double> values;
  for (int64_t i = 0; i < tensor->size(); ++i)
    values.push_back(tensor->asDouble(i));
  return values;
}

//===----------------------------------------------------------------------===//
// Extents that the run decides
//===----------------------------------------------------------------------===//

ArrayRef<Value> NodeContext::runtimeExtents(Value value) const {
  return importer.extents.of(value);
}

std::optional<int64_t> NodeContext::maxElements(unsigned firstOutput) {
  std::optional<int64_t> least;
  for (const std::string &name :
       llvm::drop_begin(proto.output(), firstOutput)) {
    importer.countedValues.insert(name);
    auto found = importer.maxElements.find(name);
    if (found != importer.maxElements.end())
      least = std::min(found->second, least.value_or(found->second));
  }
  return least;
}

LogicalResult NodeContext::setCounted(ArrayRef<CountedOutput> counted,
                                      Value count) {
  if (hasFailed())
    return failure();
  std::optional<Tensor> known = knownValue(count);
  std::optional<int64_t> size = known ? known->asInt(0) : maxElements();
  bool isCut = false;
  for (const auto &[index, value, dim] : counted) {
    bool cutsThis = size && *size < shapeOf(value)[dim];
    isCut |= cutsThis;
    setOutput(index, cutsThis ? slice(value, dim, 0, *size) : value);
  }
  if (known)
    return success(!hasFailed());
  if (isCut)
    count = create<edge::MinimumOp>(
        count, scalar(elementTypeOf(count), static_cast<double>(*size)));
  for (const auto &[index, value, dim] : counted)
    setExtent(outputs[index], dim, count);
  return success(!hasFailed());
}

void NodeContext::setExtent(Value value, int64_t dim, Value count) {
  if (hasFailed())
    return;
  RuntimeExtents::Extents extents(runtimeExtents(value));
  extents.resize(rankOf(value));
  extents[dim] = count;
  importer.extents.set(value, std::move(extents));
}

Value NodeContext::cutAt(Value value, Value count, int64_t dim) {
  if (hasFailed())
    return {};
  SmallVector<int64_t> shape(rankOf(value), 1);
  shape[dim] = shapeOf(value)[dim];
  Value position = createAs<edge::IotaOp>(
      RankedTensorType::get(shape, builder().getI64Type()), dim);
  Value isThere =
      create<edge::CompareOp>(position, count, edge::ComparePredicate::lt);
  Value result =
      create<edge::SelectOp>(isThere, value, scalar(elementTypeOf(value), 0));
  if (!hasFailed())
    result.getDefiningOp()->setAttr(edge::cutDimAttr,
                                    builder().getI64IntegerAttr(dim));
  return result;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

SmallVector<Value> NodeContext::createAllFrom(OperationState &state,
                                              unsigned numResults) {
  for (Type type : state.types) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    // Any element has at most 8 bytes.
    if (tensor && isReasonableShape(tensor.getShape(), 8))
      continue;
    (void)error("the result would be larger than any machine's memory");
    return SmallVector<Value>(numResults);
  }
  Operation *op = builder().create(state);
  if (failed(verify(op, /*verifyRecursively=*/false))) {
    (void)error("the node is not valid");
    op->erase();
    return SmallVector<Value>(numResults);
  }
  SmallVector<Value> results = importer.fold(op);
  std::string reason;
  if (results.front().getDefiningOp() != op ||
      succeeded(importer.extents.carryOver(builder(), op, results, reason)))
    return results;
  op->erase();
  (void)error(reason);
  return SmallVector<Value>(numResults);
}

Value NodeContext::constant(const Tensor &tensor) {
  if (hasFailed())
    return {};
  return builder().create<edge::ConstantOp>(
      location, toAttribute(tensor, "constant", context()));
}

Value NodeContext::madeConstant(ElementType type, ArrayRef<int64_t> shape,
                                llvm::function_ref<void(Tensor &)> fill) {
  if (hasFailed())
    return {};
  // A model's own weights are as large as its file; these come from a few
  // numbers in it.
  constexpr int64_t mostElements = int64_t{1} << 26;
  if (!isReasonableShape(shape, byteSize(type)) ||
      ShapedType::getNumElements(shape) > mostElements) {
    (void)error(fmt::format("the node needs a constant of shape {}; {} "
                            "elements are the most that are made up",
                            formatShape(shape.vec()), mostElements));
    return {};
  }
  Tensor tensor(type, shape.vec());
  fill(tensor);
  return constant(tensor);
}

/// The ends of the range stand for what lies outside.
static int64_t toInteger(double value) {
  constexpr double end = 0x1p63;
  if (value >= end)
    return std::numeric_limits<int64_t>::max();
  if (value < -end)
    return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(value);
}

Value NodeContext::scalar(Type elementType, double value) {
  if (hasFailed())
    return {};
  auto type = RankedTensorType::get({}, elementType);
  Attribute element;
  if (isa<FloatType>(elementType))
    element = builder().getFloatAttr(elementType, value);
  else
    element = builder().getIntegerAttr(elementType, toInteger(value));
  return builder().create<edge::ConstantOp>(
      location, DenseElementsAttr::get(type, ArrayRef<Attribute>(element)));
}

Value NodeContext::intVector(ArrayRef<int64_t> values) {
  Tensor tensor(ElementType::I64, {static_cast<int64_t>(values.size())});
  llvm::copy(values, tensor.mutableData<int64_t>());
  return constant(tensor);
}

Value NodeContext::reshape(Value value, ArrayRef<int64_t> shape) {
  if (hasFailed() || shapeOf(value) == shape)
    return value;
  return createAs<edge::ReshapeOp>(
      RankedTensorType::get(shape, elementTypeOf(value)), value);
}

Value NodeContext::transpose(Value value, ArrayRef<int64_t> permutation) {
  if (hasFailed() || llvm::is_sorted(permutation))
    return value;
  return create<edge::TransposeOp>(value, permutation);
}

Value NodeContext::castTo(Value value, Type elementType) {
  if (hasFailed() || elementTypeOf(value) == elementType)
    return value;
  return createAs<edge::CastOp>(
      RankedTensorType::get(shapeOf(value), elementType), value);
}

Value NodeContext::broadcast(Value value, ArrayRef<int64_t> shape) {
  if (hasFailed() || shapeOf(value) == shape)
    return value;
  return createAs<edge::BroadcastOp>(
      RankedTensorType::get(shape, elementTypeOf(value)), value);
}

Value NodeContext::slice(Value value, int64_t axis, int64_t start,
                         int64_t size) {
  if (hasFailed())
    return {};
  SmallVector<int64_t> starts(rankOf(value), 0), steps(rankOf(value), 1);
  SmallVector<int64_t> sizes(shapeOf(value));
  starts[axis] = start;
  sizes[axis] = size;
  return create<edge::SliceOp>(value, starts, sizes, steps);
}

Value NodeContext::toScalar(Value value) { return reshape(value, {}); }
