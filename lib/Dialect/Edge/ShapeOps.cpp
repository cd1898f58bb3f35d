//===- ShapeOps.cpp - Operations that move elements ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace edgec::edge;

/// One entry a dimension.
static LogicalResult checkEntries(MaybeLocation location, StringRef name,
                                  ArrayRef<int64_t> values, int64_t rank) {
  if (static_cast<int64_t>(values.size()) == rank)
    return success();
  return emitOptionalError(location, name, " ", formatList(values), " needs ",
                           rank, " entries, one a dimension");
}

//===----------------------------------------------------------------------===//
// ReshapeOp, BroadcastOp, TransposeOp
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() { // (C1)
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (!input.hasStaticShape() || !result.hasStaticShape())
    return success();
  auto from = countElements(input.getShape());
  auto to = countElements(result.getShape());
  if (from && to && *from == *to)
    return success();
  return emitOpError("cannot give the elements of ")
         << formatShape(input.getShape()) << " the shape "
         << formatShape(result.getShape())
         << ": the numbers of elements differ";
}

LogicalResult BroadcastOp::verify() { // (C1)
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  if (broadcastsTo(input.getShape(), result.getShape()))
    return success();
  return emitOpError("shape ")
         << formatShape(input.getShape()) << " does not broadcast to "
         << formatShape(result.getShape());
}

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *context,
                                            MaybeLocation location,
                                            Adaptor adaptor,
                                            SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  ArrayRef<int64_t> permutation = adaptor.getPermutation();
  if (failed(
          checkEntries(location, "permutation", permutation, input.getRank())))
    return failure();
  SmallVector<int64_t> shape;
  llvm::SmallBitVector seen(input.getRank());
  for (int64_t dim : permutation) { // (C1)
    if (dim < 0 || dim >= input.getRank() || seen.test(dim))
      return emitOptionalError(
          location, formatList(permutation), " is no permutation of the ",
          input.getRank(), " dimensions of ", formatShape(input.getShape()));
    seen.set(dim);
    shape.push_back(input.getDimSize(dim));
  }
  return inferTensor(location, shape, input.getElementType(), inferred);
}

//===----------------------------------------------------------------------===//
// ConcatOp
//===----------------------------------------------------------------------===//

/// (C1), (C3): whether `next` can be joined to a tensor of type `first`.
static LogicalResult checkJoinable(MaybeLocation location,
                                   RankedTensorType first,
                                   RankedTensorType next, int64_t axis) {
  if (next.getElementType() != first.getElementType())
    return emitOptionalError(location, "cannot join ", first.getElementType(),
                             " and ", next.getElementType(), " elements");
  bool joinable = next.getRank() == first.getRank();
  for (int64_t dim = 0; joinable && dim < first.getRank(); ++dim)
    joinable =
        dim == axis || mayEqual(first.getDimSize(dim), next.getDimSize(dim));
  if (joinable)
    return success();
  return emitOptionalError(location, "cannot join ",
                           formatShape(first.getShape()), " and ",
                           formatShape(next.getShape()), " along axis ", axis,
                           ": ranks and all other extents must be equal");
}

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *context,
                                         MaybeLocation location,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &inferred) {
  if (adaptor.getInputs().empty()) // (C1)
    return emitOptionalError(location, "needs at least one input to join");
  auto first = rankedType(location, "input", adaptor.getInputs().front());
  if (!first)
    return failure();
  int64_t axis = adaptor.getAxis();
  if (failed(checkAxis(location, axis, first.getRank()))) // (C2)
    return failure();
  SmallVector<int64_t> shape(first.getShape());
  for (Value input : adaptor.getInputs().drop_front()) {
    auto next = rankedType(location, "input", input);
    if (!next || failed(checkJoinable(location, first, next, axis)))
      return failure();
    int64_t extent = next.getDimSize(axis);
    for (int64_t dim = 0; dim < first.getRank(); ++dim)
      if (dim != axis && ShapedType::isDynamic(shape[dim]))
        shape[dim] = next.getDimSize(dim);
    if (ShapedType::isDynamic(extent) || ShapedType::isDynamic(shape[axis])) {
      shape[axis] = ShapedType::kDynamic;
      continue;
    }
    auto sum = llvm::checkedAdd(shape[axis], extent);
    if (!sum)
      return emitOptionalError(location, "the extents along axis ", axis,
                               " add up to more than can be addressed");
    shape[axis] = *sum;
  }
  return inferTensor(location, shape, first.getElementType(), inferred);
}

//===----------------------------------------------------------------------===//
// SliceOp
//===----------------------------------------------------------------------===//

/// (C2): first and last element of a dimension lie inside the input.
static bool sliceIsInside(int64_t start, int64_t size, int64_t step,
                          int64_t extent) {
  if (size == 0)
    return true;
  if (start < 0)
    return false;
  auto last = llvm::checkedMulAdd(size - 1, step, start);
  if (!last || *last < 0)
    return false;
  return ShapedType::isDynamic(extent) || std::max(start, *last) < extent;
}

LogicalResult SliceOp::inferReturnTypes(MLIRContext *context,
                                        MaybeLocation location, Adaptor adaptor,
                                        SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  ArrayRef<int64_t> starts = adaptor.getStarts(), sizes = adaptor.getSizes(),
                    steps = adaptor.getSteps();
  int64_t rank = input.getRank();
  if (failed(checkEntries(location, "starts", starts, rank)) ||
      failed(checkEntries(location, "sizes", sizes, rank)) ||
      failed(checkEntries(location, "steps", steps, rank))) // (C1)
    return failure();
  for (int64_t dim = 0; dim < rank; ++dim) {
    if (sizes[dim] < 0 || steps[dim] == 0)
      return emitOptionalError(location, "sizes ", formatList(sizes),
                               " must not be negative, steps ",
                               formatList(steps), " not zero");
    if (!sliceIsInside(starts[dim], sizes[dim], steps[dim],
                       input.getDimSize(dim)))
      return emitOptionalError(
          location, "the slice of dimension ", dim, " (start ", starts[dim],
          ", size ", sizes[dim], ", step ", steps[dim],
          ") leaves the input of shape ", formatShape(input.getShape()));
  }
  return inferTensor(location, sizes, input.getElementType(), inferred);
}

