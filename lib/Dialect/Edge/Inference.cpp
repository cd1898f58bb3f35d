//===- Inference.cpp - Helpers of shape inference and verifiers ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inference.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;

namespace edgec::edge {

std::string formatShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleave(
      shape, os,
      [&](int64_t extent) {
        if (ShapedType::isDynamic(extent))
          os << '?';
        else
          os << extent;
      },
      "x");
  return text;
}

std::string formatShape(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? formatShape(type.getShape()) : "unranked";
}

std::string formatList(ArrayRef<int64_t> values) {
  std::string text = "[";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(values, os);
  os << ']';
  return text;
}

RankedTensorType rankedType(MaybeLocation location, StringRef what,
                            Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    (void)emitOptionalError(location, what, " must be a tensor of known rank");
  return type;
}

std::optional<int64_t> countElements(ArrayRef<int64_t> shape) {
  // A zero anywhere makes the product zero, however large the others are.
  if (llvm::is_contained(shape, 0))
    return 0;
  int64_t count = 1;
  for (int64_t extent : shape) {
    if (ShapedType::isDynamic(extent))
      return std::nullopt;
    std::optional<int64_t> next = llvm::checkedMul(count, extent);
    if (!next)
      return std::nullopt;
    count = *next;
  }
  return count;
}

int64_t saturatingProduct(ArrayRef<int64_t> factors) {
  if (llvm::any_of(factors, [](int64_t factor) { return factor <= 0; }))
    return 0;
  int64_t product = 1;
  for (int64_t factor : factors)
    if (llvm::MulOverflow(product, factor, product))
      return std::numeric_limits<int64_t>::max();
  return product;
}

LogicalResult inferTensor(MaybeLocation location, ArrayRef<int64_t> shape,
                          Type elementType, SmallVectorImpl<Type> &inferred) {
  // Largest element: 8 bytes. Dynamic extents count as one here.
  int64_t bytes = 8;
  for (int64_t extent : shape) {
    if (ShapedType::isDynamic(extent) || extent == 0)
      continue;
    if (extent < 0)
      return emitOptionalError(location, "the result's shape ",
                               formatShape(shape), " has a negative extent");
    std::optional<int64_t> next = llvm::checkedMul(bytes, extent);
    if (!next)
      return emitOptionalError(location, "the result's shape ",
                               formatShape(shape),
                               " has more elements than can be addressed");
    bytes = *next;
  }
  inferred.push_back(RankedTensorType::get(shape, elementType));
  return success();
}

bool mayEqual(int64_t lhs, int64_t rhs) {
  return lhs == rhs || ShapedType::isDynamic(lhs) || ShapedType::isDynamic(rhs);
}

LogicalResult checkAxis(MaybeLocation location, int64_t axis, int64_t rank) {
  if (axis >= 0 && axis < rank)
    return success();
  return emitOptionalError(location, "axis ", axis,
                           " is not a dimension of a tensor of rank ", rank);
}

FailureOr<SmallVector<int64_t>> broadcastShapes(MaybeLocation location,
                                                ArrayRef<int64_t> lhs,
                                                ArrayRef<int64_t> rhs) {
  size_t rank = std::max(lhs.size(), rhs.size());
  SmallVector<int64_t> result(rank);
  for (size_t i = 0; i != rank; ++i) {
    // Dimensions are aligned at the last one; missing ones are 1.
    int64_t a = i < lhs.size() ? lhs[lhs.size() - 1 - i] : 1;
    int64_t b = i < rhs.size() ? rhs[rhs.size() - 1 - i] : 1;
    if (a != 1 && b != 1 && !mayEqual(a, b)) {
      (void)emitOptionalError(location, "shapes ", formatShape(lhs), " and ",
                              formatShape(rhs), " do not broadcast: extents ",
                              a, " and ", b, " differ and neither is 1");
      return failure();
    }
    // Beside an extent other than 1, a dynamic one must turn out equal.
    bool takeB = a == 1 || (ShapedType::isDynamic(a) && b != 1);
    result[rank - 1 - i] = takeB ? b : a;
  }
  return result;
}

