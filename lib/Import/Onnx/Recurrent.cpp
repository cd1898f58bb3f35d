//===- Recurrent.cpp - RNN, GRU and LSTM --------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer becomes one product of the whole sequence with the input weights and
// a loop over time with the rest. A backward direction is a forward one on the
// reversed sequence, so that every loop counts up.
//
//===----------------------------------------------------------------------===//

#include "GateActivations.h"
#include "LoopBuilder.h"
#include "NodeContext.h"
#include "OperatorTable.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;
using llvm::APFloat;

namespace {

/// What is the same for all directions.
struct Layer {
  Value sequence; ///< [T, N, I]
  int64_t steps, batch, inputSize, hidden, numDirections;
  int64_t numGates;
  bool isBatchFirst = false;
  std::optional<double> clip;
  Value lengths; ///< [N], or null where all sequences have T elements.
};

/// One direction: its weights, and what the state begins with.
struct Direction {
  bool isReversed;
  Value weights;                   ///< [G * H, I]
  Value recurrence;                ///< [G * H, H]
  Value inputBias, recurrenceBias; ///< [G * H], or both null.
  Value peepholes;                 ///< [3 * H], or null.
  SmallVector<Value> initial;      ///< [N, H], one a state.
  ArrayRef<GateActivation> activations;
};

/// Builds a step: the new states, from the products of the inputs with their
/// weights, [N, G * H], and the states. The first one is the output.
using Cell = function_ref<SmallVector<Value>(const Direction &, Value inputs,
                                             ValueRange states)>;

Value add(NodeContext &node, Value a, Value b) {
  return node.create<edge::AddOp>(a, b);
}

Value multiply(NodeContext &node, Value a, Value b) {
  return node.create<edge::MulOp>(a, b);
}

/// 1 - x
Value complement(NodeContext &node, Value x) {
  return node.create<edge::SubOp>(node.scalar(node.elementTypeOf(x), 1), x);
}

/// a * b', where b has the weights of an output a row.
Value product(NodeContext &node, Value a, Value b) {
  return node.create<edge::MatMulOp>(a, b, /*transpose_lhs=*/false,
                                     /*transpose_rhs=*/true);
}

/// Gates [first, first + count) of all gates in the last dimension.
Value gates(NodeContext &node, const Layer &layer, Value all, int64_t first,
            int64_t count = 1) {
  if (node.hasFailed())
    return {};
  return node.slice(all, node.rankOf(all) - 1, first * layer.hidden,
                    count * layer.hidden);
}

Value activate(NodeContext &node, const Layer &layer,
               const GateActivation &activation, Value x) {
  if (layer.clip)
    x = node.create<edge::ClampOp>(x, APFloat(-*layer.clip),
                                   APFloat(*layer.clip));
  if (node.hasFailed())
    return {};
  return activation(node, x);
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

/// Null, and an error, unless `value` has the shape.
Value checked(NodeContext &node, Value value, StringRef name,
              ArrayRef<int64_t> shape) {
  if (!value || node.hasFailed() || node.shapeOf(value) == shape)
    return value;
  (void)node.error(fmt::format("{} has shape [{}], [{}] is needed", name.str(),
                               fmt::join(node.shapeOf(value), ", "),
                               fmt::join(shape, ", ")));
  return {};
}

int64_t readNumDirections(NodeContext &node) {
  std::string direction = node.stringAttribute("direction", "forward");
  if (direction != "forward" && direction != "reverse" &&
      direction != "bidirectional")
    (void)node.error("direction = '" + direction + "' is not known");
  return direction == "bidirectional" ? 2 : 1;
}

/// The lengths, unless they are those of the whole sequence.
Value readLengths(NodeContext &node, const Layer &layer) {
  Value lengths = checked(node, node.input(4), "sequence_lens", {layer.batch});
  if (!lengths)
    return {};
  std::optional<Tensor> known = node.knownValue(lengths);
  if (!known)
    return lengths;
  for (int64_t i = 0; i < known->size(); ++i)
    if (known->asInt(i) < layer.steps)
      return lengths;
  return {};
}

/// Reads the attributes and the shapes of X and R, which decide all others.
Layer readLayer(NodeContext &node, int64_t numGates) {
  Layer layer = {};
  constexpr int64_t layoutSince = 14;
  layer.isBatchFirst =
      node.opset() >= layoutSince && node.flagAttribute("layout", false);
  layer.numGates = numGates;
  layer.numDirections = readNumDirections(node);
  if (node.hasAttribute("clip"))
    layer.clip = node.floatAttribute("clip", 0);
  // What the first version left out follows from which outputs are used.
  node.ignoreAttributes({"output_sequence"});
  Value x = node.input(0), recurrence = node.input(2);
  if (node.rankOf(x) != 3 || node.rankOf(recurrence) != 3) {
    (void)node.error("X and R need rank 3");
    return layer;
  }
  layer.sequence = layer.isBatchFirst ? node.transpose(x, {1, 0, 2}) : x;
  if (node.hasFailed())
    return layer;
  ArrayRef<int64_t> shape = node.shapeOf(layer.sequence);
  layer.steps = shape[0];
  layer.batch = shape[1];
  layer.inputSize = shape[2];
  layer.hidden = node.shapeOf(recurrence)[2];
  if (node.intAttribute("hidden_size", layer.hidden) != layer.hidden)
    (void)node.error("attribute 'hidden_size' differs from R's shape");
  if (layer.clip && !(*layer.clip >= 0))
    (void)node.error("attribute 'clip' must not be negative");
  layer.lengths = readLengths(node, layer);
  return layer;
}

/// Part `index` of the first dimension, without it.
Value part(NodeContext &node, Value value, int64_t index) {
  if (!value || node.hasFailed())
    return {};
  Value one =
      node.shapeOf(value)[0] == 1 ? value : node.slice(value, 0, index, 1);
  return node.hasFailed() ? Value()
                          : node.reshape(one, node.shapeOf(one).drop_front());
}

/// A state's first value in one direction: zero where none is given.
Value initialState(NodeContext &node, const Layer &layer, unsigned input,
                   int64_t direction) {
  SmallVector<int64_t> shape{layer.batch, layer.hidden};
  shape.insert(shape.begin() + layer.isBatchFirst, layer.numDirections);
  Value given = checked(node, node.input(input), "an initial state", shape);
  if (node.hasFailed())
    return {};
  if (!given)
    return node.broadcast(node.scalar(node.elementTypeOf(layer.sequence), 0),
                          {layer.batch, layer.hidden});
  if (layer.isBatchFirst)
    given = node.transpose(given, {1, 0, 2});
  return part(node, given, direction);
}

/// The operands of one direction. `numStates` are H and, for an LSTM, C.
Direction readDirection(NodeContext &node, const Layer &layer, int64_t index,
                        unsigned numStates) {
  int64_t directions = layer.numDirections,
          rows = layer.numGates * layer.hidden;
  Direction direction = {};
  direction.isReversed =
      index == 1 || node.stringAttribute("direction", "forward") == "reverse";
  direction.weights = part(
      node,
      checked(node, node.input(1), "W", {directions, rows, layer.inputSize}),
      index);
  direction.recurrence = part(
      node, checked(node, node.input(2), "R", {directions, rows, layer.hidden}),
      index);
  if (Value bias =
          part(node, checked(node, node.input(3), "B", {directions, 2 * rows}),
               index)) {
    direction.inputBias = node.slice(bias, 0, 0, rows);
    direction.recurrenceBias = node.slice(bias, 0, rows, rows);
  }
  constexpr unsigned firstState = 5;
  for (unsigned state = 0; state < numStates; ++state)
    direction.initial.push_back(
        initialState(node, layer, firstState + state, index));
  return direction;
}

//===----------------------------------------------------------------------===//
// Sequences
//===----------------------------------------------------------------------===//

/// Whether a sequence still has an element in a step: [T, N, 1], in the order
/// of the steps. Null where all have.
Value activeSteps(NodeContext &node, const Layer &layer, bool isReversed) {
  if (!layer.lengths || node.hasFailed())
    return {};
  Value times = node.madeConstant(
      ElementType::I32, {layer.steps, 1, 1}, [&](Tensor &times) {
        for (int64_t step = 0; step < layer.steps; ++step)
          times.mutableData<int32_t>()[step] =
              isReversed ? layer.steps - 1 - step : step;
      });
  return node.create<edge::CompareOp>(
      times, node.reshape(layer.lengths, {1, layer.batch, 1}),
      edge::ComparePredicate::lt);
}

/// One direction over the whole sequence: the last states, and, where it is
/// wanted, the outputs of all steps, [T, N, H].
SmallVector<Value> runDirection(NodeContext &node, const Layer &layer,
                                const Direction &direction, Value bias,
                                Cell cell, bool wantsOutputs) {
  Value sequence =
      direction.isReversed ? reversed(node, layer.sequence, 0) : layer.sequence;
  Value flat =
      node.reshape(sequence, {layer.steps * layer.batch, layer.inputSize});
  Value inputs = product(node, flat, direction.weights);
  if (bias)
    inputs = add(node, inputs, bias);
  inputs = node.reshape(
      inputs, {layer.steps, layer.batch, layer.numGates * layer.hidden});
  Value active = activeSteps(node, layer, direction.isReversed);
  auto step = [&](Value iteration, ValueRange states) {
    LoopYield yield;
    yield.carried = cell(direction, elementAt(node, inputs, iteration), states);
    if (node.hasFailed())
      return yield;
    Value output = yield.carried.front();
    if (active) {
      Value isActive = elementAt(node, active, iteration);
      for (auto [next, last] : llvm::zip(yield.carried, states))
        next = node.create<edge::SelectOp>(isActive, next, last);
      output = node.create<edge::SelectOp>(
          isActive, output, node.scalar(node.elementTypeOf(output), 0));
    }
    if (wantsOutputs)
      yield.slices.push_back(output);
    return yield;
  };
  SmallVector<Value> results =
      buildLoop(node, layer.steps, direction.initial, step);
  if (wantsOutputs && direction.isReversed && !node.hasFailed())
    results.back() = reversed(node, results.back(), 0);
  return results;
}

/// Values of each direction, joined along a new dimension `axis` of the result.
Value joined(NodeContext &node, ArrayRef<Value> parts, int64_t axis) {
  SmallVector<Value> expanded;
  for (Value part : parts) {
    if (node.hasFailed())
      return {};
    SmallVector<int64_t> shape(node.shapeOf(part));
    shape.insert(shape.begin() + axis, 1);
    expanded.push_back(node.reshape(part, shape));
  }
  if (expanded.size() == 1)
    return expanded.front();
  return node.create<edge::ConcatOp>(expanded, axis);
}

/// The sum of both biases of gates [0, count); the input's of the others.
Value foldedBias(NodeContext &node, const Layer &layer,
                 const Direction &direction, int64_t count) {
  if (!direction.inputBias || node.hasFailed())
    return {};
  if (count == layer.numGates)
    return add(node, direction.inputBias, direction.recurrenceBias);
  Value both = add(node, gates(node, layer, direction.inputBias, 0, count),
                   gates(node, layer, direction.recurrenceBias, 0, count));
  Value others =
      gates(node, layer, direction.inputBias, count, layer.numGates - count);
  return node.create<edge::ConcatOp>(ValueRange{both, others}, /*axis=*/0);
}

/// Runs all directions and sets the outputs: Y, then the states' last values.
LogicalResult importLayer(NodeContext &node, const Layer &layer,
                          unsigned numStates,
                          ArrayRef<GateActivation> activations,
                          int64_t numFoldedBiases, Cell cell) {
  bool wantsOutputs = node.isUsed(0);
  SmallVector<SmallVector<Value>> results(numStates + wantsOutputs);
  for (int64_t index = 0; index < layer.numDirections; ++index) {
    if (node.hasFailed())
      return failure();
    Direction direction = readDirection(node, layer, index, numStates);
    size_t count = activations.size() / layer.numDirections;
    direction.activations = activations.slice(index * count, count);
    if (numStates == 2)
      direction.peepholes =
          part(node,
               checked(node, node.input(7), "P",
                       {layer.numDirections, 3 * layer.hidden}),
               index);
    Value bias = foldedBias(node, layer, direction, numFoldedBiases);
    SmallVector<Value> ofDirection =
        runDirection(node, layer, direction, bias, cell, wantsOutputs);
    if (node.hasFailed())
      return failure();
    for (auto [all, one] : llvm::zip(results, ofDirection))
      all.push_back(one);
  }
  if (wantsOutputs) {
    Value all = joined(node, results.back(), 1); // [T, D, N, H]
    if (layer.isBatchFirst)
      all = node.transpose(all, {2, 0, 1, 3});
    node.setOutput(0, all);
  }
  for (unsigned state = 0; state < numStates; ++state)
    if (node.isUsed(1 + state))
      node.setOutput(1 + state,
                     joined(node, results[state], layer.isBatchFirst));
  return success(!node.hasFailed());
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

/// h' = f(x W' + h R' + b)
LogicalResult importRnn(NodeContext &node) {
  Layer layer = readLayer(node, /*numGates=*/1);
  auto activations = readGateActivations(node, {"Tanh"}, layer.numDirections);
  if (node.hasFailed())
    return failure();
  auto cell = [&](const Direction &direction, Value inputs, ValueRange states) {
    Value sum =
        add(node, product(node, states[0], direction.recurrence), inputs);
    return SmallVector<Value>{
        activate(node, layer, direction.activations[0], sum)};
  };
  return importLayer(node, layer, /*numStates=*/1, activations, 1, cell);
}

/// The gates z (update), r (reset) and h (hidden), in this order:
///
///   h' = (1 - z) * g(hidden) + z * h
///
/// where `hidden` has the product with r * h or, with linear_before_reset, r
/// times the product with h.
LogicalResult importGru(NodeContext &node) {
  Layer layer = readLayer(node, /*numGates=*/3);
  bool isLinearFirst = node.flagAttribute("linear_before_reset", false);
  auto activations =
      readGateActivations(node, {"Sigmoid", "Tanh"}, layer.numDirections);
  if (node.hasFailed())
    return failure();

  auto cell = [&](const Direction &direction, Value inputs, ValueRange states) {
    Value h = states[0], weights = direction.recurrence;
    auto weightsOf = [&](int64_t first, int64_t count) {
      return node.slice(weights, 0, first * layer.hidden, count * layer.hidden);
    };
    const GateActivation &f = direction.activations[0];
    const GateActivation &g = direction.activations[1];
    Value products =
        product(node, h, isLinearFirst ? weights : weightsOf(0, 2));
    auto gate = [&](int64_t index) {
      return activate(node, layer, f,
                      add(node, gates(node, layer, products, index),
                          gates(node, layer, inputs, index)));
    };
    Value update = gate(0), reset = gate(1), hidden;
    if (isLinearFirst) {
      hidden = gates(node, layer, products, 2);
      if (direction.recurrenceBias)
        hidden =
            add(node, hidden, gates(node, layer, direction.recurrenceBias, 2));
      hidden = multiply(node, reset, hidden);
    } else {
      hidden = product(node, multiply(node, reset, h), weightsOf(2, 1));
    }
    hidden = add(node, hidden, gates(node, layer, inputs, 2));
    hidden = activate(node, layer, g, hidden);
    Value next = add(node, multiply(node, complement(node, update), hidden),
                     multiply(node, update, h));
    return SmallVector<Value>{next};
  };
  return importLayer(node, layer, /*numStates=*/1, activations,
                     isLinearFirst ? 2 : 3, cell);
}

/// The gates i (input), o (output), f (forget) and c (cell), in this order:
///
///   c' = f * c + i * g(cell),  h' = o * h(c')
LogicalResult importLstm(NodeContext &node) {
  Layer layer = readLayer(node, /*numGates=*/4);
  bool couplesForget = node.flagAttribute("input_forget", false);
  auto activations = readGateActivations(node, {"Sigmoid", "Tanh", "Tanh"},
                                         layer.numDirections);
  if (node.hasFailed())
    return failure();

  auto cell = [&](const Direction &direction, Value inputs, ValueRange states) {
    Value h = states[0], c = states[1];
    const GateActivation &f = direction.activations[0];
    const GateActivation &g = direction.activations[1];
    const GateActivation &output = direction.activations[2];
    Value sums = add(node, product(node, h, direction.recurrence), inputs);
    // Peepholes come in the order i, o, f as well.
    auto gate = [&](int64_t index, Value peeped) {
      Value sum = gates(node, layer, sums, index);
      if (direction.peepholes)
        sum = add(node, sum,
                  multiply(node, peeped,
                           gates(node, layer, direction.peepholes, index)));
      return activate(node, layer, f, sum);
    };
    Value in = gate(0, c);
    Value forget = couplesForget ? complement(node, in) : gate(2, c);
    Value candidate = activate(node, layer, g, gates(node, layer, sums, 3));
    Value next =
        add(node, multiply(node, forget, c), multiply(node, in, candidate));
    Value out = gate(1, next);
    Value result = multiply(node, out, output(node, next));
    return SmallVector<Value>{result, next};
  };
  return importLayer(node, layer, /*numStates=*/2, activations, 4, cell);
}

} // namespace

void edgec::onnx_import::addRecurrent(OperatorTable &table) {
  table.add({
      {"GRU",
       1,
       newestOpset,
       {3, 6},
       {floats, like(0), like(0), like(0), int32, like(0)},
       importGru},
      {"LSTM",
       1,
       newestOpset,
       {3, 8},
       {floats, like(0), like(0), like(0), int32, like(0)},
       importLstm},
      {"RNN",
       1,
       newestOpset,
       {3, 6},
       {floats, like(0), like(0), like(0), int32, like(0)},
       importRnn},
  });
}
