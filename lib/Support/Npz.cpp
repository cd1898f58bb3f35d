//===- Npz.cpp - NumPy's archives -----------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A .npz file is a zip archive of .npy files. The format is
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT; the numbers in
// parentheses below are its sections.
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include <fmt/format.h>
#include <limits>
#include <zlib.h>

using namespace edgec;
using namespace llvm;

namespace {

constexpr uint32_t localHeaderMagic = 0x04034b50;  // (4.3.7)
constexpr uint32_t directoryMagic = 0x02014b50;    // (4.3.12)
constexpr uint32_t endMagic = 0x06054b50;          // (4.3.16)
constexpr uint32_t end64Magic = 0x06064b50;        // (4.3.14)
constexpr uint32_t end64LocatorMagic = 0x07064b50; // (4.3.15)
constexpr size_t localHeaderSize = 30, directorySize = 46, endSize = 22;
constexpr size_t end64Size = 56, end64LocatorSize = 20;
constexpr uint16_t methodStored = 0, methodDeflated = 8;
constexpr uint16_t flagEncrypted = 1;
/// Deflate cannot compress by more than this factor: a bound on what an entry
/// may claim to unpack to. https://www.zlib.net/zlib_tech.html
constexpr uint64_t maximumDeflateRatio = 1032;

/// Little-endian fields of a byte range; reads outside it give zero.
class Fields {
public:
  explicit Fields(StringRef bytes) : bytes(bytes) {}
  uint16_t u16(size_t offset) const { return get<uint16_t>(offset); }
  uint32_t u32(size_t offset) const { return get<uint32_t>(offset); }
  uint64_t u64(size_t offset) const { return get<uint64_t>(offset); }

private:
  template <typename T> T get(size_t offset) const {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(T))
      return 0;
    return support::endian::read<T, endianness::little, 1>(bytes.data() +
                                                           offset);
  }
  StringRef bytes;
};

struct Entry {
  StringRef name;
  uint16_t flags = 0, method = 0;
  uint32_t crc = 0;
  uint64_t compressedSize = 0, size = 0, localHeader = 0;
};

struct Directory {
  uint64_t offset = 0, size = 0, entries = 0;
};

Error malformed(const Twine &what) {
  return createStringError("malformed .npz archive: " + what);
}

/// `bytes[offset, offset + size)`, or an empty optional if that is outside.
std::optional<StringRef> range(StringRef bytes, uint64_t offset,
                               uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset)
    return std::nullopt;
  return bytes.substr(offset, size);
}

Expected<Directory> findDirectory(StringRef bytes) {
  // The end record is followed by a comment of at most 64 KiB.
  StringRef tail = bytes.take_back(endSize + 0xffff);
  char magic[4];
  support::endian::write32le(magic, endMagic);
  size_t found = tail.rfind(StringRef(magic, 4));
  if (found == StringRef::npos || tail.size() - found < endSize)
    return createStringError("this is not a .npz file (no zip directory)");
  Fields end(tail.drop_front(found));
  Directory directory{end.u32(16), end.u32(12), end.u16(10)};

  // Archives with sizes beyond 32 bits keep them in a second record.
  uint64_t endOffset = bytes.size() - tail.size() + found;
  if (endOffset < end64LocatorSize)
    return directory;
  Fields locator(bytes.substr(endOffset - end64LocatorSize, end64LocatorSize));
  if (locator.u32(0) != end64LocatorMagic)
    return directory;
  std::optional<StringRef> record = range(bytes, locator.u64(8), end64Size);
  if (!record || Fields(*record).u32(0) != end64Magic)
    return malformed("the zip64 directory is missing");
  Fields end64(*record);
  return Directory{end64.u64(48), end64.u64(40), end64.u64(32)};
}

