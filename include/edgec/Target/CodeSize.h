//===- CodeSize.h - How much of a file is code ------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TARGET_CODESIZE_H
#define EDGEC_TARGET_CODESIZE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace edgec {

/// Bytes of machine instructions in the object or shared library at `path`:
/// without weights, tables and symbols.
llvm::Expected<uint64_t> codeSize(llvm::StringRef path);

} // namespace edgec

#endif // EDGEC_TARGET_CODESIZE_H
