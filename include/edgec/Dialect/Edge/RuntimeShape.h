//===- RuntimeShape.h - Results that tell the shape of others ---*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_RUNTIMESHAPE_H
#define EDGEC_DIALECT_EDGE_RUNTIMESHAPE_H

#include "llvm/ADT/StringRef.h"

namespace edgec::edge {

/// On a result of the model's function, an i64: it is the true shape, i64
/// [rank], of the result with that number. Elements of that one beyond it mean
/// nothing.
inline constexpr llvm::StringLiteral shapeOfAttr = "edge.shape_of";

/// On an edge.select whose first value has an extent that the run decides: it
/// puts something else in the place of what lies beyond.
inline constexpr llvm::StringLiteral beyondExtentAttr = "edge.beyond_extent";

/// On an edge.select between a value and zero, whose condition compares a
/// position with an extent: the value ends there, along the dimension with this
/// number (i64).
inline constexpr llvm::StringLiteral cutDimAttr = "edge.cut_dim";

/// On an edge.gather of a concatenation whose parts the run may not fill: it
/// takes them together, so that each begins where the one before truly ends.
inline constexpr llvm::StringLiteral joinsPartsAttr = "edge.joins_parts";

} // namespace edgec::edge

#endif // EDGEC_DIALECT_EDGE_RUNTIMESHAPE_H
