//===- WeightsTest.cpp - Weights that LLVM never sees ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"
#include "edgec/Target/ElfWeights.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::test;
using testing::HasSubstr;

namespace {

TEST(Weights, LieReadOnlyInASectionOfTheirOwn) {
  for (const char *machine : {"x86-64-v3", "aarch64"}) {
    TestFolder folder;
    TestModel model(/*strideBytes=*/64);
    model.weights.align = 4096;
    EmitRequest request;
    request.directory = folder.path();
    expectSuccess(emitArtefacts(model.makeModule(), model.spec, model.weights,
                                target(machine), request));
    auto file = llvm::object::ObjectFile::createObjectFile(folder / "tiny.o");
    ASSERT_TRUE(static_cast<bool>(file));
    unsigned found = 0;
    for (const auto &section : file->getBinary()->sections()) {
      if (llvm::cantFail(section.getName()) != ".rodata.edgec_weights")
        continue;
      ++found;
      llvm::object::ELFSectionRef elf(section);
      EXPECT_EQ(elf.getType(), unsigned(llvm::ELF::SHT_PROGBITS));
      EXPECT_EQ(elf.getFlags(), uint64_t(llvm::ELF::SHF_ALLOC));
      EXPECT_EQ(section.getAlignment().value(), 4096u);
      EXPECT_EQ(elf.getOffset() % 4096, 0u);
      llvm::StringRef bytes = llvm::cantFail(section.getContents());
      ASSERT_EQ(bytes.size(), model.weights.size);
      std::string expected(model.weights.size, '\0');
      for (const WeightSegment &segment : model.weights.segments)
        std::copy(segment.bytes.begin(), segment.bytes.end(),
                  expected.begin() + segment.offset);
      EXPECT_TRUE(bytes == expected);
    }
    EXPECT_EQ(found, 1u) << machine;
  }
}

TEST(Weights, AModelMayHaveNone) {
  TestFolder folder;
  TestModel model;
  std::unique_ptr<llvm::Module> module = model.makeModule();
  llvm::Function *entry = module->getFunction("edgec_entry_run");
  entry->deleteBody();
  llvm::ReturnInst::Create(model.context,
                           llvm::BasicBlock::Create(model.context, "", entry));
  model.weights = {};
  EmitRequest request;
  request.directory = folder.path();
  request.sharedLibrary = true;
  expectSuccess(emitArtefacts(std::move(module), model.spec, model.weights,
                              target("x86-64-v3"), request));
}

TEST(Weights, RefusesSegmentsThatDoNotFit) {
  WeightsSection weights;
  std::vector<char> bytes(8);
  weights.size = 12;
  weights.segments = {{0, bytes}, {4, bytes}};
  EXPECT_THAT(messageOf(checkWeights(weights)), HasSubstr("overlap"));
  weights.segments = {{8, bytes}};
  EXPECT_THAT(messageOf(checkWeights(weights)), HasSubstr("offset 8"));
  weights.segments = {{UINT64_MAX, bytes}};
  EXPECT_NE(messageOf(checkWeights(weights)), "");
  weights.segments = {{4, bytes}};
  EXPECT_EQ(messageOf(checkWeights(weights)), "");
}

TEST(Weights, RefusesMoreThanCodeCanReach) {
  WeightsSection weights;
  weights.size = uint64_t(3) << 30;
  EXPECT_THAT(messageOf(checkWeights(weights)),
              HasSubstr("3072 MiB of weights"));
}

/// Together beyond the reach of a branch on AArch64 (128 MiB); sparse, so that
/// the object costs no disk.
constexpr uint64_t farStride = uint64_t(100) << 20;

void linkAndRunFar(const TestFolder &folder, std::vector<std::string> compiler,
                   std::vector<std::string> emulator) {
  std::string program = folder / "use_tiny";
  for (const std::string &argument :
       {"-I" + folder.path(), EDGEC_TEST_INPUTS + std::string("/use_tiny.c"),
        folder / "tiny.o", std::string("-o"), program})
    compiler.push_back(argument);
  runProgram(compiler);
  emulator.push_back(program);
  runProgram(emulator);
  llvm::sys::fs::remove(program);
}

TEST(Weights, ThreeHundredMegabytesLinkAndRun) {
  TestFolder folder;
  TestModel model(farStride);
  EmitRequest request;
  request.directory = folder.path();
  expectSuccess(emitArtefacts(model.makeModule(), model.spec, model.weights,
                              target("x86-64-v2"), request));
  if (!target("host").isX86())
    GTEST_SKIP() << "not an x86 machine";
  linkAndRunFar(folder, {"cc"}, {});
  linkAndRunFar(folder, {"clang-19", "-fuse-ld=lld"}, {});
}

TEST(Weights, ThreeHundredMegabytesLinkAndRunOnAArch64) {
  if (!hasProgram("aarch64-linux-gnu-gcc") || !hasProgram("qemu-aarch64"))
    GTEST_SKIP() << "needs g++-aarch64-linux-gnu and qemu-user";
  TestFolder folder;
  TestModel model(farStride);
  EmitRequest request;
  request.directory = folder.path();
  expectSuccess(emitArtefacts(model.makeModule(), model.spec, model.weights,
                              target("aarch64"), request));
  linkAndRunFar(folder, {"aarch64-linux-gnu-gcc"},
                {"qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"});
  linkAndRunFar(folder,
                {"clang-19", "--target=aarch64-linux-gnu", "-fuse-ld=lld"},
                {"qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"});
}

} // namespace
