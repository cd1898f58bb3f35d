//===- TransposeEmitter.cpp - Copies that swap dimensions ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TransposeEmitter.h"

#include "Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace edgec;

namespace {

/// A block has as many rows as lanes; more would not fit into the registers.
constexpr int64_t maxLanes = 16;

class TransposeEmitter {
public:
  TransposeEmitter(OpBuilder &builder, Location loc, TransposeProblem &problem,
                   const TargetDescription &target)
      : builder(builder), loc(loc), problem(problem), target(target),
        access{target.isa == VectorIsa::Avx512} {}

  bool prepare();
  void emit();

private:
  std::optional<unsigned> contiguousDim(const FlatBuffer &buffer) const;
  bool chooseLanes();
  void emitBlock();
  Value index(const FlatBuffer &buffer, unsigned dim, Value begin, int64_t at);
  void transpose(SmallVectorImpl<Value> &rows);
  Value interleave(Value lhs, Value rhs, int64_t first);

  OpBuilder &builder;
  Location loc;
  TransposeProblem &problem;
  const TargetDescription &target;
  LaneAccess access;
  unsigned inputDim = 0, outputDim = 0; ///< Along which each is contiguous.
  int64_t lanes = 1;

  // The block that is being emitted.
  SmallVector<Value> indices; ///< Of all dimensions.
  Value inputBegin, outputBegin;
  int64_t inputSize = 1, outputSize = 1;
};

std::optional<unsigned>
TransposeEmitter::contiguousDim(const FlatBuffer &buffer) const {
  for (unsigned dim = 0; dim < problem.extents.size(); ++dim)
    if (problem.extents[dim] != 1 && coefficientOf(buffer.position, dim) == 1)
      return dim;
  return std::nullopt;
}

/// Lanes of a register, but no more than there are rows to fill a block.
bool TransposeEmitter::chooseLanes() {
  unsigned bits = problem.input.elementType().getIntOrFloatBitWidth();
  if (bits < 8 || bits > 32)
    return false;
  lanes = std::min<int64_t>(target.lanes(bits), maxLanes);
  int64_t shorter =
      std::min(problem.extents[inputDim], problem.extents[outputDim]);
  while (lanes > shorter)
    lanes /= 2;
  return lanes >= 4;
}

bool TransposeEmitter::prepare() {
  mergeDims(problem.extents, 0, problem.extents.size(),
            {&problem.input.position, &problem.output.position});
  std::optional<unsigned> from = contiguousDim(problem.input);
  std::optional<unsigned> to = contiguousDim(problem.output);
  if (!from || !to || *from == *to ||
      !coefficientOf(problem.input.position, *to) ||
      !coefficientOf(problem.output.position, *from))
    return false;
  inputDim = *from;
  outputDim = *to;
  return chooseLanes();
}

void TransposeEmitter::emit() {
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  indices.assign(problem.extents.size(), zero);
  SmallVector<NestLoop> loops;
  for (unsigned dim = 0; dim < problem.extents.size(); ++dim)
    if (dim != inputDim && dim != outputDim && problem.extents[dim] != 1)
      loops.push_back({problem.extents[dim], 1,
                       [this, dim](Value at, int64_t) { indices[dim] = at; }});
  loops.push_back(
      {problem.extents[inputDim], lanes, [this](Value begin, int64_t size) {
         inputBegin = begin;
         inputSize = size;
       }});
  loops.push_back(
      {problem.extents[outputDim], lanes, [this](Value begin, int64_t size) {
         outputBegin = begin;
         outputSize = size;
       }});
  emitSharedNest(builder, loc, loops, problem.part, [&] { emitBlock(); });
}

/// The position `at` steps along `dim` into the block.
Value TransposeEmitter::index(const FlatBuffer &buffer, unsigned dim,
                              Value begin, int64_t at) {
  indices[inputDim] = inputBegin;
  indices[outputDim] = outputBegin;
  indices[dim] = advance(builder, loc, begin, at);
  return emitIndex(builder, loc, buffer.position, indices);
}

void TransposeEmitter::emitBlock() {
  SmallVector<Value> rows;
  for (int64_t row = 0; row < outputSize; ++row)
    rows.push_back(loadLanes(builder, loc, problem.input.memory,
                             index(problem.input, outputDim, outputBegin, row),
                             /*stride=*/1, lanes, inputSize, access));
  auto type = VectorType::get({lanes}, problem.input.elementType());
  while (static_cast<int64_t>(rows.size()) < lanes)
    rows.push_back(
        builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(type)));
  transpose(rows);
  for (int64_t row = 0; row < inputSize; ++row)
    storeLanes(builder, loc, rows[row], problem.output.memory,
               index(problem.output, inputDim, inputBegin, row), /*stride=*/1,
               outputSize, access);
}

/// Interleaving the two halves of the rows, as often as halving them gives one,
/// moves every element to its place.
void TransposeEmitter::transpose(SmallVectorImpl<Value> &rows) {
  size_t half = rows.size() / 2;
  for (unsigned stage = llvm::Log2_64(rows.size()); stage > 0; --stage) {
    SmallVector<Value> next;
    for (size_t row = 0; row < half; ++row)
      for (int64_t first : {int64_t(0), lanes / 2})
        next.push_back(interleave(rows[row], rows[row + half], first));
    rows.assign(next.begin(), next.end());
  }
}

/// Half of the lanes of each, from `first` on, in turns.
Value TransposeEmitter::interleave(Value lhs, Value rhs, int64_t first) {
  SmallVector<int64_t> mask;
  for (int64_t lane = first; lane < first + lanes / 2; ++lane)
    mask.append({lane, lanes + lane});
  return builder.create<vector::ShuffleOp>(loc, lhs, rhs, mask);
}

} // namespace

bool edgec::emitTranspose(OpBuilder &builder, Location loc,
                          TransposeProblem problem,
                          const TargetDescription &target) {
  TransposeEmitter emitter(builder, loc, problem, target);
  if (!emitter.prepare())
    return false;
  emitter.emit();
  return true;
}
