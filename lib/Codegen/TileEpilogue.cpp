//===- TileEpilogue.cpp - What follows the sums of a tile ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "VectorBody.h"

using namespace mlir;
using namespace edgec;

Value TileEmitter::loadExtra(unsigned extra, Value base, int64_t row,
                             int64_t vector) {
  const FlatBuffer &buffer = problem.extras[extra];
  int64_t stride = extraColumnStride[extra];
  Value index =
      advance(builder, loc, base,
              rowDistance(buffer.position, row) + vector * lanes * stride);
  return loadLanes(builder, loc, buffer.memory, index, stride, lanes,
                   validLanes(vector), access);
}

/// All reads come before the stores, which could overwrite an operand as far
/// as the compiler can see.
void TileEmitter::emitEpilogue(ValueRange sums) {
  SmallVector<Value> bases;
  for (const FlatBuffer &extra : problem.extras)
    bases.push_back(emitIndex(builder, loc, extra.position, indices));
  DenseMap<std::pair<unsigned, std::pair<int64_t, int64_t>>, Value> loaded;
  SmallVector<Value> results;
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t vector = 0; vector < vectors(); ++vector) {
      SmallVector<Value> arguments{sums[row * vectors() + vector]};
      for (unsigned extra = 0; extra < problem.extras.size(); ++extra) {
        int64_t distance = rowDistance(problem.extras[extra].position, row);
        int64_t part = extraColumnStride[extra] == 0 ? 0 : vector;
        Value &value = loaded[{extra, {distance, part}}];
        if (!value)
          value = loadExtra(extra, bases[extra], row, vector);
        arguments.push_back(value);
      }
      results.push_back(
          emitBody(builder, *problem.epilogue, arguments, lanes).front());
    }
  Value base = emitIndex(builder, loc, problem.c.position, indices);
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t vector = 0; vector < vectors(); ++vector) {
      Value index = advance(builder, loc, base,
                            rowDistance(problem.c.position, row) +
                                vector * lanes * cColumnStride);
      storeLanes(builder, loc, results[row * vectors() + vector],
                 problem.c.memory, index, cColumnStride, validLanes(vector),
                 access);
    }
}
