//===- RecurrentTest.cpp - Recurrent layers compute what ONNX says --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expected values come from the formulas of ONNX's operators, element by
// element and in double precision.
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"
#include "gmock/gmock.h"
#include <cmath>
#include <functional>

using namespace edgec;
using namespace edgec::testing;
using ::testing::FloatNear;
using ::testing::Pointwise;

namespace {

constexpr int64_t steps = 4, batch = 2, inputSize = 3, hidden = 2;
constexpr int64_t lengths[batch] = {4, 2};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// Values that are neither equal nor large, the same every time.
std::vector<float> values(int64_t count, int64_t seed) {
  std::vector<float> result;
  for (int64_t i = 0; i < count; ++i)
    result.push_back(static_cast<float>(std::sin(1.3 * i + seed)));
  return result;
}

/// A layer of one or two directions and its operands, [T, N, I] and so on.
struct Layer {
  std::string op;
  int64_t numGates, numDirections;
  std::vector<float> x = values(steps * batch * inputSize, 1);
  std::vector<float> w, r, b, h, c, p;

  Layer(std::string op, int64_t numGates, int64_t numDirections)
      : op(std::move(op)), numGates(numGates), numDirections(numDirections) {
    int64_t rows = numDirections * numGates * hidden;
    w = values(rows * inputSize, 2);
    r = values(rows * hidden, 3);
    b = values(rows * 2, 4);
    h = values(numDirections * batch * hidden, 5);
    c = values(numDirections * batch * hidden, 6);
    p = values(numDirections * 3 * hidden, 7);
  }

  int64_t row(int64_t direction, int64_t gate, int64_t unit) const {
    return (direction * numGates + gate) * hidden + unit;
  }
  double inputPart(int64_t d, int64_t gate, int64_t unit, int64_t time,
                   int64_t sample) const {
    double sum = b[(2 * d * numGates + gate) * hidden + unit];
    for (int64_t i = 0; i < inputSize; ++i)
      sum += double(w[row(d, gate, unit) * inputSize + i]) *
             x[(time * batch + sample) * inputSize + i];
    return sum;
  }
  double recurrenceBias(int64_t d, int64_t gate, int64_t unit) const {
    return b[((2 * d + 1) * numGates + gate) * hidden + unit];
  }
  double recurrentPart(int64_t d, int64_t gate, int64_t unit,
                       const double *state) const {
    double sum = 0;
    for (int64_t i = 0; i < hidden; ++i)
      sum += r[row(d, gate, unit) * hidden + i] * state[i];
    return sum;
  }
  /// Both parts, for one sample whose state is `state`.
  double gate(int64_t d, int64_t gate, int64_t unit, int64_t time,
              int64_t sample, const double *state) const {
    return inputPart(d, gate, unit, time, sample) +
           recurrenceBias(d, gate, unit) + recurrentPart(d, gate, unit, state);
  }
};

/// Where a step is: of which direction, when, and in which sequence.
struct Place {
  int64_t direction, time, sample;
};

/// The next h and c, from the last: [hidden] each.
using Cell = std::function<void(const Place &, double *h, double *c)>;

struct Expected {
  std::vector<float> y, h, c;
};

/// All directions; the second, or with `isReverse` the only one, goes back.
Expected compute(const Layer &layer, bool isReverse, bool usesLengths,
                 const Cell &cell) {
  Expected expected;
  int64_t directions = layer.numDirections;
  expected.y.resize(steps * directions * batch * hidden);
  for (int64_t d = 0; d < directions; ++d) {
    for (int64_t n = 0; n < batch; ++n) {
      double h[hidden], c[hidden];
      for (int64_t k = 0; k < hidden; ++k) {
        h[k] = layer.h[(d * batch + n) * hidden + k];
        c[k] = layer.c[(d * batch + n) * hidden + k];
      }
      int64_t length = usesLengths ? lengths[n] : steps;
      for (int64_t step = 0; step < length; ++step) {
        bool isBackward = isReverse || d == 1;
        int64_t time = isBackward ? length - 1 - step : step;
        cell({d, time, n}, h, c);
        for (int64_t k = 0; k < hidden; ++k)
          expected.y[((time * directions + d) * batch + n) * hidden + k] =
              static_cast<float>(h[k]);
      }
      expected.h.insert(expected.h.end(), h, h + hidden);
      expected.c.insert(expected.c.end(), c, c + hidden);
    }
  }
  return expected;
}

class RecurrentTest : public ImportTest {
protected:
  static std::string attribute(const std::string &name,
                               const std::string &value) {
    return "attribute { name: '" + name + "' " + value + " } ";
  }

