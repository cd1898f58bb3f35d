//===- FuzzRecipe.cpp - Fuzzes the reader of recipes ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Recipe.h"
#include <cstdlib>

using namespace edgec;

static llvm::Expected<std::vector<RecipeEntry>> parse(llvm::StringRef text) {
  return parseRecipe(llvm::MemoryBufferRef(text, "fuzz"));
}

/// What was read and is written again reads as the same, in the order that the
/// writer gives it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // The reader wants an end.
  std::string text(reinterpret_cast<const char *>(data), size);
  auto entries = parse(text);
  if (!entries) {
    llvm::consumeError(entries.takeError());
    return 0;
  }
  for (const RecipeEntry &entry : *entries)
    if (!llvm::StringRef(entry.value).contains('=') && entry.option == "layer")
      return 0;
  std::string written = formatRecipe(*entries, "layer");
  auto again = parse(written);
  if (!again) {
    llvm::consumeError(again.takeError());
    return 0;
  }
  if (formatRecipe(*again, "layer") != written)
    std::abort();
  return 0;
}
