//===- Binary.cpp - Rows of maps of several tensors -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include <cmath>

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::random;

namespace {

struct Pair {
  RandomValue lhs, rhs;

  /// What both are multiples of; 0 if one of them is rounded.
  double step() const {
    return lhs.isExact() && rhs.isExact() ? std::min(lhs.step, rhs.step) : 0;
  }
};

/// Two tensors that broadcast to the shape of one of them, in either order.
Pair pair(GraphBuilder &graph, const Wanted &left, const Wanted &right) {
  RandomValue first = graph.operand(left);
  RandomValue second = graph.operandLike(right, first.type(), first.shape());
  return {std::move(first), std::move(second)};
}

Pair pair(GraphBuilder &graph, const Wanted &wanted) {
  Pair operands = pair(graph, wanted, wanted);
  if (graph.random.percent(30))
    std::swap(operands.lhs, operands.rhs);
  return operands;
}

/// How much larger a relative error becomes where large numbers cancel.
double cancellation(const Pair &operands) {
  constexpr double most = 64;
  double largest = std::max(operands.lhs.magnitude(), operands.rhs.magnitude());
  return std::min(most, 1 + largest);
}

template <typename Op> void sum(GraphBuilder &graph) {
  Pair operands = pair(graph, {anyNumber});
  graph.add<Op>(operands.step(), cancellation(operands), operands.lhs.value,
                operands.rhs.value);
}

void addMul(GraphBuilder &graph) {
  Pair operands = pair(graph, {anyNumber});
  graph.add<MulOp>(operands.lhs.step * operands.rhs.step, 2, operands.lhs.value,
                   operands.rhs.value);
}

void addDiv(GraphBuilder &graph) {
  Wanted divisor{anyNumber};
  divisor.low = 0.5;
  Pair operands = pair(graph, {anyNumber}, divisor);
  graph.add<DivOp>(0, 2, operands.lhs.value, operands.rhs.value);
}

/// The remainder jumps: of exact numbers only, which a divisor away from zero
/// leaves exact.
void addMod(GraphBuilder &graph) {
  Wanted dividend{anyNumber}, divisor{anyNumber};
  dividend.exact = divisor.exact = true;
  divisor.low = 0.5;
  Pair operands = pair(graph, dividend, divisor);
  graph.add<ModOp>(operands.step(), 1, operands.lhs.value, operands.rhs.value,
                   isFloatType(operands.lhs.type()) ||
                       graph.random.percent(40));
}

template <typename Op> void choice(GraphBuilder &graph) {
  Pair operands = pair(graph, {anyNumber});
  graph.add<Op>(operands.step(), 1, operands.lhs.value, operands.rhs.value);
}

template <typename Op> void logic(GraphBuilder &graph) {
  Pair operands =
      pair(graph, {graph.random.percent(50) ? boolean : anyInteger});
  graph.add<Op>(1, 1, operands.lhs.value, operands.rhs.value);
}

template <typename Op> void shift(GraphBuilder &graph) {
  Wanted count{anyInteger};
  count.low = 0, count.high = 70; // Also more than there are bits.
  count.clampIntegers = true;
  // ONNX shifts no others.
  Types types = graph.exportable ? Types{ElementType::U8, ElementType::U16,
                                         ElementType::U32, ElementType::U64}
                                 : anyInteger;
  Pair operands = pair(graph, {types}, count);
  graph.add<Op>(1, 1, operands.lhs.value, operands.rhs.value);
}

void addPow(GraphBuilder &graph) {
  Wanted base{anyNumber}, exponent{anyNumber};
  base.low = 0.25, base.high = 4;
  exponent.low = -2, exponent.high = 3;
  exponent.clampIntegers = true;
  RandomValue x = graph.operand(base);
  ElementType type = isFloatType(x.type()) && graph.random.percent(30)
                         ? ElementType::I64
                         : x.type();
  if (!isFloatType(type))
    exponent.low = 0; // Powers of integers with negative exponents.
  RandomValue y = graph.operandLike(exponent, type, x.shape());
  graph.add<PowOp>(0, 8, x.value, y.value);
}

void addPRelu(GraphBuilder &graph) {
  Wanted slope{anyFloat};
  slope.low = -2, slope.high = 2;
  Pair operands = pair(graph, {anyFloat}, slope);
  graph.add<PReluOp>(0, 2, operands.lhs.value, operands.rhs.value);
}

void addCompare(GraphBuilder &graph) {
  Wanted wanted{anyType};
  wanted.exact = true;
  Pair operands = pair(graph, wanted);
  auto predicate = static_cast<ComparePredicate>(
      graph.random.between(0, getMaxEnumValForComparePredicate()));
  if (operands.lhs.type() == ElementType::Bool)
    predicate =
        graph.random.percent(50) ? ComparePredicate::eq : ComparePredicate::ne;
  graph.add<CompareOp>(1, 1, operands.lhs.value, operands.rhs.value, predicate);
}

void addSelect(GraphBuilder &graph) {
  Pair operands = pair(graph, {anyType});
  const Shape &shape = operands.lhs.tensor.size() > operands.rhs.tensor.size()
                           ? operands.lhs.shape()
                           : operands.rhs.shape();
  RandomValue condition =
      graph.operandLike({boolean}, ElementType::Bool, shape);
  graph.add<SelectOp>(operands.step(), 1, condition.value, operands.lhs.value,
                      operands.rhs.value);
}

} // namespace

void random::addBinaryRows(OperationRows &rows) {
  rows.insert(rows.end(), {
                              {"edge.add", sum<AddOp>, 10},
                              {"edge.sub", sum<SubOp>, 8},
                              {"edge.mul", addMul, 10},
                              {"edge.div", addDiv},
                              {"edge.mod", addMod},
                              {"edge.maximum", choice<MaximumOp>},
                              {"edge.minimum", choice<MinimumOp>},
                              {"edge.and", logic<AndOp>},
                              {"edge.or", logic<OrOp>},
                              {"edge.xor", logic<XorOp>},
                              {"edge.shift_left", shift<ShiftLeftOp>},
                              {"edge.shift_right", shift<ShiftRightOp>},
                              {"edge.pow", addPow},
                              {"edge.prelu", addPRelu},
                              {"edge.compare", addCompare, 6},
                              {"edge.select", addSelect, 6},
                          });
}
