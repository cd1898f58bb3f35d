//===- Control.cpp - Rows of constants, branches and loops ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphBuilder.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/IRMapping.h"

using namespace edgec;
using namespace edgec::edge;
using namespace edgec::random;
using llvm::APFloat;

namespace {

constexpr unsigned mostDepth = 2;

void addConstant(GraphBuilder &graph) {
  ElementType type = anyType.pick(graph.random);
  graph.values().push_back(graph.constant(type, graph.shape(0, 4), -4, 4,
                                          isFloatType(type) ? 0.25 : 1));
}

void addParameter(GraphBuilder &graph) {
  ElementType type = (anyFloat | bytes).pick(graph.random);
  graph.values().push_back(graph.constant(type, graph.shape(0, 4), -4, 4,
                                          isFloatType(type) ? 0.25 : 1, true));
}

/// The values that were made since there were `count`.
std::vector<RandomValue> madeSince(GraphBuilder &graph, size_t count) {
  return std::vector<RandomValue>(graph.values().begin() + count,
                                  graph.values().end());
}

void addSome(GraphBuilder &graph) {
  for (int64_t i = graph.random.between(1, 4); i > 0; --i)
    graph.addSmall();
}

/// A value of this type and shape for the end of a region: what it made, if
/// that fits.
RandomValue valueFor(GraphBuilder &graph, size_t count,
                     const RandomValue &like) {
  std::vector<RandomValue> made = madeSince(graph, count);
  for (const RandomValue &value : llvm::reverse(made))
    if (value.type() == like.type() && value.shape() == like.shape() &&
        graph.random.percent(80))
      return value;
  return graph.operandOf({anyType}, like.type(), like.shape());
}

void addIf(GraphBuilder &graph) {
  if (graph.depth >= mostDepth || graph.isRepeated())
    return;
  mlir::OpBuilder &builder = graph.builder;
  RandomValue condition = graph.operandOf({boolean}, ElementType::Bool, {});
  mlir::OperationState state(builder.getUnknownLoc(), IfOp::getOperationName());
  std::vector<RandomValue> yielded[2];
  state.addOperands(condition.value);
  // Built in place: what the regions read must dominate them.
  state.addRegion()->emplaceBlock();
  state.addRegion()->emplaceBlock();
  mlir::Operation *draft = builder.create(state);
  for (int branch : {0, 1}) {
    size_t count = graph.values().size();
    GraphBuilder::Region region(graph, &draft->getRegion(branch).front(),
                                /*repeats=*/false);
    addSome(graph);
    if (branch == 0) {
      yielded[0].push_back(graph.values().back());
      if (graph.random.percent(30))
        yielded[0].push_back(graph.operand({anyType}));
    } else {
      for (const RandomValue &like : yielded[0])
        yielded[1].push_back(valueFor(graph, count, like));
    }
    llvm::SmallVector<mlir::Value> values;
    for (const RandomValue &value : yielded[branch])
      values.push_back(value.value);
    builder.create<YieldOp>(builder.getUnknownLoc(), values);
  }
  // Now that the types are known.
  mlir::OperationState typed(draft->getLoc(), IfOp::getOperationName());
  typed.addOperands(condition.value);
  for (const RandomValue &value : yielded[0])
    typed.addTypes(value.value.getType());
  for (mlir::Region &region : draft->getRegions())
    typed.addRegion()->takeBody(region);
  draft->erase();
  mlir::Operation *branch = builder.create(typed);
  bool isTrue = condition.tensor.asInt(0) != 0;
  for (size_t i = 0; i < yielded[0].size(); ++i) {
    const RandomValue &a = yielded[0][i], &b = yielded[1][i];
    double step = a.isExact() && b.isExact() ? std::min(a.step, b.step) : 0;
    graph.finish(branch->getResult(i), (isTrue ? a : b).tensor, step,
                 std::max(a.rounding, b.rounding));
  }
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

struct Loop {
  int64_t trips = 0;
  RandomValue tripCount, condition;
  std::vector<RandomValue> carried;
};

Loop makeLoop(GraphBuilder &graph) {
  Loop loop;
  loop.trips = graph.random.between(0, 4);
  loop.tripCount =
      graph.constant(ElementType::I64, {}, static_cast<double>(loop.trips),
                     static_cast<double>(loop.trips), 1);
  loop.condition = graph.random.percent(70)
                       ? graph.constant(ElementType::Bool, {}, 1, 1, 1)
                       : graph.operandOf({boolean}, ElementType::Bool, {});
  for (int64_t i = graph.random.between(1, 2); i > 0; --i) {
    Wanted wanted{anyNumber};
    wanted.low = -4, wanted.high = 4;
    wanted.mostRank = 3;
    loop.carried.push_back(graph.operand(wanted));
  }
  return loop;
}

/// What a carried value becomes: something of its type, within bounds however
/// often the body runs.
RandomValue nextOf(GraphBuilder &graph, size_t count,
                   const RandomValue &carried) {
  RandomValue next = valueFor(graph, count, carried);
  if (!isFloatType(next.type()))
    return next;
  return graph.add<ClampOp>(0, 1, next.value, APFloat(-4.0), APFloat(4.0));
}

/// The results that the interpreter gives for an operation with regions.
std::vector<Tensor> evaluate(mlir::Operation *op) {
  auto function = op->getParentOfType<mlir::func::FuncOp>();
  mlir::IRMapping mapping;
  mlir::OwningOpRef<mlir::func::FuncOp> copy = function.clone(mapping);
  mlir::Operation *copied = mapping.lookup(op);
  mlir::OpBuilder builder(op->getContext());
  builder.setInsertionPointToEnd(&copy->front());
  builder.create<mlir::func::ReturnOp>(op->getLoc(), copied->getResults());
  copy->setType(builder.getFunctionType(copy->getArgumentTypes(),
                                        copied->getResultTypes()));
  auto results = interpret(*copy, makeRandomInputs(*copy));
  return mlir::succeeded(results) ? std::move(*results) : std::vector<Tensor>();
}

void addLoop(GraphBuilder &graph) {
  if (graph.depth != 0)
    return;
  mlir::OpBuilder &builder = graph.builder;
  mlir::Location location = builder.getUnknownLoc();
  Loop loop = makeLoop(graph);
  mlir::OperationState state(location, LoopOp::getOperationName());
  state.addOperands({loop.tripCount.value, loop.condition.value});
  mlir::Region *body = state.addRegion();
  mlir::Block &block = body->emplaceBlock();
  RandomValue iteration;
  iteration.value =
      block.addArgument(graph.typeOf(ElementType::I64, {}), location);
  iteration.tensor = Tensor(ElementType::I64, {});
  iteration.step = 1;
  iteration.high = static_cast<double>(loop.trips);
  std::vector<RandomValue> inside{iteration};
  double rounding = 0;
  for (const RandomValue &value : loop.carried) {
    state.addOperands(value.value);
    state.addTypes(value.value.getType());
    RandomValue argument = value;
    argument.value = block.addArgument(value.value.getType(), location);
    argument.isConstant = false;
    if (isFloatType(value.type()))
      argument.step = 0;
    argument.rounding = value.rounding + 8 * roundingOf(value.type());
    inside.push_back(std::move(argument));
  }
  // The operation is there before its body, which may make arguments of the
  // function; its results follow.
  mlir::Operation *draft = builder.create(state);
  llvm::SmallVector<mlir::Type> types(state.types.begin(), state.types.end());
  {
    size_t count = graph.values().size();
    GraphBuilder::Region region(graph, &draft->getRegion(0).front(),
                                /*repeats=*/true);
    for (RandomValue &value : inside)
      graph.values().push_back(value);
    addSome(graph);
    llvm::SmallVector<mlir::Value> yielded{
        graph.random.percent(50)
            ? loop.condition.value
            : graph.operandOf({boolean}, ElementType::Bool, {}).value};
    for (const RandomValue &value : loop.carried)
      yielded.push_back(nextOf(graph, count, value).value);
    // ONNX's scan outputs of a loop that ends early are shorter.
    if (!graph.exportable && graph.random.percent(50)) {
      const RandomValue scanned = graph.values().back();
      Shape shape = scanned.shape();
      shape.insert(shape.begin(), loop.trips);
      types.push_back(graph.typeOf(scanned.type(), shape));
      yielded.push_back(scanned.value);
    }
    for (const RandomValue &value : madeSince(graph, count))
      rounding = std::max(rounding, value.rounding);
    builder.create<YieldOp>(location, yielded);
  }
  mlir::OperationState typed(location, LoopOp::getOperationName());
  typed.addOperands(state.operands);
  typed.addTypes(types);
  typed.addRegion()->takeBody(draft->getRegion(0));
  draft->erase();
  mlir::Operation *op = builder.create(typed);
  std::vector<Tensor> results = evaluate(op);
  for (auto [value, tensor] : llvm::zip(op->getResults(), results))
    graph.finish(value, std::move(tensor), /*step=*/0, 8 * rounding);
}

} // namespace

void random::addControlRows(OperationRows &rows) {
  rows.insert(rows.end(), {
                              {"edge.constant", addConstant, 2},
                              {"edge.parameter", addParameter, 2},
                              {"edge.if", addIf, 4},
                              {"edge.loop", addLoop, 4},
                          });
}
