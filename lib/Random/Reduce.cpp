//===- Reduce.cpp - Makes failing modules small ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Random/Reduce.h"
#include "Elements.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Random/RandomGraph.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace edgec;
using namespace edgec::random;
using namespace mlir;

namespace {

func::FuncOp functionOf(ModuleOp module) {
  return module.lookupSymbol<func::FuncOp>("run");
}

/// What the interpreter gives for a value of the function's own block.
std::optional<Tensor> evaluate(Value value) {
  auto function = value.getDefiningOp()->getParentOfType<func::FuncOp>();
  IRMapping mapping;
  OwningOpRef<func::FuncOp> copy = function.clone(mapping);
  Operation *terminator = copy->front().getTerminator();
  terminator->setOperands(mapping.lookup(value));
  copy->setType(FunctionType::get(copy->getContext(), copy->getArgumentTypes(),
                                  value.getType()));
  copy->removeResAttrsAttr();
  auto results = interpret(*copy, makeRandomInputs(*copy));
  if (failed(results))
    return std::nullopt;
  return std::move(results->front());
}

/// The power of two that all elements are few multiples of; 0: none.
double stepOf(const Tensor &tensor, double magnitude) {
  constexpr int mostBits = 7;
  double step = std::ldexp(1.0, std::ilogb(std::max(magnitude, 0x1p-10)));
  for (int bits = 0; bits < mostBits; ++bits, step /= 2) {
    bool fits = true;
    for (int64_t i = 0; i < tensor.size() && fits; ++i)
      fits = std::remainder(tensor.asDouble(i), step) == 0;
    if (fits)
      return step;
  }
  return 0;
}

/// A new argument whose elements are like those of a value.
Value argumentLike(func::FuncOp function, Value value) {
  ElementsSpec spec;
  if (std::optional<Tensor> tensor = evaluate(value)) {
    std::tie(spec.low, spec.high) = extremes(*tensor);
    spec.step = stepOf(*tensor, std::max(-spec.low, spec.high));
  }
  unsigned index = function.getNumArguments();
  spec.seed = index + 1;
  Builder builder(function.getContext());
  function.insertArgument(
      index, value.getType(),
      builder.getDictionaryAttr(builder.getNamedAttr(
          randomElementsAttr,
          random::toAttribute(spec, function.getContext()))),
      value.getLoc());
  return function.getArgument(index);
}

/// Erases operations that nothing reads, and arguments.
void eraseDead(func::FuncOp function) {
  for (bool changed = true; changed;) {
    changed = false;
    std::vector<Operation *> dead;
    function.walk([&](Operation *op) {
      if (op->use_empty() && op != function &&
          !op->hasTrait<OpTrait::IsTerminator>())
        dead.push_back(op);
    });
    for (Operation *op : dead) {
      // Regions are walked before the operation that they are in.
      op->erase();
      changed = true;
    }
  }
  BitVector unused(function.getNumArguments());
  for (BlockArgument argument : function.getArguments())
    if (argument.use_empty())
      unused.set(argument.getArgNumber());
  function.eraseArguments(unused);
}

class Reducer {
public:
  Reducer(OwningOpRef<ModuleOp> module, function_ref<bool(ModuleOp)> fails)
      : module(std::move(module)), fails(fails) {}

  OwningOpRef<ModuleOp> run() {
    for (bool changed = true; changed;) {
      changed = false;
      changed |= reduceResults();
      changed |= reduceOperations();
    }
    return std::move(module);
  }

private:
  /// Makes a change in a copy, which becomes the module if it fails still.
  bool attempt(function_ref<bool(func::FuncOp)> change) {
    OwningOpRef<ModuleOp> copy = module->clone();
    func::FuncOp function = functionOf(*copy);
    if (!change(function))
      return false;
    eraseDead(function);
    if (!fails(*copy))
      return false;
    module = std::move(copy);
    return true;
  }

  bool reduceResults() {
    bool changed = false;
    for (unsigned i = functionOf(*module).getNumResults(); i-- > 0;)
      changed |= attempt([&](func::FuncOp function) {
        if (function.getNumResults() < 2)
          return false;
        function.front().getTerminator()->eraseOperand(i);
        function.eraseResult(i);
        return true;
      });
    return changed;
  }

  bool reduceOperations() {
    bool changed = false;
    // From the end: what is left out there takes much with it.
    for (size_t back = 1;; ++back) {
      size_t count = operations(functionOf(*module)).size();
      if (back > count)
        return changed;
      size_t index = count - back;
      if (replace(index)) {
        changed = true;
        back -= std::min(back, count - operations(functionOf(*module)).size());
      }
    }
  }

  static std::vector<Operation *> operations(func::FuncOp function) {
    std::vector<Operation *> found;
    for (Operation &op : function.front().without_terminator())
      if (!isa<edge::ConstantOp>(op))
        found.push_back(&op);
    return found;
  }

  bool replace(size_t index) {
    auto opIn = [index](func::FuncOp function) {
      return operations(function)[index];
    };
    bool byOperand = attempt([&](func::FuncOp function) {
      Operation *op = opIn(function);
      if (op->getNumResults() != 1)
        return false;
      for (Value operand : op->getOperands())
        if (operand.getType() == op->getResult(0).getType()) {
          op->getResult(0).replaceAllUsesWith(operand);
          return true;
        }
      return false;
    });
    if (byOperand)
      return true;
    bool byArgument = attempt([&](func::FuncOp function) {
      for (Value result : opIn(function)->getResults())
        result.replaceAllUsesWith(argumentLike(function, result));
      return true;
    });
    if (byArgument)
      return true;
    return attempt([&](func::FuncOp function) {
      Operation *op = opIn(function);
      if (isa<edge::ParameterOp>(op))
        return false;
      OpBuilder builder(op);
      for (Value result : op->getResults()) {
        std::optional<Tensor> tensor = evaluate(result);
        if (!tensor)
          return false;
        result.replaceAllUsesWith(builder.create<edge::ConstantOp>(
            op->getLoc(),
            edgec::toAttribute(*tensor, "reduced", op->getContext())));
      }
      return true;
    });
  }

  OwningOpRef<ModuleOp> module;
  function_ref<bool(ModuleOp)> fails;
};

} // namespace

OwningOpRef<ModuleOp> edgec::reduceModule(OwningOpRef<ModuleOp> module,
                                          function_ref<bool(ModuleOp)> fails) {
  return Reducer(std::move(module), fails).run();
}
