//===- Fold.cpp - Constant folding through the interpreter ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Kernels.h"
#include "edgec/Reference/Interpreter.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace edgec;
using namespace mlir;

namespace {

/// The node's name where the location has one, else the operation's.
std::string constantName(Operation *op) {
  if (auto named = op->getLoc()->findInstanceOf<NameLoc>())
    return named.getName().str();
  return op->getName().stripDialect().str();
}

bool hasFewElements(Operation *op, int64_t maxElements) {
  for (Type type : op->getResultTypes()) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape())
      return false;
    for (int64_t extent : tensor.getShape()) {
      // Zero extents do not make the others harmless: 0 x 2^62 overflows later.
      if (extent > maxElements)
        return false;
    }
    int64_t elements = 1;
    for (int64_t extent : tensor.getShape())
      if (__builtin_mul_overflow(elements, extent, &elements))
        return false;
    maxElements -= elements;
    if (maxElements < 0)
      return false;
  }
  return true;
}

} // namespace

bool edgec::foldThroughInterpreter(Operation *op, OpBuilder &builder,
                                   int64_t maxResultElements) {
  // Parameters have no operands: they are not folded by "all are constants".
  if (op->getNumOperands() == 0 || op->getNumRegions() != 0 ||
      !isMemoryEffectFree(op) || !hasFewElements(op, maxResultElements))
    return false;
  SmallVector<Tensor> operands;
  for (Value operand : op->getOperands()) {
    auto constant = operand.getDefiningOp<edge::ConstantOp>();
    if (!constant)
      return false;
    FailureOr<Tensor> tensor = toTensor(constant.getValue());
    if (failed(tensor))
      return false;
    operands.push_back(std::move(*tensor));
  }

  // An operation that cannot be computed stays, and whoever uses it says why.
  ScopedDiagnosticHandler silence(op->getContext(),
                                  [](Diagnostic &) { return success(); });
  FailureOr<std::vector<Tensor>> results = interpretOperation(op, operands);
  if (failed(results))
    return false;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(op);
  std::string name = constantName(op);
  for (auto [result, tensor] : llvm::zip_equal(op->getResults(), *results)) {
    ElementsAttr value = toAttribute(tensor, name, op->getContext());
    result.replaceAllUsesWith(
        builder.create<edge::ConstantOp>(op->getLoc(), value));
  }
  op->erase();
  return true;
}
