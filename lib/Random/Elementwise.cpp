//===- Elementwise.cpp - Rows of maps of one tensor -----------------------===//
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
using llvm::APFloat;

namespace {

/// Floats from which the function is computed, in thousandths: template
/// arguments are integers.
template <typename Op, int64_t low, int64_t high, int growth = 1>
void function(GraphBuilder &graph) {
  Wanted wanted{anyFloat};
  wanted.low = static_cast<double>(low) / 1000;
  wanted.high = static_cast<double>(high) / 1000;
  RandomValue x = graph.operand(wanted);
  graph.add<Op>(/*step=*/0, growth, x.value);
}

/// Of any numbers, results are multiples of what the operands are.
template <typename Op> void ofNumbers(GraphBuilder &graph) {
  RandomValue x = graph.operand({anyNumber});
  graph.add<Op>(x.step, 1, x.value);
}

/// To integers: not continuous.
template <typename Op> void toIntegers(GraphBuilder &graph) {
  Wanted wanted{anyFloat};
  wanted.exact = true;
  RandomValue x = graph.operand(wanted);
  graph.add<Op>(std::max(x.step, 1.0), 1, x.value);
}

void addSign(GraphBuilder &graph) {
  Wanted wanted{anyNumber};
  wanted.exact = true;
  RandomValue x = graph.operand(wanted);
  graph.add<SignOp>(1, 1, x.value);
}

void addNot(GraphBuilder &graph) {
  RandomValue x = graph.operand({anyInteger | boolean});
  graph.add<NotOp>(1, 1, x.value);
}

RandomValue specialArgument(GraphBuilder &graph) {
  return graph.argument(anyFloat.pick(graph.random), graph.shape(0, 4), -4, 4,
                        /*step=*/0.25, /*special=*/true);
}

void addIsNan(GraphBuilder &graph) {
  graph.add<IsNanOp>(1, 1, specialArgument(graph).value);
}

void addIsInf(GraphBuilder &graph) {
  graph.add<IsInfOp>(1, 1, specialArgument(graph).value,
                     graph.random.percent(60), graph.random.percent(60));
}

/// Of `alpha` and the operand.
template <typename Op> void withAlpha(GraphBuilder &graph) {
  RandomValue x = graph.operand({anyFloat});
  graph.add<Op>(0, 1, x.value, APFloat(graph.random.uniform(0.05, 1.5)));
}

void addSelu(GraphBuilder &graph) {
  RandomValue x = graph.operand({anyFloat});
  graph.add<SeluOp>(0, 1, x.value, APFloat(graph.random.uniform(0.5, 2)),
                    APFloat(graph.random.uniform(0.5, 2)));
}

void addThresholdedRelu(GraphBuilder &graph) {
  Wanted wanted{anyFloat};
  wanted.exact = true;
  RandomValue x = graph.operand(wanted);
  // Exact as the elements are: also where one equals it.
  double alpha = x.step * static_cast<double>(graph.random.between(-8, 8));
  graph.add<ThresholdedReluOp>(x.step, 1, x.value, APFloat(alpha));
}

void addHardSigmoid(GraphBuilder &graph) {
  RandomValue x = graph.operand({anyFloat});
  graph.add<HardSigmoidOp>(0, 1, x.value,
                           APFloat(graph.random.uniform(0.1, 0.5)),
                           APFloat(graph.random.uniform(0.2, 0.8)));
}

void addGelu(GraphBuilder &graph) {
  RandomValue x = graph.operand({anyFloat});
  graph.add<GeluOp>(0, 1, x.value, graph.random.percent(40));
}

void addClamp(GraphBuilder &graph) {
  RandomValue x = graph.operand({anyNumber});
  double step = x.step != 0 ? x.step : 0.25;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  bool isUnsigned = x.low >= 0 && anyInteger.has(x.type());
  double low = step * std::floor(graph.random.uniform(isUnsigned ? 0 : -12, 4));
  double high = low + step * static_cast<double>(graph.random.between(0, 12));
  low = std::max(low, isUnsigned ? 0.0 : -100.0);
  if (graph.random.percent(20))
    low = -infinity;
  else if (graph.random.percent(20))
    high = infinity;
  graph.add<ClampOp>(x.step, 1, x.value, APFloat(low), APFloat(high));
}

void addCast(GraphBuilder &graph) {
  ElementType to = anyType.pick(graph.random);
  Wanted wanted{anyType};
  wanted.exact = !isFloatType(to);
  RandomValue x = graph.operand(wanted);
  mlir::Operation *op = graph.builder.create<CastOp>(
      graph.builder.getUnknownLoc(), graph.typeOf(to, x.shape()), x.value);
  // What an integer of a loop becomes is not known.
  bool isKnown = isFloatType(x.type()) || !graph.isRepeated();
  graph.finish(op, isKnown ? x.step : 0);
}

} // namespace

void random::addElementwiseRows(OperationRows &rows) {
  rows.insert(rows.end(),
              {
                  {"edge.abs", ofNumbers<AbsOp>},
                  {"edge.neg", ofNumbers<NegOp>},
                  {"edge.relu", ofNumbers<ReluOp>, 8},
                  {"edge.sign", addSign},
                  {"edge.floor", toIntegers<FloorOp>},
                  {"edge.ceil", toIntegers<CeilOp>},
                  {"edge.round", toIntegers<RoundOp>},
                  {"edge.reciprocal", function<ReciprocalOp, 250, 64000>},
                  {"edge.sqrt", function<SqrtOp, 10, 64000>},
                  {"edge.exp", function<ExpOp, -16000, 4000, 8>},
                  {"edge.log", function<LogOp, 50, 64000, 8>},
                  {"edge.erf", function<ErfOp, -8000, 8000>},
                  {"edge.sin", function<SinOp, -16000, 16000, 16>},
                  {"edge.cos", function<CosOp, -16000, 16000, 16>},
                  {"edge.asin", function<AsinOp, -900, 900, 8>},
                  {"edge.acos", function<AcosOp, -900, 900, 8>},
                  {"edge.atan", function<AtanOp, -16000, 16000, 4>},
                  {"edge.sinh", function<SinhOp, -4000, 4000, 16>},
                  {"edge.cosh", function<CoshOp, -4000, 4000, 16>},
                  {"edge.asinh", function<AsinhOp, -64000, 64000, 4>},
                  {"edge.acosh", function<AcoshOp, 1250, 64000, 8>},
                  {"edge.atanh", function<AtanhOp, -900, 900, 8>},
                  {"edge.tanh", function<TanhOp, -12000, 12000>},
                  {"edge.sigmoid", function<SigmoidOp, -20000, 20000>, 6},
                  {"edge.softplus", function<SoftplusOp, -20000, 20000>},
                  {"edge.softsign", function<SoftsignOp, -64000, 64000>},
                  {"edge.hard_swish", function<HardSwishOp, -12000, 12000, 2>},
                  {"edge.mish", function<MishOp, -12000, 12000, 2>},
                  {"edge.not", addNot},
                  {"edge.is_nan", addIsNan},
                  {"edge.is_inf", addIsInf},
                  {"edge.leaky_relu", withAlpha<LeakyReluOp>},
                  {"edge.elu", withAlpha<EluOp>},
                  {"edge.celu", withAlpha<CeluOp>},
                  {"edge.selu", addSelu},
                  {"edge.thresholded_relu", addThresholdedRelu},
                  {"edge.hard_sigmoid", addHardSigmoid},
                  {"edge.gelu", addGelu},
                  {"edge.clamp", addClamp, 6},
                  {"edge.cast", addCast, 10},
              });
}
