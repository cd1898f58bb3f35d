//===- ContractionOps.cpp - Convolution and matrix multiplication --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace edgec::edge;

/// Products of 8-bit integers are accumulated in 32 bits; other operands must
/// agree. Null, after a diagnostic, where they do not.
static Type contractionElementType(MaybeLocation location, StringRef what,
                                   Type lhs, Type rhs) {
  if (lhs.isInteger(8) && rhs.isInteger(8))
    return IntegerType::get(lhs.getContext(), 32);
  if (lhs == rhs)
    return lhs;
  (void)emitOptionalError(location, what, " of ", lhs, " and ", rhs,
                          " elements: the element types must be equal, or both "
                          "8-bit integers");
  return {};
}

//===----------------------------------------------------------------------===//
// ConvOp
//===----------------------------------------------------------------------===//

/// (C5): one element for each output channel, if there is a bias.
static LogicalResult checkBias(MaybeLocation location, Value bias,
                               int64_t outputs) {
  if (!bias)
    return success();
  auto type = rankedType(location, "bias", bias);
  if (!type)
    return failure();
  if (type.getRank() != 1 || !mayEqual(type.getDimSize(0), outputs))
    return emitOptionalError(location, "bias of shape ",
                             formatShape(type.getShape()), " must have ",
                             outputs, " elements, one an output channel");
  return success();
}

/// (C4), (C5): channels of input, filter and bias agree with the groups.
static LogicalResult checkChannels(MaybeLocation location,
                                   ConvOp::Adaptor adaptor, int64_t channels,
                                   RankedTensorType filter) {
  int64_t groups = adaptor.getGroups();
  int64_t outputs = filter.getDimSize(0);
  if (groups <= 0)
    return emitOptionalError(location, "groups is ", groups,
                             " and must be positive");
  auto divides = [&](int64_t extent) {
    return ShapedType::isDynamic(extent) || extent % groups == 0;
  };
  if (!divides(channels) || !divides(outputs))
    return emitOptionalError(location, groups, " groups must divide the ",
                             channels, " input channels and the ", outputs,
                             " output channels");
  int64_t expected =
      ShapedType::isDynamic(channels) ? channels : channels / groups;
  if (!mayEqual(expected, filter.getDimSize(1)))
    return emitOptionalError(
        location, "a filter of shape ", formatShape(filter.getShape()), " has ",
        filter.getDimSize(1), " channels a group, but the input of shape ",
        formatShape(adaptor.getInput()), " has ", expected, " (", channels,
        " in ", groups, " groups)");
  return checkBias(location, adaptor.getBias(), outputs);
}

/// (C7): a bias is added to what the products are accumulated in.
static LogicalResult checkBiasElement(MaybeLocation location, Value bias,
                                      Type result) {
  if (!bias)
    return success();
  Type element = getElementTypeOrSelf(bias.getType());
  if (element == result)
    return success();
  return emitOptionalError(location, "bias has ", element,
                           " elements and must have ", result,
                           ", the result's element type");
}

LogicalResult ConvOp::inferReturnTypes(MLIRContext *context,
                                       MaybeLocation location, Adaptor adaptor,
                                       SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto filter = rankedType(location, "filter", adaptor.getFilter());
  if (!input || !filter)
    return failure();
  int64_t rank = input.getRank();
  if (rank < 3 || filter.getRank() != rank) // (C1)
    return emitOptionalError(location, "input ", formatShape(input.getShape()),
                             " and filter ", formatShape(filter.getShape()),
                             " must have the same rank, at least 3");
  Windows windows{filter.getShape().drop_front(2), adaptor.getStrides(),
                  adaptor.getDilations(), adaptor.getPads()};
  if (failed(checkWindows(location, windows))) // (C2), (C3)
    return failure();
  Layout layout = adaptor.getLayout();
  int64_t channelDim = channelDimension(layout, rank);
  if (failed(checkChannels(location, adaptor, input.getDimSize(channelDim),
                           filter)))
    return failure();
  Type element = contractionElementType(
      location, "convolution", input.getElementType(), filter.getElementType());
  if (!element ||
      failed(checkBiasElement(location, adaptor.getBias(), element)))
    return failure();

  SmallVector<int64_t> shape(input.getShape());
  shape[channelDim] = filter.getDimSize(0);
  int64_t spatial = firstSpatial(layout);
  for (int64_t i = 0; i < rank - 2; ++i) { // (C6)
    auto positions = windowPositions(location, windows, i, shape[spatial + i]);
    if (failed(positions))
      return failure();
    shape[spatial + i] = *positions;
  }
  return inferTensor(location, shape, element, inferred);
}

