//===- VectorizeRows.cpp - kernel.rowwise --------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RowEmitter.h"
#include "Vectorizers.h"

using namespace mlir;
using namespace edgec;

static LogicalResult flatten(OpBuilder &builder, kernel::RowwiseOp op,
                             Value memref, AffineMap map, FlatBuffer &buffer) {
  FailureOr<FlatBuffer> flat =
      FlatBuffer::get(builder, op.getLoc(), memref, map);
  if (failed(flat))
    return op.emitOpError("cannot be vectorised: ")
           << memref.getType() << " has no static strides";
  buffer = *flat;
  if (!coefficientOf(buffer.position, op.getExtents().size() - 1))
    return op.emitOpError(
        "cannot be vectorised: an index is not linear in the column");
  return success();
}

LogicalResult edgec::vectorizeRowwise(kernel::RowwiseOp op,
                                      const TargetDescription &target) {
  OpBuilder builder(op);
  RowProblem problem;
  llvm::append_range(problem.extents, op.getExtents());
  for (auto [input, map] : llvm::zip(op.getInputs(), op.getInputMaps()))
    if (failed(flatten(builder, op, input, cast<AffineMapAttr>(map).getValue(),
                       problem.inputs.emplace_back())))
      return failure();
  if (failed(
          flatten(builder, op, op.getInit(), op.getInitMap(), problem.output)))
    return failure();
  for (auto combiner : op.getCombiners().getAsValueRange<StringAttr>())
    problem.combiners.push_back(combiner == "add" ? RowCombiner::Add
                                                  : RowCombiner::Max);
  for (Region &body : op.getBodies())
    problem.bodies.push_back(&body.front());
  problem.part = partAround(op);
  emitRows(builder, op.getLoc(), std::move(problem), target);
  return success();
}
