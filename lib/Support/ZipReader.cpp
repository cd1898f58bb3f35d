//===- ZipReader.cpp - Members of a zip archive ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/ZipReader.h"
#include "ZipFormat.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"
#include <algorithm>
#include <limits>
#include <optional>
#include <zlib.h>

using namespace edgec;
using namespace edgec::zip;
using namespace llvm;

namespace {

/// Deflate cannot compress by more than this factor: a bound on what an entry
/// may claim to unpack to. https://www.zlib.net/zlib_tech.html
constexpr uint64_t maximumDeflateRatio = 1032;

Error malformed(const Twine &what) {
  return createStringError("malformed .npz archive: " + what);
}

uint32_t checksumOf(uint32_t before, ArrayRef<char> bytes) {
  return crc32_z(before, reinterpret_cast<const Bytef *>(bytes.data()),
                 bytes.size());
}

//===----------------------------------------------------------------------===//
// The directory
//===----------------------------------------------------------------------===//

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

struct DirectoryPlace {
  uint64_t offset = 0, size = 0, entries = 0;
};

/// `size` bytes at `offset`; nothing where the archive has them not all.
Expected<std::optional<std::string>> tryRead(ByteReader &bytes, uint64_t offset,
                                             uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset)
    return std::nullopt;
  std::string range(size, '\0');
  if (Error error =
          bytes.read(offset, MutableArrayRef<char>(range.data(), size)))
    return std::move(error);
  return range;
}

Expected<DirectoryPlace> findDirectory(ByteReader &bytes) {
  // The end record is followed by a comment of at most 64 KiB.
  uint64_t tailSize = std::min<uint64_t>(bytes.size(), endSize + 0xffff);
  auto tail = tryRead(bytes, bytes.size() - tailSize, tailSize);
  if (!tail)
    return tail.takeError();
  char magic[4];
  support::endian::write32le(magic, endMagic);
  StringRef text = **tail;
  size_t found = text.rfind(StringRef(magic, 4));
  if (found == StringRef::npos || text.size() - found < endSize)
    return createStringError("this is not a .npz file (no zip directory)");
  Fields end(text.drop_front(found));
  DirectoryPlace place{end.u32(16), end.u32(12), end.u16(10)};

  // Archives with sizes beyond 32 bits keep them in a second record.
  uint64_t endOffset = bytes.size() - tailSize + found;
  if (endOffset < end64LocatorSize)
    return place;
  auto locator = tryRead(bytes, endOffset - end64LocatorSize, end64LocatorSize);
  if (!locator)
    return locator.takeError();
  Fields locatorFields(**locator);
  if (locatorFields.u32(0) != end64LocatorMagic)
    return place;
  auto record = tryRead(bytes, locatorFields.u64(8), end64Size);
  if (!record)
    return record.takeError();
  if (!*record || Fields(**record).u32(0) != end64Magic)
    return malformed("the zip64 directory is missing");
  Fields end64(**record);
  return DirectoryPlace{end64.u64(48), end64.u64(40), end64.u64(32)};
}

