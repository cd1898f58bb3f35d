//===- AtomicFile.cpp - Files that appear complete or not at all ----------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/AtomicFile.h"
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
    return error;
  }

  unsigned permissions = sys::fs::all_read | sys::fs::all_write;
  if (mode == FileMode::Executable)
    permissions |= sys::fs::all_exe;
  Expected<sys::fs::TempFile> temporary =
      sys::fs::TempFile::create(path + ".temporary-%%%%%%", permissions);
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

constexpr int exitInterrupted = 130; // 128 + SIGINT, as shells report it.

void removeAllAndExit() {
  // The interrupted thread may hold the lock: then the folders stay behind,
  // which is better than a process that cannot be interrupted.
  if (liveFolders->mutex.try_lock())
    for (const std::string &path : liveFolders->paths)
      sys::fs::remove_directories(path);
  sys::RunInterruptHandlers(); // temporary files
  _exit(exitInterrupted);
}

} // namespace

Expected<TemporaryFolder> TemporaryFolder::create() {
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
  sys::SetInterruptFunction(removeAllAndExit);
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
  std::lock_guard<std::mutex> lock(liveFolders->mutex);
  liveFolders->paths.erase(folder);
}
