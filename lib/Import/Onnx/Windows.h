//===- Windows.h - Pads of convolutions and pooling -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_WINDOWS_H
#define EDGEC_LIB_IMPORT_ONNX_WINDOWS_H

#include "NodeContext.h"

namespace edgec::onnx_import {

/// How a kernel moves over the spatial dimensions, with every default and
/// automatic pad worked out. `pads` are low extents, then high extents.
struct Windows {
  llvm::SmallVector<int64_t> kernel, strides, dilations, pads;
  /// What rounding up added to each high pad.
  llvm::SmallVector<int64_t> ceilPads;
};

/// Reads strides, dilations, pads, auto_pad and, for pooling, ceil_mode of a
/// node whose first input is [N, C, spatial...]. `kernel` is the kernel's
/// shape, from the filter or the attribute. Nothing after an error.
std::optional<Windows>
readWindows(NodeContext &node, llvm::ArrayRef<int64_t> kernel, bool roundsUp);

/// The same for pooling, with the attributes kernel_shape and ceil_mode.
std::optional<Windows> poolWindows(NodeContext &node);

/// The same for a transposed convolution, with output_padding and output_shape:
/// pads are what is cut off the result, less what is added to its high ends.
std::optional<Windows> readTransposedWindows(NodeContext &node,
                                             llvm::ArrayRef<int64_t> kernel);

/// Attribute kernel_shape, which must be there.
std::optional<llvm::SmallVector<int64_t>> kernelShape(NodeContext &node);

/// What windows are described by is no larger, nor smaller than minus this.
inline constexpr int64_t largestWindowParameter = int64_t{1} << 31;

/// The attribute `name`, a list of `count` numbers of at least `smallest`; as
/// many times `byDefault` where it is left out or, after an error, not valid.
llvm::SmallVector<int64_t> readWindowList(NodeContext &node,
                                          llvm::StringRef name, size_t count,
                                          int64_t byDefault, int64_t smallest);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_WINDOWS_H
