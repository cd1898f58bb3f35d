//===- OutputFiles.h - Files that appear together or not at all -*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_TARGET_OUTPUTFILES_H
#define EDGEC_LIB_TARGET_OUTPUTFILES_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace edgec {

/// Files of one folder that are written under temporary names and get their
/// own names when all of them are complete. What was not committed is removed,
/// also when the process is interrupted.
class OutputFiles {
public:
  using Writer = llvm::function_ref<llvm::Error(llvm::raw_fd_ostream &)>;

  explicit OutputFiles(std::string directory) : directory(directory) {}
  OutputFiles(const OutputFiles &) = delete;
  OutputFiles &operator=(const OutputFiles &) = delete;
  ~OutputFiles();

  /// Makes the folder if it is missing.
  llvm::Error createDirectory();

  /// Writes the file `name` through `write` and returns its temporary path.
  llvm::Expected<std::string> write(llvm::StringRef name, Writer write);

  /// Reserves a temporary path for a file that someone else fills.
  llvm::Expected<std::string> reserve(llvm::StringRef name);

  /// Like write, for a file that only serves to make others.
  llvm::Expected<std::string> writeIntermediate(llvm::StringRef name,
                                                Writer write);

  /// Gives all files their names.
  llvm::Error commit();

private:
  struct File {
    std::string temporary; ///< Empty once committed.
    std::string final;     ///< Empty: intermediate.
  };
  llvm::Error fill(int descriptor, llvm::StringRef path, Writer write);
  llvm::Expected<std::string> add(llvm::StringRef name, bool keep,
                                  Writer write);

  std::string directory;
  std::vector<File> files;
};

} // namespace edgec

#endif // EDGEC_LIB_TARGET_OUTPUTFILES_H
