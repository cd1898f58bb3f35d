//===- FuzzShapeOption.cpp - The reader of --shape ---===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/ShapeOption.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto result = edgec::parseShapeOption(
      llvm::StringRef(reinterpret_cast<const char *>(data), size));
  if (!result)
    llvm::consumeError(result.takeError());
  return 0;
}
