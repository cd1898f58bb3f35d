//===- NpzTest.cpp - NumPy's archives -------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTensors.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/Support/Endian.h"
#include <zlib.h>

using namespace edgec;
using namespace llvm;

namespace {

std::string written(ArrayRef<NamedTensor> tensors) {
  std::string bytes;
  raw_string_ostream stream(bytes);
  cantFail(writeNpz(tensors, stream));
  return bytes;
}

std::vector<NamedTensor> twoTensors() {
  return {{"image", makeTensor(ElementType::F32, {2, 3})},
          {"label", makeTensor(ElementType::I64, {2})}};
}

template <typename T> std::string le(T value) {
  char bytes[sizeof(T)];
  support::endian::write<T, endianness::little>(bytes, value);
  return std::string(bytes, sizeof(T));
}

/// What an archive of one entry states; tests change single fields.
struct EntryFields {
  uint16_t flags = 0, method = 8;
  uint32_t crc = 0, compressedSize = 0, size = 0, localHeader = 0;
};

std::string rawDeflate(StringRef data) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(data.size() + 128, '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(data.data()));
  stream.avail_in = data.size();
  stream.next_out = reinterpret_cast<Bytef *>(packed.data());
  stream.avail_out = packed.size();
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string archive(const EntryFields &fields, StringRef packed) {
  std::string common = le<uint16_t>(20) + le(fields.flags) + le(fields.method) +
                       le<uint32_t>(0) + le(fields.crc) +
                       le(fields.compressedSize) + le(fields.size) +
                       le<uint16_t>(5) + le<uint16_t>(0);
  std::string local =
      le<uint32_t>(0x04034b50) + common + "x.npy" + packed.str();
  std::string directory = le<uint32_t>(0x02014b50) + le<uint16_t>(20) + common +
                          std::string(10, '\0') + le(fields.localHeader) +
                          "x.npy";
  return local + directory + le<uint32_t>(0x06054b50) + le<uint32_t>(0) +
         le<uint16_t>(1) + le<uint16_t>(1) + le<uint32_t>(directory.size()) +
         le<uint32_t>(local.size()) + le<uint16_t>(0);
}

class DeflatedNpz : public testing::Test {
protected:
  DeflatedNpz() : tensor(ElementType::F32, {1000}) {
    std::string data;
    raw_string_ostream stream(data);
    writeNpy(tensor, stream);
    packed = rawDeflate(data);
    fields.crc =
        crc32_z(0, reinterpret_cast<const Bytef *>(data.data()), data.size());
    fields.size = data.size();
    fields.compressedSize = packed.size();
  }

  std::string message() { return messageOf(parseNpz(archive(fields, packed))); }

  Tensor tensor;
  std::string packed;
  EntryFields fields;
};

TEST(Npz, RoundTrips) {
  std::vector<NamedTensor> tensors = twoTensors();
  Expected<std::vector<NamedTensor>> read = parseNpz(written(tensors));
  ASSERT_TRUE(static_cast<bool>(read)) << toString(read.takeError());
  ASSERT_EQ(read->size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ((*read)[i].name, tensors[i].name);
    expectSame((*read)[i].tensor, tensors[i].tensor);
  }
}

TEST(Npz, RefusesEveryPrefixOfAFile) {
  std::string bytes = written(twoTensors());
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(messageOf(parseNpz(StringRef(bytes).take_front(length))),
              "success");
}

TEST(Npz, SurvivesEveryChangedByte) {
  std::string bytes = written(twoTensors());
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] ^= 0x5a;
    consumeError(parseNpz(changed).takeError());
  }
}

TEST_F(DeflatedNpz, IsRead) {
  Expected<std::vector<NamedTensor>> read = parseNpz(archive(fields, packed));
  ASSERT_TRUE(static_cast<bool>(read)) << toString(read.takeError());
  ASSERT_EQ(read->size(), 1u);
  EXPECT_EQ(read->front().name, "x");
  expectSame(read->front().tensor, tensor);
}

TEST_F(DeflatedNpz, ChecksTheChecksum) {
  fields.crc ^= 1;
  EXPECT_NE(message().find("checksum"), std::string::npos);
}

TEST_F(DeflatedNpz, RefusesAWrongSize) {
  fields.size += 1;
  EXPECT_NE(message().find("does not unpack"), std::string::npos);
  fields.size -= 2;
  EXPECT_NE(message().find("does not unpack"), std::string::npos);
}

TEST_F(DeflatedNpz, RefusesAnImpossibleSizeBeforeAllocating) {
  fields.size = 0xfffffffe;
  EXPECT_NE(message().find("impossible size"), std::string::npos);
}

TEST_F(DeflatedNpz, RefusesEncryptionAndOtherMethods) {
  fields.method = 12;
  EXPECT_NE(message().find("compression method 12"), std::string::npos);
  fields.flags = 1;
  EXPECT_NE(message().find("encrypted"), std::string::npos);
}

TEST_F(DeflatedNpz, RefusesDataOutsideOfTheFile) {
  fields.compressedSize = 0x7fffffff;
  EXPECT_NE(message().find("cut off"), std::string::npos);
  fields.localHeader = 0xfffffff0;
  EXPECT_NE(message().find("header is missing"), std::string::npos);
}

} // namespace
