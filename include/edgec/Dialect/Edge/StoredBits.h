//===- StoredBits.h - Integers of fewer bits than a byte --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DIALECT_EDGE_STOREDBITS_H
#define EDGEC_DIALECT_EDGE_STOREDBITS_H

#include "llvm/ADT/StringRef.h"

namespace edgec::edge {

/// Integer attribute of constants and parameters of 8-bit integers: how many
/// bits (4, 2) an element has in the source model, or was rounded to. The
/// elements lie within the range of such integers.
inline constexpr llvm::StringLiteral bitsAttr = "edge.bits";

} // namespace edgec::edge

#endif // EDGEC_DIALECT_EDGE_STOREDBITS_H
