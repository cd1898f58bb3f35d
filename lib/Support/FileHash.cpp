//===- FileHash.cpp - SHA-256 of a file -----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/FileHash.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SHA256.h"
#include <vector>

using namespace llvm;

Expected<std::string> edgec::sha256OfFile(StringRef path) {
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  if (!file)
    return createFileError(path, file.takeError());

  SHA256 hash;
  std::vector<char> piece(1 << 20);
  while (true) {
    Expected<size_t> count = sys::fs::readNativeFile(*file, piece);
    if (!count) {
      sys::fs::closeFile(*file);
      return createFileError(path, count.takeError());
    }
    if (*count == 0)
      break;
    hash.update(StringRef(piece.data(), *count));
  }
  sys::fs::closeFile(*file);
  return toHex(hash.final(), /*LowerCase=*/true);
}
