//===- FuzzTensorFiles.cpp - The readers of tensor files ---===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/TensorFile.h"

#ifndef EDGEC_FUZZ_PARSE
#error "set EDGEC_FUZZ_PARSE to the function that parses"
#endif

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto result = edgec::EDGEC_FUZZ_PARSE(
      llvm::StringRef(reinterpret_cast<const char *>(data), size));
  if (!result)
    llvm::consumeError(result.takeError());
  return 0;
}
