//===- IndexingOps.cpp - Elements chosen by run-time values --------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

using namespace mlir;
using namespace edgec::edge;

static Type indexElement(MLIRContext *context) {
  return IntegerType::get(context, 64);
}

static LogicalResult checkIndexElement(MaybeLocation location,
                                       RankedTensorType indices) {
  Type index = indices.getElementType();
  if (index.isSignlessInteger(32) || index.isSignlessInteger(64))
    return success();
  return emitOptionalError(location, "indices are ", index,
                           " and must be i32 or i64");
}

/// The number of elements of a result's extent that data decide: their
/// largest number.
static FailureOr<int64_t> boundOf(MaybeLocation location, StringRef what,
                                  ArrayRef<int64_t> factors) {
  if (llvm::any_of(factors, ShapedType::isDynamic))
    return int64_t(ShapedType::kDynamic);
  if (auto count = countElements(factors))
    return *count;
  return emitOptionalError(location, "the largest number of ", what,
                           " is more than can be addressed");
}

LogicalResult IotaOp::verify() {
  auto type = cast<RankedTensorType>(getResult().getType());
  int64_t axis = getAxis();
  if (axis >= 0 && axis < type.getRank()) // (C1)
    return success();
  return emitOpError("axis ")
         << axis << " is out of range for rank " << type.getRank();
}

//===----------------------------------------------------------------------===//
// Gathering
//===----------------------------------------------------------------------===//

/// Axis, rank, type and extents of indices that pick single elements.
static LogicalResult checkElementIndices(MaybeLocation location, int64_t axis,
                                         RankedTensorType input,
                                         RankedTensorType indices) {
  if (failed(checkAxis(location, axis, input.getRank())))
    return failure();
  if (indices.getRank() != input.getRank())
    return emitOptionalError(location, "indices of shape ",
                             formatShape(indices.getShape()),
                             " must have the rank of the input of shape ",
                             formatShape(input.getShape()));
  if (failed(checkIndexElement(location, indices)))
    return failure();
  for (int64_t dim = 0; dim < input.getRank(); ++dim) {
    int64_t have = indices.getDimSize(dim), limit = input.getDimSize(dim);
    if (dim != axis && !ShapedType::isDynamic(have) &&
        !ShapedType::isDynamic(limit) && have > limit)
      return emitOptionalError(
          location, "indices of shape ", formatShape(indices.getShape()),
          " leave the input of shape ", formatShape(input.getShape()),
          " in dimension ", dim);
  }
  return success();
}

LogicalResult
GatherElementsOp::inferReturnTypes(MLIRContext *context, MaybeLocation location,
                                   Adaptor adaptor,
                                   SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto indices = rankedType(location, "indices", adaptor.getIndices());
  int64_t axis = adaptor.getAxis();
  if (!input || !indices || // (C1), (C2), (C3)
      failed(checkElementIndices(location, axis, input, indices)))
    return failure();
  // (C4)
  if (input.getDimSize(axis) == 0 && countElements(indices.getShape()) != 0)
    return emitOptionalError(location, "dimension ", axis, " of shape ",
                             formatShape(input.getShape()),
                             " has no elements to gather");
  return inferTensor(location, indices.getShape(), input.getElementType(),
                     inferred);
}

/// (C1): the leading dimensions that input and indices go through together.
static LogicalResult checkBatchDims(MaybeLocation location, int64_t batchDims,
                                    ArrayRef<int64_t> input,
                                    ArrayRef<int64_t> indices) {
  int64_t ranks = std::min(input.size(), indices.size());
  bool agree = batchDims >= 0 && batchDims < ranks;
  for (int64_t dim = 0; agree && dim < batchDims; ++dim)
    agree = mayEqual(input[dim], indices[dim]);
  if (agree)
    return success();
  return emitOptionalError(location, "input ", formatShape(input),
                           " and indices ", formatShape(indices), " must have ",
                           batchDims,
                           " equal batch dimensions and others after them");
}