  std::vector<Tensor> import(const Layer &layer, const std::string &attributes,
                             bool usesLengths, bool isBatchFirst = false) {
    int64_t d = layer.numDirections, rows = layer.numGates * hidden;
    bool isLstm = layer.op == "LSTM";
    std::vector<int64_t> x{steps, batch, inputSize}, state{d, batch, hidden};
    if (isBatchFirst) {
      std::swap(x[0], x[1]);
      std::swap(state[0], state[1]);
    }
    std::string graph =
        floatValue("input", "x", x) +
        floatValue("input", "w", {d, rows, inputSize}) +
        floatValue("input", "r", {d, rows, hidden}) +
        floatValue("input", "b", {d, 2 * rows}) +
        floatValue("input", "h", state) + "output { name: 'y' } " +
        "output { name: 'yh' } initializer { name: 'n' data_type: 6 dims: 2 "
        "int32_data: [4, 2] } node { op_type: '" +
        layer.op + "' input: 'x' input: 'w' input: 'r' input: 'b' input: '" +
        (usesLengths ? "n" : "") + "' input: 'h' ";
    std::vector<Tensor> inputs{makeTensor<float>(x, layer.x),
                               makeTensor<float>({d, rows, inputSize}, layer.w),
                               makeTensor<float>({d, rows, hidden}, layer.r),
                               makeTensor<float>({d, 2 * rows}, layer.b),
                               makeTensor<float>(state, layer.h)};
    if (isLstm) {
      graph += "input: 'c' input: 'p' ";
      inputs.push_back(makeTensor<float>(state, layer.c));
      inputs.push_back(makeTensor<float>({d, 3 * hidden}, layer.p));
    }
    graph += "output: 'y' output: 'yh' " + attributes;
    graph += isLstm ? "output: 'yc' } output { name: 'yc' } " +
                          floatValue("input", "c", state) +
                          floatValue("input", "p", {d, 3 * hidden})
                    : "} ";
    auto module = importGraph(graph, 14);
    EXPECT_TRUE(module) << messages;
    return module ? run(*module, inputs) : std::vector<Tensor>();
  }

