//===- OutputFiles.cpp - Files that appear together or not at all ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OutputFiles.h"
#include "edgec/Support/Interrupts.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

using namespace edgec;
using namespace llvm;

static Error cannotWrite(StringRef path, std::error_code code) {
  return createStringError(code, "cannot write '" + path.str() +
                                     "': " + code.message());
}

OutputFiles::~OutputFiles() {
  for (const File &file : files) {
    if (file.temporary.empty())
      continue;
    sys::fs::remove(file.temporary);
    sys::DontRemoveFileOnSignal(file.temporary);
  }
}

Error OutputFiles::createDirectory() {
  if (std::error_code code = sys::fs::create_directories(directory))
    return createStringError(code, "cannot make the folder '" + directory +
                                       "': " + code.message());
  if (!sys::fs::is_directory(directory))
    return createStringError("'" + directory +
                             "' is not a folder: name one with -o");
  return Error::success();
}

Error OutputFiles::fill(int descriptor, StringRef path, Writer write) {
  raw_fd_ostream os(descriptor, /*shouldClose=*/true);
  Error error = write(os);
  os.close();
  // A full disk, say. The stream must not abort the process over it.
  if (std::error_code code = os.error()) {
    os.clear_error();
    return joinErrors(std::move(error), cannotWrite(path, code));
  }
  return error;
}

Expected<std::string> OutputFiles::add(StringRef name, bool keep,
                                       Writer write) {
  SmallString<128> path(directory);
  sys::path::append(path, name);
  if (sys::fs::is_directory(path))
    return cannotWrite(path, std::make_error_code(std::errc::is_a_directory));
  int descriptor;
  SmallString<128> temporary;
  {
    InterruptGuard guard;
    if (std::error_code code = sys::fs::createUniqueFile(
            path + ".temporary-%%%%%%", descriptor, temporary))
      return cannotWrite(path, code);
    sys::RemoveFileOnSignal(temporary);
  }
  files.push_back({std::string(temporary), keep ? std::string(path) : ""});
  if (Error error = fill(descriptor, path, write))
    return std::move(error);
  return std::string(temporary);
}

Expected<std::string> OutputFiles::write(StringRef name, Writer write) {
  return add(name, /*keep=*/true, write);
}

Expected<std::string> OutputFiles::reserve(StringRef name) {
  return add(name, /*keep=*/true,
             [](raw_fd_ostream &) { return Error::success(); });
}

Expected<std::string> OutputFiles::writeIntermediate(StringRef name,
                                                     Writer write) {
  return add(name, /*keep=*/false, write);
}

Error OutputFiles::commit() {
  InterruptGuard guard;
  for (File &file : files) {
    if (file.final.empty())
      continue;
    if (std::error_code code = sys::fs::rename(file.temporary, file.final))
      return cannotWrite(file.final, code);
    sys::DontRemoveFileOnSignal(file.temporary);
    file.temporary.clear();
  }
  return Error::success();
}
