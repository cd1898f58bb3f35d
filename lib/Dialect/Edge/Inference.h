//===- Inference.h - Helpers of shape inference and verifiers ---*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inference runs before verifiers, on whatever a model file says: extents and
// attributes may be absurd, so every computation is checked for overflow.
// Unknown extents (ShapedType::kDynamic) are compatible with everything.
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_DIALECT_EDGE_INFERENCE_H
#define EDGEC_LIB_DIALECT_EDGE_INFERENCE_H

#include "edgec/Dialect/Edge/EdgeDialect.h"
#include "mlir/IR/TypeUtilities.h"
#include <string>

namespace edgec::edge {

using MaybeLocation = std::optional<mlir::Location>;

/// "1x3x?x8", or "scalar" for rank 0: how diagnostics write shapes.
std::string formatShape(llvm::ArrayRef<int64_t> shape);
std::string formatShape(mlir::Value value);
/// "[1, 2, 3]": how diagnostics write list attributes.
std::string formatList(llvm::ArrayRef<int64_t> values);

/// The ranked type of an operand; null, after a diagnostic, if it has none.
mlir::RankedTensorType rankedType(MaybeLocation location, llvm::StringRef what,
                                  mlir::Value value);

/// Appends tensor<shape x elementType>. Fails where an extent is negative or
/// the number of bytes does not fit a 64-bit integer.
mlir::LogicalResult inferTensor(MaybeLocation location,
                                llvm::ArrayRef<int64_t> shape,
                                mlir::Type elementType,
                                llvm::SmallVectorImpl<mlir::Type> &inferred);

/// Product of the extents; nothing if one is dynamic or it overflows.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> shape);

/// Product of the extents, at most INT64_MAX; zero if one is dynamic.
int64_t saturatingProduct(llvm::ArrayRef<int64_t> factors);

/// Whether two extents may be equal.
bool mayEqual(int64_t lhs, int64_t rhs);

mlir::LogicalResult checkAxis(MaybeLocation location, int64_t axis,
                              int64_t rank);

/// NumPy's broadcasting of two shapes; a diagnostic with both on failure.
mlir::FailureOr<llvm::SmallVector<int64_t>>
broadcastShapes(MaybeLocation location, llvm::ArrayRef<int64_t> lhs,
                llvm::ArrayRef<int64_t> rhs);

/// Whether `from`, aligned at the last dimension, broadcasts to `to` as it is.
bool broadcastsTo(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);

/// The sliding windows of a convolution or a pooling.
struct Windows {
  llvm::ArrayRef<int64_t> kernel;
  llvm::ArrayRef<int64_t> strides;
  llvm::ArrayRef<int64_t> dilations;
  /// Low extents of every spatial dimension, then high extents.
  llvm::ArrayRef<int64_t> pads;

  int64_t low(size_t dim) const { return pads[dim]; }
  int64_t high(size_t dim) const { return pads[kernel.size() + dim]; }
};

/// Checks that the attributes have the right lengths and positive entries; pads
/// that `mayCrop` may be negative.
mlir::LogicalResult checkWindows(MaybeLocation location, const Windows &windows,
                                 bool mayCrop = false);

/// Number of window positions along spatial dimension `dim` of an input with
/// that extent: (extent + low + high - (dilation * (kernel - 1) + 1)) / stride
/// + 1, rounded down. Fails unless it is positive.
mlir::FailureOr<int64_t> windowPositions(MaybeLocation location,
                                         const Windows &windows, size_t dim,
                                         int64_t extent);

/// Fails where a window lies in the padding entirely.
mlir::LogicalResult checkWindowsTouchInput(MaybeLocation location,
                                           const Windows &windows, size_t dim,
                                           int64_t extent, int64_t positions);

/// First spatial dimension and channel dimension of a layout.
inline int64_t firstSpatial(Layout layout) {
  return layout == Layout::nchw ? 2 : 1;
}
inline int64_t channelDimension(Layout layout, int64_t rank) {
  return layout == Layout::nchw ? 1 : rank - 1;
}

} // namespace edgec::edge

#endif // EDGEC_LIB_DIALECT_EDGE_INFERENCE_H
