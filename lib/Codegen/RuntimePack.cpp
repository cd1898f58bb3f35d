//===- RuntimePack.cpp - Panels of what is computed at run time ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keys and values of attention are as many bytes as queries, and each is
// multiplied as often as there are queries: packing them costs a few per cent
// of the product, which dot products then compute several times as fast.
//
//===----------------------------------------------------------------------===//

#include "RuntimePack.h"

#include "PanelPack.h"
#include "SumCorrection.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace edgec;
using edgec::kernel::ContractOp;

/// With fewer rows, elements of b are multiplied too seldom.
static constexpr int64_t leastRows = 4;

/// What flipping the sign bit adds to i8, or takes from ui8.
static constexpr int64_t signBit = 128;

/// The result of `map` that is `dim` alone; nothing where it depends on `dim`
/// in another way.
static std::optional<unsigned> resultOf(AffineMap map, unsigned dim) {
  std::optional<unsigned> found;
  for (auto [position, expr] : llvm::enumerate(map.getResults())) {
    if (!expr.isFunctionOfDim(dim))
      continue;
    if (found || expr != getAffineDimExpr(dim, map.getContext()))
      return std::nullopt;
    found = position;
  }
  return found;
}

std::optional<RuntimeDot>
edgec::chooseRuntimeDot(ContractOp op, const TargetDescription &target) {
  ArrayRef<int64_t> extents = op.getExtents();
  unsigned column = op.getColumnDim(), last = extents.size() - 1;
  int64_t rows = 1;
  for (unsigned dim = op.getNumBatch(); dim < column; ++dim)
    rows *= extents[dim];
  if (op.getNumContracted() != 1 || rows < leastRows ||
      !resultOf(op.getBMap(), column) || !resultOf(op.getBMap(), last))
    return std::nullopt;
  // VNNI multiplies by signed bytes only, into which b is made while packed.
  bool flipsB = target.isX86() && target.hasVnni && op.getBUnsigned();
  std::optional<DotRow> row = chooseDotRow(
      target, op.getAUnsigned(), op.getBUnsigned() && !flipsB, extents[last]);
  if (!row)
    return std::nullopt;
  return RuntimeDot{*row, flipsB};
}

namespace {

class RuntimePacker {
public:
  RuntimePacker(ContractOp op, const RuntimeDot &dot, int64_t panel)
      : op(op), dot(dot), panel(panel), builder(op), loc(op.getLoc()) {}

  void run();

private:
  Value padded(const Packing &packing);
  Value packed(const Packing &packing);
  void addSums(Value operand, AffineMap map, bool isUnsigned, bool isFlipped,
               int64_t factor);
  Value flip(OpBuilder &nested, Value byte);

  ContractOp op;
  RuntimeDot dot;
  int64_t panel;
  OpBuilder builder;
  Location loc;
};

} // namespace

Value RuntimePacker::flip(OpBuilder &nested, Value byte) {
  Value sign = nested.create<arith::ConstantIntOp>(loc, -signBit, 8);
  return nested.create<arith::XOrIOp>(loc, byte, sign);
}

