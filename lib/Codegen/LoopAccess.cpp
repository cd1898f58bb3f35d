//===- LoopAccess.cpp - What loops read and write ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopEmitterImpl.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace edgec;

/// Vectors of a block after which lanes' patterns must repeat.
static constexpr int64_t maxBlockVectors = 8;

/// Finds how elementwise loops read inputs whose lanes are no neighbours: the
/// step becomes as many vectors as there are before all patterns repeat.
/// False where there is an input without a pattern.
bool LoopEmitter::findPatterns() {
  patterns.clear();
  if (!reductions.empty() || fullLanes == 1)
    return false;
  SmallVector<AffineExpr> positions;
  for (const LoopInput &input : problem.inputs) {
    if (input.scalar)
      continue;
    AffineExpr position = input.buffer.position;
    std::optional<int64_t> stride = coefficientOf(position, *vectorDim);
    if (stride != 0 && stride != 1 && !llvm::is_contained(positions, position))
      positions.push_back(position);
  }
  for (int64_t vectors = 1; vectors <= maxBlockVectors; ++vectors) {
    patterns.clear();
    for (AffineExpr position : positions)
      if (std::optional<LanePattern> pattern = LanePattern::find(
              position, *vectorDim, problem.extents[*vectorDim],
              vectors * fullLanes, fullLanes))
        patterns[position] = *pattern;
    if (patterns.size() != positions.size())
      continue;
    blockLanes = vectors * fullLanes;
    return true;
  }
  patterns.clear();
  return false;
}

/// Where rows that are shorter than a vector follow each other in every output,
/// as in a transposition with few columns, lanes run on into the next row.
/// Inputs' positions are no longer linear then, but follow a pattern.
void LoopEmitter::fuseShortDims() {
  if (!vectorDim || !problem.indexFree || !reductions.empty() ||
      problem.extents[*vectorDim] >= lanesAlongVector())
    return;
  unsigned inner = *vectorDim;
  int64_t extent = problem.extents[inner];
  auto next = llvm::find_if(parallel, [&](unsigned dim) {
    return dim != inner &&
           llvm::all_of(problem.outputs, [&](const FlatBuffer &output) {
             return coefficientOf(output.position, dim) == extent;
           });
  });
  if (next == parallel.end())
    return;
  unsigned outer = *next;
  MLIRContext *context = builder.getContext();
  AffineExpr both = getAffineDimExpr(inner, context);
  AffineExpr zero = getAffineConstantExpr(0, context);
  AffineExpr outerDim = getAffineDimExpr(outer, context);
  auto fused = [&](AffineExpr position) {
    std::optional<int64_t> step = coefficientOf(position, inner);
    if (step && coefficientOf(position, outer) == *step * extent)
      return position.replace(outerDim, zero);
    DenseMap<AffineExpr, AffineExpr> dims{{both, both % extent},
                                          {outerDim, both.floorDiv(extent)}};
    return position.replace(dims);
  };
  LoopProblem before = problem;
  for (LoopInput &input : problem.inputs)
    if (!input.scalar)
      input.buffer.position = fused(input.buffer.position);
  for (FlatBuffer &output : problem.outputs)
    output.position = fused(output.position);
  problem.extents[inner] *= std::exchange(problem.extents[outer], 1);
  fullLanes = blockLanes = lanesAlongVector();
  if (findPatterns())
    parallel.erase(next);
  else
    problem = before;
}

/// The index of a loop: lanes count along the vector dimension.
Value LoopEmitter::indexOf(int64_t loop, int64_t lanes) {
  Value index = splat(builder, loc, indices[loop], lanes);
  if (lanes == 1 || !vectorDim || loop != static_cast<int64_t>(*vectorDim))
    return index;
  SmallVector<int64_t> steps = llvm::to_vector(llvm::seq<int64_t>(0, lanes));
  auto type = VectorType::get({lanes}, builder.getIndexType());
  Value offsets = builder.create<arith::ConstantOp>(
      loc,
      DenseElementsAttr::get(
          type, llvm::to_vector_of<APInt>(llvm::map_range(
                    steps, [](int64_t step) { return APInt(64, step); }))));
  return builder.create<arith::AddIOp>(loc, index, offsets);
}

Value LoopEmitter::load(const FlatBuffer &buffer, int64_t lanes,
                        int64_t count) {
  std::optional<int64_t> stride = 0;
  if (vectorDim)
    stride = coefficientOf(buffer.position, *vectorDim);
  if (lanes == 1)
    stride = 0;
  auto pattern = patterns.find(buffer.position);
  if (atInBlock && pattern != patterns.end()) {
    Value here = std::exchange(indices[*vectorDim], blockBegin);
    Value index = emitIndex(builder, loc, buffer.position, indices);
    indices[*vectorDim] = here;
    return loadPattern(builder, loc, buffer.memory, index, pattern->second,
                       *atInBlock, access);
  }
  if (stride) {
    Value index = emitIndex(builder, loc, buffer.position, indices);
    return loadLanes(builder, loc, buffer.memory, index, *stride, lanes, count,
                     access);
  }
  return loadByLane(buffer, lanes, count);
}

/// Each lane has an index of its own.
Value LoopEmitter::loadByLane(const FlatBuffer &buffer, int64_t lanes,
                              int64_t count) {
  auto type = VectorType::get({lanes}, buffer.elementType());
  Value result =
      builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(type));
  Value first = indices[*vectorDim];
  for (int64_t lane = 0; lane < count; ++lane) {
    indices[*vectorDim] = advance(builder, loc, first, lane);
    Value index = emitIndex(builder, loc, buffer.position, indices);
    Value scalar =
        loadLanes(builder, loc, buffer.memory, index, 0, 1, 1, access);
    result = builder.create<vector::InsertOp>(loc, scalar, result, lane);
  }
  indices[*vectorDim] = first;
  return result;
}

SmallVector<Value> LoopEmitter::loadInputs(int64_t lanes, int64_t count) {
  SmallVector<Value> values;
  for (const LoopInput &input : problem.inputs)
    values.push_back(input.scalar ? splat(builder, loc, input.scalar, lanes)
                                  : load(input.buffer, lanes, count));
  return values;
}

SmallVector<Value> LoopEmitter::callBody(ArrayRef<Value> inputs,
                                         ValueRange outputs, int64_t lanes) {
  SmallVector<Value> arguments(inputs);
  llvm::append_range(arguments, outputs);
  return problem.body(arguments, lanes,
                      [&](int64_t loop) { return indexOf(loop, lanes); });
}

void LoopEmitter::storeOutputs(ArrayRef<Value> values, int64_t count) {
  for (auto [value, output] : llvm::zip(values, problem.outputs)) {
    Value index = emitIndex(builder, loc, output.position, indices);
    storeLanes(builder, loc, value, output.memory, index, /*stride=*/1, count,
               access);
  }
}
