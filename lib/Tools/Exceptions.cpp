//===- Exceptions.cpp - Folders that are known to fail --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Exceptions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

Expected<Exceptions> Exceptions::parse(StringRef text, StringRef path) {
  Exceptions exceptions;
  std::unique_ptr<MemoryBuffer> buffer =
      MemoryBuffer::getMemBuffer(text, path, /*RequiresNullTerminator=*/false);
  for (line_iterator line(buffer->getMemBufferRef(), /*SkipBlanks=*/true, '#');
       !line.is_at_end(); ++line) {
    StringRef trimmed = line->trim();
    if (trimmed.empty() || trimmed.starts_with("#"))
      continue;
    StringRef name = trimmed.take_until([](char c) { return isSpace(c); });
    StringRef reason = trimmed.drop_front(name.size()).trim();
    auto error = [&](StringRef what) {
      return createStringError(fmt::format("{}:{}: '{}' {}", path.str(),
                                           line.line_number(), name.str(),
                                           what.str()));
    };
    if (reason.empty())
      return error("has no reason; write it behind the name");
    if (!exceptions.reasons.try_emplace(name, reason).second)
      return error("is listed twice");
  }
  return exceptions;
}

Expected<Exceptions> Exceptions::read(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return createFileError(path, buffer.getError());
  return parse((*buffer)->getBuffer(), path);
}

std::optional<StringRef> Exceptions::reasonOf(StringRef name) const {
  auto found = reasons.find(name);
  if (found == reasons.end())
    return std::nullopt;
  return StringRef(found->second);
}
