//===- FuzzRows.cpp - Rows of the arrays in an archive --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/NpyReader.h"
#include "edgec/Support/ZipReader.h"
#include <algorithm>

using namespace edgec;

/// Rows of an array, first and last in turn, so that readers go back too.
static llvm::Error readRows(const ZipReader &archive, const ZipMember &member) {
  auto bytes = archive.openMember(member);
  if (!bytes)
    return bytes.takeError();
  auto array = NpyReader::open(std::move(*bytes));
  if (!array || array->shape().empty())
    return array.takeError();
  constexpr int64_t mostRows = 16; // Going back in compressed bytes takes long.
  int64_t rows = array->shape().front();
  for (int64_t i = 0; i < std::min(rows, mostRows); ++i) {
    auto row = array->readRow(i % 2 == 0 ? i / 2 : rows - 1 - i / 2);
    if (!row)
      return row.takeError();
  }
  return llvm::Error::success();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto archive = ZipReader::open(makeMemoryBytes(
      llvm::StringRef(reinterpret_cast<const char *>(data), size)));
  if (!archive) {
    llvm::consumeError(archive.takeError());
    return 0;
  }
  constexpr size_t mostMembers = 16;
  for (const ZipMember &member : archive->members().take_front(mostMembers))
    llvm::consumeError(readRows(*archive, member));
  return 0;
}
