//===- ZipReader.h - Members of a zip archive -------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_SUPPORT_ZIPREADER_H
#define EDGEC_SUPPORT_ZIPREADER_H

#include "edgec/Support/ByteReader.h"
#include <string>
#include <vector>

namespace edgec {

struct ZipMember {
  std::string name;
  uint16_t flags = 0, method = 0;
  uint32_t checksum = 0;
  uint64_t packedSize = 0, size = 0, localHeader = 0;
};

/// A zip archive (zip64 too), of which only the directory is read at first.
class ZipReader {
public:
  static llvm::Expected<ZipReader> open(std::shared_ptr<ByteReader> bytes);

  /// In the order of the directory.
  llvm::ArrayRef<ZipMember> members() const { return directory; }

  /// The unpacked bytes of a stored or deflated member. Its checksum is checked
  /// once all bytes were read, in order.
  llvm::Expected<std::shared_ptr<ByteReader>>
  openMember(const ZipMember &member) const;

private:
  std::shared_ptr<ByteReader> bytes;
  std::vector<ZipMember> directory;
};

} // namespace edgec

#endif // EDGEC_SUPPORT_ZIPREADER_H
