//===- Verification.cpp - What the kernels' verifiers share ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verification.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec::kernel;

namespace {

/// Smallest and largest value of an expression.
using IndexRange = std::pair<int64_t, int64_t>;

/// The range of `expr` when dimension d runs over [0, extents[d]). Nothing
/// for forms that index maps do not use.
std::optional<IndexRange> rangeOf(AffineExpr expr, ArrayRef<int64_t> extents) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return IndexRange(constant.getValue(), constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return IndexRange(0, extents[dim.getPosition()] - 1);
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return std::nullopt;
  std::optional<IndexRange> lhs = rangeOf(binary.getLHS(), extents);
  std::optional<IndexRange> rhs = rangeOf(binary.getRHS(), extents);
  if (!lhs || !rhs)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return IndexRange(lhs->first + rhs->first, lhs->second + rhs->second);
  if (rhs->first != rhs->second)
    return std::nullopt;
  int64_t factor = rhs->first;
  if (expr.getKind() == AffineExprKind::Mul)
    return IndexRange(std::min(lhs->first * factor, lhs->second * factor),
                      std::max(lhs->first * factor, lhs->second * factor));
  if (factor <= 0 || lhs->first < 0)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::FloorDiv)
    return IndexRange(lhs->first / factor, lhs->second / factor);
  if (expr.getKind() == AffineExprKind::Mod)
    return lhs->second < factor ? *lhs : IndexRange(0, factor - 1);
  return std::nullopt;
}

} // namespace

LogicalResult edgec::kernel::verifyMap(Operation *op, StringRef name,
                                       AffineMap map, Value operand,
                                       ArrayRef<int64_t> extents,
                                       std::pair<int64_t, int64_t> excluded) {
  auto type = cast<ShapedType>(operand.getType());
  if (!type.hasStaticShape())
    return op->emitOpError() << "(C1) " << name << " must have a static shape";
  if (map.getNumSymbols() != 0 || map.getNumDims() != extents.size())
    return op->emitOpError() << "(C1) " << name << "'s map must have "
                             << extents.size() << " dimensions and no symbols";
  if (map.getNumResults() != type.getRank())
    return op->emitOpError()
           << "(C1) " << name << "'s map has " << map.getNumResults()
           << " results, but " << name << " has rank " << type.getRank();
  for (int64_t dim = excluded.first; dim < excluded.second; ++dim)
    if (map.isFunctionOfDim(dim))
      return op->emitOpError()
             << "(C2) " << name << "'s map must not use dimension " << dim;
  for (auto [axis, expr] : llvm::enumerate(map.getResults())) {
    std::optional<IndexRange> range = rangeOf(expr, extents);
    if (!range)
      return op->emitOpError() << "(C3) the range of result " << axis << " of "
                               << name << "'s map cannot be determined";
    if (range->first < 0 || range->second >= type.getDimSize(axis))
      return op->emitOpError()
             << "(C3) " << name << "'s index along axis " << axis
             << " reaches from " << range->first << " to " << range->second
             << ", outside [0, " << type.getDimSize(axis) << ")";
  }
  return success();
}

LogicalResult edgec::kernel::verifyEpilogue(Operation *op, StringRef constraint,
                                            Region &region, Type accumulator,
                                            ValueRange extras, Type result) {
  Block &block = region.front();
  if (block.getNumArguments() != extras.size() + 1)
    return op->emitOpError()
           << constraint << " the epilogue must have " << extras.size() + 1
           << " arguments: the sum, then an element of each extra operand";
  if (block.getArgument(0).getType() != accumulator)
    return op->emitOpError()
           << constraint << " the epilogue's first argument "
           << "must have the accumulator's type " << accumulator;
  for (auto [index, extra] : llvm::enumerate(extras)) {
    Type expected = getElementTypeOrSelf(extra.getType());
    if (block.getArgument(index + 1).getType() != expected)
      return op->emitOpError() << constraint << " epilogue argument "
                               << index + 1 << " must be " << expected;
  }
  auto yield = dyn_cast_or_null<YieldOp>(
      block.mightHaveTerminator() ? block.getTerminator() : nullptr);
  if (!yield)
    return op->emitOpError()
           << constraint << " the epilogue must end in kernel.yield";
  if (yield.getValue().getType() != result)
    return op->emitOpError() << constraint << " the epilogue yields "
                             << yield.getValue().getType()
                             << ", but init's elements are " << result;
  return success();
}

/// The value that a region of the given arguments yields; null after an error.
static Type verifyBody(Operation *op, StringRef constraint, unsigned number,
                       Region &region, ArrayRef<Type> arguments) {
  Block &block = region.front();
  if (!llvm::equal(block.getArgumentTypes(), arguments)) {
    op->emitOpError() << constraint << " region " << number
                      << " must have the arguments (" << arguments << ")";
    return {};
  }
  auto yield = dyn_cast_or_null<YieldOp>(
      block.mightHaveTerminator() ? block.getTerminator() : nullptr);
  if (!yield) {
    op->emitOpError() << constraint << " region " << number
                      << " must end in kernel.yield";
    return {};
  }
  return yield.getValue().getType();
}

LogicalResult edgec::kernel::verifyRowBodies(
    Operation *op, RowConstraints constraints, ArrayAttr combiners,
    MutableArrayRef<Region> bodies, unsigned firstRegion, ArrayRef<Type> inputs,
    Type result) {
  if (combiners.empty() || bodies.size() != combiners.size() + 1)
    return op->emitOpError() << constraints.combiners
                             << " needs a combiner, and a region more than "
                                "those";
  for (auto combiner : combiners.getAsValueRange<StringAttr>())
    if (combiner != "add" && combiner != "max")
      return op->emitOpError() << constraints.combiners << " unknown combiner '"
                               << combiner << "'";
  SmallVector<Type> arguments(inputs);
  for (auto [index, body] : llvm::enumerate(bodies)) {
    bool isLast = index == combiners.size();
    if (isLast)
      arguments.push_back(arguments.back());
    Type yielded = verifyBody(op, constraints.bodies, firstRegion + index, body,
                              arguments);
    if (!yielded)
      return failure();
    if (isLast && yielded != result)
      return op->emitOpError()
             << constraints.bodies << " the last region must yield " << result
             << ", not " << yielded;
    if (!isLast && !isa<FloatType>(yielded))
      return op->emitOpError() << constraints.bodies << " region "
                               << firstRegion + index << " must yield a float";
    arguments.push_back(yielded);
  }
  return success();
}

LogicalResult edgec::kernel::verifyResults(Operation *op, Value init) {
  bool isTensor = isa<RankedTensorType>(init.getType());
  if (op->getNumResults() != (isTensor ? 1u : 0u))
    return op->emitOpError("must have one result if init is a tensor, none if "
                           "it is a memref");
  if (isTensor && op->getResult(0).getType() != init.getType())
    return op->emitOpError("result must have init's type");
  return success();
}

void edgec::kernel::addEffects(
    Operation *op, OpOperand &init,
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<MemRefType>(operand.get().getType()))
      continue;
    if (&operand == &init)
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    else
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}
