//===- FileHash.h - SHA-256 of a file ---------------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_FILEHASH_H
#define EDGEC_SUPPORT_FILEHASH_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace edgec {

/// SHA-256 of a file's contents in lower-case hexadecimal. Reads the file in
/// pieces: memory does not grow with its size.
llvm::Expected<std::string> sha256OfFile(llvm::StringRef path);

} // namespace edgec

#endif // EDGEC_SUPPORT_FILEHASH_H