/// Sizes of 0xffffffff stand in the extra field (4.5.3), in this order.
void readZip64Extra(StringRef extra, Entry &entry) {
  while (extra.size() >= 4) {
    Fields header(extra);
    size_t size = header.u16(2);
    StringRef body = extra.drop_front(4).take_front(size);
    if (header.u16(0) == 1) {
      size_t offset = 0;
      for (uint64_t *field :
           {&entry.size, &entry.compressedSize, &entry.localHeader}) {
        if (*field != std::numeric_limits<uint32_t>::max())
          continue;
        *field = Fields(body).u64(offset);
        offset += 8;
      }
      return;
    }
    extra = extra.drop_front(std::min(extra.size(), 4 + size));
  }
}

/// Takes one entry off the front of the directory's bytes.
Expected<Entry> nextEntry(StringRef &directory) {
  Fields fields(directory);
  if (directory.size() < directorySize || fields.u32(0) != directoryMagic)
    return malformed("the directory is cut off");
  size_t nameSize = fields.u16(28), extraSize = fields.u16(30),
         commentSize = fields.u16(32);
  if (directory.size() - directorySize < nameSize + extraSize + commentSize)
    return malformed("the directory is cut off");

  Entry entry;
  entry.flags = fields.u16(8);
  entry.method = fields.u16(10);
  entry.crc = fields.u32(16);
  entry.compressedSize = fields.u32(20);
  entry.size = fields.u32(24);
  entry.localHeader = fields.u32(42);
  entry.name = directory.substr(directorySize, nameSize);
  readZip64Extra(directory.substr(directorySize + nameSize, extraSize), entry);
  directory =
      directory.drop_front(directorySize + nameSize + extraSize + commentSize);
  return entry;
}

Error inflate(StringRef compressed, std::string &data) {
  z_stream stream = {};
  // Negative: a raw deflate stream, without zlib's header.
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return createStringError("zlib cannot be initialised");
  // zlib counts in unsigned int: feed and drain it in pieces.
  constexpr size_t piece = 1 << 30;
  auto *input =
      const_cast<Bytef *>(reinterpret_cast<const Bytef *>(compressed.data()));
  auto *output = reinterpret_cast<Bytef *>(data.data());
  const Bytef *inputEnd = input + compressed.size();
  const Bytef *outputEnd = output + data.size();
  stream.next_in = input;
  stream.next_out = output;
  int status = Z_OK;
  while (status == Z_OK) {
    stream.avail_in = std::min<size_t>(inputEnd - stream.next_in, piece);
    stream.avail_out = std::min<size_t>(outputEnd - stream.next_out, piece);
    status = ::inflate(&stream, Z_NO_FLUSH);
  }
  bool complete = status == Z_STREAM_END && stream.next_out == outputEnd;
  inflateEnd(&stream);
  return complete ? Error::success() : malformed("an entry does not unpack");
}

/// The entry's bytes; `storage` holds them where they were compressed.
Expected<StringRef> unpack(StringRef bytes, const Entry &entry,
                           std::string &storage) {
  if (entry.flags & flagEncrypted)
    return createStringError("the entry is encrypted");
  std::optional<StringRef> local =
      range(bytes, entry.localHeader, localHeaderSize);
  if (!local || Fields(*local).u32(0) != localHeaderMagic)
    return malformed("an entry's header is missing");
  uint64_t offset = entry.localHeader + localHeaderSize +
                    Fields(*local).u16(26) + Fields(*local).u16(28);
  std::optional<StringRef> packed = range(bytes, offset, entry.compressedSize);
  if (!packed)
    return malformed("an entry's data is cut off");

  StringRef data = *packed;
  if (entry.method == methodDeflated) {
    if (entry.size / maximumDeflateRatio > entry.compressedSize)
      return malformed("an entry claims an impossible size");
    storage.resize(entry.size);
    if (Error error = inflate(*packed, storage))
      return std::move(error);
    data = storage;
  } else if (entry.method != methodStored || entry.size != data.size()) {
    return createStringError("compression method %u is not supported; save "
                             "with numpy.savez or numpy.savez_compressed",
                             unsigned(entry.method));
  }
  uLong crc =
      crc32_z(0, reinterpret_cast<const Bytef *>(data.data()), data.size());
  if (crc != entry.crc)
    return malformed("the checksum of an entry is wrong");
  return data;
}

