//===- Folding.cpp - Shape arithmetic, computed while importing -----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Diagnostics.h"

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

namespace {

/// Operands beyond this are data rather than shapes, and not worth the time.
constexpr int64_t maximumOperandElements = 1 << 20;

/// How many operations a value may be away from the constants that it is
/// computed from.
constexpr int maximumKnownDepth = 64;

bool hasAtMost(Value value, int64_t elements) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getNumElements() <= elements;
}

bool canCompute(Operation *op) {
  auto isFew = [](int64_t most) {
    return [most](Value value) { return hasAtMost(value, most); };
  };
  return op->getNumRegions() == 0 &&
         (op->getNumOperands() != 0 || isa<edge::IotaOp>(op)) &&
         isa_and_nonnull<edge::EdgeDialect>(op->getDialect()) &&
         llvm::all_of(op->getResults(), isFew(maximumFoldedElements)) &&
         llvm::all_of(op->getOperands(), isFew(maximumOperandElements));
}

/// The operation's results, or nothing; without diagnostics.
std::optional<std::vector<Tensor>> compute(Operation *op,
                                           ArrayRef<Tensor> operands) {
  ScopedDiagnosticHandler silence(op->getContext(),
                                  [](Diagnostic &) { return success(); });
  FailureOr<std::vector<Tensor>> results = interpretOperation(op, operands);
  if (failed(results))
    return std::nullopt;
  return std::move(*results);
}

/// Evaluates values, each once.
class Evaluator {
public:
  std::optional<Tensor> evaluate(Value value, int depth) {
    Operation *op = value.getDefiningOp();
    if (!op || depth > maximumKnownDepth ||
        !hasAtMost(value, maximumOperandElements))
      return std::nullopt;
    if (auto constant = dyn_cast<edge::ConstantOp>(op))
      return view(constant.getValue());
    if (auto parameter = dyn_cast<edge::ParameterOp>(op))
      return view(parameter.getValue());
    auto known = computed.find(value);
    if (known != computed.end())
      return known->second;
    std::optional<std::vector<Tensor>> results = evaluateOperation(op, depth);
    for (auto [index, result] : llvm::enumerate(op->getResults()))
      computed[result] =
          results ? std::optional((*results)[index]) : std::optional<Tensor>();
    return computed[value];
  }

private:
  static std::optional<Tensor> view(ElementsAttr attribute) {
    FailureOr<Tensor> tensor = toTensor(attribute);
    if (failed(tensor))
      return std::nullopt;
    return std::move(*tensor);
  }

  std::optional<std::vector<Tensor>> evaluateOperation(Operation *op,
                                                       int depth) {
    if (!canCompute(op))
      return std::nullopt;
    std::vector<Tensor> operands;
    for (Value operand : op->getOperands()) {
      std::optional<Tensor> tensor = evaluate(operand, depth + 1);
      if (!tensor)
        return std::nullopt;
      operands.push_back(std::move(*tensor));
    }
    return compute(op, operands);
  }

  DenseMap<Value, std::optional<Tensor>> computed;
};

} // namespace

std::optional<Tensor> GraphImporter::knownValue(Value value) {
  return Evaluator().evaluate(value, 0);
}

SmallVector<Value> GraphImporter::fold(Operation *op) {
  assert(op->use_empty() && "folding replaces no uses");
  SmallVector<Value> results(op->getResults());
  // Counting takes less than a constant.
  if (!canCompute(op) || isa<edge::IotaOp>(op))
    return results;
  std::vector<Tensor> operands;
  for (Value operand : op->getOperands()) {
    auto constant = operand.getDefiningOp<edge::ConstantOp>();
    if (!constant)
      return results;
    FailureOr<Tensor> tensor = toTensor(constant.getValue());
    if (failed(tensor))
      return results;
    operands.push_back(std::move(*tensor));
  }
  std::optional<std::vector<Tensor>> values = compute(op, operands);
  if (!values)
    return results;
  for (auto [result, value] : llvm::zip_equal(results, *values))
    result = builder.create<edge::ConstantOp>(
        op->getLoc(), toAttribute(value, "folded", op->getContext()));
  op->erase();
  return results;
}

Value GraphImporter::scalarParameter(edge::ParameterOp parameter) {
  Value &scalar = scalarParameters[parameter];
  if (scalar)
    return scalar;
  FailureOr<Tensor> tensor = toTensor(parameter.getValue());
  assert(succeeded(tensor) && tensor->size() == 1 && "not a scalar's value");
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointAfter(parameter); // It may be used in any region.
  auto created = builder.create<edge::ParameterOp>(
      parameter.getLoc(), parameter.getName(),
      toAttribute(tensor->reshaped({}), parameter.getName(),
                  parameter.getContext()));
  created->setDiscardableAttrs(parameter->getDiscardableAttrDictionary());
  scalar = created;
  return scalar;
}
