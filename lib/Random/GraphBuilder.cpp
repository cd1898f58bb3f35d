//===- GraphBuilder.cpp - Operands and values of a random graph -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "Elements.h"
#include "edgec/Reference/Interpreter.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace edgec;
using namespace edgec::random;
using namespace mlir;

namespace {

/// More elements only take time.
constexpr int64_t mostElements = 6000;
/// Values that are further off say nothing any more.
constexpr double mostRounding = 0.01;

/// Bits of a float's significand.
int significandBits(ElementType type) {
  switch (type) {
  case ElementType::F16:
    return 11;
  case ElementType::BF16:
    return 8;
  case ElementType::F32:
    return 24;
  case ElementType::F64:
    return 53;
  default:
    return 63;
  }
}

/// The elements that a sum can have without being rounded, in multiples of its
/// step. A few bits are left for what the compiler does first: scales that are
/// merged into filters and the like.
double mostSteps(ElementType type) {
  int bits = significandBits(type);
  return std::ldexp(1.0, bits > 16 ? bits - 4 : bits - 1);
}

/// Whether `from` repeats to `to`, as NumPy broadcasts.
bool broadcasts(const Shape &from, const Shape &to) {
  if (from.size() > to.size())
    return false;
  size_t skipped = to.size() - from.size();
  for (size_t i = 0; i < from.size(); ++i)
    if (from[i] != 1 && from[i] != to[skipped + i])
      return false;
  return true;
}

} // namespace

double random::roundingOf(ElementType type) {
  return isFloatType(type) ? std::ldexp(1.0, -significandBits(type)) : 0;
}

ElementType Types::pick(RandomSource &random) const {
  // Most models are of f32, and most integers of those are bytes and indices.
  static constexpr ElementType favourites[] = {
      ElementType::F32, ElementType::F32, ElementType::F32,
      ElementType::F32, ElementType::F32, ElementType::I8,
      ElementType::U8,  ElementType::I32, ElementType::I64};
  for (int attempt = 0; attempt < 2; ++attempt)
    if (ElementType type = random.among(llvm::ArrayRef(favourites)); has(type))
      return type;
  llvm::SmallVector<ElementType> all;
  for (unsigned i = 1; i <= static_cast<unsigned>(ElementType::Bool); ++i)
    if (has(static_cast<ElementType>(i)))
      all.push_back(static_cast<ElementType>(i));
  return random.among(llvm::ArrayRef<ElementType>(all));
}

GraphBuilder::GraphBuilder(func::FuncOp function, uint64_t seed,
                           bool exportable)
    : random(seed), builder(function.getContext()), exportable(exportable),
      function(function) {
  builder.setInsertionPointToEnd(&function.front());
}