int64_t ConvOp::getMacs() {
  auto filter = cast<RankedTensorType>(getFilter().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  return saturatingProduct({saturatingProduct(result.getShape()),
                            saturatingProduct(filter.getShape().drop_front())});
}

//===----------------------------------------------------------------------===//
// ConvTransposeOp
//===----------------------------------------------------------------------===//

/// (C4), (C5): the number of output channels; nothing after a diagnostic.
static FailureOr<int64_t> transposedOutputs(MaybeLocation location,
                                            ConvTransposeOp::Adaptor adaptor,
                                            int64_t channels,
                                            RankedTensorType filter) {
  int64_t groups = adaptor.getGroups();
  if (groups <= 0)
    return emitOptionalError(location, "groups is ", groups,
                             " and must be positive");
  if (!mayEqual(channels, filter.getDimSize(0)))
    return emitOptionalError(
        location, "a filter of shape ", formatShape(filter.getShape()), " has ",
        filter.getDimSize(0), " input channels, but the input of shape ",
        formatShape(adaptor.getInput()), " has ", channels);
  if (!ShapedType::isDynamic(channels) && channels % groups != 0)
    return emitOptionalError(location, groups, " groups must divide the ",
                             channels, " input channels");
  int64_t outputs = filter.getDimSize(1);
  if (!ShapedType::isDynamic(outputs))
    outputs = saturatingProduct({outputs, groups});
  if (failed(checkBias(location, adaptor.getBias(), outputs)))
    return failure();
  return outputs;
}

/// (C6): the result's extent along spatial dimension `dim`.
static FailureOr<int64_t> transposedExtent(MaybeLocation location,
                                           const Windows &windows, size_t dim,
                                           int64_t extent) {
  int64_t kernel = windows.kernel[dim];
  if (ShapedType::isDynamic(extent) || ShapedType::isDynamic(kernel))
    return ShapedType::kDynamic;
  auto reach =
      llvm::checkedMulAdd(windows.dilations[dim], kernel - 1, int64_t(1));
  auto result =
      reach ? llvm::checkedMulAdd(windows.strides[dim], extent - 1, *reach)
            : std::nullopt;
  for (int64_t pad : {windows.low(dim), windows.high(dim)})
    if (result)
      result = llvm::checkedSub(*result, pad);
  if (extent > 0 && kernel > 0 && result && *result > 0)
    return *result;
  return emitOptionalError(location, "nothing remains of spatial dimension ",
                           dim, ": extent ", extent, ", stride ",
                           windows.strides[dim], ", kernel ", kernel,
                           ", dilation ", windows.dilations[dim], ", pads ",
                           windows.low(dim), " and ", windows.high(dim));
}

LogicalResult
ConvTransposeOp::inferReturnTypes(MLIRContext *context, MaybeLocation location,
                                  Adaptor adaptor,
                                  SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  auto filter = rankedType(location, "filter", adaptor.getFilter());
  if (!input || !filter)
    return failure();
  int64_t rank = input.getRank();
  if (rank < 3 || filter.getRank() != rank) // (C1)
    return emitOptionalError(location, "input ", formatShape(input.getShape()),
                             " and filter ", formatShape(filter.getShape()),
                             " must have the same rank, at least 3");
  Windows windows{filter.getShape().drop_front(2), adaptor.getStrides(),
                  adaptor.getDilations(), adaptor.getPads()};
  if (failed(checkWindows(location, windows, /*mayCrop=*/true))) // (C2), (C3)
    return failure();
  Layout layout = adaptor.getLayout();
  int64_t channelDim = channelDimension(layout, rank);
  FailureOr<int64_t> outputs = transposedOutputs(
      location, adaptor, input.getDimSize(channelDim), filter);
  if (failed(outputs))
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  shape[channelDim] = *outputs;
  int64_t spatial = firstSpatial(layout);
  for (int64_t i = 0; i < rank - 2; ++i) {
    auto extent = transposedExtent(location, windows, i, shape[spatial + i]);
    if (failed(extent))
      return failure();
    shape[spatial + i] = *extent;
  }
  return inferTensor(location, shape, input.getElementType(), inferred);
}

int64_t ConvTransposeOp::getMacs() {
  auto input = cast<RankedTensorType>(getInput().getType());
  auto filter = cast<RankedTensorType>(getFilter().getType());
  return saturatingProduct({saturatingProduct(input.getShape()),
                            saturatingProduct(filter.getShape().drop_front())});
}

//===----------------------------------------------------------------------===//
// MatMulOp
//===----------------------------------------------------------------------===//

/// An operand's shape after its transpose flag.
static SmallVector<int64_t> orientedShape(RankedTensorType type,
                                          bool transposed) {
  SmallVector<int64_t> shape(type.getShape());
  if (transposed)
    std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
  return shape;
}

LogicalResult MatMulOp::inferReturnTypes(MLIRContext *context,
                                         MaybeLocation location,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &inferred) {
  auto lhs = rankedType(location, "lhs", adaptor.getLhs());
  auto rhs = rankedType(location, "rhs", adaptor.getRhs());
  if (!lhs || !rhs)
    return failure();
  if (lhs.getRank() == 0 || rhs.getRank() == 0) // (C1)
    return emitOptionalError(
        location, "matrix product of ", formatShape(lhs.getShape()), " and ",
        formatShape(rhs.getShape()), ": both operands need rank 1 or more");
  Type element = contractionElementType(
      location, "matrix product", lhs.getElementType(), rhs.getElementType());
  if (!element)
    return failure();
  if ((adaptor.getTransposeLhs() && lhs.getRank() < 2) ||
      (adaptor.getTransposeRhs() && rhs.getRank() < 2)) // (C4)
    return emitOptionalError(
        location,
        "a transposed operand of a matrix product needs rank 2 or "
        "more, the shapes are ",
        formatShape(lhs.getShape()), " and ", formatShape(rhs.getShape()));

  auto a = orientedShape(lhs, adaptor.getTransposeLhs());
  auto b = orientedShape(rhs, adaptor.getTransposeRhs());
  bool isRow = a.size() == 1, isColumn = b.size() == 1;
  if (isRow)
    a.insert(a.begin(), 1);
  if (isColumn)
    b.push_back(1);
  int64_t depth = a.back(), otherDepth = b[b.size() - 2];
  if (!mayEqual(depth, otherDepth)) // (C2)
    return emitOptionalError(
        location, "matrix product of ", formatShape(lhs.getShape()), " and ",
        formatShape(rhs.getShape()), ": the contracted extents ", depth,
        " and ", otherDepth, " differ");
  auto shape = broadcastShapes(location, ArrayRef(a).drop_back(2),
                               ArrayRef(b).drop_back(2)); // (C3)
  if (failed(shape))
    return failure();
  if (!isRow)
    shape->push_back(a[a.size() - 2]);
  if (!isColumn)
    shape->push_back(b.back());
  return inferTensor(location, *shape, element, inferred);
}

int64_t MatMulOp::getMacs() {
  auto lhs = cast<RankedTensorType>(getLhs().getType());
  auto result = cast<RankedTensorType>(getResult().getType());
  int64_t depth = orientedShape(lhs, getTransposeLhs()).back();
  return saturatingProduct({saturatingProduct(result.getShape()), depth});
}

//===----------------------------------------------------------------------===//
// DetOp
//===----------------------------------------------------------------------===//

LogicalResult DetOp::inferReturnTypes(MLIRContext *context,
                                      MaybeLocation location, Adaptor adaptor,
                                      SmallVectorImpl<Type> &inferred) {
  auto input = rankedType(location, "input", adaptor.getInput());
  if (!input)
    return failure();
  ArrayRef<int64_t> shape = input.getShape();
  if (shape.size() < 2 || !mayEqual(shape.back(), shape.end()[-2])) // (C1)
    return emitOptionalError(location, "the input of shape ",
                             formatShape(shape),
                             " must hold square matrices in its last two "
                             "dimensions");
  return inferTensor(location, shape.drop_back(2), input.getElementType(),
                     inferred);
}
