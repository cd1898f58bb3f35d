//===- TileEmitter.cpp - Register-blocked sums of products ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TileEmitter.h"

#include "Loops.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace edgec;

namespace {

/// The positions that matter for a class of dimensions.
SmallVector<AffineExpr *> positionsOf(TileProblem &problem, bool withB) {
  SmallVector<AffineExpr *> positions{&problem.a.position, &problem.c.position};
  if (withB)
    positions.push_back(&problem.b.position);
  for (FlatBuffer &extra : problem.extras)
    positions.push_back(&extra.position);
  return positions;
}

AffineExpr setToZero(AffineExpr expr, unsigned dim) {
  MLIRContext *context = expr.getContext();
  return expr.replace(getAffineDimExpr(dim, context),
                      getAffineConstantExpr(0, context));
}

/// Widens elements to the accumulator's type.
Value convert(OpBuilder &builder, Location loc, Value value, Type type,
              bool isUnsigned) {
  Type from = getElementTypeOrSelf(value.getType());
  if (from == type)
    return value;
  Type to = type;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    to = vector.clone(type);
  if (isa<FloatType>(from)) {
    if (from.getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth())
      return builder.create<arith::ExtFOp>(loc, to, value);
    return builder.create<arith::TruncFOp>(loc, to, value);
  }
  if (isa<FloatType>(type)) {
    if (isUnsigned)
      return builder.create<arith::UIToFPOp>(loc, to, value);
    return builder.create<arith::SIToFPOp>(loc, to, value);
  }
  if (isUnsigned)
    return builder.create<arith::ExtUIOp>(loc, to, value);
  return builder.create<arith::ExtSIOp>(loc, to, value);
}

class TileEmitter {
public:
  TileEmitter(OpBuilder &builder, Operation *op, TileProblem &problem,
              const TargetDescription &target)
      : builder(builder), loc(op->getLoc()), op(op), problem(problem),
        target(target), access{target.isa == VectorIsa::Avx512} {}

  LogicalResult emit();

private:
  LogicalResult prepare();
  LogicalResult findTileDims();
  void choosePanels();
  bool columnsInside() const;
  void emitRows(function_ref<void()> body);
  void emitColumns(function_ref<void()> body);
  void emitTile();
  SmallVector<Value> emitSums(unsigned dim, ValueRange sums, Value aBase,
                              Value bBase);
  SmallVector<Value> emitGroups(ValueRange sums, Value aBase, Value bBase);
  SmallVector<Value> emitStep(ValueRange sums, Value aIndex, Value bIndex);
  SmallVector<Value> emitDotStep(ValueRange sums, Value aIndex, Value bIndex,
                                 int64_t count);
  Value loadGroup(Value index, int64_t count);
  Value moved(Value base, Value index, int64_t stride);
  Value multiplyAdd(Value a, Value b, Value sum);
  void emitEpilogue(ValueRange sums);
  Value loadExtra(unsigned extra, Value base, int64_t row, int64_t vector);

  /// Position of row `row` of the tile relative to its first, in elements.
  int64_t rowDistance(AffineExpr position, int64_t row) const;
  /// Lanes of vector `vector` that are columns.
  int64_t validLanes(int64_t vector) const {
    return std::min(lanes, tileColumns - vector * lanes);
  }
  int64_t vectors() const { return llvm::divideCeil(tileColumns, lanes); }
  int64_t rows() const { return outerSize * innerSize; }

  OpBuilder &builder;
  Location loc;
  Operation *op;
  TileProblem &problem;
  const TargetDescription &target;
  LaneAccess access;

  std::optional<unsigned> outerDim, innerDim; ///< Tiled row dimensions.
  SmallVector<unsigned> loopDims;             ///< The other row dimensions.
  int64_t lanes = 1;
  ContractTile tile;
  int64_t aColumnStride = 0, bColumnStride = 1, cColumnStride = 1;
  SmallVector<int64_t> extraColumnStride;
  AffineExpr aOutside, bOutside; ///< Positions with all k at zero.

