//===- ExtentCarrier.cpp - How extents go through operations --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExtentCarrier.h"
#include "ExtentRules.h"
#include "llvm/ADT/TypeSwitch.h"
#include <fmt/format.h>

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

ExtentCarrier::ExtentCarrier(const RuntimeExtents &known, OpBuilder &builder,
                             Operation *op, SmallVectorImpl<Value> &results)
    : extents(results.size()), known(known), builder(builder), op(op),
      results(results) {
  for (auto [result, entries] : llvm::zip(results, extents))
    entries.resize(staticShape(result).size());
}

LogicalResult ExtentCarrier::run() {
  if (isa<edge::ElementwiseOpInterface, edge::BroadcastOp>(op))
    return carryElementwise();
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<edge::TransposeOp, edge::ReshapeOp, edge::ConcatOp, edge::SliceOp,
            edge::GatherOp, edge::GatherElementsOp, edge::GatherNdOp,
            edge::MatMulOp, edge::SoftmaxOp, edge::CumulativeSumOp,
            edge::TopKOp, edge::ArgReduceOp, edge::ReduceOp, edge::NonZeroOp,
            edge::BatchNormOp, edge::LayerNormOp>(
          [&](auto op) { return carry(op); })
      .Default([&](Operation *) { return refuseAny(); });
}

ArrayRef<int64_t> ExtentCarrier::staticShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

Type ExtentCarrier::elementOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getElementType();
}

Value ExtentCarrier::extentOf(Value value, int64_t dim) const {
  ArrayRef<Value> extents = known.of(value);
  return extents.empty() ? Value() : extents[dim];
}

LogicalResult ExtentCarrier::refuse(Value operand, int64_t dim, StringRef why) {
  reason = fmt::format(
      "dimension {} of an operand has as many of its {} elements as '{}' "
      "says in the run: {}",
      dim, staticShape(operand)[dim],
      RuntimeExtents::describe(extentOf(operand, dim)), why.str());
  return failure();
}

LogicalResult ExtentCarrier::refuseAny() {
  for (Value operand : op->getOperands())
    for (auto [dim, extent] : llvm::enumerate(known.of(operand)))
      if (extent)
        return refuse(operand, dim,
                      "the operator would take the others for data");
  return success();
}

LogicalResult ExtentCarrier::refuseAlong(Value operand, int64_t dim,
                                         StringRef why) {
  return extentOf(operand, dim) ? refuse(operand, dim, why) : success();
}

LogicalResult ExtentCarrier::keep(unsigned result, int64_t resultDim,
                                  Value operand, int64_t dim) {
  Value extent = extentOf(operand, dim);
  if (!extent)
    return success();
  Value &to = extents[result][resultDim];
  if (to && to != extent)
    return refuse(operand, dim,
                  "another operand's extent is decided elsewhere, by '" +
                      RuntimeExtents::describe(to) + "'");
  to = extent;
  return success();
}

/// Operands broadcast to the result. All that have more than one element
/// along a dimension have the same number of them.
LogicalResult ExtentCarrier::carryElementwise() {
  ArrayRef<int64_t> shape = staticShape(results[0]);
  auto forEach = [&](auto visit) {
    for (Value operand : op->getOperands()) {
      int64_t offset = shape.size() - staticShape(operand).size();
      for (auto [dim, extent] : llvm::enumerate(staticShape(operand)))
        if (failed(visit(operand, int64_t(dim), offset + int64_t(dim), extent)))
          return failure();
    }
    return success();
  };
  auto take = [&](Value operand, int64_t dim, int64_t to, int64_t extent) {
    if (extentOf(operand, dim) && extent != shape[to])
      return refuse(operand, dim, "it cannot be repeated as one element");
    return keep(0, to, operand, dim);
  };
  auto compare = [&](Value operand, int64_t dim, int64_t to, int64_t extent) {
    Value wanted = extents[0][to];
    if (!wanted || extent == 1 || extentOf(operand, dim) ||
        isPositional(operand))
      return success();
    reason = fmt::format(
        "dimension {} of an operand has {} elements, but that of another one "
        "as many as '{}' says in the run",
        dim, extent, RuntimeExtents::describe(wanted));
    return failure();
  };
  return failure(failed(forEach(take)) || failed(forEach(compare)));
}

LogicalResult ExtentCarrier::carry(edge::TransposeOp transpose) {
  for (auto [to, from] : llvm::enumerate(transpose.getPermutation()))
    (void)keep(0, to, transpose.getInput(), from);
  return success();
}

/// A dimension stays where as many elements come before and in it.
LogicalResult ExtentCarrier::carry(edge::ReshapeOp reshape) {
  ArrayRef<int64_t> from = staticShape(reshape.getInput());
  ArrayRef<int64_t> to = staticShape(results[0]);
  auto before = [](ArrayRef<int64_t> shape, int64_t dim) {
    return ShapedType::getNumElements(shape.take_front(dim));
  };
  for (int64_t dim = 0, rank = from.size(); dim < rank; ++dim) {
    if (!extentOf(reshape.getInput(), dim))
      continue;
    int64_t found = -1;
    for (int64_t i = 0, count = to.size(); i < count && found < 0; ++i)
      if (to[i] == from[dim] && before(to, i) == before(from, dim) &&
          !extents[0][i])
        found = i;
    if (found < 0)
      return refuse(reshape.getInput(), dim,
                    "reshaping must keep this dimension");
    (void)keep(0, found, reshape.getInput(), dim);
  }
  return success();
}

