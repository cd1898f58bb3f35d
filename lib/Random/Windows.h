//===- Windows.h - Random windows over spatial dimensions -------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_RANDOM_WINDOWS_H
#define EDGEC_LIB_RANDOM_WINDOWS_H

#include "GraphBuilder.h"

namespace edgec::random {

/// Channels first, or last where ONNX need not have a form for it.
edge::Layout randomLayout(GraphBuilder &graph);

/// The spatial extents of an image.
Shape spatialExtents(const Shape &image, edge::Layout layout);

/// Windows that fit an image of this shape and hold at least one of its
/// elements each: pads are smaller than the windows.
struct RandomWindows {
  Shape kernel, strides, dilations, pads;

  RandomWindows(GraphBuilder &graph, const Shape &image, edge::Layout layout);
};

} // namespace edgec::random

#endif // EDGEC_LIB_RANDOM_WINDOWS_H
