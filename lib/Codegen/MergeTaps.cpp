//===- MergeTaps.cpp - A row of taps and channels as one dimension -------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Instructions that multiply groups of four neighbours do badly with an image's
// three channels. But the channels of neighbouring pixels are neighbours too,
// so that 7 taps of 3 channels are 21 elements in 6 groups, not 7 times one.
//
//===----------------------------------------------------------------------===//

#include "DotProduct.h"
#include "FlatBuffer.h"
#include "Vectorizers.h"
#include "edgec/Codegen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace edgec;
using edgec::kernel::ContractOp;

/// Whether the last two contracted dimensions walk through the last two axes
/// of a as through one, and not every group is full of channels.
static bool gainsFromMerging(ContractOp op) {
  ArrayRef<int64_t> extents = op.getExtents();
  unsigned channel = extents.size() - 1, tap = channel - 1;
  auto a = dyn_cast<RankedTensorType>(op.getA().getType());
  if (!a || op.getNumContracted() < 2 || a.getRank() < 2)
    return false;
  ArrayRef<AffineExpr> results = op.getAMap().getResults();
  AffineExpr pixel = results[a.getRank() - 2];
  if (results.back() != getAffineDimExpr(channel, op.getContext()) ||
      a.getShape().back() != extents[channel] ||
      coefficientOf(pixel, tap) != 1 || pixel.isFunctionOfDim(channel))
    return false;
  for (AffineExpr other : results.drop_back(2))
    if (other.isFunctionOfDim(tap) || other.isFunctionOfDim(channel))
      return false;
  // Groups of less than four elements must be put together byte by byte.
  auto groups = [](int64_t elements) -> int64_t {
    return llvm::divideCeil(elements, dotDepth);
  };
  return extents[channel] % dotDepth != 0 &&
         groups(extents[tap] * extents[channel]) <=
             extents[tap] * groups(extents[channel]);
}

/// The constant's bytes in the order of `dims`, each a dimension of `op` that
/// is linear in `position`.
static AsmResourceBlob reorder(ContractOp op, ArrayRef<char> source,
                               AffineExpr position, ArrayRef<unsigned> dims) {
  int64_t size = 1;
  SmallVector<int64_t> extents, steps;
  for (unsigned dim : dims) {
    extents.push_back(op.getExtents()[dim]);
    steps.push_back(*coefficientOf(position, dim));
    size *= extents.back();
  }
  AsmResourceBlob blob = HeapAsmResourceBlob::allocate(size, bufferAlignment,
                                                       /*dataIsMutable=*/true);
  char *target = const_cast<char *>(blob.getData().data());
  for (int64_t i = 0; i < size; ++i) {
    int64_t at = 0, rest = i;
    for (size_t axis = dims.size(); axis-- > 0; rest /= extents[axis])
      at += rest % extents[axis] * steps[axis];
    target[i] = source[at];
  }
  return blob;
}

/// `op`'s constant b with the last two dimensions as neighbours; null if its
/// bytes are not at hand.
static Value reorderB(OpBuilder &builder, ContractOp op,
                      SmallVectorImpl<unsigned> &dims) {
  auto constant = op.getB().getDefiningOp<arith::ConstantOp>();
  if (!constant)
    return Value();
  auto type = cast<RankedTensorType>(constant.getType());
  ArrayRef<char> bytes = rawBytes(constant.getValue());
  if (bytes.size() != uint64_t(type.getNumElements()))
    return Value();
  AffineExpr position = positionIn(op.getB(), op.getBMap());
  SmallVector<int64_t> shape;
  for (unsigned dim = 0; dim < op.getExtents().size(); ++dim) {
    if (!coefficientOf(position, dim))
      return Value();
    if (op.getBMap().isFunctionOfDim(dim)) {
      dims.push_back(dim);
      shape.push_back(op.getExtents()[dim]);
    }
  }
  unsigned channel = op.getExtents().size() - 1;
  if (dims.size() < 2 || dims[dims.size() - 2] != channel - 1 ||
      dims.back() != channel)
    return Value();
  shape[shape.size() - 2] *= shape.back();
  shape.pop_back();
  dims.pop_back();
  SmallVector<unsigned> order(dims.begin(), dims.end());
  order.push_back(channel);
  auto merged = RankedTensorType::get(shape, type.getElementType());
  return builder.create<arith::ConstantOp>(
      constant.getLoc(),
      DenseResourceElementsAttr::get(merged, "taps",
                                     reorder(op, bytes, position, order)));
}

/// a with its last two axes as one. Where a's memory turns out to have a gap
/// between pixels, bufferization copies it.
static Value collapseA(OpBuilder &builder, ContractOp op) {
  SmallVector<ReassociationIndices> groups;
  int64_t rank = cast<RankedTensorType>(op.getA().getType()).getRank();
  for (int64_t axis = 0; axis < rank - 1; ++axis)
    groups.push_back({axis});
  groups.back().push_back(rank - 1);
  return builder.create<tensor::CollapseShapeOp>(op.getLoc(), op.getA(),
                                                 groups);
}

void edgec::mergeTaps(ContractOp op) {
  OpBuilder builder(op);
  SmallVector<unsigned> bDims;
  if (!gainsFromMerging(op))
    return;
  Value b = reorderB(builder, op, bDims);
  if (!b)
    return;

  // The tap's dimension becomes both; the channel's vanishes.
  unsigned channel = op.getExtents().size() - 1, tap = channel - 1;
  int64_t channels = op.getExtents()[channel];
  AffineExpr zero = builder.getAffineConstantExpr(0);
  AffineExpr both = builder.getAffineDimExpr(tap);
  auto withoutTaps = [&](AffineExpr expr) {
    return expr.replace(builder.getAffineDimExpr(tap), zero)
        .replace(builder.getAffineDimExpr(channel), zero);
  };
  auto map = [&](ArrayRef<AffineExpr> results) {
    return AffineMap::get(channel, 0, results, builder.getContext());
  };
  SmallVector<AffineExpr> a(op.getAMap().getResults());
  a.pop_back();
  a.back() = withoutTaps(a.back()) * channels + both;
  SmallVector<AffineExpr> bResults;
  for (unsigned dim : bDims)
    bResults.push_back(builder.getAffineDimExpr(dim));
  SmallVector<Attribute> extraMaps;
  for (AffineMap extra : op.getExtraMaps().getAsValueRange<AffineMapAttr>())
    extraMaps.push_back(AffineMapAttr::get(map(extra.getResults())));
  SmallVector<int64_t> extents(op.getExtents());
  extents.pop_back();
  extents.back() *= channels;

  op.getAMutable().assign(collapseA(builder, op));
  op.getBMutable().assign(b);
  op.setAMap(map(a));
  op.setBMap(map(bResults));
  op.setCMap(map(op.getCMap().getResults()));
  op.setExtraMapsAttr(builder.getArrayAttr(extraMaps));
  op.setExtents(extents);
}
