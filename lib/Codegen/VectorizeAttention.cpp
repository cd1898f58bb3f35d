//===- VectorizeAttention.cpp - kernel.attention -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   for each batch, block of queries:              (divided among threads)
//     scores[rows][keys] = score(query * key)      tiles, on the stack
//     scores = bodies(scores)                      row by row, in place
//     init[rows] = epilogue(scores * value)        tiles
//
//===----------------------------------------------------------------------===//

#include "Attention.h"
#include "Loops.h"
#include "RowEmitter.h"
#include "TileEmitter.h"
#include "Vectorizers.h"
#include "edgec/Codegen/Passes.h"

using namespace mlir;
using namespace edgec;

namespace {

class AttentionEmitter {
public:
  AttentionEmitter(kernel::AttentionOp op, const TargetDescription &target)
      : builder(op), loc(op.getLoc()), op(op), target(target),
        extents(op.getExtents()) {}

  LogicalResult emit();

private:
  LogicalResult flatten(Value memref, AffineMap map, FlatBuffer &buffer);
  void allocateScores();
  TileProblem tilesOf(unsigned column, unsigned contracted, Region &epilogue);
  FlatBuffer inTile(FlatBuffer buffer, unsigned column, unsigned contracted);
  LogicalResult emitScores();
  void emitBodies();
  LogicalResult emitResult();

  Type scoreType() {
    return op.getScore().front().getTerminator()->getOperand(0).getType();
  }
  AffineExpr dim(unsigned position) {
    return builder.getAffineDimExpr(position);
  }

  OpBuilder builder;
  Location loc;
  kernel::AttentionOp op;
  const TargetDescription &target;
  ArrayRef<int64_t> extents;

  FlatBuffer query, key, value, init;
  SmallVector<FlatBuffer> extras;
  Value scores;       ///< A memref of rank 1.
  int64_t stride = 0; ///< From one row of it to the next.

