//===- FuzzArchive.cpp - The readers of .npz archives ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/NpyReader.h"
#include "edgec/Support/TensorFile.h"
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

static llvm::Error readMembers(llvm::StringRef bytes) {
  auto archive = ZipReader::open(makeMemoryBytes(bytes));
  if (!archive)
    return archive.takeError();
  constexpr size_t mostMembers = 16;
  for (const ZipMember &member : archive->members().take_front(mostMembers))
    llvm::consumeError(readRows(*archive, member));
  return llvm::Error::success();
}

/// Both by rows and as a whole.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  llvm::consumeError(readMembers(bytes));
  auto tensors = parseNpz(bytes);
  if (!tensors)
    llvm::consumeError(tensors.takeError());
  return 0;
}
