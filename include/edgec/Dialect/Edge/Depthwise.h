//===- Depthwise.h - Convolutions of single channels ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_DEPTHWISE_H
#define EDGEC_DIALECT_EDGE_DEPTHWISE_H

#include "edgec/Dialect/Edge/EdgeDialect.h"

namespace edgec::edge {

/// Whether `op` is a convolution whose filters read one channel of several
/// each.
inline bool isDepthwise(mlir::Operation *op) {
  auto conv = llvm::dyn_cast<ConvOp>(op);
  return conv && conv.getGroups() > 1 &&
         llvm::cast<mlir::ShapedType>(conv.getFilter().getType())
                 .getDimSize(1) == 1;
}

/// Whether it is depthwise and each channel has one filter.
inline bool hasFilterPerChannel(ConvOp op) {
  auto filter = llvm::cast<mlir::ShapedType>(op.getFilter().getType());
  return isDepthwise(op) && filter.getDimSize(0) == int64_t(op.getGroups());
}

} // namespace edgec::edge

#endif // EDGEC_DIALECT_EDGE_DEPTHWISE_H
