//===- Npz.cpp - NumPy's archives -----------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A .npz file is a zip archive of .npy files; ZipFormat.h tells of its numbers.
//
//===----------------------------------------------------------------------===//

#include "ZipFormat.h"
#include "edgec/Support/NpyReader.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Support/ZipReader.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include <limits>
#include <zlib.h>

using namespace edgec;
using namespace edgec::zip;
using namespace llvm;

namespace {

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

static Expected<Tensor> readMember(const ZipReader &archive,
                                   const ZipMember &member) {
  Expected<std::shared_ptr<ByteReader>> bytes = archive.openMember(member);
  if (!bytes)
    return bytes.takeError();
  Expected<NpyReader> reader = NpyReader::open(std::move(*bytes));
  if (!reader)
    return reader.takeError();
  return reader->read();
}

Expected<std::vector<NamedTensor>> edgec::parseNpz(StringRef bytes) {
  Expected<ZipReader> archive = ZipReader::open(makeMemoryBytes(bytes));
  if (!archive)
    return archive.takeError();
  std::vector<NamedTensor> tensors;
  for (const ZipMember &member : archive->members()) {
    StringRef name = member.name;
    name.consume_back(".npy");
    Expected<Tensor> tensor = readMember(*archive, member);
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