LogicalResult GatherNdOp::inferReturnTypes(MLIRContext *context,
                                           MaybeLocation location,
                                           Adaptor adaptor,
                                           SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto indices = rankedType(location, "indices", adaptor.getIndices());
  if (!input || !indices)
    return failure();
  int64_t batchDims = adaptor.getBatchDims();
  if (failed(checkBatchDims(location, batchDims, input.getShape(),
                            indices.getShape())) ||
      failed(checkIndexElement(location, indices))) // (C2)
    return failure();
  int64_t tuple = indices.getShape().back();
  if (tuple < 1 || tuple > input.getRank() - batchDims) // (C3)
    return emitOptionalError(
        location, "tuples of ", tuple, " indices must have 1 to ",
        input.getRank() - batchDims, " for the input of shape ",
        formatShape(input.getShape()), " with ", batchDims,
        " batch dimensions");
  if (llvm::is_contained(input.getShape().slice(batchDims, tuple), 0) &&
      countElements(indices.getShape()) != 0) // (C4)
    return emitOptionalError(location, "the input of shape ",
                             formatShape(input.getShape()),
                             " has no elements to gather");
  SmallVector<int64_t> shape(indices.getShape().drop_back());
  llvm::append_range(shape, input.getShape().drop_front(batchDims + tuple));
  return inferTensor(location, shape, input.getElementType(), inferred);
}

//===----------------------------------------------------------------------===//
// Scattering
//===----------------------------------------------------------------------===//

/// Updates of that shape, of the input's type, that the kind can combine.
static LogicalResult checkUpdates(MaybeLocation location, ScatterKind kind,
                                  RankedTensorType input,
                                  RankedTensorType updates,
                                  ArrayRef<int64_t> shape) {
  Type element = input.getElementType();
  if (updates.getElementType() != element ||
      failed(verifyCompatibleShape(updates.getShape(), shape)))
    return emitOptionalError(location, "updates are ", updates, " and must be ",
                             element, " elements of shape ",
                             formatShape(shape));
  if (kind == ScatterKind::assign || isa<FloatType>(element) ||
      isIntegerElement(element))
    return success();
  return emitOptionalError(location, "updates of kind ",
                           stringifyScatterKind(kind), " need numbers, not ",
                           element);
}

LogicalResult
ScatterElementsOp::inferReturnTypes(MLIRContext *context,
                                    MaybeLocation location, Adaptor adaptor,
                                    SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto indices = rankedType(location, "indices", adaptor.getIndices());
  auto updates = rankedType(location, "updates", adaptor.getUpdates());
  if (!input || !indices || !updates || // (C1), (C2), (C4), then (C3), (C5)
      failed(
          checkElementIndices(location, adaptor.getAxis(), input, indices)) ||
      failed(checkUpdates(location, adaptor.getKind(), input, updates,
                          indices.getShape())))
    return failure();
  inferred.push_back(input);
  return success();
}

LogicalResult ScatterNdOp::inferReturnTypes(MLIRContext *context,
                                            MaybeLocation location,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto indices = rankedType(location, "indices", adaptor.getIndices());
  auto updates = rankedType(location, "updates", adaptor.getUpdates());
  if (!input || !indices || !updates)
    return failure();
  if (indices.getRank() == 0) // (C1)
    return emitOptionalError(location,
                             "indices are a scalar and must hold tuples");
  if (failed(checkIndexElement(location, indices)))
    return failure();
  int64_t tuple = indices.getShape().back();
  if (tuple < 0 || tuple > input.getRank()) // (C2)
    return emitOptionalError(location, "tuples of ", tuple,
                             " indices are too long for the input of shape ",
                             formatShape(input.getShape()));
  SmallVector<int64_t> shape(indices.getShape().drop_back());
  llvm::append_range(shape, input.getShape().drop_front(tuple));
  if (failed(checkUpdates(location, adaptor.getKind(), input, updates,
                          shape))) // (C3), (C4)
    return failure();
  inferred.push_back(input);
  return success();
}

//===----------------------------------------------------------------------===//
// Along an axis
//===----------------------------------------------------------------------===//

LogicalResult TopKOp::inferReturnTypes(MLIRContext *context,
                                       MaybeLocation location, Adaptor adaptor,
                                       SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  int64_t axis = adaptor.getAxis(), k = adaptor.getK();
  if (!input || failed(checkAxis(location, axis, input.getRank()))) // (C1)
    return failure();
  int64_t extent = input.getDimSize(axis);
  if (k < 0 || (!ShapedType::isDynamic(extent) && k > extent)) // (C2)
    return emitOptionalError(location, "k is ", k, " and must be at most the ",
                             extent, " elements along axis ", axis);
  SmallVector<int64_t> shape(input.getShape());
  shape[axis] = k;
  return failure(
      failed(inferTensor(location, shape, input.getElementType(), inferred)) ||
      failed(inferTensor(location, shape, indexElement(context), inferred)));
}

