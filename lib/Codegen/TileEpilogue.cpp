//===- TileEpilogue.cpp - What follows the sums of a tile ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BytePack.h"
#include "TileEmitterImpl.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

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
      first[vector] = shiftSums(loadExtra(*bias, base, /*row=*/0, vector),
                                /*isLeft=*/true);
  }
  for (int64_t row = 0; row < sumRows; ++row)
    llvm::append_range(sums, first);
  return sums;
}

/// The epilogue of some of a tile's vectors, the first of them number `first`
/// of the tile.
SmallVector<Value> TileEmitter::emitResults(ValueRange sums, int64_t first,
                                            ArrayRef<Value> wanted,
                                            EpilogueOperands &operands) {
  SmallVector<Value> results;
  for (auto [i, sum] : llvm::enumerate(sums)) {
    int64_t row = (first + i) / vectors(), vector = (first + i) % vectors();
    SmallVector<Value> arguments{shiftSums(sum, /*isLeft=*/false)};
    for (unsigned extra = 0; extra < problem.extras.size(); ++extra) {
      if (extra == operands.bias) {
        arguments.push_back(operands.zero); // The sums have begun with it.
        continue;
      }
      int64_t distance = rowDistance(problem.extras[extra].position, row);
      int64_t part = extraColumnStride[extra] == 0 ? 0 : vector;
      Value &value = operands.loaded[{extra, {distance, part}}];
      if (!value)
        value = loadExtra(extra, operands.bases[extra], row, vector);
      arguments.push_back(value);
    }
    results.push_back(emitBody(builder, *problem.epilogue, arguments, lanes,
                               /*indices=*/{}, wanted)
                          .front());
  }
  return results;
}

/// Stores `result`, which is one vector of a row or several neighbours.
void TileEmitter::storeResult(Value base, Value result, int64_t row,
                              int64_t vector, int64_t valid) {
  Value index = advance(builder, loc, base,
                        rowDistance(problem.c.position, row) +
                            vector * lanes * cColumnStride);
  storeLanes(builder, loc, result, problem.c.memory, index, cColumnStride,
             valid, access);
}

/// Packs the integers of `packedVectors` results and stores them, neighbours of
/// a row together.
void TileEmitter::storePacked(Value base, ValueRange results, int64_t first,
                              bool isUnsigned) {
  Value bytes =
      packBytes(builder, loc, llvm::to_vector(results), isUnsigned, target);
  for (int64_t i = 0, count = 1; i < packedVectors; i += count) {
    int64_t row = (first + i) / vectors(), vector = (first + i) % vectors();
    int64_t valid = validLanes(vector);
    for (count = 1; cColumnStride == 1 && valid == count * lanes &&
                    i + count < packedVectors && vector + count < vectors();
         ++count)
      valid += validLanes(vector + count);
    Value part = bytes;
    if (count < packedVectors)
      part = builder.create<vector::ExtractStridedSliceOp>(
          loc, bytes, i * lanes, count * lanes, /*strides=*/1);
    storeResult(base, part, row, vector, valid);
  }
}

/// Vectors of a tile, of `remaining`, whose operands are read before results
/// are stored, which could overwrite an operand as far as the compiler can see:
/// a core that runs in order wants all of them, others rather keep registers.
int64_t TileEmitter::epilogueGroup(int64_t remaining, bool isPacked) const {
  if (target.isX86())
    return std::min(packedVectors, remaining);
  return isPacked && remaining > packedVectors
             ? remaining - remaining % packedVectors
             : remaining;
}

void TileEmitter::emitEpilogue(ValueRange sums) {
  EpilogueOperands operands;
  operands.bias = findBias();
  for (const FlatBuffer &extra : problem.extras)
    operands.bases.push_back(emitIndex(builder, loc, extra.position, indices));
  operands.zero = builder.create<arith::ConstantOp>(
      loc, builder.getZeroAttr(VectorType::get({lanes}, problem.accumulator)));
  Value base = emitIndex(builder, loc, problem.c.position, indices);
  std::optional<BytePack> pack;
  if (lanes == target.lanes(32))
    pack = chooseBytePack(*problem.epilogue, target);
  int64_t count = rows() * vectors();
  for (int64_t first = 0, size; first < count; first += size) {
    size = epilogueGroup(count - first, pack.has_value());
    bool isPacked = pack && size % packedVectors == 0;
    SmallVector<Value> results = emitResults(
        sums.slice(first, size), first,
        isPacked ? ArrayRef(pack->wide) : ArrayRef<Value>(), operands);
    if (isPacked) {
      for (int64_t i = 0; i < size; i += packedVectors)
        storePacked(base, ArrayRef(results).slice(i, packedVectors), first + i,
                    pack->isUnsigned);
      continue;
    }
    for (auto [i, result] : llvm::enumerate(results)) {
      int64_t row = (first + i) / vectors(), vector = (first + i) % vectors();
      storeResult(base, result, row, vector, validLanes(vector));
    }
  }
}
