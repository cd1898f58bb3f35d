//===- NpyReaderTest.cpp - Rows of an array in a file ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/NpyReader.h"
#include "TestTensors.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/Support/FileSystem.h"
#include <algorithm>

using namespace edgec;
using namespace llvm;

namespace {

std::string npyOf(const Tensor &tensor) {
  std::string bytes;
  raw_string_ostream stream(bytes);
  writeNpy(tensor, stream);
  return bytes;
}

/// Counts what is read.
class CountingBytes : public ByteReader {
public:
  explicit CountingBytes(std::string bytes) : bytes(std::move(bytes)) {}
  uint64_t size() const override { return bytes.size(); }

  uint64_t count = 0;

private:
  Error readRange(uint64_t offset, MutableArrayRef<char> to) override {
    count += to.size();
    std::copy_n(bytes.begin() + offset, to.size(), to.begin());
    return Error::success();
  }

  std::string bytes;
};

/// The rows of `bytes`, in the order of `indices`, have to be those that the
/// whole array has.
void expectRows(const std::string &bytes, std::vector<int64_t> indices) {
  Tensor whole = cantFail(parseNpy(bytes));
  NpyReader reader = cantFail(NpyReader::open(makeMemoryBytes(bytes)));
  EXPECT_EQ(reader.shape(), whole.shape());
  for (int64_t index : indices) {
    Expected<Tensor> row = reader.readRow(index);
    ASSERT_TRUE(static_cast<bool>(row)) << toString(row.takeError());
    std::vector<int64_t> shape(whole.shape().begin() + 1, whole.shape().end());
    EXPECT_EQ(row->type(), whole.type());
    EXPECT_EQ(row->shape(), shape);
    EXPECT_EQ(bytesOf(*row),
              bytesOf(whole).substr(index * row->byteCount(), row->byteCount()))
        << "row " << index;
  }
}

TEST(NpyReader, ReadsRowsOfEveryType) {
  for (ElementType type : allTypes)
    expectRows(npyOf(makeTensor(type, {5, 2, 3})), {0, 4, 2, 2, 1});
}

TEST(NpyReader, ReadsRowsOfASingleAxis) {
  expectRows(npyOf(makeTensor(ElementType::I64, {4})), {3, 0});
}

TEST(NpyReader, SwapsBigEndianRows) {
  std::string bytes = npyOf(makeTensor(ElementType::F32, {3, 4}));
  bytes.replace(bytes.find("'<f4'"), 5, "'>f4'");
  expectRows(bytes, {2, 0, 1});
}

TEST(NpyReader, GathersRowsInFortranOrder) {
  std::string bytes = npyOf(makeTensor(ElementType::I16, {7, 2, 3}));
  size_t at = bytes.find("False, ");
  bytes.replace(at, 7, "True,  ");
  expectRows(bytes, {0, 1, 6, 3, 5, 2, 4});
}

TEST(NpyReader, GathersSeveralBlocksInFortranOrder) {
  // 12 MiB in blocks of 4: rows on both sides of their edges.
  Tensor tensor(ElementType::F32, {3072, 1024});
  for (int64_t i = 0; i < tensor.size(); ++i)
    tensor.mutableData<float>()[i] = static_cast<float>(i);
  std::string bytes = npyOf(tensor);
  size_t at = bytes.find("False, ");
  bytes.replace(at, 7, "True,  ");
  expectRows(bytes, {0, 1023, 1024, 3071, 17});
}

TEST(NpyReader, ReadsEmptyRowsWhateverTheirExtents) {
  std::string bytes = npyOf(Tensor(ElementType::I8, {3, 0, 99}));
  bytes.replace(bytes.find("False, "), 7, "True,  ");
  bytes.replace(bytes.find("(3, 0, 99)"), 29, "(3,0, 4611686018427387904), }");
  NpyReader reader = cantFail(NpyReader::open(makeMemoryBytes(bytes)));
  EXPECT_EQ(cantFail(reader.readRow(2)).size(), 0);
}

TEST(NpyReader, ReadsNoMoreThanTheRow) {
  auto bytes = std::make_shared<CountingBytes>(
      npyOf(makeTensor(ElementType::F32, {100000, 10})));
  NpyReader reader = cantFail(NpyReader::open(bytes));
  bytes->count = 0;
  cantFail(reader.readRow(54321).takeError());
  EXPECT_EQ(bytes->count, 40u);
}

TEST(NpyReader, RefusesACutFileWhenItIsOpened) {
  std::string bytes = npyOf(makeTensor(ElementType::F32, {3, 4}));
  bytes.pop_back();
  EXPECT_EQ(messageOf(NpyReader::open(makeMemoryBytes(bytes))),
            "the shape 3x4 needs more data than the 47 bytes that are there");
}

TEST(FileBytes, AreReadInPieces) {
  SmallString<128> path;
  int file;
  ASSERT_FALSE(sys::fs::createTemporaryFile("bytes", "bin", file, path));
  raw_fd_ostream(file, /*shouldClose=*/true) << "0123456789";
  auto bytes = cantFail(openFileBytes(path));
  EXPECT_EQ(bytes->size(), 10u);
  std::string piece(3, '\0');
  MutableArrayRef<char> to(piece.data(), piece.size());
  cantFail(bytes->read(7, to));
  EXPECT_EQ(piece, "789");
  cantFail(bytes->read(0, to));
  EXPECT_EQ(piece, "012");
  EXPECT_TRUE(errorToBool(bytes->read(8, to)));
  EXPECT_TRUE(errorToBool(bytes->read(11, {})));
  sys::fs::remove(path);
}

TEST(FileBytes, AreThoseOfAFile) {
  EXPECT_NE(messageOf(openFileBytes("/nowhere/x.npy")).find("/nowhere/x.npy"),
            std::string::npos);
  EXPECT_NE(messageOf(openFileBytes("/")).find("not a file"),
            std::string::npos);
}

} // namespace