RankedTensorType GraphBuilder::typeOf(ElementType type, const Shape &shape) {
  return RankedTensorType::get(shape,
                               fromElementType(builder.getContext(), type));
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

int64_t GraphBuilder::extent(int64_t most) {
  int64_t choice =
      random.percent(40)
          ? random.between(1, 4)
          : random.among<int64_t>({1,  3,  5,  7,  8,  9,  11, 15, 16,  17,
                                   19, 31, 32, 33, 47, 64, 65, 70, 100, 130});
  return std::min(choice, most);
}

Shape GraphBuilder::shape(int64_t leastRank, int64_t mostRank, bool nonEmpty) {
  int64_t rank = leastRank;
  // Tensors of two to four dimensions are the usual ones.
  if (mostRank > leastRank)
    rank = std::min(mostRank, std::max(leastRank, random.between(0, 4)));
  if (mostRank > 4 && random.percent(5))
    rank = mostRank;
  Shape result;
  int64_t left = mostElements;
  for (int64_t i = 0; i < rank; ++i) {
    // Later dimensions are left something.
    int64_t most = rank - i == 1 ? left : std::max<int64_t>(1, left / 4);
    result.push_back(extent(most));
    left /= result.back();
  }
  std::rotate(result.begin(),
              result.begin() + (rank ? random.between(0, rank - 1) : 0),
              result.end());
  if (!nonEmpty && rank > 0 && random.percent(1))
    result[random.between(0, rank - 1)] = 0;
  return result;
}

//===----------------------------------------------------------------------===//
// Leaves
//===----------------------------------------------------------------------===//

RandomValue GraphBuilder::argument(ElementType type, const Shape &shape,
                                   double low, double high, double step,
                                   bool special) {
  ElementsSpec spec{low, high, step, random.next() >> 1, special};
  auto attributes = builder.getDictionaryAttr(builder.getNamedAttr(
      randomElementsAttr, toAttribute(spec, builder.getContext())));
  unsigned index = function.getNumArguments();
  function.insertArgument(index, typeOf(type, shape), attributes,
                          builder.getUnknownLoc());
  RandomValue value;
  value.value = function.getArgument(index);
  value.tensor = makeElements(type, shape, spec);
  value.step = isFloatType(type) ? step : 1;
  value.rounding = 0; // Both sides are given the same elements.
  std::tie(value.low, value.high) = extremes(value.tensor);
  return value;
}

RandomValue GraphBuilder::constant(Tensor tensor, double step) {
  RandomValue value;
  value.value = builder.create<edge::ConstantOp>(
      builder.getUnknownLoc(),
      edgec::toAttribute(tensor, "random", builder.getContext()));
  std::tie(value.low, value.high) = extremes(tensor);
  value.step = isFloatType(tensor.type()) ? step : 1;
  value.tensor = std::move(tensor);
  value.isConstant = true;
  return value;
}

RandomValue GraphBuilder::constant(ElementType type, const Shape &shape,
                                   double low, double high, double step,
                                   bool isParameter) {
  RandomValue value = constant(
      makeElements(type, shape, {low, high, step, random.next()}), step);
  if (!isParameter)
    return value;
  auto constant = value.value.getDefiningOp<edge::ConstantOp>();
  value.value = builder.create<edge::ParameterOp>(
      builder.getUnknownLoc(), "w" + std::to_string(parameters++),
      constant.getValue());
  constant.erase();
  return value;
}

RandomValue GraphBuilder::leaf(ElementType type, const Shape &shape, double low,
                               double high, bool exact, bool runTime) {
  double step = 1;
  if (isFloatType(type)) {
    // Six bits and a sign: products of two have less than those of f16.
    constexpr int bits = 4;
    double magnitude = std::max(-low, high);
    step = exact || random.percent(40)
               ? std::ldexp(1.0, std::ilogb(std::max(magnitude, 0x1p-6)) - bits)
               : 0;
  }
  bool isConstant = !runTime && random.percent(35);
  RandomValue value =
      isConstant ? constant(type, shape, low, high, step, random.percent(40))
                 : argument(type, shape, low, high, step);
  known.push_back(value);
  return value;
}

RandomValue GraphBuilder::leafFor(const Wanted &wanted, ElementType type,
                                  const Shape &shape) {
  double low = wanted.low, high = wanted.high;
  if (isFloatType(type)) {
    constexpr double usual = 4;
    if (low <= -usual && high >= usual && random.percent(80))
      low = -usual, high = usual;
  } else if (!wanted.clampIntegers) {
    auto [least, largest] = exactRange(type);
    bool small = random.percent(70);
    low = small ? std::max(least, -20.0) : least;
    high = small ? std::min(largest, 20.0) : largest;
  }
  return leaf(type, shape, low, high, wanted.exact, wanted.runTime);
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

bool GraphBuilder::suits(const RandomValue &value, const Wanted &wanted) const {
  return wanted.types.has(value.type()) && value.rank() >= wanted.leastRank &&
         value.rank() <= wanted.mostRank && value.rounding < mostRounding &&
         (!wanted.exact || value.isExact()) &&
         (!wanted.runTime || !value.isConstant) &&
         (!wanted.nonEmpty || value.tensor.size() != 0);
}

/// Clamps a value to what is wanted.
RandomValue GraphBuilder::fit(RandomValue value, const Wanted &wanted) {
  bool isInteger = !isFloatType(value.type());
  if (value.type() == ElementType::Bool || (isInteger && !wanted.clampIntegers))
    return value;
  if (!isRepeated() && value.low >= wanted.low && value.high <= wanted.high)
    return value;
  double low = wanted.low, high = wanted.high;
  if (isInteger) {
    auto [least, largest] = exactRange(value.type());
    low = std::max(low, least), high = std::min(high, largest);
  }
  if (double step = isInteger ? 1 : value.step) {
    double first = std::ceil(low / step) * step;
    double last = std::floor(high / step) * step;
    if (first > last || (isInteger && first > high))
      return leafFor(wanted, value.type(), value.shape());
    low = first, high = last;
  }
  return add<edge::ClampOp>(value.step, 1, value.value, APFloat(low),
                            APFloat(high));
}

RandomValue GraphBuilder::operand(const Wanted &wanted) {
  constexpr int attempts = 12;
  for (int i = 0; i < attempts && !known.empty(); ++i) {
    // The later ones first, so that graphs become deep.
    int64_t last = static_cast<int64_t>(known.size()) - 1;
    int64_t index = std::max(random.between(0, last), random.between(0, last));
    const RandomValue &value = known[index];
    if (suits(value, wanted) &&
        (!value.isConstant || wanted.constant || random.percent(10)))
      return fit(value, wanted);
  }
  ElementType type = wanted.types.pick(random);
  return leafFor(wanted, type,
                 shape(wanted.leastRank, wanted.mostRank, wanted.nonEmpty));
}

RandomValue GraphBuilder::operandLike(const Wanted &wanted, ElementType type,
                                      const Shape &like) {
  if (random.percent(70))
    for (const RandomValue &value : llvm::reverse(known))
      if (value.type() == type && suits(value, wanted) &&
          broadcasts(value.shape(), like) && random.percent(50))
        return fit(value, wanted);
  Shape shape = like;
  unsigned kind = random.next() % 4;
  for (int64_t &extent : shape)
    if (kind == 0 || (kind == 1 && random.percent(50)))
      extent = 1;
  if (kind >= 1 && !shape.empty() && random.percent(30))
    shape.erase(shape.begin(), shape.begin() + random.between(0, shape.size()));
  return leafFor(wanted, type, shape);
}

RandomValue GraphBuilder::operandOf(const Wanted &wanted, ElementType type,
                                    const Shape &shape) {
  if (random.percent(50))
    for (const RandomValue &value : llvm::reverse(known))
      if (value.type() == type && value.shape() == shape &&
          suits(value, wanted) && random.percent(60))
        return fit(value, wanted);
  return leafFor(wanted, type, shape);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

double GraphBuilder::sumStep(const RandomValue &a, const RandomValue &b,
                             int64_t count) {
  double step = a.step * b.step;
  double most = static_cast<double>(count) * a.magnitude() * b.magnitude();
  // Sums of the narrow types are of f32.
  ElementType sum = a.type() == ElementType::F64 ? a.type() : ElementType::F32;
  return step != 0 && most / step <= mostSteps(sum) ? step : 0;
}

const RandomValue &GraphBuilder::finish(Value result, Tensor tensor,
                                        double step, double rounding) {
  RandomValue value;
  value.value = result;
  std::tie(value.low, value.high) = extremes(tensor);
  ElementType type = tensor.type();
  if (!isFloatType(type)) {
    value.step = 1;
  } else {
    constexpr double leastStep = 0x1p-12; // Larger than f16's least number.
    bool exact =
        step >= leastStep && value.magnitude() / step <= mostSteps(type);
    value.step = exact ? step : 0;
    value.rounding = exact ? 0 : rounding + roundingOf(type);
  }
  value.tensor = std::move(tensor);
  known.push_back(std::move(value));
  return known.back();
}

const RandomValue &GraphBuilder::finish(Operation *op, double step,
                                        double growth) {
  llvm::SmallVector<Tensor> operands;
  double rounding = 0, absolute = 0;
  bool isConstant = op->getNumOperands() != 0;
  for (Value operand : op->getOperands()) {
    // Constants that a row makes for itself are not among the known values.
    auto found = llvm::find_if(known, [&](const RandomValue &value) {
      return value.value == operand;
    });
    if (found != known.end()) {
      operands.push_back(found->tensor);
      isConstant &= found->isConstant;
      rounding = std::max(rounding, found->rounding);
      absolute = std::max(absolute,
                          found->rounding * std::max(1.0, found->magnitude()));
      continue;
    }
    if (auto argument = dyn_cast<BlockArgument>(operand)) {
      auto spec = function.getArgAttrOfType<DictionaryAttr>(
          argument.getArgNumber(), randomElementsAttr);
      auto type = cast<RankedTensorType>(operand.getType());
      operands.push_back(makeElements(*toElementType(type.getElementType()),
                                      type.getShape().vec(),
                                      elementsSpec(spec)));
      isConstant = false;
      continue;
    }
    ElementsAttr attribute;
    if (auto constant = operand.getDefiningOp<edge::ConstantOp>())
      attribute = constant.getValue();
    else if (auto parameter = operand.getDefiningOp<edge::ParameterOp>())
      attribute = parameter.getValue();
    assert(attribute && "an operand that is not known");
    operands.push_back(*toTensor(attribute));
  }
  FailureOr<std::vector<Tensor>> results = interpretOperation(op, operands);
  if (mlir::failed(results)) {
    failed = true;
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    return finish(
        op->getResult(0),
        Tensor(*toElementType(type.getElementType()), type.getShape().vec()), 0,
        1);
  }
  // Errors of large numbers are large in small results.
  auto [low, high] = extremes(results->front());
  rounding = std::max(rounding, absolute / std::max({1.0, -low, high}));
  // A function that makes errors larger has some of its own.
  ElementType type = results->front().type();
  for (unsigned i = op->getNumResults(); i-- > 1;)
    finish(op->getResult(i), std::move((*results)[i]), 1, 0);
  finish(op->getResult(0), std::move(results->front()), step,
         rounding * growth + roundingOf(type) * growth / 2);
  for (unsigned i = 1; i <= op->getNumResults(); ++i)
    known[known.size() - i].isConstant = isConstant;
  return known.back();
}

GraphBuilder::Region::Region(GraphBuilder &graph, Block *block, bool repeats)
    : graph(graph), count(graph.known.size()), guard(graph.builder),
      repeats(repeats) {
  graph.builder.setInsertionPointToEnd(block);
  graph.repeated += repeats;
  ++graph.depth;
}

GraphBuilder::Region::~Region() {
  graph.repeated -= repeats;
  --graph.depth;
  // Arguments of the function that were made meanwhile stay known.
  std::deque<RandomValue> &known = graph.known;
  std::deque<RandomValue> kept(known.begin() + count, known.end());
  known.resize(count);
  for (RandomValue &value : kept)
    if (auto argument = dyn_cast<BlockArgument>(value.value))
      if (argument.getOwner() == &graph.function.front())
        known.push_back(std::move(value));
}
