//===- RowReader.cpp - Arrays that are read row by row --------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/RowReader.h"
#include "edgec/Support/NpyReader.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Support/ZipReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace edgec;
using namespace llvm;

namespace {

Error inFile(StringRef path, Error error) {
  // The bytes of a file name it themselves.
  return error.isA<FileError>() ? std::move(error)
                                : createFileError(path, std::move(error));
}

class NpyRows : public RowReader {
public:
  NpyRows(std::string path, NpyReader reader)
      : path(std::move(path)), reader(std::move(reader)) {}

  int64_t rows() const override { return reader.shape().front(); }
  std::vector<int64_t> rowShape() const override {
    return {reader.shape().begin() + 1, reader.shape().end()};
  }
  Expected<Tensor> read(int64_t index) override {
    Expected<Tensor> row = reader.readRow(index);
    if (!row)
      return inFile(path, row.takeError());
    return row;
  }

private:
  std::string path;
  NpyReader reader;
};

/// Rows of a tensor in memory.
class TensorRows : public RowReader {
public:
  explicit TensorRows(Tensor tensor) : tensor(std::move(tensor)) {}

  int64_t rows() const override { return tensor.dim(0); }
  std::vector<int64_t> rowShape() const override {
    return {tensor.shape().begin() + 1, tensor.shape().end()};
  }
  Expected<Tensor> read(int64_t index) override {
    Tensor row(tensor.type(), rowShape());
    std::memcpy(row.mutableBytes(), tensor.bytes() + index * row.byteCount(),
                row.byteCount());
    return row;
  }

private:
  Tensor tensor;
};

class RawRows : public RowReader {
public:
  RawRows(std::shared_ptr<ByteReader> bytes, TensorSpec row, uint64_t rowBytes)
      : bytes(std::move(bytes)), row(std::move(row)), rowBytes(rowBytes) {}

  int64_t rows() const override { return bytes->size() / rowBytes; }
  std::vector<int64_t> rowShape() const override { return row.shape; }
  Expected<Tensor> read(int64_t index) override {
    Tensor tensor(row.type, row.shape);
    MutableArrayRef<char> to(tensor.mutableBytes(), tensor.byteCount());
    if (Error error = bytes->read(index * rowBytes, to))
      return std::move(error);
    normaliseBooleans(tensor);
    return tensor;
  }

private:
  std::shared_ptr<ByteReader> bytes;
  TensorSpec row;
  uint64_t rowBytes;
};

Error noRows(StringRef path) {
  return createFileError(
      path, createStringError("the array is a single number; samples are "
                              "stacked along the first axis"));
}

Expected<std::unique_ptr<RowReader>>
openNpy(StringRef path, std::shared_ptr<ByteReader> bytes) {
  Expected<NpyReader> reader = NpyReader::open(std::move(bytes));
  if (!reader)
    return inFile(path, reader.takeError());
  if (reader->shape().empty())
    return noRows(path);
  return std::make_unique<NpyRows>(path.str(), std::move(*reader));
}

Expected<ZipReader> openArchive(StringRef path) {
  Expected<std::shared_ptr<ByteReader>> bytes = openFileBytes(path);
  if (!bytes)
    return bytes.takeError();
  Expected<ZipReader> archive = ZipReader::open(std::move(*bytes));
  if (!archive)
    return inFile(path, archive.takeError());
  return archive;
}

StringRef arrayName(const ZipMember &member) {
  StringRef name = member.name;
  name.consume_back(".npy");
  return name;
}

Expected<std::unique_ptr<RowReader>>
openMember(StringRef path, const ZipReader &archive, const ZipMember &member) {
  std::string place = fmt::format("{}:{}", path.str(), member.name);
  Expected<std::shared_ptr<ByteReader>> bytes = archive.openMember(member);
  if (!bytes)
    return inFile(place, bytes.takeError());
  return openNpy(place, std::move(*bytes));
}

Expected<std::unique_ptr<RowReader>> openProto(StringRef path) {
  Expected<Tensor> tensor = readTensor(path);
  if (!tensor)
    return tensor.takeError();
  if (tensor->rank() == 0)
    return noRows(path);
  return std::make_unique<TensorRows>(std::move(*tensor));
}

} // namespace

Expected<std::unique_ptr<RowReader>> edgec::openRows(StringRef path) {
  std::string extension = sys::path::extension(path).lower();
  if (extension == ".npz") {
    auto rows = openArchiveRows(path, {""});
    if (!rows)
      return rows.takeError();
    return std::move(rows->front());
  }
  if (extension != ".npy")
    return openProto(path);
  Expected<std::shared_ptr<ByteReader>> bytes = openFileBytes(path);
  if (!bytes)
    return bytes.takeError();
  return openNpy(path, std::move(*bytes));
}

Expected<std::vector<std::unique_ptr<RowReader>>>
edgec::openArchiveRows(StringRef path, ArrayRef<std::string> names) {
  Expected<ZipReader> archive = openArchive(path);
  if (!archive)
    return archive.takeError();
  ArrayRef<ZipMember> members = archive->members();
  std::vector<std::unique_ptr<RowReader>> rows;
  for (const std::string &name : names) {
    const ZipMember *found = find_if(members, [&](const ZipMember &member) {
      return arrayName(member) == name;
    });
    if (names.size() == 1 && members.size() == 1)
      found = members.begin();
    if (found == members.end()) {
      std::vector<std::string> all;
      for (const ZipMember &member : members)
        all.push_back(arrayName(member).str());
      std::string wanted = name.empty() ? "one array is expected"
                                        : "no array is called '" + name + "'";
      return createFileError(
          path, createStringError(fmt::format("{}; the archive has '{}'",
                                              wanted, fmt::join(all, "', '"))));
    }
    auto reader = openMember(path, *archive, *found);
    if (!reader)
      return reader.takeError();
    rows.push_back(std::move(*reader));
  }
  return rows;
}

Expected<std::unique_ptr<RowReader>> edgec::openRawRows(StringRef path,
                                                        const TensorSpec &row) {
  Expected<std::shared_ptr<ByteReader>> bytes = openFileBytes(path);
  if (!bytes)
    return bytes.takeError();
  uint64_t rowBytes = Tensor::view(row.type, row.shape, nullptr).byteCount();
  if (rowBytes == 0 || (*bytes)->size() % rowBytes != 0)
    return createFileError(
        path, createStringError(fmt::format(
                  "the file has {} bytes, which is no multiple of the {} of a "
                  "sample of input '{}' ({} {})",
                  (*bytes)->size(), rowBytes, row.name, name(row.type),
                  formatShape(row.shape))));
  return std::make_unique<RawRows>(std::move(*bytes), row, rowBytes);
}
