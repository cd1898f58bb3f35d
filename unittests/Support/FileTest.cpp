//===- FileTest.cpp - Files, hashes and sizes -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestTensors.h"
#include "edgec/Support/AtomicFile.h"
#include "edgec/Support/FileHash.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Support/Terminal.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace edgec;
using namespace llvm;

namespace {

class Files : public testing::Test {
protected:
  Files() : folder(cantFail(TemporaryFolder::create())) {}

  std::string path(StringRef name) {
    return (folder.path() + "/" + name).str();
  }

  size_t filesInFolder() {
    std::error_code code;
    size_t count = 0;
    for (sys::fs::directory_iterator it(folder.path(), code), end; it != end;
         it.increment(code))
      ++count;
    return count;
  }

  TemporaryFolder folder;
};

TEST_F(Files, AppearWithTheirContents) {
  cantFail(writeFileAtomically(path("a"), "text"));
  auto buffer = MemoryBuffer::getFile(path("a"));
  ASSERT_TRUE(static_cast<bool>(buffer));
  EXPECT_EQ((*buffer)->getBuffer(), "text");
  EXPECT_FALSE(sys::fs::can_execute(path("a")));
  cantFail(writeFileAtomically(path("b"), "", FileMode::Executable));
  EXPECT_TRUE(sys::fs::can_execute(path("b")));
}

TEST_F(Files, StayAsTheyWereAfterAnError) {
  cantFail(writeFileAtomically(path("a"), "old"));
  Error error = writeFileAtomically(path("a"), [](raw_ostream &stream) {
    stream << "half of the new cont";
    return createStringError("no more");
  });
  EXPECT_EQ(toString(std::move(error)), "'" + path("a") + "': no more");
  EXPECT_EQ((*MemoryBuffer::getFile(path("a")))->getBuffer(), "old");
  EXPECT_EQ(filesInFolder(), 1u);
}

TEST_F(Files, TemporaryFoldersGo) {
  std::string inner;
  {
    TemporaryFolder temporary = cantFail(TemporaryFolder::create());
    inner = temporary.path().str();
    cantFail(writeFileAtomically(inner + "/a", "x"));
    EXPECT_TRUE(sys::fs::exists(inner));
  }
  EXPECT_FALSE(sys::fs::exists(inner));
}

TEST_F(Files, AreHashed) {
  // FIPS 180-2, appendix B.1.
  cantFail(writeFileAtomically(path("abc"), "abc"));
  EXPECT_EQ(cantFail(sha256OfFile(path("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_NE(messageOf(sha256OfFile(path("missing"))), "success");
}

TEST_F(Files, TensorsRoundTripByExtension) {
  Tensor tensor = makeTensor(ElementType::F32, {2, 2});
  for (StringRef extension : {".npy", ".npz", ".pb"}) {
    std::string file = path(("t" + extension).str());
    cantFail(writeTensor(file, tensor));
    expectSame(cantFail(readTensor(file)), tensor);
  }
  cantFail(writeTensor(path("t.bin"), tensor));
  expectSame(cantFail(readRawTensor(path("t.bin"), ElementType::F32, {2, 2})),
             tensor);
  EXPECT_NE(messageOf(readRawTensor(path("t.bin"), ElementType::F32, {2, 1})),
            "success");
}

TEST_F(Files, ErrorsNameTheFile) {
  EXPECT_EQ(messageOf(readTensor(path("t.txt"))),
            "'" + path("t.txt") + "': No such file or directory");
  cantFail(writeFileAtomically(path("t.npy"), "text"));
  EXPECT_NE(messageOf(readTensor(path("t.npy"))).find("t.npy"),
            std::string::npos);
  EXPECT_NE(toString(writeTensor(path("t.jpg"), Tensor())).find("unknown kind"),
            std::string::npos);
  EXPECT_NE(toString(checkTensorDestination(path("none/t.npy")))
                .find("there is no folder"),
            std::string::npos);
}

TEST(FormatBytes, PicksAUnit) {
  EXPECT_EQ(formatBytes(0), "0 B");
  EXPECT_EQ(formatBytes(1023), "1023 B");
  EXPECT_EQ(formatBytes(12544), "12.2 KiB");
  EXPECT_EQ(formatBytes(uint64_t(3) << 30), "3.0 GiB");
}

} // namespace
