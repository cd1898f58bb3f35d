//===- TileEpilogue.cpp - What follows the sums of a tile ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitterImpl.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

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

/// The extra operand that the epilogue adds to integer sums first, if it is the
/// same for all rows of a tile: sums can start from it, in whatever order
/// integers are added.
std::optional<unsigned> TileEmitter::findBias() const {
  Block &body = *problem.epilogue;
  if (!isa<IntegerType>(problem.accumulator) || hasBlocks() ||
      !body.getArgument(0).hasOneUse())
    return std::nullopt;
  Operation *user = *body.getArgument(0).user_begin();
  if (!isa<arith::AddIOp>(user) || user->getBlock() != &body)
    return std::nullopt;
  bool isFirst = user->getOperand(0) == body.getArgument(0);
  auto bias = dyn_cast<BlockArgument>(user->getOperand(isFirst ? 1 : 0));
  if (!bias || bias.getOwner() != &body || bias.getArgNumber() == 0 ||
      !bias.hasOneUse())
    return std::nullopt;
  unsigned extra = bias.getArgNumber() - 1;
  for (std::optional<unsigned> dim : {outerDim, innerDim})
    if (dim && coefficientOf(problem.extras[extra].position, *dim) != 0)
      return std::nullopt;
  return extra;
}

SmallVector<Value> TileEmitter::initialSums(int64_t sumRows) {
  Type type = VectorType::get({lanes}, problem.accumulator);
  Value zero =
      builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(type));
  SmallVector<Value> first(vectors(), zero), sums;
  if (std::optional<unsigned> bias = findBias()) {
    Value base =
        emitIndex(builder, loc, problem.extras[*bias].position, indices);
    for (int64_t vector = 0; vector < vectors(); ++vector)
      first[vector] = loadExtra(*bias, base, /*row=*/0, vector);
  }
  for (int64_t row = 0; row < sumRows; ++row)
    llvm::append_range(sums, first);
  return sums;
}

/// All reads come before the stores, which could overwrite an operand as far
/// as the compiler can see.
void TileEmitter::emitEpilogue(ValueRange sums) {
  SmallVector<Value> bases;
  for (const FlatBuffer &extra : problem.extras)
    bases.push_back(emitIndex(builder, loc, extra.position, indices));
  DenseMap<std::pair<unsigned, std::pair<int64_t, int64_t>>, Value> loaded;
  SmallVector<Value> results;
  std::optional<unsigned> bias = findBias();
  Value zero = builder.create<arith::ConstantOp>(
      loc, builder.getZeroAttr(VectorType::get({lanes}, problem.accumulator)));
  for (int64_t row = 0; row < rows(); ++row)
    for (int64_t vector = 0; vector < vectors(); ++vector) {
      SmallVector<Value> arguments{sums[row * vectors() + vector]};
      for (unsigned extra = 0; extra < problem.extras.size(); ++extra) {
        if (extra == bias) {
          arguments.push_back(zero); // The sums have begun with it.
          continue;
        }
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
