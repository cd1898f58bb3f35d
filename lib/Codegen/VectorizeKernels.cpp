//===- VectorizeKernels.cpp - kernel.contract and kernel.depthwise -------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DepthwisePack.h"
#include "FastPath.h"
#include "PanelPack.h"
#include "TileEmitter.h"
#include "Vectorizers.h"

using namespace mlir;
using namespace edgec;

int64_t edgec::findModulus(AffineMap map, unsigned dim) {
  int64_t modulus = 0;
  AffineExpr expected = getAffineDimExpr(dim, map.getContext());
  map.walkExprs([&](AffineExpr expr) {
    auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
    if (expr.getKind() != AffineExprKind::Mod || binary.getLHS() != expected)
      return;
    if (auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS()))
      modulus = factor.getValue();
  });
  return modulus;
}

int64_t edgec::packedColumns(AffineMap bMap, unsigned columnDim) {
  return findModulus(bMap, columnDim);
}

int64_t edgec::packedDepth(AffineMap bMap, unsigned columnDim) {
  unsigned last = bMap.getNumDims() - 1;
  return last == columnDim ? 0 : findModulus(bMap, last);
}

/// Flattens one operand into `buffer`.
static LogicalResult flatten(OpBuilder &builder, Operation *op, Value memref,
                             AffineMap map, FlatBuffer &buffer) {
  FailureOr<FlatBuffer> flat =
      FlatBuffer::get(builder, op->getLoc(), memref, map);
  if (failed(flat))
    return op->emitOpError("cannot be vectorised: ")
           << memref.getType() << " has no static strides";
  buffer = *flat;
  return success();
}

static LogicalResult flattenAll(OpBuilder &builder, Operation *op,
                                TileProblem &problem, ValueRange abc,
                                ArrayRef<AffineMap> maps, ValueRange extras,
                                ArrayAttr extraMaps) {
  if (failed(flatten(builder, op, abc[0], maps[0], problem.a)) ||
      failed(flatten(builder, op, abc[1], maps[1], problem.b)) ||
      failed(flatten(builder, op, abc[2], maps[2], problem.c)))
    return failure();
  for (auto [extra, attribute] : llvm::zip(extras, extraMaps)) {
    // Maps of extras may be over the result's dimensions only.
    AffineMap map = cast<AffineMapAttr>(attribute).getValue();
    map = AffineMap::get(problem.extents.size(), 0, map.getResults(),
                         builder.getContext());
    if (failed(flatten(builder, op, extra, map, problem.extras.emplace_back())))
      return failure();
  }
  return success();
}

LogicalResult edgec::vectorizeContract(kernel::ContractOp op,
                                       const TargetDescription &target) {
  OpBuilder builder(op);
  TileProblem problem;
  problem.extents.assign(op.getExtents().begin(), op.getExtents().end());
  problem.numBatch = op.getNumBatch();
  problem.numRows = op.getNumRows();
  problem.aUnsigned = op.getAUnsigned();
  problem.bUnsigned = op.getBUnsigned();
  problem.accumulator = op.getAccumulator();
  problem.epilogue = &op.getEpilogue().front();
  problem.part = partAround(op);
  problem.packedColumns = packedColumns(op.getBMap(), problem.columnDim());
  if (int64_t depth = packedDepth(op.getBMap(), problem.columnDim())) {
    // As it was before packing.
    bool aUnsigned = op.getAUnsigned() != op.getAFlipped();
    problem.dot = chooseDotRow(target, aUnsigned, op.getBUnsigned(),
                               op.getExtents().back());
    if (!problem.dot || problem.dot->flipsA != op.getAFlipped() ||
        problem.dot->depth() != depth)
      return op->emitOpError("b is packed for another target");
  }
  if (std::optional<int64_t> bits = op.getBBits()) {
    LowBitLayout layout = lowBitLayoutOf(op, problem.dot);
    layout.panel = problem.packedColumns;
    auto b = cast<ShapedType>(op.getB().getType());
    if (layout.panel == 0 || b.getShape().back() != layout.bytes())
      return op->emitOpError("b has elements of ")
             << *bits << " bits, but is not packed";
    problem.lowBits = layout;
  }
  if (failed(flattenAll(builder, op, problem,
                        {op.getA(), op.getB(), op.getInit()},
                        {op.getAMap(), op.getBMap(), op.getCMap()},
                        op.getExtras(), op.getExtraMaps())))
    return failure();
  remarkSlowPaths(op.getLoc(), problem);
  return emitTiles(builder, op, std::move(problem), target);
}

