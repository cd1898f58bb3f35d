//===- Antialias.h - Resizing with a filter as wide as the step -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_ANTIALIAS_H
#define EDGEC_LIB_IMPORT_ONNX_ANTIALIAS_H

#include "NodeContext.h"
#include "edgec/Reference/ResizeTaps.h"

namespace edgec::onnx_import {

/// How ONNX's Resize interpolates with antialias = 1.
struct AntialiasFilter {
  edge::ResizeMode mode = edge::ResizeMode::linear; ///< Linear or cubic.
  edge::CoordinateMode coordinates = edge::CoordinateMode::half_pixel;
  double cubicCoefficient = -0.75;
  bool excludesOutside = false;
};

/// `value` resized along `axis`, by a product with a constant matrix. Where a
/// dimension shrinks, its filter is stretched by as much.
mlir::Value resizeAntialiased(NodeContext &node, mlir::Value value,
                              int64_t axis, const ResizedDimension &dimension,
                              const AntialiasFilter &filter);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_ANTIALIAS_H
