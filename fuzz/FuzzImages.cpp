//===- FuzzImages.cpp - The readers of images -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Image.h"

#ifndef EDGEC_FUZZ_PARSE
#error "set EDGEC_FUZZ_PARSE to the function that decodes"
#endif

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto image = edgec::EDGEC_FUZZ_PARSE(
      llvm::StringRef(reinterpret_cast<const char *>(data), size));
  if (!image)
    llvm::consumeError(image.takeError());
  return 0;
}
