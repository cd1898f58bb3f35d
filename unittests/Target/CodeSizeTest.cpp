//===- CodeSizeTest.cpp - How much of a file is code ----------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/CodeSize.h"
#include "TestModel.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::test;
using testing::HasSubstr;

namespace {

uint64_t sizeOf(const std::string &path) {
  llvm::Expected<uint64_t> size = codeSize(path);
  if (size)
    return *size;
  ADD_FAILURE() << llvm::toString(size.takeError());
  return 0;
}

void emit(const TestFolder &folder, TestModel &model,
          llvm::StringRef targetName) {
  EmitRequest request;
  request.directory = folder.path();
  request.sharedLibrary = true;
  expectSuccess(emitArtefacts(model.makeModule(), model.spec, model.weights,
                              target(targetName), request));
}

TEST(CodeSize, CountsInstructionsOnly) {
  for (const char *name : {"x86-64-v2", "aarch64"}) {
    TestFolder folder;
    TestModel model;
    emit(folder, model, name);
    uint64_t object = sizeOf(folder / "tiny.o");
    EXPECT_GT(object, 0u) << name;
    EXPECT_LT(object, readFile(folder / "tiny.o").size()) << name;
    // Linking adds stubs for calls of memcpy, and padding.
    uint64_t library = sizeOf(folder / "libtiny.so");
    EXPECT_GE(library, object) << name;
    EXPECT_LT(library, object + 256) << name;
  }
}

TEST(CodeSize, DoesNotDependOnWeights) {
  TestFolder small, large;
  TestModel model, heavy;
  heavy.weights.size += 1 << 20;
  emit(small, model, "x86-64-v2");
  emit(large, heavy, "x86-64-v2");
  EXPECT_GT(readFile(large / "tiny.o").size(),
            readFile(small / "tiny.o").size() + (1 << 19));
  EXPECT_EQ(sizeOf(large / "tiny.o"), sizeOf(small / "tiny.o"));
}

TEST(CodeSize, NamesWhatItCannotRead) {
  TestFolder folder;
  writeFile(folder / "text.o", "not an object at all");
  for (const char *name : {"missing.o", "text.o"}) {
    llvm::Expected<uint64_t> size = codeSize(folder / name);
    ASSERT_FALSE(static_cast<bool>(size));
    EXPECT_THAT(llvm::toString(size.takeError()), HasSubstr(name));
  }
}

} // namespace
