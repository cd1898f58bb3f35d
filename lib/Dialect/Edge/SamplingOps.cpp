//===- SamplingOps.cpp - Interpolation at run-time positions -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

using namespace mlir;
using namespace edgec::edge;

/// Fails where an extent from `first` on is zero: nothing could be read.
static LogicalResult checkReadable(MaybeLocation location,
                                   ArrayRef<int64_t> shape, size_t first) {
  if (!llvm::is_contained(shape.drop_front(first), 0))
    return success();
  return emitOptionalError(location, "the input of shape ", formatShape(shape),
                           " has no elements to sample");
}

LogicalResult GridSampleOp::inferReturnTypes(MLIRContext *context,
                                             MaybeLocation location,
                                             Adaptor adaptor,
                                             SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto grid = rankedType(location, "grid", adaptor.getGrid());
  if (!input || !grid)
    return failure();
  ArrayRef<int64_t> from = input.getShape(), to = grid.getShape();
  int64_t spatialRank = input.getRank() - 2;
  if (spatialRank < 1 || grid.getRank() != input.getRank() ||
      !mayEqual(to.back(), spatialRank) || !mayEqual(from[0], to[0]))
    return emitOptionalError( // (C1), (C2)
        location, "input ", formatShape(from), " and grid ", formatShape(to),
        " must be [N, C, d...] and [N, e..., s] with s spatial dimensions");
  if (adaptor.getMode() == ResizeMode::cubic && spatialRank != 2) // (C3)
    return emitOptionalError(
        location, "cubic interpolation needs two spatial dimensions, not ",
        spatialRank);
  if (failed(checkReadable(location, from, 2))) // (C4)
    return failure();
  SmallVector<int64_t> shape(from.take_front(2));
  llvm::append_range(shape, to.drop_front().drop_back());
  return inferTensor(location, shape, input.getElementType(), inferred);
}

LogicalResult RoiAlignOp::inferReturnTypes(MLIRContext *context,
                                           MaybeLocation location,
                                           Adaptor adaptor,
                                           SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto regions = rankedType(location, "rois", adaptor.getRois());
  auto batches =
      rankedType(location, "batch_indices", adaptor.getBatchIndices());
  if (!input || !regions || !batches)
    return failure();
  if (input.getRank() != 4 || regions.getRank() != 2 ||
      batches.getRank() != 1 || !mayEqual(regions.getDimSize(1), 4) ||
      !mayEqual(regions.getDimSize(0), batches.getDimSize(0)) ||
      !batches.getElementType().isSignlessInteger(64)) // (C1)
    return emitOptionalError(location, "input ", input, ", rois ", regions,
                             " and batch indices ", batches,
                             " must be [N, C, h, w], [R, 4] and [R] of i64");
  int64_t height = adaptor.getHeight(), width = adaptor.getWidth();
  int64_t ratio = adaptor.getSamplingRatio();
  if (height <= 0 || width <= 0 || ratio < 0) // (C2)
    return emitOptionalError(location, "height ", height, " and width ", width,
                             " must be positive, sampling_ratio ", ratio,
                             " not negative");
  if (input.getElementType() != regions.getElementType()) // (C3)
    return emitOptionalError(location, "rois of ", regions.getElementType(),
                             " must have the input's element type ",
                             input.getElementType());
  if (failed(checkReadable(location, input.getShape(), 2)))
    return failure();
  return inferTensor(
      location, {regions.getDimSize(0), input.getDimSize(1), height, width},
      input.getElementType(), inferred);
}