bool broadcastsTo(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  if (from.size() > to.size())
    return false;
  for (auto [a, b] : llvm::zip(from, to.take_back(from.size())))
    if (a != 1 && !mayEqual(a, b))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

static LogicalResult checkPositive(MaybeLocation location, StringRef name,
                                   ArrayRef<int64_t> values, size_t count) {
  if (values.size() != count)
    return emitOptionalError(location, name, " ", formatList(values), " needs ",
                             count, " entries, one a spatial dimension");
  if (llvm::any_of(values, [](int64_t value) { return value <= 0; }))
    return emitOptionalError(location, name, " ", formatList(values),
                             " must be positive");
  return success();
}

LogicalResult checkWindows(MaybeLocation location, const Windows &windows,
                           bool mayCrop) {
  size_t spatial = windows.kernel.size();
  if (failed(checkPositive(location, "strides", windows.strides, spatial)) ||
      failed(checkPositive(location, "dilations", windows.dilations, spatial)))
    return failure();
  if (windows.pads.size() != 2 * spatial)
    return emitOptionalError(location, "pads ", formatList(windows.pads),
                             " needs ", 2 * spatial,
                             " entries, two a spatial dimension");
  if (!mayCrop &&
      llvm::any_of(windows.pads, [](int64_t pad) { return pad < 0; }))
    return emitOptionalError(location, "pads ", formatList(windows.pads),
                             " must not be negative");
  return success();
}

FailureOr<int64_t> windowPositions(MaybeLocation location,
                                   const Windows &windows, size_t dim,
                                   int64_t extent) {
  int64_t kernel = windows.kernel[dim];
  if (ShapedType::isDynamic(extent) || ShapedType::isDynamic(kernel))
    return ShapedType::kDynamic;
  if (kernel <= 0) {
    (void)emitOptionalError(location, "kernel extent ", kernel,
                            " of spatial dimension ", dim, " must be positive");
    return failure();
  }
  std::optional<int64_t> padded = llvm::checkedAdd(extent, windows.low(dim));
  if (padded)
    padded = llvm::checkedAdd(*padded, windows.high(dim));
  std::optional<int64_t> reach =
      llvm::checkedMulAdd(windows.dilations[dim], kernel - 1, int64_t(1));
  if (!padded || !reach || *padded < *reach) {
    auto diagnosed = emitOptionalError(
        location, "the window does not fit spatial dimension ", dim,
        ": extent ", extent, " with pads ", windows.low(dim), " and ",
        windows.high(dim), " is smaller than a kernel of ", kernel,
        " with dilation ", windows.dilations[dim]);
    return failure(failed(diagnosed));
  }
  return (*padded - *reach) / windows.strides[dim] + 1;
}

LogicalResult checkWindowsTouchInput(MaybeLocation location,
                                     const Windows &windows, size_t dim,
                                     int64_t extent, int64_t positions) {
  // Windows that begin in the low padding; with a dilation larger than the
  // input, each may step over it, so each is looked at, up to this many.
  constexpr int64_t maxWindows = 65536;
  if (ShapedType::isDynamic(extent) || ShapedType::isDynamic(positions))
    return success();
  int64_t stride = windows.strides[dim], dilation = windows.dilations[dim];
  int64_t low = windows.low(dim);
  auto emit = [&](int64_t position) {
    return emitOptionalError(
        location, "window ", position, " of spatial dimension ", dim,
        " lies in the padding entirely: extent ", extent, ", kernel ",
        windows.kernel[dim], ", stride ", stride, ", dilation ", dilation,
        ", pads ", low, " and ", windows.high(dim));
  };
  // windowPositions() has shown that this does not overflow.
  if ((positions - 1) * stride - low >= extent)
    return emit(positions - 1);
  int64_t inLow = std::min(positions, low / stride + (low % stride != 0));
  if (dilation > extent && inLow > maxWindows)
    return emitOptionalError(location, inLow,
                             " windows begin in the padding of spatial "
                             "dimension ",
                             dim, ", and no more than ", maxWindows,
                             " are supported with a dilation of ", dilation,
                             " over an extent of ", extent);
  for (int64_t position = 0; position < inLow; ++position) {
    int64_t missing = low - position * stride;
    int64_t taps = missing / dilation + (missing % dilation != 0);
    if (taps >= windows.kernel[dim] || taps * dilation - missing >= extent)
      return emit(position);
    // With no such gap, the first window is the furthest away.
    if (dilation <= extent)
      break;
  }
  return success();
}

} // namespace edgec::edge