  void expectEqual(const std::vector<Tensor> &actual,
                   const Expected &expected) {
    ASSERT_GE(actual.size(), 2u);
    EXPECT_THAT(valuesOf<float>(actual[0]),
                Pointwise(FloatNear(1e-5f), expected.y));
    EXPECT_THAT(valuesOf<float>(actual[1]),
                Pointwise(FloatNear(1e-5f), expected.h));
    if (actual.size() > 2)
      EXPECT_THAT(valuesOf<float>(actual[2]),
                  Pointwise(FloatNear(1e-5f), expected.c));
  }
};

TEST_F(RecurrentTest, RnnBackwardsOverSequencesOfSeveralLengths) {
  Layer layer("RNN", 1, 1);
  Expected expected =
      compute(layer, /*isReverse=*/true, /*usesLengths=*/true,
              [&](const Place &at, double *h, double *) {
                double next[hidden];
                for (int64_t k = 0; k < hidden; ++k)
                  next[k] = std::tanh(
                      layer.gate(at.direction, 0, k, at.time, at.sample, h));
                std::copy(next, next + hidden, h);
              });
  expectEqual(import(layer, attribute("direction", "type: STRING s: 'reverse'"),
                     /*usesLengths=*/true),
              expected);
}

/// i, o, f and c with peepholes, in both directions.
Cell lstmCell(const Layer &layer, bool couplesForget, double clip,
              double (*gateFunction)(double)) {
  return [=](const Place &at, double *h, double *c) {
    double nextH[hidden], nextC[hidden];
    for (int64_t k = 0; k < hidden; ++k) {
      auto sum = [&](int64_t gate) {
        return layer.gate(at.direction, gate, k, at.time, at.sample, h);
      };
      auto peephole = [&](int64_t gate) {
        return layer.p[(at.direction * 3 + gate) * hidden + k];
      };
      auto bounded = [&](double x) { return std::clamp(x, -clip, clip); };
      double in = gateFunction(bounded(sum(0) + peephole(0) * c[k]));
      double forget = couplesForget
                          ? 1 - in
                          : gateFunction(bounded(sum(2) + peephole(2) * c[k]));
      nextC[k] = forget * c[k] + in * std::tanh(bounded(sum(3)));
      nextH[k] = gateFunction(bounded(sum(1) + peephole(1) * nextC[k])) *
                 std::tanh(nextC[k]);
    }
    std::copy(nextH, nextH + hidden, h);
    std::copy(nextC, nextC + hidden, c);
  };
}

TEST_F(RecurrentTest, LstmInBothDirectionsWithPeepholes) {
  Layer layer("LSTM", 4, 2);
  Expected expected =
      compute(layer, /*isReverse=*/false, /*usesLengths=*/true,
              lstmCell(layer, /*couplesForget=*/false, /*clip=*/1e9, sigmoid));
  expectEqual(import(layer,
                     attribute("direction", "type: STRING s: 'bidirectional'"),
                     /*usesLengths=*/true),
              expected);
}

TEST_F(RecurrentTest, LstmWithClippedSumsAndCoupledForgetGate) {
  Layer layer("LSTM", 4, 1);
  // 0.3 * x + 0.4, at most 1 and at least 0.
  auto hardSigmoid = [](double x) {
    return std::clamp(0.3 * x + 0.4, 0.0, 1.0);
  };
  Expected expected = compute(
      layer, /*isReverse=*/false, /*usesLengths=*/false,
      lstmCell(layer, /*couplesForget=*/true, /*clip=*/0.5, hardSigmoid));
  expectEqual(
      import(layer,
             attribute("input_forget", "type: INT i: 1") +
                 attribute("clip", "type: FLOAT f: 0.5") +
                 attribute("activations",
                           "type: STRINGS strings: 'HardSigmoid' strings: "
                           "'Tanh' strings: 'tanh'") +
                 attribute("activation_alpha", "type: FLOATS floats: 0.3") +
                 attribute("activation_beta", "type: FLOATS floats: 0.4"),
             /*usesLengths=*/false),
      expected);
}

/// z, r and h; the reset gate before or after the product.
Cell gruCell(const Layer &layer, bool isLinearFirst) {
  return [=](const Place &at, double *h, double *) {
    double reset[hidden], next[hidden];
    for (int64_t k = 0; k < hidden; ++k)
      reset[k] = sigmoid(layer.gate(at.direction, 1, k, at.time, at.sample, h));
    double resetState[hidden];
    for (int64_t k = 0; k < hidden; ++k)
      resetState[k] = reset[k] * h[k];
    for (int64_t k = 0; k < hidden; ++k) {
      double update =
          sigmoid(layer.gate(at.direction, 0, k, at.time, at.sample, h));
      double input = layer.inputPart(at.direction, 2, k, at.time, at.sample);
      double bias = layer.recurrenceBias(at.direction, 2, k);
      double recurrent =
          isLinearFirst
              ? reset[k] * (layer.recurrentPart(at.direction, 2, k, h) + bias)
              : layer.recurrentPart(at.direction, 2, k, resetState) + bias;
      next[k] = (1 - update) * std::tanh(input + recurrent) + update * h[k];
    }
    std::copy(next, next + hidden, h);
  };
}

TEST_F(RecurrentTest, GruWithResetBeforeOrAfterTheProduct) {
  for (bool isLinearFirst : {false, true}) {
    Layer layer("GRU", 3, 1);
    expectEqual(
        import(layer,
               attribute("linear_before_reset",
                         isLinearFirst ? "type: INT i: 1" : "type: INT i: 0"),
               /*usesLengths=*/false),
        compute(layer, /*isReverse=*/false, /*usesLengths=*/false,
                gruCell(layer, isLinearFirst)));
  }
}

/// The same layer; only the order of its operands' dimensions differs.
TEST_F(RecurrentTest, GruWithTheBatchFirst) {
  Layer layer("GRU", 3, 2);
  Expected expected = compute(layer, /*isReverse=*/false,
                              /*usesLengths=*/false, gruCell(layer, true));
  Layer swapped = layer;
  for (int64_t n = 0; n < batch; ++n) {
    for (int64_t t = 0; t < steps; ++t)
      for (int64_t i = 0; i < inputSize; ++i)
        swapped.x[(n * steps + t) * inputSize + i] =
            layer.x[(t * batch + n) * inputSize + i];
    for (int64_t d = 0; d < 2; ++d)
      for (int64_t k = 0; k < hidden; ++k)
        swapped.h[(n * 2 + d) * hidden + k] =
            layer.h[(d * batch + n) * hidden + k];
  }
  Expected swappedExpected = expected;
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t d = 0; d < 2; ++d)
      for (int64_t k = 0; k < hidden; ++k) {
        swappedExpected.h[(n * 2 + d) * hidden + k] =
            expected.h[(d * batch + n) * hidden + k];
        for (int64_t t = 0; t < steps; ++t)
          swappedExpected.y[((n * steps + t) * 2 + d) * hidden + k] =
              expected.y[((t * 2 + d) * batch + n) * hidden + k];
      }
  expectEqual(import(swapped,
                     attribute("direction", "type: STRING s: 'bidirectional'") +
                         attribute("linear_before_reset", "type: INT i: 1") +
                         attribute("layout", "type: INT i: 1"),
                     /*usesLengths=*/false, /*isBatchFirst=*/true),
              swappedExpected);
}

} // namespace
