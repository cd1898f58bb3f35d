//===- FastPath.h - Who misses the fast path, and why -----------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_CODEGEN_FASTPATH_H
#define EDGEC_LIB_CODEGEN_FASTPATH_H

#include "mlir/IR/Diagnostics.h"

namespace edgec {

struct TileProblem;

/// The metadata of a location that stands for several layers which share their
/// code: its parts are the layers' locations.
inline constexpr llvm::StringLiteral sharedByLayers = "edgec.layers";

/// Remarks "missed the fast path: REASON" for each layer that `loc` stands for.
/// The tools print it for --remarks only.
void missedFastPath(mlir::Location loc, const llvm::Twine &reason);

/// Looks at a problem for what makes its code slow, before it is emitted.
void remarkSlowPaths(mlir::Location loc, const TileProblem &problem);

} // namespace edgec

#endif // EDGEC_LIB_CODEGEN_FASTPATH_H