/// b with whole panels and groups. What is added is zero once it is packed.
Value RuntimePacker::padded(const Packing &packing) {
  ArrayRef<int64_t> extents = op.getExtents();
  unsigned column = op.getColumnDim(), last = extents.size() - 1;
  auto type = cast<RankedTensorType>(op.getB().getType());
  SmallVector<OpFoldResult> low(type.getRank(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> high(low);
  SmallVector<int64_t> shape(type.getShape());
  auto extend = [&](unsigned dim, int64_t multiple) {
    unsigned position = *resultOf(op.getBMap(), dim);
    int64_t extent = llvm::alignTo(extents[dim], multiple);
    high[position] = builder.getIndexAttr(extent - shape[position]);
    shape[position] = extent;
  };
  extend(column, packing.panel);
  extend(last, packing.depth);
  if (ArrayRef<int64_t>(shape) == type.getShape())
    return op.getB();
  Value zero =
      builder.create<arith::ConstantIntOp>(loc, dot.flipsB ? -signBit : 0, 8);
  return builder.create<tensor::PadOp>(loc, type.clone(shape), op.getB(), low,
                                       high, zero);
}

Value RuntimePacker::packed(const Packing &packing) {
  Value source = padded(packing);
  unsigned numLoops = packing.shape.size();
  unsigned column = op.getColumnDim(), last = op.getExtents().size() - 1;
  // The loops are batch, panel, group, column and element of the group.
  unsigned batch = packing.numBatch;
  auto loop = [&](unsigned position) {
    return builder.getAffineDimExpr(position);
  };
  SmallVector<AffineExpr> loops(op.getExtents().size(),
                                builder.getAffineConstantExpr(0));
  for (unsigned position = 0; position < batch; ++position)
    loops[packing.dims[position]] = loop(position);
  loops[column] = loop(batch) * packing.panel + loop(batch + 2);
  loops[last] = loop(batch + 1) * packing.depth + loop(batch + 3);
  AffineMap from =
      op.getBMap().replaceDimsAndSymbols(loops, {}, numLoops, /*symbols=*/0);
  Value empty = builder.create<tensor::EmptyOp>(
      loc, packing.shape, getElementTypeOrSelf(source.getType()));
  auto copy = builder.create<linalg::GenericOp>(
      loc, empty.getType(), source, empty,
      ArrayRef<AffineMap>{from, builder.getMultiDimIdentityMap(numLoops)},
      SmallVector<utils::IteratorType>(numLoops, utils::IteratorType::parallel),
      [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
        Value byte = dot.flipsB ? flip(nested, x[0]) : x[0];
        nested.create<linalg::YieldOp>(nestedLoc, byte);
      });
  return copy.getResult(0);
}

/// Adds to every sum `factor` times what the operand's elements along k amount
/// to.
void RuntimePacker::addSums(Value operand, AffineMap map, bool isUnsigned,
                            bool isFlipped, int64_t factor) {
  ArrayRef<int64_t> extents = op.getExtents();
  unsigned last = extents.size() - 1;
  SmallVector<unsigned> dims;
  for (unsigned dim = 0; dim < last; ++dim)
    if (map.isFunctionOfDim(dim))
      dims.push_back(dim);
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> loops(extents.size(),
                                builder.getAffineConstantExpr(0));
  SmallVector<AffineExpr> results;
  for (auto [loop, dim] : llvm::enumerate(dims)) {
    shape.push_back(extents[dim]);
    loops[dim] = builder.getAffineDimExpr(loop);
    results.push_back(builder.getAffineDimExpr(dim));
  }
  unsigned numLoops = dims.size() + 1;
  loops[last] = builder.getAffineDimExpr(dims.size());
  Type i32 = builder.getI32Type();
  Value zero = builder.create<arith::ConstantIntOp>(loc, 0, 32);
  Value empty = builder.create<tensor::EmptyOp>(loc, shape, i32);
  Value init = builder.create<linalg::FillOp>(loc, zero, empty).getResult(0);
  SmallVector<utils::IteratorType> iterators(dims.size(),
                                             utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  auto sums = builder.create<linalg::GenericOp>(
      loc, init.getType(), operand, init,
      ArrayRef<AffineMap>{
          map.replaceDimsAndSymbols(loops, {}, numLoops, /*symbols=*/0),
          AffineMap::getMultiDimIdentityMap(numLoops, builder.getContext())
              .dropResult(dims.size())},
      iterators, [&](OpBuilder &nested, Location nestedLoc, ValueRange x) {
        Value byte = isFlipped ? flip(nested, x[0]) : x[0];
        Value wide = isUnsigned
                         ? nested.create<arith::ExtUIOp>(nestedLoc, i32, byte)
                               .getResult()
                         : nested.create<arith::ExtSIOp>(nestedLoc, i32, byte)
                               .getResult();
        Value weight =
            nested.create<arith::ConstantIntOp>(nestedLoc, factor, 32);
        Value term = nested.create<arith::MulIOp>(nestedLoc, wide, weight);
        Value sum = nested.create<arith::AddIOp>(nestedLoc, x[1], term);
        nested.create<linalg::YieldOp>(nestedLoc, sum);
      });
  addToSums(op, sums.getResult(0),
            AffineMap::get(extents.size(), 0, results, builder.getContext()));
}

void RuntimePacker::run() {
  Packing packing = choosePacking(op, panel, dot.row.depth());
  // sum(a * b) = sum(a * (b - 128)) + 128 * sum(a)
  if (dot.flipsB)
    addSums(op.getA(), op.getAMap(), op.getAUnsigned(),
            /*isFlipped=*/false, signBit);
  // sum(a * b) = sum((a + 128) * b) - 128 * sum(b), b as it is packed.
  bool bUnsigned = op.getBUnsigned() && !dot.flipsB;
  if (dot.row.flipsA)
    addSums(op.getB(), op.getBMap(), bUnsigned, dot.flipsB,
            op.getAUnsigned() ? signBit : -signBit);
  Value b = packed(packing);
  op.getBMutable().assign(b);
  op.setBMap(packing.map);
  op.setBUnsigned(bUnsigned);
  if (dot.row.flipsA) {
    op.setAUnsigned(!op.getAUnsigned());
    op.setAFlipped(true);
  }
}

void edgec::packAtRunTime(ContractOp op, const RuntimeDot &dot, int64_t panel) {
  RuntimePacker(op, dot, panel).run();
}
