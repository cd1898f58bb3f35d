//===- ReductionOps.cpp - Reductions, softmax and pooling ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

using namespace mlir;
using namespace edgec::edge;

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// (C1): axes are in range, ascending and distinct.
static LogicalResult checkAxes(MaybeLocation location, ArrayRef<int64_t> axes,
                               int64_t rank) {
  int64_t previous = -1;
  for (int64_t axis : axes) {
    if (failed(checkAxis(location, axis, rank)))
      return failure();
    if (axis <= previous)
      return emitOptionalError(location, "axes ", formatList(axes),
                               " must be ascending and distinct");
    previous = axis;
  }
  return success();
}

static SmallVector<int64_t>
reducedShape(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes, bool keepDims) {
  SmallVector<int64_t> result;
  for (auto [dim, extent] : llvm::enumerate(shape)) {
    if (!llvm::is_contained(axes, static_cast<int64_t>(dim)))
      result.push_back(extent);
    else if (keepDims)
      result.push_back(1);
  }
  return result;
}

LogicalResult ReduceOp::inferReturnTypes(MLIRContext *context,
                                         MaybeLocation location,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  ArrayRef<int64_t> axes = adaptor.getAxes();
  if (failed(checkAxes(location, axes, input.getRank())))
    return failure();
  ReduceKind kind = adaptor.getKind();
  if (kind == ReduceKind::max || kind == ReduceKind::min) // (C2)
    for (int64_t axis : axes)
      if (input.getDimSize(axis) == 0)
        return emitOptionalError(location, "the ", stringifyReduceKind(kind),
                                 " over dimension ", axis, " of shape ",
                                 formatShape(input.getShape()),
                                 " has no elements");
  return inferTensor(
      location, reducedShape(input.getShape(), axes, adaptor.getKeepDims()),
      input.getElementType(), inferred);
}

LogicalResult ArgReduceOp::inferReturnTypes(MLIRContext *context,
                                            MaybeLocation location,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  int64_t axis = adaptor.getAxis();
  if (failed(checkAxis(location, axis, input.getRank()))) // (C1)
    return failure();
  if (input.getDimSize(axis) == 0) // (C2)
    return emitOptionalError(location, "dimension ", axis, " of shape ",
                             formatShape(input.getShape()),
                             " has no elements to choose from");
  return inferTensor(
      location, reducedShape(input.getShape(), axis, adaptor.getKeepDims()),
      IntegerType::get(context, 64), inferred);
}

LogicalResult SoftmaxOp::inferReturnTypes(MLIRContext *context,
                                          MaybeLocation location,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input ||
      failed(checkAxis(location, adaptor.getAxis(), input.getRank()))) // (C1)
    return failure();
  inferred.push_back(input);
  return success();
}

//===----------------------------------------------------------------------===//
// Pooling
//===----------------------------------------------------------------------===//

/// (C1), (C2) and the result's type.
template <typename Adaptor>
static LogicalResult inferPool(MaybeLocation location, Adaptor adaptor,
                               SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  Windows windows{adaptor.getKernel(), adaptor.getStrides(),
                  adaptor.getDilations(), adaptor.getPads()};
  int64_t spatialRank = windows.kernel.size();
  if (spatialRank == 0 || input.getRank() != spatialRank + 2)
    return emitOptionalError(location, "kernel ", formatList(windows.kernel),
                             " needs one entry a spatial dimension of the "
                             "input of shape ",
                             formatShape(input.getShape()));
  if (failed(checkWindows(location, windows)))
    return failure();

  SmallVector<int64_t> shape(input.getShape());
  int64_t first = firstSpatial(adaptor.getLayout());
  for (int64_t i = 0; i < spatialRank; ++i) {
    int64_t extent = shape[first + i];
    auto positions = windowPositions(location, windows, i, extent);
    if (failed(positions) || failed(checkWindowsTouchInput(location, windows, i,
                                                           extent, *positions)))
      return failure();
    shape[first + i] = *positions;
  }
  return inferTensor(location, shape, input.getElementType(), inferred);
}

LogicalResult MaxPoolOp::inferReturnTypes(MLIRContext *context,
                                          MaybeLocation location,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &inferred) {
  return inferPool(location, adaptor, inferred);
}

namespace {
/// An adaptor of a pooling without a layout, for inferPool.
struct NchwPool : MaxPoolWithIndicesOp::Adaptor {
  Layout getLayout() { return Layout::nchw; }
};
} // namespace

LogicalResult
MaxPoolWithIndicesOp::inferReturnTypes(MLIRContext *context,
                                       MaybeLocation location, Adaptor adaptor,
                                       SmallVectorImpl<Type> &inferred) {
  if (failed(inferPool(location, NchwPool{adaptor}, inferred)))
    return failure();
  inferred.push_back(cast<RankedTensorType>(inferred.front())
                         .clone(IntegerType::get(context, 64)));
  return success();
}

LogicalResult AveragePoolOp::inferReturnTypes(MLIRContext *context,
                                              MaybeLocation location,
                                              Adaptor adaptor,
                                              SmallVectorImpl<Type> &inferred) {
  if (failed(inferPool(location, adaptor, inferred)))
    return failure();
  ArrayRef<int64_t> ceilPads = adaptor.getCeilPads(); // (C3)
  size_t spatialRank = adaptor.getKernel().size();
  if (ceilPads.size() != spatialRank)
    return emitOptionalError(location, "ceil_pads ", formatList(ceilPads),
                             " needs ", spatialRank,
                             " entries, one a spatial dimension");
  ArrayRef<int64_t> high = adaptor.getPads().drop_front(spatialRank);
  for (auto [ceil, pad] : llvm::zip(ceilPads, high))
    if (ceil < 0 || ceil > pad)
      return emitOptionalError(location, "ceil_pads ", formatList(ceilPads),
                               " must lie within the high pads ",
                               formatList(high));
  return success();
}
