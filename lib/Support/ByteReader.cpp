//===- ByteReader.cpp - Bytes that are read in pieces ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/ByteReader.h"
#include "llvm/Support/FileSystem.h"
#include <cstring>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

class FileBytes : public ByteReader {
public:
  FileBytes(std::string path, sys::fs::file_t file, uint64_t length)
      : path(std::move(path)), file(file), length(length) {}
  ~FileBytes() override { sys::fs::closeFile(file); }

  uint64_t size() const override { return length; }

private:
  Error readRange(uint64_t offset, MutableArrayRef<char> to) override {
    while (!to.empty()) {
      Expected<size_t> count = sys::fs::readNativeFileSlice(file, to, offset);
      if (!count)
        return createFileError(path, count.takeError());
      if (*count == 0)
        return createFileError(
            path, createStringError("the file became shorter while it was "
                                    "being read"));
      offset += *count;
      to = to.drop_front(*count);
    }
    return Error::success();
  }

  std::string path;
  sys::fs::file_t file;
  uint64_t length;
};

class MemoryBytes : public ByteReader {
public:
  explicit MemoryBytes(StringRef bytes) : bytes(bytes) {}
  uint64_t size() const override { return bytes.size(); }

private:
  Error readRange(uint64_t offset, MutableArrayRef<char> to) override {
    std::memcpy(to.data(), bytes.data() + offset, to.size());
    return Error::success();
  }

  StringRef bytes;
};

} // namespace

Error ByteReader::read(uint64_t offset, MutableArrayRef<char> to) {
  uint64_t available = size();
  if (offset > available || to.size() > available - offset)
    return createStringError(fmt::format(
        "{} bytes from {} on are needed, there are {} in all: is it cut off?",
        to.size(), offset, available));
  return to.empty() ? Error::success() : readRange(offset, to);
}

Expected<std::shared_ptr<ByteReader>> edgec::openFileBytes(StringRef path) {
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  if (!file)
    return createFileError(path, file.takeError());
  sys::fs::file_status status;
  std::error_code code = sys::fs::status(*file, status);
  if (!code && status.type() == sys::fs::file_type::regular_file)
    return std::make_shared<FileBytes>(path.str(), *file, status.getSize());
  sys::fs::closeFile(*file);
  if (code)
    return createFileError(path, code);
  return createFileError(path, createStringError("this is not a file"));
}

std::shared_ptr<ByteReader> edgec::makeMemoryBytes(StringRef bytes) {
  return std::make_shared<MemoryBytes>(bytes);
}
