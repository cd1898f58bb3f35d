//===- ExtentConcat.cpp - Parts that the run may not fill -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExtentCarrier.h"
#include "edgec/Dialect/Edge/RuntimeShape.h"

using namespace edgec;
using namespace edgec::onnx_import;
using namespace mlir;

Value ExtentCarrier::number(int64_t value) {
  auto i64 = RankedTensorType::get({}, builder.getI64Type());
  return builder.create<edge::ConstantOp>(op->getLoc(),
                                          DenseElementsAttr::get(i64, value));
}

Value ExtentCarrier::sum(Value lhs, Value rhs) {
  return builder.create<edge::AddOp>(op->getLoc(), lhs.getType(), lhs, rhs);
}

/// Where only the last part may end before its buffer does, nothing moves.
LogicalResult ExtentCarrier::carry(edge::ConcatOp concat) {
  int64_t axis = concat.getAxis();
  OperandRange parts = op->getOperands();
  for (Value part : parts)
    for (int64_t dim = 0; dim < int64_t(extents[0].size()); ++dim)
      if (dim != axis && failed(keep(0, dim, part, dim)))
        return failure();
  auto isDecided = [&](Value part) { return bool(extentOf(part, axis)); };
  if (staticShape(results[0])[axis] == 0)
    return success();
  if (llvm::any_of(parts.drop_back(), isDecided)) {
    joinParts(concat);
    return success();
  }
  Value last = parts.back();
  if (!isDecided(last))
    return success();
  int64_t before = staticShape(results[0])[axis] - staticShape(last)[axis];
  Value extent = extentOf(last, axis);
  extents[0][axis] = before == 0 ? extent : sum(extent, number(before));
  return success();
}

/// Gathers from the buffers, which stand one behind the other: what is at a
/// position is as much further on as the parts before it have room left.
void ExtentCarrier::joinParts(edge::ConcatOp concat) {
  Location loc = op->getLoc();
  int64_t axis = concat.getAxis(), room = staticShape(results[0])[axis];
  auto line = RankedTensorType::get({room}, builder.getI64Type());
  auto isPast = RankedTensorType::get({room}, builder.getI1Type());
  Value position = builder.create<edge::IotaOp>(loc, line, 0), index = position;
  // The end of the parts so far: in the buffers, and in the run, which is the
  // sum of a scalar and a number.
  int64_t bufferEnd = 0, fixed = 0;
  Value decided;
  bool hasMoved = false;
  for (Value part : op->getOperands()) {
    int64_t extent = staticShape(part)[axis];
    if (hasMoved && extent != 0) {
      Value begin = fixed == 0 ? decided : sum(decided, number(fixed));
      Value there = builder.create<edge::CompareOp>(
          loc, isPast, position, begin, edge::ComparePredicate::ge);
      Value left = builder.create<edge::SubOp>(loc, begin.getType(),
                                               number(bufferEnd), begin);
      Value moved = builder.create<edge::AddOp>(loc, line, position, left);
      index = builder.create<edge::SelectOp>(loc, line, there, moved, index);
      hasMoved = false;
    }
    bufferEnd += extent;
    if (Value count = extentOf(part, axis)) {
      decided = decided ? sum(decided, count) : count;
      hasMoved = true;
    } else {
      fixed += extent;
    }
  }
  // Positions beyond the last part may point anywhere within.
  index = builder.create<edge::ClampOp>(loc, line, index, APFloat(0.0),
                                        APFloat(static_cast<double>(room - 1)));
  auto gather = builder.create<edge::GatherOp>(loc, results[0].getType(),
                                               results[0], index, axis);
  gather->setAttr(edge::joinsPartsAttr, builder.getUnitAttr());
  trusted.push_back(gather);
  results[0] = gather;
  extents[0][axis] = fixed == 0 ? decided : sum(decided, number(fixed));
}