/// The instruction for which a depthwise filter is packed.
static LogicalResult findTapGroups(kernel::DepthwiseOp op, TileProblem &problem,
                                   const TargetDescription &target) {
  problem.tapGroups = op.getTapGroups();
  if (!problem.tapGroups)
    return success();
  // As it was before packing.
  bool inputUnsigned = op.getInputUnsigned() != op.getInputFlipped();
  problem.dot = chooseDotRow(target, inputUnsigned, op.getFilterUnsigned(),
                             /*extent=*/dotDepth);
  auto filter = cast<ShapedType>(op.getFilter().getType());
  if (!problem.dot || problem.dot->flipsA != op.getInputFlipped() ||
      filter.getShape().back() != target.lanes(32) * dotDepth ||
      filter.getElementTypeBitWidth() != packedTapBits(*problem.dot))
    return op->emitOpError("the filter is packed for another target");
  return success();
}

LogicalResult edgec::vectorizeDepthwise(kernel::DepthwiseOp op,
                                        const TargetDescription &target) {
  OpBuilder builder(op);
  MLIRContext *context = op.getContext();
  auto init = cast<ShapedType>(op.getInit().getType());
  SmallVector<int64_t> window = op.getTapExtents();
  unsigned spatial = window.size();
  unsigned column = spatial + 1;

  // The space is (n, i..., c, k...); a channel is a column.
  TileProblem problem;
  problem.extents.assign(init.getShape().begin(), init.getShape().end());
  llvm::append_range(problem.extents, window);
  problem.numRows = spatial + 1;
  problem.aUnsigned = op.getInputUnsigned();
  problem.bUnsigned = op.getFilterUnsigned();
  problem.accumulator = op.getAccumulator();
  problem.epilogue = &op.getEpilogue().front();
  problem.part = partAround(op);
  problem.isDepthwise = true;
  if (failed(findTapGroups(op, problem, target)))
    return failure();

  auto dim = [&](unsigned position) {
    return getAffineDimExpr(position, context);
  };
  SmallVector<AffineExpr> input{dim(0)}, taps, output;
  for (unsigned axis = 0; axis < spatial; ++axis) {
    AffineExpr tap = dim(column + 1 + axis);
    input.push_back(dim(axis + 1) * op.getStrides()[axis] +
                    tap * op.getDilations()[axis]);
    taps.push_back(tap);
  }
  input.push_back(dim(column));
  taps.push_back(dim(column));
  if (problem.tapGroups) // Its elements are found without the map.
    taps.assign(3, getAffineConstantExpr(0, context));
  for (unsigned position = 0; position <= column; ++position)
    output.push_back(dim(position));
  auto map = [&](ArrayRef<AffineExpr> results) {
    return AffineMap::get(problem.extents.size(), 0, results, context);
  };
  if (failed(flattenAll(builder, op, problem,
                        {op.getInput(), op.getFilter(), op.getInit()},
                        {map(input), map(taps), map(output)}, op.getExtras(),
                        op.getExtraMaps())))
    return failure();
  if (problem.tapGroups) {
    bool areShared =
        cast<ShapedType>(op.getFilter().getType()).getDimSize(0) == 1;
    problem.b.position =
        dim(column) * (areShared ? 0 : problem.tapGroups->size() * dotDepth);
  }
  remarkSlowPaths(op.getLoc(), problem);
  return emitTiles(builder, op, std::move(problem), target);
}