  // The tile that is being emitted.
  SmallVector<Value> indices; ///< Of all dimensions.
  int64_t outerSize = 1, innerSize = 1, tileColumns = 1;
};

/// Rows are tiled along the last two dimensions in which every operand is
/// linear; b does not depend on them.
LogicalResult TileEmitter::findTileDims() {
  SmallVector<AffineExpr *> positions = positionsOf(problem, /*withB=*/false);
  for (unsigned dim = problem.columnDim(); dim-- > problem.numBatch;) {
    if (problem.extents[dim] == 1)
      continue;
    bool linear = llvm::all_of(positions, [&](AffineExpr *position) {
      return coefficientOf(*position, dim).has_value();
    });
    if (linear && !innerDim)
      innerDim = dim;
    else if (linear && !outerDim && loopDims.empty())
      outerDim = dim;
    else
      loopDims.push_back(dim);
  }
  std::reverse(loopDims.begin(), loopDims.end());
  return success();
}

LogicalResult TileEmitter::prepare() {
  unsigned column = problem.columnDim(), end = problem.extents.size();
  SmallVector<AffineExpr *> positions = positionsOf(problem, /*withB=*/true);
  mergeDims(problem.extents, 0, problem.numBatch, positions);
  mergeDims(problem.extents, problem.numBatch, column, positions);
  mergeDims(problem.extents, column + 1, end, positions);
  if (problem.dot) {
    // Steps along the last dimension are groups from here on, in b.
    AffineExpr k = getAffineDimExpr(end - 1, builder.getContext());
    AffineExpr zero = getAffineConstantExpr(0, builder.getContext());
    problem.b.position = problem.b.position.replace(k % dotDepth, zero)
                             .replace(k.floorDiv(dotDepth), k);
  }

  aOutside = problem.a.position;
  bOutside = problem.b.position;
  for (unsigned dim = column + 1; dim < end; ++dim) {
    if (!coefficientOf(problem.a.position, dim) ||
        !coefficientOf(problem.b.position, dim))
      return op->emitOpError("cannot be vectorised: an index is not linear in "
                             "contracted dimension ")
             << dim;
    aOutside = setToZero(aOutside, dim);
    bOutside = setToZero(bOutside, dim);
  }
  auto columnStride = [&](AffineExpr position) {
    return coefficientOf(position, column);
  };
  AffineExpr bColumns = problem.b.position;
  if (int64_t packed = problem.packedColumns) {
    AffineExpr j = getAffineDimExpr(column, builder.getContext());
    bColumns =
        setToZero(bColumns.replace(j % packed,
                                   getAffineDimExpr(end, builder.getContext())),
                  column);
    bColumns = bColumns.replace(getAffineDimExpr(end, builder.getContext()), j);
  }
  std::optional<int64_t> a = columnStride(problem.a.position),
                         b = columnStride(bColumns),
                         c = columnStride(problem.c.position);
  if (!a || !b || !c)
    return op->emitOpError(
        "cannot be vectorised: an index is not linear in the column");
  aColumnStride = *a, bColumnStride = *b, cColumnStride = *c;
  for (FlatBuffer &extra : problem.extras) {
    std::optional<int64_t> stride = columnStride(extra.position);
    if (!stride)
      return op->emitOpError("cannot be vectorised: an extra operand's index "
                             "is not linear in the column");
    extraColumnStride.push_back(*stride);
  }
  return findTileDims();
}

void TileEmitter::choosePanels() {
  unsigned bits = problem.accumulator.getIntOrFloatBitWidth();
  lanes = target.lanes(bits);
  TargetDescription registers =
      problem.dot ? registersBeside(*problem.dot, target) : target;
  ContractExtents extents;
  extents.outerRows = outerDim ? problem.extents[*outerDim] : 1;
  extents.innerRows = innerDim ? problem.extents[*innerDim] : 1;
  extents.columns = problem.columns();
  if (problem.packedColumns)
    tile =
        chooseRowTile(registers, bits, extents, problem.packedColumns / lanes);
  else if (problem.isDepthwise)
    tile = chooseDepthwiseTile(target, bits, extents);
  else
    tile = chooseContractTile(target, bits, extents);
}

/// The smaller operand is walked inside, where it stays in the cache.
bool TileEmitter::columnsInside() const {
  if (problem.isDepthwise)
    return true;
  auto elements = [](const FlatBuffer &buffer) {
    return cast<MemRefType>(buffer.memory.getType()).getNumElements() *
           buffer.elementType().getIntOrFloatBitWidth();
  };
  return elements(problem.b) < elements(problem.a);
}

void TileEmitter::emitRows(function_ref<void()> body) {
  emitNest(builder, loc, loopDims, problem.extents, indices, [&] {
    int64_t outer = outerDim ? problem.extents[*outerDim] : 1;
    int64_t inner = innerDim ? problem.extents[*innerDim] : 1;
    edgec::emitTiles(builder, loc, outer, tile.outerRows,
                     [&](Value begin, int64_t size) {
                       if (outerDim)
                         indices[*outerDim] = begin;
                       outerSize = size;
                       int64_t outerOfTile = size;
                       edgec::emitTiles(builder, loc, inner, tile.innerRows,
                                        [&](Value begin, int64_t size) {
                                          if (innerDim)
                                            indices[*innerDim] = begin;
                                          outerSize = outerOfTile;
                                          innerSize = size;
                                          body();
                                        });
                     });
  });
}

void TileEmitter::emitColumns(function_ref<void()> body) {
  edgec::emitTiles(builder, loc, problem.columns(), tile.vectors * lanes,
                   [&](Value begin, int64_t size) {
                     indices[problem.columnDim()] = begin;
                     tileColumns = size;
                     body();
                   });
}

LogicalResult TileEmitter::emit() {
  if (failed(prepare()))
    return failure();
  choosePanels();
  if (problem.packedColumns % lanes != 0)
    return op->emitOpError("b is packed for another vector length");
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  indices.assign(problem.extents.size(), zero);
  auto batch = llvm::to_vector(llvm::seq<unsigned>(0, problem.numBatch));
  emitNest(builder, loc, batch, problem.extents, indices, [&] {
    if (columnsInside())
      emitRows([&] { emitColumns([&] { emitTile(); }); });
    else
      emitColumns([&] { emitRows([&] { emitTile(); }); });
  });
  return success();
}

int64_t TileEmitter::rowDistance(AffineExpr position, int64_t row) const {
  int64_t distance = 0;
  if (innerDim)
    distance += *coefficientOf(position, *innerDim) * (row % innerSize);
  if (outerDim)
    distance += *coefficientOf(position, *outerDim) * (row / innerSize);
  return distance;
}

void TileEmitter::emitTile() {
  Value aBase = emitIndex(builder, loc, aOutside, indices);
  Value bBase = emitIndex(builder, loc, bOutside, indices);
  Type type = VectorType::get({lanes}, problem.accumulator);
  Value zero =
      builder.create<arith::ConstantOp>(loc, builder.getZeroAttr(type));
  SmallVector<Value> sums(rows() * vectors(), zero);
  emitEpilogue(emitSums(problem.columnDim() + 1, sums, aBase, bBase));
}

/// The loops over the contracted dimensions from `dim` on.
SmallVector<Value> TileEmitter::emitSums(unsigned dim, ValueRange sums,
                                         Value aBase, Value bBase) {
  if (dim == problem.extents.size())
    return emitStep(sums, aBase, bBase);
  if (problem.dot && dim + 1 == problem.extents.size())
    return emitGroups(sums, aBase, bBase);
  if (problem.extents[dim] == 1)
    return emitSums(dim + 1, sums, aBase, bBase);
  int64_t aStride = *coefficientOf(problem.a.position, dim);
  int64_t bStride = *coefficientOf(problem.b.position, dim);
  return emitLoop(builder, loc, 0, problem.extents[dim], 1, sums,
                  [&](Value index, ValueRange carried) {
                    return emitSums(dim + 1, carried,
                                    moved(aBase, index, aStride),
                                    moved(bBase, index, bStride));
                  });
}

/// `base` and `index` steps of `stride`.
Value TileEmitter::moved(Value base, Value index, int64_t stride) {
  Value factor = builder.create<arith::ConstantIndexOp>(loc, stride);
  Value distance = builder.createOrFold<arith::MulIOp>(loc, index, factor);
  return builder.createOrFold<arith::AddIOp>(loc, base, distance);
}

/// The innermost loop where b is packed for dot products, and its tail.
SmallVector<Value> TileEmitter::emitGroups(ValueRange sums, Value aBase,
                                           Value bBase) {
  unsigned dim = problem.extents.size() - 1;
  int64_t aStride = *coefficientOf(problem.a.position, dim) * dotDepth;
  int64_t bStride = *coefficientOf(problem.b.position, dim);
  int64_t groups = problem.extents[dim] / dotDepth;
  int64_t tail = problem.extents[dim] % dotDepth;
  SmallVector<Value> result(sums);
  if (groups > 0)
    result =
        emitLoop(builder, loc, 0, groups, 1, result,
                 [&](Value index, ValueRange carried) {
                   return emitDotStep(carried, moved(aBase, index, aStride),
                                      moved(bBase, index, bStride), dotDepth);
                 });
  if (tail > 0)
    result = emitDotStep(result, advance(builder, loc, aBase, groups * aStride),
                         advance(builder, loc, bBase, groups * bStride), tail);
  return result;
}

/// `count` neighbours of a as one i32. No other byte is used, but one before
/// them may be read where k has more than `dotDepth` elements.
Value TileEmitter::loadGroup(Value index, int64_t count) {
  Type i8 = builder.getI8Type(), i32 = builder.getI32Type();
  auto load = [&](Value at) -> Value {
    Value bytes = builder.create<vector::LoadOp>(
        loc, VectorType::get({dotDepth}, i8), problem.a.memory, at);
    Value word = builder.create<vector::BitCastOp>(
        loc, VectorType::get({1}, i32), bytes);
    return builder.create<vector::ExtractOp>(loc, word, 0);
  };
  if (count == dotDepth)
    return load(index);
  auto shiftBy = [&](int64_t bytes) -> Value {
    return builder.create<arith::ConstantIntOp>(loc, 8 * bytes, i32);
  };
  if (problem.extents.back() > dotDepth) {
    Value word = load(advance(builder, loc, index, count - dotDepth));
    return builder.create<arith::ShRUIOp>(loc, word, shiftBy(dotDepth - count));
  }
  Value word;
  for (int64_t at = 0; at < count; ++at) {
    Value byte = builder.create<memref::LoadOp>(
        loc, problem.a.memory, advance(builder, loc, index, at));
    Value wide = builder.create<arith::ExtUIOp>(loc, i32, byte);
    if (!word) {
      word = wide;
      continue;
    }
    Value shifted = builder.create<arith::ShLIOp>(loc, wide, shiftBy(at));
    word = builder.create<arith::OrIOp>(loc, word, shifted);
  }
  return word;
}

/// Adds the products of `count` neighbours along k to every sum.
SmallVector<Value> TileEmitter::emitDotStep(ValueRange sums, Value aIndex,
                                            Value bIndex, int64_t count) {
  DotEmitter dot(builder, loc, *problem.dot, lanes, problem.aUnsigned,
                 problem.bUnsigned);
  SmallVector<DotEmitter::Operand> b;
  for (int64_t vector = 0; vector < vectors(); ++vector) {
    Value index = advance(builder, loc, bIndex, vector * lanes * bColumnStride);
    b.push_back(dot.prepareB(loadLanes(builder, loc, problem.b.memory, index,
                                       /*stride=*/1, lanes * dotDepth,
                                       lanes * dotDepth, access)));
  }
  SmallVector<Value> result;
  for (int64_t row = 0; row < rows(); ++row) {
    Value index =
        advance(builder, loc, aIndex, rowDistance(problem.a.position, row));
    DotEmitter::Operand a = dot.prepareA(loadGroup(index, count));
    for (int64_t vector = 0; vector < vectors(); ++vector)
      result.push_back(
          dot.multiplyAdd(a, b[vector], sums[row * vectors() + vector]));
  }
  return result;
}

Value TileEmitter::multiplyAdd(Value a, Value b, Value sum) {
  if (isa<FloatType>(problem.accumulator)) {
    if (target.hasFma)
      return builder.create<math::FmaOp>(loc, a, b, sum);
    Value product = builder.create<arith::MulFOp>(loc, a, b);
    return builder.create<arith::AddFOp>(loc, sum, product);
  }
  Value product = builder.create<arith::MulIOp>(loc, a, b);
  return builder.create<arith::AddIOp>(loc, sum, product);
}

SmallVector<Value> TileEmitter::emitStep(ValueRange sums, Value aIndex,
                                         Value bIndex) {
  Type type = problem.accumulator;
  SmallVector<Value> b, result;
  for (int64_t vector = 0; vector < vectors(); ++vector) {
    // A packed panel is padded with zeros.
    int64_t valid = problem.packedColumns ? lanes : validLanes(vector);
    Value index = advance(builder, loc, bIndex, vector * lanes * bColumnStride);
    Value loaded = loadLanes(builder, loc, problem.b.memory, index,
                             bColumnStride, lanes, valid, access);
    b.push_back(convert(builder, loc, loaded, type, problem.bUnsigned));
  }
  for (int64_t row = 0; row < rows(); ++row) {
    Value index =
        advance(builder, loc, aIndex, rowDistance(problem.a.position, row));
    Value broadcast;
    if (aColumnStride == 0) {
      Value element = loadLanes(builder, loc, problem.a.memory, index, 0,
                                /*lanes=*/1, 1, access);
      element = convert(builder, loc, element, type, problem.aUnsigned);
      broadcast = splat(builder, loc, element, lanes);
    }
    for (int64_t vector = 0; vector < vectors(); ++vector) {
      Value a = broadcast;
      if (!a) {
        Value at = advance(builder, loc, index, vector * lanes * aColumnStride);
        a = loadLanes(builder, loc, problem.a.memory, at, aColumnStride, lanes,
                      validLanes(vector), access);
        a = convert(builder, loc, a, type, problem.aUnsigned);
      }
      result.push_back(
          multiplyAdd(a, b[vector], sums[row * vectors() + vector]));
    }
  }
  return result;
}

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

} // namespace

LogicalResult edgec::emitTiles(OpBuilder &builder, Operation *op,
                               TileProblem problem,
                               const TargetDescription &target) {
  return TileEmitter(builder, op, problem, target).emit();
}