/// Appends little-endian fields to a record.
class RecordWriter {
public:
  RecordWriter &u16(uint16_t value) { return put(value); }
  RecordWriter &u32(uint32_t value) { return put(value); }
  RecordWriter &text(StringRef value) {
    record += value;
    return *this;
  }
  const std::string &str() const { return record; }

private:
  template <typename T> RecordWriter &put(T value) {
    char bytes[sizeof(T)];
    support::endian::write<T, endianness::little>(bytes, value);
    record.append(bytes, sizeof(T));
    return *this;
  }
  std::string record;
};

constexpr uint16_t zipVersion = 20;     // 2.0, the least for this layout
constexpr uint16_t earliestDate = 0x21; // 1980-01-01

/// The fields that local header and directory share (4.3.7, 4.3.12).
void putCommon(RecordWriter &record, StringRef name, StringRef data) {
  uint32_t crc =
      crc32_z(0, reinterpret_cast<const Bytef *>(data.data()), data.size());
  record.u16(zipVersion).u16(0).u16(methodStored).u16(0).u16(earliestDate);
  record.u32(crc).u32(data.size()).u32(data.size()).u16(name.size()).u16(0);
}

} // namespace

Expected<std::vector<NamedTensor>> edgec::parseNpz(StringRef bytes) {
  Expected<Directory> directory = findDirectory(bytes);
  if (!directory)
    return directory.takeError();
  std::optional<StringRef> entries =
      range(bytes, directory->offset, directory->size);
  if (!entries)
    return malformed("the directory lies outside of the file");

  std::vector<NamedTensor> tensors;
  for (uint64_t i = 0; i < directory->entries; ++i) {
    Expected<Entry> entry = nextEntry(*entries);
    if (!entry)
      return entry.takeError();
    StringRef name = entry->name;
    name.consume_back(".npy");
    std::string storage;
    Expected<StringRef> data = unpack(bytes, *entry, storage);
    if (!data)
      return createStringError("in '" + name +
                               "': " + toString(data.takeError()));
    Expected<Tensor> tensor = parseNpy(*data);
    if (!tensor)
      return createStringError("in '" + name +
                               "': " + toString(tensor.takeError()));
    tensors.push_back({name.str(), std::move(*tensor)});
  }
  return tensors;
}

Error edgec::writeNpz(ArrayRef<NamedTensor> tensors, raw_ostream &stream) {
  uint64_t offset = 0;
  RecordWriter directory;
  for (const NamedTensor &tensor : tensors) {
    std::string name = tensor.name + ".npy";
    std::string data;
    raw_string_ostream dataStream(data);
    writeNpy(tensor.tensor, dataStream);
    constexpr uint64_t limit = std::numeric_limits<uint32_t>::max();
    if (offset + data.size() + name.size() + localHeaderSize >= limit ||
        name.size() > std::numeric_limits<uint16_t>::max() ||
        tensors.size() > std::numeric_limits<uint16_t>::max())
      return createStringError("the archive would be 4 GiB or larger; write "
                               "one .npy file per tensor");

    directory.u32(directoryMagic).u16(zipVersion);
    putCommon(directory, name, data);
    directory.u16(0).u16(0).u16(0).u32(0).u32(offset).text(name);

    RecordWriter local;
    local.u32(localHeaderMagic);
    putCommon(local, name, data);
    local.text(name);
    stream << local.str() << data;
    offset += local.str().size() + data.size();
  }
  RecordWriter end;
  end.u32(endMagic).u16(0).u16(0).u16(tensors.size()).u16(tensors.size());
  end.u32(directory.str().size()).u32(offset).u16(0);
  stream << directory.str() << end.str();
  return Error::success();
}
