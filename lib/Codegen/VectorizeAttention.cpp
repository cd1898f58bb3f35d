//===- VectorizeAttention.cpp - kernel.attention -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   for each batch, block of queries:              (divided among threads)
//     scores[rows][keys] = score(query * key)      tiles, on the stack
//     probabilities = bodies(scores)               row by row
//     init[rows] = epilogue(probabilities * value) tiles
//
// Probabilities are where the scores were, but for those of bytes.
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
  /// A matrix on the stack, with a row for each query of a block.
  struct Rows {
    Value memory;       ///< A memref of rank 1.
    int64_t stride = 0; ///< From one row of it to the next.
  };

  LogicalResult flatten(Value memref, AffineMap map, FlatBuffer &buffer);
  Rows allocateRows(Type type);
  TileProblem tilesOf(unsigned column, unsigned contracted, Region &epilogue);
  LogicalResult chooseDot(TileProblem &problem, AffineMap bMap, unsigned column,
                          unsigned contracted);
  FlatBuffer inTile(FlatBuffer buffer, unsigned column, unsigned contracted);
  LogicalResult emitScores();
  void emitBodies();
  LogicalResult emitResult();

  static Type yieldedType(Region &region) {
    return region.front().getTerminator()->getOperand(0).getType();
  }
  Type scoreType() { return yieldedType(op.getScore()); }
  Type probabilityType() { return yieldedType(op.getBodies().back()); }
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
  Rows scores, probabilities;

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

AttentionEmitter::Rows AttentionEmitter::allocateRows(Type type) {
  int64_t stride = scoreStride(extents[op.getKeyDim()], elementBytes(type));
  return {allocateOnStack(builder, loc, rows * stride, type), stride};
}

LogicalResult AttentionEmitter::emit() {
  rows = attentionRows({{extents[op.getQueryDim()], extents[op.getKeyDim()],
                         extents[op.getDepthDim()], extents[op.getColumnDim()]},
                        getElementTypeOrSelf(op.getQuery().getType()),
                        getElementTypeOrSelf(op.getKey().getType()),
                        op.getScore().getArgument(0).getType(),
                        scoreType(),
                        op.getQueryUnsigned(),
                        op.getKeyUnsigned()},
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
  scores = allocateRows(scoreType());
  probabilities = probabilityType() == scoreType()
                      ? scores
                      : allocateRows(probabilityType());

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

/// The instruction for bytes, for which b is packed.
LogicalResult AttentionEmitter::chooseDot(TileProblem &problem, AffineMap bMap,
                                          unsigned column,
                                          unsigned contracted) {
  problem.packedColumns = findModulus(bMap, column);
  int64_t depth = findModulus(bMap, contracted);
  if (depth == 0)
    return success();
  problem.dot = chooseDotRow(target, problem.aUnsigned, problem.bUnsigned,
                             extents[contracted]);
  if (!problem.dot || problem.dot->flipsA || problem.dot->depth() != depth)
    return op.emitOpError("keys or values are packed for another target");
  return success();
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
  // Only the query becomes a sum. Of a packed operand, which does not depend on
  // it, simplification would take the remainders apart.
  bool isSum = buffer.position.isFunctionOfDim(op.getQueryDim());
  buffer.position = buffer.position.replaceDims(dims);
  if (isSum)
    buffer.position = simplifyAffineExpr(buffer.position, /*numDims=*/row + 3,
                                         /*numSymbols=*/0);
  return buffer;
}

LogicalResult AttentionEmitter::emitScores() {
  unsigned column = op.getKeyDim(), contracted = op.getDepthDim();
  TileProblem problem = tilesOf(column, contracted, op.getScore());
  problem.aUnsigned = op.getQueryUnsigned();
  problem.bUnsigned = op.getKeyUnsigned();
  if (failed(chooseDot(problem, op.getKeyMap(), column, contracted)))
    return failure();
  problem.a = inTile(query, column, contracted);
  problem.b = inTile(key, column, contracted);
  for (const FlatBuffer &extra : extras)
    problem.extras.push_back(inTile(extra, column, contracted));
  unsigned row = indices.size();
  problem.c = {dim(row) * scores.stride + dim(row + 1), scores.memory};
  return emitTiles(builder, op, std::move(problem), target);
}

void AttentionEmitter::emitBodies() {
  RowProblem problem;
  problem.extents = {rows, extents[op.getKeyDim()]};
  auto bufferOf = [&](const Rows &rows) {
    return FlatBuffer{dim(0) * rows.stride + dim(1), rows.memory};
  };
  problem.inputs.push_back(bufferOf(scores));
  problem.output = bufferOf(probabilities);
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
  problem.aUnsigned = op.getProbabilityUnsigned();
  problem.bUnsigned = op.getValueUnsigned();
  if (failed(chooseDot(problem, op.getValueMap(), column, contracted)))
    return failure();
  unsigned row = indices.size();
  problem.a = {dim(row) * probabilities.stride + dim(row + 2),
               probabilities.memory};
  problem.b = inTile(value, column, contracted);
  problem.c = inTile(init, column, contracted);
  return emitTiles(builder, op, std::move(problem), target);
}

} // namespace

int64_t edgec::attentionRows(const AttentionShape &shape,
                             const TargetDescription &target) {
  StepShape step;
  if (shape.query.isInteger(8)) {
    if (std::optional<DotRow> row =
            chooseDotRow(target, shape.queryUnsigned, shape.keyUnsigned,
                         shape.extents.depth))
      step = row->stepShape();
  } else if (std::optional<LaneRow> row =
                 chooseLaneRow(target, {shape.query, shape.key, shape.sum,
                                        shape.extents.depth, /*stride=*/1})) {
    step = row->stepShape();
  }
  return chooseAttentionRows(target, shape.score.getIntOrFloatBitWidth(),
                             shape.extents, step);
}

LogicalResult edgec::vectorizeAttention(kernel::AttentionOp op,
                                        const TargetDescription &target) {
  return AttentionEmitter(op, target).emit();
}