/// Sizes of 0xffffffff stand in the extra field (4.5.3), in this order.
void readZip64Extra(StringRef extra, ZipMember &member) {
  while (extra.size() >= 4) {
    Fields header(extra);
    size_t size = header.u16(2);
    StringRef body = extra.drop_front(4).take_front(size);
    if (header.u16(0) == 1) {
      size_t offset = 0;
      for (uint64_t *field :
           {&member.size, &member.packedSize, &member.localHeader}) {
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

/// Takes one member off the front of the directory's bytes.
Expected<ZipMember> nextMember(StringRef &directory) {
  Fields fields(directory);
  if (directory.size() < directorySize || fields.u32(0) != directoryMagic)
    return malformed("the directory is cut off");
  size_t nameSize = fields.u16(28), extraSize = fields.u16(30),
         commentSize = fields.u16(32);
  if (directory.size() - directorySize < nameSize + extraSize + commentSize)
    return malformed("the directory is cut off");

  ZipMember member;
  member.flags = fields.u16(8);
  member.method = fields.u16(10);
  member.checksum = fields.u32(16);
  member.packedSize = fields.u32(20);
  member.size = fields.u32(24);
  member.localHeader = fields.u32(42);
  member.name = directory.substr(directorySize, nameSize).str();
  readZip64Extra(directory.substr(directorySize + nameSize, extraSize), member);
  directory =
      directory.drop_front(directorySize + nameSize + extraSize + commentSize);
  return member;
}

//===----------------------------------------------------------------------===//
// Members
//===----------------------------------------------------------------------===//

/// Follows the checksum of bytes that are read in order; pieces that were read
/// before may come again.
class RunningChecksum {
public:
  RunningChecksum(uint64_t size, uint32_t expected)
      : size(size), expected(expected) {}

  Error add(uint64_t offset, ArrayRef<char> bytes) {
    if (offset > position || offset + bytes.size() <= position)
      return Error::success();
    value = checksumOf(value, bytes.drop_front(position - offset));
    position = offset + bytes.size();
    if (position == size && value != expected)
      return malformed("the checksum of an entry is wrong");
    return Error::success();
  }

private:
  uint64_t size, position = 0;
  uint32_t expected, value = 0;
};

class StoredMember : public ByteReader {
public:
  StoredMember(std::shared_ptr<ByteReader> archive, uint64_t start,
               const ZipMember &member)
      : archive(std::move(archive)), start(start), length(member.size),
        checksum(member.size, member.checksum) {}

  uint64_t size() const override { return length; }

private:
  Error readRange(uint64_t offset, MutableArrayRef<char> to) override {
    if (Error error = archive->read(start + offset, to))
      return error;
    return checksum.add(offset, to);
  }

  std::shared_ptr<ByteReader> archive;
  uint64_t start, length;
  RunningChecksum checksum;
};

/// Unpacks forward; going back starts over.
class DeflatedMember : public ByteReader {
public:
  DeflatedMember(std::shared_ptr<ByteReader> archive, uint64_t start,
                 const ZipMember &member)
      : archive(std::move(archive)), start(start),
        packedSize(member.packedSize), length(member.size),
        checksum(member.size, member.checksum), input(pieceSize, '\0') {}
  ~DeflatedMember() override {
    if (isOpen)
      inflateEnd(&stream);
  }

  uint64_t size() const override { return length; }

private:
  static constexpr size_t pieceSize = 1 << 16;

  Error readRange(uint64_t offset, MutableArrayRef<char> to) override {
    if (!isOpen || offset < position)
      if (Error error = restart())
        return error;
    std::string skipped(std::min<uint64_t>(offset - position, pieceSize), '\0');
    while (position < offset)
      if (Error error = unpack(MutableArrayRef<char>(
              skipped.data(),
              std::min<uint64_t>(offset - position, pieceSize))))
        return error;
    return unpack(to);
  }

  Error restart() {
    if (isOpen)
      inflateEnd(&stream);
    stream = {};
    // Negative: a raw deflate stream, without zlib's header.
    isOpen = inflateInit2(&stream, -MAX_WBITS) == Z_OK;
    position = packedPosition = 0;
    return isOpen ? Error::success()
                  : createStringError("zlib cannot be initialised");
  }

  /// One call of zlib, with fresh input where there is none left.
  Expected<int> step() {
    if (stream.avail_in == 0) {
      size_t count = std::min<uint64_t>(packedSize - packedPosition, pieceSize);
      if (Error error =
              archive->read(start + packedPosition,
                            MutableArrayRef<char>(input.data(), count)))
        return std::move(error);
      packedPosition += count;
      stream.next_in = reinterpret_cast<Bytef *>(input.data());
      stream.avail_in = count;
    }
    return ::inflate(&stream, Z_NO_FLUSH);
  }

  /// The next bytes.
  Error unpack(MutableArrayRef<char> to) {
    // zlib counts in unsigned int.
    constexpr size_t most = 1 << 30;
    stream.next_out = reinterpret_cast<Bytef *>(to.data());
    auto *end = stream.next_out + to.size();
    int status = Z_OK;
    while (stream.next_out != end && status == Z_OK) {
      stream.avail_out = std::min<size_t>(end - stream.next_out, most);
      Expected<int> next = step();
      if (!next)
        return next.takeError();
      status = *next;
    }
    if (stream.next_out != end)
      return malformed("an entry does not unpack");
    uint64_t before = position;
    position += to.size();
    if (position == length && status == Z_OK)
      if (Error error = expectEnd())
        return error;
    return checksum.add(before, to);
  }

  /// The stream has to end with the last byte.
  Error expectEnd() {
    Bytef beyond;
    int status = Z_OK;
    while (status == Z_OK) {
      stream.next_out = &beyond;
      stream.avail_out = 1;
      Expected<int> next = step();
      if (!next)
        return next.takeError();
      status = stream.avail_out == 1 ? *next : Z_DATA_ERROR;
    }
    return status == Z_STREAM_END ? Error::success()
                                  : malformed("an entry does not unpack");
  }

  std::shared_ptr<ByteReader> archive;
  uint64_t start, packedSize, length;
  RunningChecksum checksum;
  std::string input;
  z_stream stream = {};
  bool isOpen = false;
  uint64_t position = 0, packedPosition = 0;
};

} // namespace

Expected<ZipReader> ZipReader::open(std::shared_ptr<ByteReader> bytes) {
  Expected<DirectoryPlace> place = findDirectory(*bytes);
  if (!place)
    return place.takeError();
  auto text = tryRead(*bytes, place->offset, place->size);
  if (!text)
    return text.takeError();
  if (!*text)
    return malformed("the directory lies outside of the file");

  ZipReader reader;
  StringRef rest = **text;
  for (uint64_t i = 0; i < place->entries; ++i) {
    Expected<ZipMember> member = nextMember(rest);
    if (!member)
      return member.takeError();
    reader.directory.push_back(std::move(*member));
  }
  reader.bytes = std::move(bytes);
  return reader;
}

Expected<std::shared_ptr<ByteReader>>
ZipReader::openMember(const ZipMember &member) const {
  if (member.flags & flagEncrypted)
    return createStringError("the entry is encrypted");
  auto local = tryRead(*bytes, member.localHeader, localHeaderSize);
  if (!local)
    return local.takeError();
  if (!*local || Fields(**local).u32(0) != localHeaderMagic)
    return malformed("an entry's header is missing");
  uint64_t start = member.localHeader + localHeaderSize +
                   Fields(**local).u16(26) + Fields(**local).u16(28);
  if (start > bytes->size() || member.packedSize > bytes->size() - start)
    return malformed("an entry's data is cut off");

  if (member.method == methodStored && member.size == member.packedSize)
    return std::make_shared<StoredMember>(bytes, start, member);
  if (member.method != methodDeflated)
    return createStringError("compression method %u is not supported; save "
                             "with numpy.savez or numpy.savez_compressed",
                             unsigned(member.method));
  if (member.size / maximumDeflateRatio > member.packedSize)
    return malformed("an entry claims an impossible size");
  return std::make_shared<DeflatedMember>(bytes, start, member);
}
