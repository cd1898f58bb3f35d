//===- Activations.cpp - Activation functions and softmax ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NodeContext.h"
#include "OperatorTable.h"
#include <cmath>
#include <limits>
#include <numeric>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
using llvm::APFloat;

namespace {

template <typename OpTy> LogicalResult importPlain(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  return node.finish(node.create<OpTy>(node.input(0)));
}

LogicalResult importLeakyRelu(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  return node.finish(node.create<edge::LeakyReluOp>(
      node.input(0), APFloat(node.floatAttribute("alpha", 0.01f))));
}

template <typename OpTy> LogicalResult importAlpha(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  return node.finish(node.create<OpTy>(
      node.input(0), APFloat(node.floatAttribute("alpha", 1.0f))));
}

LogicalResult importSelu(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  // The first version rounded the constants to four digits.
  bool isFirst = node.opset() < 6;
  double alpha = node.floatAttribute("alpha", isFirst ? 1.6732f : 1.67326319f);
  double gamma = node.floatAttribute("gamma", isFirst ? 1.0507f : 1.05070102f);
  return node.finish(
      node.create<edge::SeluOp>(node.input(0), APFloat(alpha), APFloat(gamma)));
}

LogicalResult importHardSigmoid(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  return node.finish(node.create<edge::HardSigmoidOp>(
      node.input(0), APFloat(node.floatAttribute("alpha", 0.2f)),
      APFloat(node.floatAttribute("beta", 0.5f))));
}

LogicalResult importGelu(NodeContext &node) {
  std::string approximate = node.stringAttribute("approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    return node.error("approximate = '" + approximate + "' is not known");
  return node.finish(
      node.create<edge::GeluOp>(node.input(0), approximate == "tanh"));
}

//===----------------------------------------------------------------------===//
// Clip
//===----------------------------------------------------------------------===//

/// x * 1 where x > lambda and so on: Shrink by comparison.
LogicalResult importShrink(NodeContext &node) {
  Value x = node.input(0);
  Type element = node.elementTypeOf(x);
  double lambda = node.floatAttribute("lambd", 0.5f);
  double bias = node.floatAttribute("bias", 0.0f);
  if (!isa<FloatType>(element))
    return node.error("Shrink of integers is not supported");
  Value biasValue = node.scalar(element, bias);
  Value below = node.create<edge::CompareOp>(x, node.scalar(element, -lambda),
                                             edge::ComparePredicate::lt);
  Value above = node.create<edge::CompareOp>(x, node.scalar(element, lambda),
                                             edge::ComparePredicate::gt);
  Value shrunk = node.create<edge::SelectOp>(
      above, node.create<edge::SubOp>(x, biasValue), node.scalar(element, 0.0));
  return node.finish(node.create<edge::SelectOp>(
      below, node.create<edge::AddOp>(x, biasValue), shrunk));
}

Value clamp(NodeContext &node, Value input, double low, double high) {
  return node.create<edge::ClampOp>(input, APFloat(low), APFloat(high));
}

LogicalResult importClipAttributes(NodeContext &node) {
  node.ignoreAttributes({"consumed_inputs"});
  constexpr float largest = std::numeric_limits<float>::max();
  double low = node.floatAttribute("min", -largest);
  double high = node.floatAttribute("max", largest);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return node.finish(clamp(node, node.input(0),
                           low == -largest ? -infinity : low,
                           high == largest ? infinity : high));
}

/// The value of a bound as the clamp's attribute can hold it: nothing if it is
/// not known, or an integer that a double cannot represent.
std::optional<double> exactBound(NodeContext &node, Value bound,
                                 double whereAbsent) {
  if (!bound)
    return whereAbsent;
  std::optional<Tensor> known = node.knownValue(bound);
  if (!known || known->size() != 1)
    return std::nullopt;
  constexpr int64_t largestExact = int64_t{1} << 53;
  if (!isa<FloatType>(node.elementTypeOf(bound))) {
    int64_t value = known->asInt(0);
    if (value < -largestExact || value > largestExact)
      return std::nullopt;
    return static_cast<double>(value);
  }
  double value = known->asDouble(0);
  if (std::isnan(value))
    return std::nullopt;
  return value;
}

LogicalResult importClipInputs(NodeContext &node) {
  Value input = node.input(0), low = node.input(1), high = node.input(2);
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::optional<double> exactLow = exactBound(node, low, -infinity);
  std::optional<double> exactHigh = exactBound(node, high, infinity);
  if (exactLow && exactHigh)
    return node.finish(clamp(node, input, *exactLow, *exactHigh));
  Value result = input;
  if (low)
    result = node.create<edge::MaximumOp>(result, node.toScalar(low));
  if (high)
    result = node.create<edge::MinimumOp>(result, node.toScalar(high));
  return node.finish(result);
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// The opset from which on softmax works along one axis; before, along all
/// from it on.
constexpr int singleAxisSince = 13;

/// Applies `compute(value, axis)` along attribute `axis`, in the old versions
/// to the input as a matrix that is split there.
template <typename Compute>
LogicalResult alongAxis(NodeContext &node, Compute compute) {
  Value input = node.input(0);
  int64_t rank = node.rankOf(input);
  if (node.opset() >= singleAxisSince) {
    int64_t axis = node.normalizedAxis(node.intAttribute("axis", -1), rank);
    return node.finish(compute(input, axis));
  }
  int64_t axis = node.normalizedAxis(node.intAttribute("axis", 1), rank,
                                     /*inclusive=*/true);
  if (axis == rank - 1)
    return node.finish(compute(input, axis));
  SmallVector<int64_t> shape(node.shapeOf(input));
  auto product = [](auto begin, auto end) {
    return std::accumulate(begin, end, int64_t{1}, std::multiplies<>());
  };
  Value matrix =
      node.reshape(input, {product(shape.begin(), shape.begin() + axis),
                           product(shape.begin() + axis, shape.end())});
  return node.finish(node.reshape(compute(matrix, 1), shape));
}

template <bool log> LogicalResult importSoftmax(NodeContext &node) {
  return alongAxis(node, [&](Value value, int64_t axis) {
    return node.create<edge::SoftmaxOp>(value, axis, log);
  });
}

/// 1 at the first largest element, 0 elsewhere.
LogicalResult importHardmax(NodeContext &node) {
  return alongAxis(node, [&](Value value, int64_t axis) -> Value {
    Value largest = node.create<edge::ArgReduceOp>(value, edge::ArgKind::max,
                                                   axis, /*keep_dims=*/true,
                                                   /*select_last=*/false);
    if (node.hasFailed())
      return {};
    SmallVector<int64_t> shape(node.rankOf(value), 1);
    shape[axis] = node.shapeOf(value)[axis];
    Value positions =
        node.madeConstant(ElementType::I64, shape, [](Tensor &places) {
          auto *place = places.mutableData<int64_t>();
          std::iota(place, place + places.size(), 0);
        });
    Value isLargest = node.create<edge::CompareOp>(positions, largest,
                                                   edge::ComparePredicate::eq);
    return node.castTo(isLargest, node.elementTypeOf(value));
  });
}

} // namespace

void edgec::onnx_import::addActivations(OperatorTable &table) {
  constexpr InputCount one{1, 1};
  table.add({
      {"Celu", 12, newestOpset, one, floats, importAlpha<edge::CeluOp>},
      {"Clip", 1, 10, one, numbers, importClipAttributes},
      {"Clip", 11, newestOpset, {1, 3}, numbers, importClipInputs},
      {"Elu", 1, newestOpset, one, floats, importAlpha<edge::EluOp>},
      {"Gelu", 20, newestOpset, one, floats, importGelu},
      {"HardSigmoid", 1, newestOpset, one, floats, importHardSigmoid},
      {"HardSwish", 14, newestOpset, one, floats,
       importPlain<edge::HardSwishOp>},
      {"LeakyRelu", 1, newestOpset, one, floats, importLeakyRelu},
      {"Mish", 18, newestOpset, one, floats, importPlain<edge::MishOp>},
      {"Relu", 1, newestOpset, one, numbers, importPlain<edge::ReluOp>},
      {"Selu", 1, newestOpset, one, floats, importSelu},
      {"Shrink", 9, newestOpset, one, floats, importShrink},
      {"Sigmoid", 1, newestOpset, one, floats, importPlain<edge::SigmoidOp>},
      {"Softplus", 1, newestOpset, one, floats, importPlain<edge::SoftplusOp>},
      {"Softsign", 1, newestOpset, one, floats, importPlain<edge::SoftsignOp>},
      {"Tanh", 1, newestOpset, one, floats, importPlain<edge::TanhOp>},
      {"ThresholdedRelu", 10, newestOpset, one, floats,
       importAlpha<edge::ThresholdedReluOp>},
      {"Hardmax", 1, newestOpset, one, floats, importHardmax},
      {"LogSoftmax", 1, newestOpset, one, floats, importSoftmax<true>},
      {"Softmax", 1, newestOpset, one, floats, importSoftmax<false>},
  });
}
