//===- AtomicFile.h - Files that appear complete or not at all --*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_ATOMICFILE_H
#define EDGEC_SUPPORT_ATOMICFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>

namespace edgec {

/// What a written file may be used for.
enum class FileMode { Data, Executable };

/// Writes `path` through `write`: into a temporary file beside it, which is
/// renamed once it is complete and removed on an error or an interrupt. "-" is
/// standard output.
llvm::Error
writeFileAtomically(llvm::StringRef path,
                    llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write,
                    FileMode mode = FileMode::Data);

/// The same for contents that are already there.
llvm::Error writeFileAtomically(llvm::StringRef path, llvm::StringRef contents,
                                FileMode mode = FileMode::Data);

/// A folder for intermediate files, removed with everything in it when this
/// object goes and when the process is interrupted.
class TemporaryFolder {
public:
  static llvm::Expected<TemporaryFolder> create();
  TemporaryFolder(TemporaryFolder &&other);
  TemporaryFolder &operator=(TemporaryFolder &&other);
  ~TemporaryFolder();

  llvm::StringRef path() const { return folder; }

private:
  explicit TemporaryFolder(std::string folder);
  std::string folder;
};

} // namespace edgec

#endif // EDGEC_SUPPORT_ATOMICFILE_H