//===----------------------------------------------------------------------===//
// PadOp
//===----------------------------------------------------------------------===//

/// (C2): the filling value.
static LogicalResult checkPadValue(MaybeLocation location,
                                   PadOp::Adaptor adaptor, Type element) {
  Value value = adaptor.getValue();
  if (!value)
    return success();
  if (adaptor.getMode() != PadMode::constant)
    return emitOptionalError(location, "a value to pad with makes no sense in ",
                             stringifyPadMode(adaptor.getMode()), " mode");
  auto type = rankedType(location, "value", value);
  if (!type)
    return failure();
  if (type.getRank() != 0 || type.getElementType() != element)
    return emitOptionalError(location, "the value to pad with is ", type,
                             " and must be a scalar of type ", element);
  return success();
}

/// (C3): whether a dimension has elements for what the mode repeats.
static LogicalResult checkPadSource(MaybeLocation location, PadMode mode,
                                    int64_t low, int64_t high, int64_t extent) {
  int64_t largest = std::max(low, high);
  if (mode == PadMode::constant || largest <= 0 ||
      ShapedType::isDynamic(extent))
    return success();
  if (mode == PadMode::reflect ? largest < extent : extent > 0)
    return success();
  return emitOptionalError(location, stringifyPadMode(mode), " padding of ",
                           low, " and ", high, " needs a larger extent than ",
                           extent);
}

LogicalResult PadOp::inferReturnTypes(MLIRContext *context,
                                      MaybeLocation location, Adaptor adaptor,
                                      SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  ArrayRef<int64_t> low = adaptor.getLow(), high = adaptor.getHigh();
  if (failed(checkEntries(location, "low", low, input.getRank())) ||
      failed(checkEntries(location, "high", high, input.getRank())) ||
      failed(checkPadValue(location, adaptor, input.getElementType())))
    return failure();
  SmallVector<int64_t> shape;
  for (auto [dim, extent] : llvm::enumerate(input.getShape())) {
    if (failed(checkPadSource(location, adaptor.getMode(), low[dim], high[dim],
                              extent)))
      return failure();
    if (ShapedType::isDynamic(extent)) {
      shape.push_back(extent);
      continue;
    }
    auto padded = llvm::checkedAdd(extent, low[dim]);
    if (padded)
      padded = llvm::checkedAdd(*padded, high[dim]);
    if (!padded || *padded < 0) // (C1)
      return emitOptionalError(location, "pads ", low[dim], " and ", high[dim],
                               " of dimension ", dim,
                               " are out of range for extent ", extent);
    shape.push_back(*padded);
  }
  return inferTensor(location, shape, input.getElementType(), inferred);
}

//===----------------------------------------------------------------------===//
// GatherOp, ResizeOp
//===----------------------------------------------------------------------===//

LogicalResult GatherOp::inferReturnTypes(MLIRContext *context,
                                         MaybeLocation location,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto indices = rankedType(location, "indices", adaptor.getIndices());
  if (!input || !indices)
    return failure();
  int64_t axis = adaptor.getAxis();
  if (failed(checkAxis(location, axis, input.getRank()))) // (C1)
    return failure();
  Type index = indices.getElementType();
  if (!index.isSignlessInteger(32) && !index.isSignlessInteger(64)) // (C2)
    return emitOptionalError(location, "indices are ", index,
                             " and must be i32 or i64");
  SmallVector<int64_t> shape(input.getShape().take_front(axis));
  llvm::append_range(shape, indices.getShape());
  llvm::append_range(shape, input.getShape().drop_front(axis + 1));
  // (C3)
  if (input.getDimSize(axis) == 0 && countElements(indices.getShape()) != 0)
    return emitOptionalError(location, "dimension ", axis, " of shape ",
                             formatShape(input.getShape()),
                             " has no elements to gather");
  return inferTensor(location, shape, input.getElementType(), inferred);
}

LogicalResult ResizeOp::verify() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  ArrayRef<double> scales = getScales();
  if (input.getRank() != result.getRank() ||
      static_cast<int64_t>(scales.size()) != input.getRank()) // (C1)
    return emitOpError("input ")
           << formatShape(input.getShape()) << ", result "
           << formatShape(result.getShape()) << " and the " << scales.size()
           << " scales must agree in rank";
  for (auto [dim, scale] : llvm::enumerate(scales)) {
    if (!(scale > 0) || !std::isfinite(scale))
      return emitOpError("scale ") << scale << " of dimension " << dim
                                   << " must be positive and finite";
    if (input.getDimSize(dim) == 0 && result.getDimSize(dim) != 0) // (C2)
      return emitOpError("dimension ")
             << dim << " of the input of shape "
             << formatShape(input.getShape())
             << " is empty and cannot be resampled to "
             << formatShape(result.getShape());
  }
  bool cropped = getCoordinates() == CoordinateMode::tf_crop_and_resize;
  size_t regionEntries = cropped ? 2 * scales.size() : 0; // (C3)
  if (getRoi().value_or(ArrayRef<double>()).size() != regionEntries)
    return emitOpError("roi must have ")
           << regionEntries << " entries with "
           << stringifyCoordinateMode(getCoordinates()) << " coordinates";
  return success();
}
