//===- CodeSize.cpp - How much of a file is code --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/CodeSize.h"
#include "llvm/Object/ObjectFile.h"

using namespace edgec;
using namespace llvm;

Expected<uint64_t> edgec::codeSize(StringRef path) {
  Expected<object::OwningBinary<object::ObjectFile>> file =
      object::ObjectFile::createObjectFile(path);
  if (!file)
    return createFileError(path, file.takeError());
  uint64_t bytes = 0;
  for (const object::SectionRef &section : file->getBinary()->sections())
    if (section.isText())
      bytes += section.getSize();
  return bytes;
}
