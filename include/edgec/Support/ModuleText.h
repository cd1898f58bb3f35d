//===- ModuleText.h - Text that MLIR is to parse ----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_MODULETEXT_H
#define EDGEC_SUPPORT_MODULETEXT_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

namespace edgec {

/// Levels that regions, types, attributes, locations and affine expressions may
/// nest in the text of a module. The most that edgec writes are some 60: two
/// brackets for each of a model's 16 levels of subgraphs and of the loops that
/// they become.
inline constexpr size_t maximumTextNesting = 256;

/// An error with file, line and column where `text` nests deeper. MLIR's parser
/// descends recursively, as do its walks over what it has parsed: without a
/// limit the stack overflows. What an alias stands for (`#a = [#b]`) counts
/// where the alias is used, and so does each sign of `- - x`.
///
/// Where there is a `splitMarker`, the pieces between markers are modules of
/// their own. Bytecode passes unread: it has no text.
llvm::Error checkTextNesting(llvm::MemoryBufferRef text,
                             llvm::StringRef splitMarker = "");

} // namespace edgec

#endif // EDGEC_SUPPORT_MODULETEXT_H