LogicalResult
CumulativeSumOp::inferReturnTypes(MLIRContext *context, MaybeLocation location,
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
// Results as large as the data say
//===----------------------------------------------------------------------===//

LogicalResult NonZeroOp::inferReturnTypes(MLIRContext *context,
                                          MaybeLocation location,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  if (input.getRank() == 0) // (C1)
    return emitOptionalError(location,
                             "a scalar has no positions: give it a dimension");
  auto bound = boundOf(location, "positions", input.getShape());
  Type index = indexElement(context);
  return failure(failed(bound) ||
                 failed(inferTensor(location, {input.getRank(), *bound}, index,
                                    inferred)) ||
                 failed(inferTensor(location, {}, index, inferred)));
}

LogicalResult CompressOp::inferReturnTypes(MLIRContext *context,
                                           MaybeLocation location,
                                           Adaptor adaptor,
                                           SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto condition = rankedType(location, "condition", adaptor.getCondition());
  int64_t axis = adaptor.getAxis();
  if (!input || !condition ||
      failed(checkAxis(location, axis, input.getRank()))) // (C1)
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  bool fits = condition.getRank() == 1;
  if (fits && !ShapedType::isDynamic(shape[axis]))
    fits = condition.getDimSize(0) <= shape[axis];
  if (!fits) // (C2)
    return emitOptionalError(
        location, "condition of shape ", formatShape(condition.getShape()),
        " must be a vector of at most ", shape[axis], " elements");
  shape[axis] = condition.getDimSize(0);
  return failure(
      failed(inferTensor(location, shape, input.getElementType(), inferred)) ||
      failed(inferTensor(location, {}, indexElement(context), inferred)));
}

LogicalResult UniqueOp::inferReturnTypes(MLIRContext *context,
                                         MaybeLocation location,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  if (input.getRank() == 0) // (C1)
    return emitOptionalError(location,
                             "a scalar has no slices: give it a dimension");
  inferred.push_back(input);
  Type index = indexElement(context);
  for (int i = 0; i < 3; ++i) // indices, inverse, counts
    if (failed(inferTensor(location, {input.getDimSize(0)}, index, inferred)))
      return failure();
  return inferTensor(location, {}, index, inferred);
}

/// (C1): boxes [batch, n, 4] and scores [batch, classes, n].
static LogicalResult checkBoxes(MaybeLocation location, RankedTensorType boxes,
                                RankedTensorType scores) {
  if (boxes.getRank() == 3 && scores.getRank() == 3 &&
      mayEqual(boxes.getDimSize(2), 4) &&
      mayEqual(boxes.getDimSize(0), scores.getDimSize(0)) &&
      mayEqual(boxes.getDimSize(1), scores.getDimSize(2)) &&
      boxes.getElementType() == scores.getElementType())
    return success();
  return emitOptionalError(location, "boxes are ", boxes, " and scores ",
                           scores,
                           "; they must be [batch, n, 4] and [batch, classes, "
                           "n] of one element type");
}

LogicalResult
NonMaxSuppressionOp::inferReturnTypes(MLIRContext *context,
                                      MaybeLocation location, Adaptor adaptor,
                                      SmallVectorImpl<Type> &inferred) {
  auto boxes = rankedType(location, "boxes", adaptor.getBoxes());
  auto scores = rankedType(location, "scores", adaptor.getScores());
  if (!boxes || !scores || failed(checkBoxes(location, boxes, scores)))
    return failure();
  auto isScalar = [](Value value, Type element) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    return type && type.getRank() == 0 && type.getElementType() == element;
  };
  Type index = indexElement(context), f32 = Float32Type::get(context);
  if (!isScalar(adaptor.getMaxBoxes(), index) || // (C2)
      !isScalar(adaptor.getIouThreshold(), f32) ||
      !isScalar(adaptor.getScoreThreshold(), f32))
    return emitOptionalError(location, "max_boxes must be an i64 scalar, the "
                                       "thresholds f32 scalars");
  int64_t bound = adaptor.getBound();
  if (bound < 0) // (C3)
    return emitOptionalError(location, "bound ", bound,
                             " must not be negative");
  int64_t perClass = scores.getDimSize(2);
  if (!ShapedType::isDynamic(perClass))
    perClass = std::min(perClass, bound);
  auto rows = boundOf(location, "selected boxes",
                      {scores.getDimSize(0), scores.getDimSize(1), perClass});
  return failure(failed(rows) ||
                 failed(inferTensor(location, {*rows, 3}, index, inferred)) ||
                 failed(inferTensor(location, {}, index, inferred)));
}
