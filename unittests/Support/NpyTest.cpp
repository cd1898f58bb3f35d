//===- NpyTest.cpp - NumPy's array format ---------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTensors.h"
#include "edgec/Support/TensorFile.h"

using namespace edgec;
using namespace llvm;

namespace {

std::string written(const Tensor &tensor) {
  std::string bytes;
  raw_string_ostream stream(bytes);
  writeNpy(tensor, stream);
  return bytes;
}

/// A file of the given format version, header text and data.
std::string npy(int version, StringRef header, StringRef data) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (int i = 0; i < (version == 1 ? 2 : 4); ++i)
    bytes += static_cast<char>(header.size() >> (8 * i));
  return bytes + header.str() + data.str();
}

TEST(Npy, RoundTripsEveryType) {
  for (ElementType type : allTypes)
    for (std::vector<int64_t> shape :
         {std::vector<int64_t>{}, {5}, {2, 3, 4}, {0, 3}}) {
      Tensor tensor = makeTensor(type, shape);
      Expected<Tensor> read = parseNpy(written(tensor));
      ASSERT_TRUE(static_cast<bool>(read)) << toString(read.takeError());
      expectSame(*read, tensor);
    }
}

TEST(Npy, WritesNumPysLayout) {
  std::string bytes = written(tensorOf<float>({1}, {1.0f}));
  EXPECT_EQ(bytes.size(), 128u + 4u); // Header padded to 64 bytes.
  EXPECT_NE(bytes.find("{'descr': '<f4', 'fortran_order': False, "
                       "'shape': (1,), }"),
            std::string::npos);
  EXPECT_NE(written(Tensor(ElementType::U8, {})).find("'shape': (), }"),
            std::string::npos);
  EXPECT_NE(written(Tensor(ElementType::U8, {2, 3})).find("(2, 3), }"),
            std::string::npos);
}

TEST(Npy, ReadsVersionsOneToThree) {
  for (int version = 1; version <= 3; ++version) {
    Expected<Tensor> read = parseNpy(
        npy(version, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}",
            "ab"));
    ASSERT_TRUE(static_cast<bool>(read)) << toString(read.takeError());
    EXPECT_EQ(bytesOf(*read), "ab");
  }
}

TEST(Npy, ReadsBigEndianFortranOrder) {
  // [[1, 2, 3], [4, 5, 6]] by columns, high bytes first.
  StringRef data("\0\1\0\4\0\2\0\5\0\3\0\6", 12);
  Expected<Tensor> read = parseNpy(npy(
      1, "{\"descr\": \">i2\", 'shape': (2L, 3L,), 'fortran_order': True,}\n",
      data));
  ASSERT_TRUE(static_cast<bool>(read)) << toString(read.takeError());
  expectSame(*read, tensorOf<int16_t>({2, 3}, {1, 2, 3, 4, 5, 6}));
}

TEST(Npy, MakesBooleansZeroOrOne) {
  Expected<Tensor> read =
      parseNpy(npy(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}",
                   StringRef("\0\1\7", 3)));
  ASSERT_TRUE(static_cast<bool>(read));
  EXPECT_EQ(bytesOf(*read), std::string("\0\1\1", 3));
}

struct Malformed {
  const char *header;
  const char *message;
};

TEST(Npy, SaysWhatIsWrong) {
  const Malformed cases[] = {
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}",
       "needs more data than the 8 bytes"},
      // The product overflows 64 bits.
      {"{'descr': '<f4', 'fortran_order': False, "
       "'shape': (4294967296, 4294967296)}",
       "needs more data"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
       "expected an extent"},
      {"{'descr': '<f4', 'fortran_order': False, "
       "'shape': (99999999999999999999,)}",
       "expected an extent"},
      {"{'descr': '<f4', 'fortran_order': maybe, 'shape': (2,)}",
       "expected True or False"},
      {"{'descr': '<f4', 'shape': (2,)}", "lacks one of"},
      {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}",
       "'<c8' are not supported"},
      {"{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}",
       "records are not supported"},
      {"{'descr", "expected a key"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,",
       "expected an extent"},
      {"[1]", "expected a '{'"},
      {"", "expected a '{'"},
  };
  for (const Malformed &test : cases) {
    std::string message = messageOf(parseNpy(npy(1, test.header, "12345678")));
    EXPECT_TRUE(StringRef(message).contains(test.message))
        << test.header << "\n"
        << message;
  }
}

TEST(Npy, RefusesEveryPrefixOfAFile) {
  std::string bytes = written(makeTensor(ElementType::F32, {3, 5}));
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(messageOf(parseNpy(StringRef(bytes).take_front(length))),
              "success");
}

// A scalar has no extent that could be too large for the file.
TEST(Npy, RefusesAScalarWithoutItsElement) {
  for (const char *order : {"True", "False"}) {
    std::string header = std::string("{'descr': '<f8', 'fortran_order': ") +
                         order + ", 'shape': ()}";
    std::string message = messageOf(parseNpy(npy(1, header, "1234567")));
    EXPECT_TRUE(StringRef(message).contains("needs more data")) << message;
  }
}

TEST(Npy, EmptyTensorsWithHugeExtentsTakeNoMemory) {
  Expected<Tensor> read =
      parseNpy(npy(1,
                   "{'descr': '<f4', 'fortran_order': True, "
                   "'shape': (4611686018427387904, 4611686018427387904, 0)}",
                   ""));
  ASSERT_TRUE(static_cast<bool>(read)) << toString(read.takeError());
  EXPECT_EQ(read->size(), 0);
}

} // namespace
