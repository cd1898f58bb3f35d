//===- ByteReader.h - Bytes that are read in pieces -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_BYTEREADER_H
#define EDGEC_SUPPORT_BYTEREADER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace edgec {

/// A file, a member of an archive, or memory: what a format is read from
/// without holding all of it. Files are read and not mapped, because the pages
/// of a mapping that were touched count as the process's memory.
class ByteReader {
public:
  virtual ~ByteReader() = default;

  virtual uint64_t size() const = 0;

  /// Fills `to` with the bytes from `offset` on; an error where there are not
  /// as many. Rising offsets are the fast order: going back in compressed bytes
  /// starts over.
  llvm::Error read(uint64_t offset, llvm::MutableArrayRef<char> to);

private:
  /// The same for a range that is not empty and lies within the bytes.
  virtual llvm::Error readRange(uint64_t offset,
                                llvm::MutableArrayRef<char> to) = 0;
};

/// Opens a regular file; errors name it.
llvm::Expected<std::shared_ptr<ByteReader>> openFileBytes(llvm::StringRef path);

/// Bytes that the caller keeps alive.
std::shared_ptr<ByteReader> makeMemoryBytes(llvm::StringRef bytes);

} // namespace edgec

#endif // EDGEC_SUPPORT_BYTEREADER_H