LogicalResult ExtentCarrier::carry(edge::SliceOp slice) {
  Value input = slice.getInput();
  for (int64_t dim = 0; dim < int64_t(extents[0].size()); ++dim) {
    bool isWhole = slice.getStarts()[dim] == 0 && slice.getSteps()[dim] == 1 &&
                   slice.getSizes()[dim] == staticShape(input)[dim];
    if (!isWhole &&
        failed(refuseAlong(input, dim,
                           "a part of a dimension is taken by positions that "
                           "are known at compile time")))
      return failure();
    (void)keep(0, dim, input, dim);
  }
  return success();
}

LogicalResult ExtentCarrier::checkIndexed(Value input, int64_t dim,
                                          Value indices) {
  if (isNeverNegative(known, indices))
    return success();
  return refuseAlong(input, dim,
                     "indices would count from the end of its buffer");
}

LogicalResult ExtentCarrier::carry(edge::GatherOp gather) {
  int64_t axis = gather.getAxis();
  Value input = gather.getInput(), indices = gather.getIndices();
  int64_t added = staticShape(indices).size();
  if (failed(checkIndexed(input, axis, indices)))
    return failure();
  for (int64_t dim = 0, rank = staticShape(input).size(); dim < rank; ++dim)
    if (dim != axis)
      (void)keep(0, dim < axis ? dim : dim - 1 + added, input, dim);
  for (int64_t dim = 0; dim < added; ++dim)
    (void)keep(0, axis + dim, indices, dim);
  return success();
}

LogicalResult ExtentCarrier::carry(edge::GatherElementsOp gather) {
  if (failed(checkIndexed(gather.getInput(), gather.getAxis(),
                          gather.getIndices())))
    return failure();
  for (int64_t dim = 0; dim < int64_t(extents[0].size()); ++dim)
    (void)keep(0, dim, gather.getIndices(), dim);
  return success();
}

LogicalResult ExtentCarrier::carry(edge::GatherNdOp gather) {
  Value input = gather.getInput(), indices = gather.getIndices();
  int64_t lookups = staticShape(indices).size() - 1;
  int64_t batchDims = gather.getBatchDims();
  int64_t first = batchDims + staticShape(indices).back();
  if (failed(refuseAlong(indices, lookups, "tuples need all their entries")))
    return failure();
  for (int64_t dim = batchDims; dim < first; ++dim)
    if (failed(checkIndexed(input, dim, indices)))
      return failure();
  for (int64_t dim = 0; dim < lookups; ++dim)
    (void)keep(0, dim, indices, dim);
  for (int64_t dim = 0; dim < batchDims; ++dim)
    if (failed(keep(0, dim, input, dim)))
      return failure();
  for (int64_t dim = first, rank = staticShape(input).size(); dim < rank; ++dim)
    (void)keep(0, lookups + dim - first, input, dim);
  return success();
}

/// Rows on the left and columns on the right; vectors have none of these.
LogicalResult ExtentCarrier::carry(edge::MatMulOp matmul) {
  Value lhs = matmul.getLhs(), rhs = matmul.getRhs();
  int64_t left = staticShape(lhs).size(), right = staticShape(rhs).size();
  int64_t rank = staticShape(results[0]).size();
  if (left < 2 || right < 2)
    return refuseAny();
  int64_t row = left - (matmul.getTransposeLhs() ? 1 : 2);
  int64_t column = right - (matmul.getTransposeRhs() ? 2 : 1);
  if (failed(maskSummed(lhs, 2 * left - 3 - row, rhs, 2 * right - 3 - column)))
    return failure();
  auto leading = [&](Value operand, int64_t operandRank) {
    for (int64_t dim = 0; dim < operandRank - 2; ++dim)
      if (failed(refuseAlong(operand, dim, "it is a dimension of matrices")))
        return failure();
    return success();
  };
  if (failed(leading(lhs, left)) || failed(leading(rhs, right)))
    return failure();
  (void)keep(0, rank - 2, lhs, row);
  return keep(0, rank - 1, rhs, column);
}

LogicalResult ExtentCarrier::carryLines(Value input, int64_t axis,
                                        bool dropsAxis) {
  if (failed(refuseAlong(input, axis,
                         "the operator would take the others for data")))
    return failure();
  for (unsigned result = 0; result < results.size(); ++result)
    for (int64_t dim = 0, rank = staticShape(input).size(); dim < rank; ++dim)
      if (dim != axis)
        (void)keep(result, dim - (dropsAxis && dim > axis), input, dim);
  return success();
}

LogicalResult ExtentCarrier::carry(edge::TopKOp top) {
  return carryLines(top.getInput(), top.getAxis());
}

/// What comes after an element has no part in its sum.
LogicalResult ExtentCarrier::carry(edge::CumulativeSumOp sum) {
  if (sum.getReverse())
    return carryLines(sum.getInput(), sum.getAxis());
  for (int64_t dim = 0; dim < int64_t(extents[0].size()); ++dim)
    (void)keep(0, dim, sum.getInput(), dim);
  return success();
}

/// Its statistics are constants, one a channel.
LogicalResult ExtentCarrier::carry(edge::BatchNormOp norm) {
  constexpr int64_t channels = 1;
  return carryLines(norm.getInput(), channels);
}

LogicalResult ExtentCarrier::carry(edge::LayerNormOp norm) {
  Value input = norm.getInput();
  for (Value operand : op->getOperands().drop_front())
    for (int64_t dim = 0; dim < int64_t(staticShape(operand).size()); ++dim)
      if (failed(refuseAlong(operand, dim, "the input has all of them")))
        return failure();
  for (int64_t dim = 0; dim < int64_t(extents[0].size()); ++dim) {
    if (dim >= int64_t(norm.getAxis()) &&
        failed(refuseAlong(input, dim,
                           "the operator would take the others for data")))
      return failure();
    (void)keep(0, dim, input, dim);
  }
  return success();
}
