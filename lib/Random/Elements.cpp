//===- Elements.cpp - Random elements of tensors --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "RandomSource.h"
#include "edgec/Random/RandomGraph.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Builders.h"
#include <cmath>
#include <limits>

using namespace edgec;
using namespace edgec::random;
using namespace mlir;

DictionaryAttr random::toAttribute(const ElementsSpec &spec,
                                   MLIRContext *context) {
  Builder builder(context);
  SmallVector<NamedAttribute> entries = {
      builder.getNamedAttr("high", builder.getF64FloatAttr(spec.high)),
      builder.getNamedAttr("low", builder.getF64FloatAttr(spec.low)),
      builder.getNamedAttr("seed", builder.getI64IntegerAttr(spec.seed)),
      builder.getNamedAttr("step", builder.getF64FloatAttr(spec.step)),
  };
  if (spec.special)
    entries.push_back(builder.getNamedAttr("special", builder.getUnitAttr()));
  return builder.getDictionaryAttr(entries);
}

ElementsSpec random::elementsSpec(DictionaryAttr attribute) {
  ElementsSpec spec;
  if (!attribute)
    return spec;
  if (auto low = attribute.getAs<FloatAttr>("low"))
    spec.low = low.getValueAsDouble();
  if (auto high = attribute.getAs<FloatAttr>("high"))
    spec.high = high.getValueAsDouble();
  if (auto step = attribute.getAs<FloatAttr>("step"))
    spec.step = step.getValueAsDouble();
  if (auto seed = attribute.getAs<IntegerAttr>("seed"))
    spec.seed = seed.getValue().getZExtValue();
  spec.special = attribute.contains("special");
  return spec;
}

std::pair<double, double> random::exactRange(ElementType type) {
  constexpr double exact = 0x1p53;
  auto [least, largest] = integerRange(type);
  return {std::max(static_cast<double>(least), -exact),
          std::min(static_cast<double>(largest), exact)};
}

Tensor random::makeElements(ElementType type, std::vector<int64_t> shape,
                            const ElementsSpec &spec) {
  Tensor tensor(type, std::move(shape));
  RandomSource random(spec.seed);
  double low = spec.low, high = spec.high, step = spec.step;
  if (!isFloatType(type)) {
    auto [least, largest] = exactRange(type);
    low = std::min(std::max(low, least), largest);
    high = std::min(std::max(high, low), largest);
    step = 1;
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (int64_t i = 0; i < tensor.size(); ++i) {
    double value;
    if (step != 0) {
      double first = std::ceil(low / step), last = std::floor(high / step);
      value = step * static_cast<double>(random.between(
                         static_cast<int64_t>(first),
                         static_cast<int64_t>(std::max(first, last))));
    } else {
      value = random.uniform(low, high);
    }
    if (spec.special && random.percent(30))
      value = random.among(
          {infinity, -infinity, std::numeric_limits<double>::quiet_NaN()});
    tensor.setDouble(i, value);
  }
  return tensor;
}

std::pair<double, double> random::extremes(const Tensor &tensor) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (int64_t i = 0; i < tensor.size(); ++i) {
    double value = tensor.asDouble(i);
    low = std::fmin(low, value);
    high = std::fmax(high, value);
  }
  return low <= high ? std::pair(low, high) : std::pair(0.0, 0.0);
}

std::vector<Tensor> edgec::makeRandomInputs(func::FuncOp function) {
  std::vector<Tensor> inputs;
  for (BlockArgument argument : function.getArguments()) {
    auto type = cast<RankedTensorType>(argument.getType());
    auto spec = function.getArgAttrOfType<DictionaryAttr>(
        argument.getArgNumber(), randomElementsAttr);
    inputs.push_back(makeElements(*toElementType(type.getElementType()),
                                  type.getShape().vec(), elementsSpec(spec)));
  }
  return inputs;
}
