//===- Link.cpp - Static and shared libraries of one object ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Link.h"
#include "lld/Common/Driver.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/MemoryBuffer.h"
#include <mutex>

LLD_HAS_DRIVER(elf)

using namespace edgec;
using namespace llvm;

Error edgec::writeArchiveOf(StringRef objectPath, StringRef memberName,
                            raw_ostream &os) {
  // Without a terminating zero the file is mapped and not read.
  auto object = MemoryBuffer::getFile(objectPath, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!object)
    return errorCodeToError(object.getError());
  NewArchiveMember member((*object)->getMemBufferRef());
  member.MemberName = memberName;
  return writeArchiveToStream(os, member, SymtabWritingMode::NormalSymtab,
                              object::Archive::K_GNU, /*Deterministic=*/true,
                              /*Thin=*/false);
}

/// lld's messages without its name and severity before each of them.
static std::string cleanMessages(StringRef messages) {
  SmallVector<StringRef> lines;
  messages.trim().split(lines, '\n', -1, /*KeepEmpty=*/false);
  std::string result;
  for (StringRef line : lines) {
    line.consume_front("ld.lld: ");
    line.consume_front("error: ");
    result += (result.empty() ? "" : "; ") + line.trim().str();
  }
  return result;
}

Error edgec::linkSharedLibrary(StringRef objectPath, StringRef outputPath,
                               StringRef libraryName) {
  // lld keeps its state in globals: one link at a time, and none after a crash.
  static std::mutex mutex;
  static bool usable = true;
  std::lock_guard<std::mutex> lock(mutex);
  if (!usable)
    return createStringError("the linker crashed earlier in this process");

  std::string object = objectPath.str(), output = outputPath.str(),
              name = libraryName.str();
  // memcpy and its like come from whatever program loads the library.
  const char *arguments[] = {
      "ld.lld",       "-shared", "--soname",      name.c_str(),  "-o",
      output.c_str(), "-z",      "noexecstack",   "-z",          "relro",
      "--hash-style", "gnu",     "--gc-sections", object.c_str()};
  std::string messages;
  raw_string_ostream stream(messages);
  lld::Result result =
      lld::lldMain(arguments, nulls(), stream, {{lld::Gnu, &lld::elf::link}});
  usable = result.canRunAgain;
  if (result.retCode == 0)
    return Error::success();
  return createStringError("cannot link '" + name +
                           "': " + cleanMessages(messages));
}