  // The block that is being emitted.
  SmallVector<Value> indices; ///< Of the batch, and the first query.
  int64_t rows = 1;
};

LogicalResult AttentionEmitter::flatten(Value memref, AffineMap map,
                                        FlatBuffer &buffer) {
  FailureOr<FlatBuffer> flat = FlatBuffer::get(builder, loc, memref, map);
  if (failed(flat))
    return op.emitOpError("cannot be vectorised: ")
           << memref.getType() << " has no static strides";
  buffer = *flat;
  return success();
}

/// At the function's start: a loop would take more of the stack each time.
void AttentionEmitter::allocateScores() {
  Type type = scoreType();
  stride = scoreStride(extents[op.getKeyDim()], elementBytes(type));
  OpBuilder::InsertionGuard guard(builder);
  auto function = op->getParentOfType<func::FuncOp>();
  builder.setInsertionPointToStart(&function.front());
  scores = builder.create<memref::AllocaOp>(
      loc, MemRefType::get({rows * stride}, type),
      builder.getI64IntegerAttr(bufferAlignment));
}

LogicalResult AttentionEmitter::emit() {
  rows = attentionRows({{extents[op.getQueryDim()], extents[op.getKeyDim()],
                         extents[op.getDepthDim()], extents[op.getColumnDim()]},
                        getElementTypeOrSelf(op.getQuery().getType()),
                        getElementTypeOrSelf(op.getKey().getType()),
                        op.getScore().getArgument(0).getType(),
                        scoreType()},
                       target);
  if (rows == 0)
    return op.emitOpError("cannot be vectorised: the scores of a few queries "
                          "are more than ")
           << maxScoreBytes << " bytes";
  if (failed(flatten(op.getQuery(), op.getQueryMap(), query)) ||
      failed(flatten(op.getKey(), op.getKeyMap(), key)) ||
      failed(flatten(op.getValue(), op.getValueMap(), value)) ||
      failed(flatten(op.getInit(), op.getInitMap(), init)))
    return failure();
  for (auto [extra, map] : llvm::zip(op.getExtras(), op.getExtraMaps()))
    if (failed(flatten(extra, cast<AffineMapAttr>(map).getValue(),
                       extras.emplace_back())))
      return failure();
  allocateScores();

  indices.resize(op.getNumBatch() + 1);
  SmallVector<NestLoop> loops;
  for (unsigned position = 0; position < op.getKeyDim(); ++position)
    loops.push_back({extents[position], position == op.getQueryDim() ? rows : 1,
                     [this, position](Value index, int64_t size) {
                       indices[position] = index;
                       if (position == op.getQueryDim())
                         rows = size;
                     }});
  LogicalResult result = success();
  emitSharedNest(builder, loc, loops, partAround(op), [&] {
    if (failed(result) || failed(emitScores()))
      return void(result = failure());
    emitBodies();
    result = emitResult();
  });
  return result;
}

/// A contraction of the rows of a block: its space is the batch, the first
/// query and the row behind it, then `column` and `contracted`.
TileProblem AttentionEmitter::tilesOf(unsigned column, unsigned contracted,
                                      Region &epilogue) {
  TileProblem problem;
  problem.extents.assign(indices.size(), 1);
  llvm::append_values(problem.extents, rows, extents[column],
                      extents[contracted]);
  problem.numBatch = indices.size();
  problem.numRows = 1;
  problem.epilogue = &epilogue.front();
  problem.accumulator = epilogue.getArgument(0).getType();
  problem.batchIndices = indices;
  return problem;
}

/// The operand's position in the space of `tilesOf`.
FlatBuffer AttentionEmitter::inTile(FlatBuffer buffer, unsigned column,
                                    unsigned contracted) {
  SmallVector<AffineExpr> dims;
  for (unsigned position = 0; position < extents.size(); ++position)
    dims.push_back(dim(position));
  unsigned row = indices.size();
  dims[op.getQueryDim()] = dim(op.getQueryDim()) + dim(row);
  dims[column] = dim(row + 1);
  dims[contracted] = dim(row + 2);
  buffer.position = simplifyAffineExpr(buffer.position.replaceDims(dims),
                                       /*numDims=*/row + 3, /*numSymbols=*/0);
  return buffer;
}

LogicalResult AttentionEmitter::emitScores() {
  unsigned column = op.getKeyDim(), contracted = op.getDepthDim();
  TileProblem problem = tilesOf(column, contracted, op.getScore());
  problem.a = inTile(query, column, contracted);
  problem.b = inTile(key, column, contracted);
  for (const FlatBuffer &extra : extras)
    problem.extras.push_back(inTile(extra, column, contracted));
  unsigned row = indices.size();
  problem.c = {dim(row) * stride + dim(row + 1), scores};
  return emitTiles(builder, op, std::move(problem), target);
}

void AttentionEmitter::emitBodies() {
  RowProblem problem;
  problem.extents = {rows, extents[op.getKeyDim()]};
  FlatBuffer buffer{dim(0) * stride + dim(1), scores};
  problem.inputs.push_back(buffer);
  problem.output = buffer;
  for (auto combiner : op.getCombiners().getAsValueRange<StringAttr>())
    problem.combiners.push_back(combiner == "add" ? RowCombiner::Add
                                                  : RowCombiner::Max);
  for (Region &body : op.getBodies())
    problem.bodies.push_back(&body.front());
  emitRows(builder, loc, std::move(problem), target);
}

LogicalResult AttentionEmitter::emitResult() {
  unsigned column = op.getColumnDim(), contracted = op.getKeyDim();
  TileProblem problem = tilesOf(column, contracted, op.getEpilogue());
  unsigned row = indices.size();
  problem.a = {dim(row) * stride + dim(row + 2), scores};
  problem.b = inTile(value, column, contracted);
  problem.c = inTile(init, column, contracted);
  return emitTiles(builder, op, std::move(problem), target);
}

} // namespace

int64_t edgec::attentionRows(const AttentionShape &shape,
                             const TargetDescription &target) {
  StepShape step;
  if (std::optional<LaneRow> row =
          chooseLaneRow(target, {shape.query, shape.key, shape.sum,
                                 shape.extents.depth, /*stride=*/1}))
    step = row->stepShape();
  return chooseAttentionRows(target, shape.score.getIntOrFloatBitWidth(),
                             shape.extents, step);
}

LogicalResult edgec::vectorizeAttention(kernel::AttentionOp op,
                                        const TargetDescription &target) {
  return AttentionEmitter(op, target).emit();
}
