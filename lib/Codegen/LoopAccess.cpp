//===- LoopAccess.cpp - What loops read and write ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LoopEmitterImpl.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

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
    if (input.scalar || !input.lookups.empty())
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
  bool looksUp = llvm::any_of(problem.inputs, [](const LoopInput &input) {
    return !input.lookups.empty();
  });
  if (!vectorDim || !problem.indexFree || looksUp || !reductions.empty() ||
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

/// How far apart lanes are in an input; nothing where that differs.
std::optional<int64_t> LoopEmitter::laneStride(const LoopInput &input) const {
  if (!vectorDim)
    return 0;
  for (const LoopInput::Lookup &lookup : input.lookups)
    if (coefficientOf(lookup.table.position, *vectorDim) != 0)
      return std::nullopt;
  return coefficientOf(input.buffer.position, *vectorDim);
}

Value LoopEmitter::positionOf(const LoopInput &input) {
  Value position = emitIndex(builder, loc, input.buffer.position, indices);
  for (const LoopInput::Lookup &lookup : input.lookups) {
    Value at = emitIndex(builder, loc, lookup.table.position, indices);
    Value index = builder.create<memref::LoadOp>(loc, lookup.table.memory, at);
    Value stride = builder.create<arith::ConstantIndexOp>(loc, lookup.stride);
    Value offset = builder.createOrFold<arith::MulIOp>(loc, index, stride);
    position = builder.createOrFold<arith::AddIOp>(loc, position, offset);
  }
  return position;
}

Value LoopEmitter::load(const LoopInput &input, int64_t lanes, int64_t count) {
  const FlatBuffer &buffer = input.buffer;
  std::optional<int64_t> stride = lanes == 1 ? 0 : laneStride(input);
  auto pattern =
      input.lookups.empty() ? patterns.find(buffer.position) : patterns.end();
  if (atInBlock && pattern != patterns.end()) {
    Value here = std::exchange(indices[*vectorDim], blockBegin);
    Value index = emitIndex(builder, loc, buffer.position, indices);
    indices[*vectorDim] = here;
    return loadPattern(builder, loc, buffer.memory, index, pattern->second,
                       *atInBlock, access);
  }
  if (stride)
    return loadLanes(builder, loc, buffer.memory, positionOf(input), *stride,
                     lanes, count, access);
  return loadByLane(input, lanes, count);
}

/// Each lane has an index of its own.
Value LoopEmitter::loadByLane(const LoopInput &input, int64_t lanes,
                              int64_t count) {
  auto type = VectorType::get({lanes}, input.buffer.elementType());
  Value result =
      builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(type));
  Value first = indices[*vectorDim];
  for (int64_t lane = 0; lane < count; ++lane) {
    indices[*vectorDim] = advance(builder, loc, first, lane);
    Value scalar = loadLanes(builder, loc, input.buffer.memory,
                             positionOf(input), 0, 1, 1, access);
    result = builder.create<vector::InsertOp>(loc, scalar, result, lane);
  }
  indices[*vectorDim] = first;
  return result;
}

SmallVector<Value> LoopEmitter::loadInputs(int64_t lanes, int64_t count) {
  SmallVector<Value> values;
  for (const LoopInput &input : problem.inputs)
    values.push_back(input.scalar ? splat(builder, loc, input.scalar, lanes)
                                  : load(input, lanes, count));
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
