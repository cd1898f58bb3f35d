//===- ZipReaderTest.cpp - Members of a zip archive -----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/ZipReader.h"
#include "TestTensors.h"
#include "edgec/Support/NpyReader.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/Support/Endian.h"
#include <zlib.h>

using namespace edgec;
using namespace llvm;

namespace {

std::string npyOf(const Tensor &tensor) {
  std::string bytes;
  raw_string_ostream stream(bytes);
  writeNpy(tensor, stream);
  return bytes;
}

std::string storedArchive(const Tensor &tensor) {
  std::string bytes;
  raw_string_ostream stream(bytes);
  cantFail(writeNpz(NamedTensor{"x", tensor}, stream));
  return bytes;
}

template <typename T> void setField(std::string &bytes, size_t at, T value) {
  support::endian::write<T, endianness::little>(&bytes[at], value);
}

/// A stored archive of one member, with the member's data deflated.
std::string deflatedArchive(const Tensor &tensor) {
  std::string data = npyOf(tensor), bytes = storedArchive(tensor);
  std::string packed(compressBound(data.size()) + 64, '\0');
  z_stream stream = {};
  deflateInit2(&stream, 6, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef *>(data.data());
  stream.avail_in = data.size();
  stream.next_out = reinterpret_cast<Bytef *>(packed.data());
  stream.avail_out = packed.size();
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);

  constexpr size_t localHeader = 30 + 5; // with the name "x.npy"
  bytes.replace(localHeader, data.size(), packed);
  size_t directory = localHeader + packed.size();
  setField<uint16_t>(bytes, 8, 8); // the method
  setField<uint32_t>(bytes, 18, packed.size());
  setField<uint16_t>(bytes, directory + 10, 8);
  setField<uint32_t>(bytes, directory + 20, packed.size());
  setField<uint32_t>(bytes, bytes.size() - 6, directory);
  return bytes;
}

/// Bytes that are no help to a compressor, so that the packed stream is longer
/// than one piece of input.
Tensor noise(int64_t rows, int64_t columns) {
  Tensor tensor(ElementType::I32, {rows, columns});
  uint32_t state = 1;
  for (int64_t i = 0; i < tensor.size(); ++i)
    tensor.mutableData<int32_t>()[i] = state = state * 1664525u + 1013904223u;
  return tensor;
}

Expected<NpyReader> openArray(StringRef archive) {
  Expected<ZipReader> reader = ZipReader::open(makeMemoryBytes(archive));
  if (!reader)
    return reader.takeError();
  auto bytes = reader->openMember(reader->members().front());
  if (!bytes)
    return bytes.takeError();
  return NpyReader::open(std::move(*bytes));
}

void expectRows(StringRef archive, const Tensor &whole,
                std::vector<int64_t> indices) {
  Expected<NpyReader> reader = openArray(archive);
  ASSERT_TRUE(static_cast<bool>(reader)) << toString(reader.takeError());
  for (int64_t index : indices) {
    Expected<Tensor> row = reader->readRow(index);
    ASSERT_TRUE(static_cast<bool>(row)) << toString(row.takeError());
    EXPECT_EQ(bytesOf(*row),
              bytesOf(whole).substr(index * row->byteCount(), row->byteCount()))
        << "row " << index;
  }
}

TEST(ZipReader, ReadsRowsOfAStoredMember) {
  Tensor tensor = noise(1000, 100);
  expectRows(storedArchive(tensor), tensor, {0, 1, 999, 500});
}

TEST(ZipReader, ReadsRowsOfADeflatedMemberForwardsAndBackwards) {
  Tensor tensor = noise(1000, 100);
  expectRows(deflatedArchive(tensor), tensor, {0, 1, 2, 500, 999, 3, 999, 0});
}

/// Whether reading all rows in order ends in an error about a checksum.
bool findsWrongChecksum(StringRef archive) {
  NpyReader reader = cantFail(openArray(archive));
  for (int64_t i = 0; i < reader.shape().front(); ++i) {
    Expected<Tensor> row = reader.readRow(i);
    if (!row)
      return toString(row.takeError()).find("checksum") != std::string::npos;
  }
  return false;
}

TEST(ZipReader, ChecksTheChecksumOfRowsThatAreReadInOrder) {
  Tensor tensor = noise(1000, 100);
  std::string stored = storedArchive(tensor);
  EXPECT_FALSE(findsWrongChecksum(stored));
  stored[stored.size() / 2] ^= 1; // One bit of the data.
  EXPECT_TRUE(findsWrongChecksum(stored));

  std::string deflated = deflatedArchive(tensor);
  EXPECT_FALSE(findsWrongChecksum(deflated));
  size_t directory = support::endian::read32le(&deflated[deflated.size() - 6]);
  deflated[directory + 16] ^= 1; // The checksum.
  EXPECT_TRUE(findsWrongChecksum(deflated));
}

} // namespace
