//===- AtomicFile.cpp - Files that appear complete or not at all ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/AtomicFile.h"
#include "edgec/Support/Interrupts.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ManagedStatic.h"
#include "llvm/Support/Signals.h"
#include <cerrno>
#include <mutex>
#include <set>
#include <unistd.h>

using namespace edgec;
using namespace llvm;

Error edgec::writeFileAtomically(StringRef path,
                                 function_ref<Error(raw_ostream &)> write,
                                 FileMode mode) {
  if (path == "-") {
    Error error = write(outs());
    outs().flush();
    if (std::error_code code = outs().error()) {
      outs().clear_error();
      error = joinErrors(std::move(error),
                         createFileError("standard output", code));
    }
    return error;
  }

  unsigned permissions = sys::fs::all_read | sys::fs::all_write;
  if (mode == FileMode::Executable)
    permissions |= sys::fs::all_exe;
  auto create = [&] {
    InterruptGuard guard;
    return sys::fs::TempFile::create(path + ".temporary-%%%%%%", permissions);
  };
  Expected<sys::fs::TempFile> temporary = create();
  if (!temporary)
    return createFileError(path, temporary.takeError());

  Error error = Error::success();
  {
    raw_fd_ostream stream(temporary->FD, /*shouldClose=*/false);
    error = write(stream);
    stream.flush();
    if (stream.has_error()) {
      // Such as a full disk; the stream must not abort the process over it.
      error = joinErrors(std::move(error), errorCodeToError(stream.error()));
      stream.clear_error();
    }
  }
  if (error) {
    consumeError(temporary->discard());
    return createFileError(path, std::move(error));
  }
  if (Error kept = temporary->keep(path))
    return createFileError(path, std::move(kept));
  return Error::success();
}

Error edgec::writeFileAtomically(StringRef path, StringRef contents,
                                 FileMode mode) {
  auto write = [&](raw_ostream &stream) {
    stream << contents;
    return Error::success();
  };
  return writeFileAtomically(path, write, mode);
}

//===----------------------------------------------------------------------===//
// TemporaryFolder
//===----------------------------------------------------------------------===//

namespace {

struct LiveFolders {
  std::mutex mutex;
  std::set<std::string> paths;
};
ManagedStatic<LiveFolders> liveFolders;

/// The lock is held within guards only: nobody has it now.
void removeLiveFolders() {
  for (const std::string &path : liveFolders->paths)
    sys::fs::remove_directories(path);
}

} // namespace

Expected<TemporaryFolder> TemporaryFolder::create() {
  InterruptGuard guard;
  SmallString<128> path;
  if (std::error_code code = sys::fs::createUniqueDirectory("edgec", path))
    return createStringError(code,
                             "cannot create a temporary folder (%s); set "
                             "TMPDIR to a folder that is writable",
                             code.message().c_str());
  return TemporaryFolder(std::string(path));
}

TemporaryFolder::TemporaryFolder(std::string folder)
    : folder(std::move(folder)) {
  std::lock_guard<std::mutex> lock(liveFolders->mutex);
  liveFolders->paths.insert(this->folder);
  setInterruptAction(removeLiveFolders);
}

TemporaryFolder::TemporaryFolder(TemporaryFolder &&other)
    : folder(std::move(other.folder)) {
  other.folder.clear();
}

TemporaryFolder &TemporaryFolder::operator=(TemporaryFolder &&other) {
  std::swap(folder, other.folder);
  return *this;
}

TemporaryFolder::~TemporaryFolder() {
  if (folder.empty())
    return;
  sys::fs::remove_directories(folder);
  InterruptGuard guard;
  std::lock_guard<std::mutex> lock(liveFolders->mutex);
  liveFolders->paths.erase(folder);
}
