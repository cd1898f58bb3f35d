//===- EmitTest.cpp - Artefacts, linked and run ---------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Emit.h"
#include "TestModel.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

EmitRequest everything(const TestFolder &folder) {
  EmitRequest request;
  request.directory = folder.path();
  request.staticLibrary = request.sharedLibrary = true;
  request.assembly = request.llvmIr = true;
  return request;
}

llvm::Error emitTo(const TestFolder &folder, TestModel &model,
                   llvm::StringRef targetName) {
  return emitArtefacts(model.makeModule(), model.spec, model.weights,
                       target(targetName), everything(folder));
}

/// Builds use_tiny.c against `library` and runs it.
void linkAndRun(const TestFolder &folder, std::vector<std::string> compiler,
                const std::string &library,
                std::vector<std::string> emulator = {}) {
  std::string program = folder / "use_tiny";
  std::vector<std::string> command = std::move(compiler);
  for (std::string argument :
       {std::string("-std=c99"), std::string("-Wall"), std::string("-Wextra"),
        std::string("-Werror"), std::string("-pedantic"), "-I" + folder.path(),
        EDGEC_TEST_INPUTS + std::string("/use_tiny.c"), folder / library,
        std::string("-Wl,--fatal-warnings"), "-Wl,-rpath," + folder.path(),
        std::string("-o"), program})
    command.push_back(argument);
  runProgram(command);
  emulator.push_back(program);
  runProgram(emulator);
}

std::vector<std::string> definedGlobals(const std::string &path) {
  auto file = llvm::object::ObjectFile::createObjectFile(path);
  std::vector<std::string> names;
  if (!file) {
    ADD_FAILURE() << llvm::toString(file.takeError());
    return names;
  }
  for (const auto &symbol : file->getBinary()->symbols()) {
    uint32_t flags = llvm::cantFail(symbol.getFlags());
    if ((flags & llvm::object::SymbolRef::SF_Global) &&
        !(flags & llvm::object::SymbolRef::SF_Undefined))
      names.push_back(llvm::cantFail(symbol.getName()).str());
  }
  return names;
}

TEST(Emit, WritesWhatWasAskedFor) {
  TestFolder folder;
  TestModel model;
  expectSuccess(emitTo(folder, model, "x86-64-v2"));
  EXPECT_THAT(folder.entries(),
              ElementsAre("edgec.h", "libtiny.a", "libtiny.so", "tiny.h",
                          "tiny.ll", "tiny.o", "tiny.s"));
  EXPECT_THAT(definedGlobals(folder / "tiny.o"),
              testing::UnorderedElementsAre("tiny_run", "tiny_info"));
  EXPECT_THAT(readFile(folder / "tiny.s"), HasSubstr("tiny_run:"));
  EXPECT_THAT(readFile(folder / "tiny.ll"), HasSubstr("@tiny_run("));
}

TEST(Emit, LibrariesNeedNoObjectBesideThem) {
  TestFolder folder;
  TestModel model;
  EmitRequest request;
  request.directory = folder / "made/here";
  request.object = request.header = false;
  request.sharedLibrary = true;
  expectSuccess(emitArtefacts(model.makeModule(), model.spec, model.weights,
                              target("x86-64-v2"), request));
  std::vector<std::string> names;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator it(request.directory, code), end;
       it != end && !code; it.increment(code))
    names.push_back(it->path());
  EXPECT_THAT(names, ElementsAre(request.directory + "/libtiny.so"));
}

TEST(Emit, LinksAndRunsWithEveryLinker) {
  if (!target("host").isX86())
    GTEST_SKIP() << "not an x86 machine";
  TestFolder folder;
  TestModel model;
  expectSuccess(emitTo(folder, model, "x86-64-v2"));
  linkAndRun(folder, {"cc"}, "tiny.o");
  linkAndRun(folder, {"cc"}, "libtiny.a");
  linkAndRun(folder, {"cc"}, "libtiny.so");
  linkAndRun(folder, {"cc", "-static"}, "tiny.o");
  linkAndRun(folder, {"clang-19", "-fuse-ld=lld"}, "tiny.o");
  linkAndRun(folder, {"clang-19", "-fuse-ld=lld", "-Wl,--gc-sections"},
             "libtiny.a");
}

TEST(Emit, RunsOnAArch64) {
  if (!hasProgram("aarch64-linux-gnu-gcc") || !hasProgram("qemu-aarch64"))
    GTEST_SKIP() << "needs g++-aarch64-linux-gnu and qemu-user";
  TestFolder folder;
  TestModel model;
  expectSuccess(emitTo(folder, model, "aarch64"));
  std::vector<std::string> qemu = {"qemu-aarch64", "-L",
                                   "/usr/aarch64-linux-gnu", "-cpu", "max"};
  for (const char *library : {"tiny.o", "libtiny.a", "libtiny.so"})
    linkAndRun(folder, {"aarch64-linux-gnu-gcc"}, library, qemu);
  linkAndRun(folder, {"aarch64-linux-gnu-gcc", "-static"}, "tiny.o", qemu);
}

TEST(Emit, TwoModelsLinkIntoOneProgram) {
  if (!target("host").isX86())
    GTEST_SKIP() << "not an x86 machine";
  TestFolder folder;
  TestModel first, second;
  second.spec.name = "other";
  second.factors = {1, 1, 1, 1};
  expectSuccess(emitTo(folder, first, "x86-64-v2"));
  expectSuccess(emitTo(folder, second, "x86-64-v2"));
  writeFile(folder / "both.c", R"(
#include "other.h"
#include "tiny.h"
#include <stdlib.h>
int main(void) {
  float image[4] = {1, 1, 1, 1}, ones[4], factors[4];
  void *arena = aligned_alloc(TINY_ARENA_ALIGN, TINY_ARENA_SIZE);
  int code = tiny_run(image, factors, arena, NULL) |
             other_run(image, ones, arena, NULL);
  free(arena);
  return !(code == EDGEC_OK && factors[0] == 2 && ones[0] == 1);
})");
  runProgram({"cc", folder / "both.c", folder / "tiny.o", folder / "libother.a",
              "-o", folder / "both"});
  runProgram({folder / "both"});
}

TEST(Emit, IsReproducible) {
  TestFolder first, second;
  for (const char *machine : {"x86-64-v4", "aarch64"}) {
    TestModel firstModel, secondModel;
    expectSuccess(emitTo(first, firstModel, machine));
    expectSuccess(emitTo(second, secondModel, machine));
    for (const std::string &name : first.entries()) {
      std::string bytes = readFile(first / name);
      EXPECT_TRUE(bytes == readFile(second / name)) << machine << " " << name;
      EXPECT_THAT(bytes, Not(HasSubstr("/some/where"))) << name;
      EXPECT_THAT(bytes, Not(HasSubstr(first.path()))) << name;
    }
  }
}

TEST(Emit, KeepsLayersInFunctionsOfTheirOwn) {
  TestFolder folder;
  TestModel model;
  std::unique_ptr<llvm::Module> module = model.makeModule();
  llvm::Function *entry = module->getFunction("edgec_entry_run");
  llvm::IRBuilder<> builder(model.context);
  auto addFunction = [&](llvm::StringRef name, bool hasLoop) {
    llvm::Function *function = llvm::Function::Create(
        llvm::FunctionType::get(builder.getVoidTy(), {builder.getPtrTy()},
                                false),
        llvm::GlobalValue::ExternalLinkage, name, *module);
    auto *body = llvm::BasicBlock::Create(model.context, "", function);
    builder.SetInsertPoint(body);
    if (hasLoop) {
      auto *loop = llvm::BasicBlock::Create(model.context, "", function);
      auto *exit = llvm::BasicBlock::Create(model.context, "", function);
      builder.CreateBr(loop);
      builder.SetInsertPoint(loop);
      llvm::Value *more =
          builder.CreateLoad(builder.getInt1Ty(), function->getArg(0), true);
      builder.CreateCondBr(more, loop, exit);
      builder.SetInsertPoint(exit);
    }
    builder.CreateStore(builder.getInt32(1), function->getArg(0));
    builder.CreateRetVoid();
    builder.SetInsertPoint(entry->back().getTerminator());
    builder.CreateCall(function, {entry->getArg(2)});
  };
  addFunction("a_layer", /*hasLoop=*/true);
  addFunction("a_helper", /*hasLoop=*/false);
  expectSuccess(emitArtefacts(std::move(module), model.spec, model.weights,
                              target("x86-64-v3"), everything(folder)));
  std::string text = readFile(folder / "tiny.s");
  EXPECT_THAT(text, HasSubstr("a_layer:"));
  EXPECT_THAT(text, Not(HasSubstr("a_helper:")));
}

/// The test model with a call of `function` on every output.
std::unique_ptr<llvm::Module>
callingModule(TestModel &model, llvm::StringRef function, bool isDouble) {
  std::unique_ptr<llvm::Module> module = model.makeModule();
  llvm::Function *entry = module->getFunction("edgec_entry_run");
  llvm::IRBuilder<> builder(entry->back().getTerminator());
  llvm::Type *type = isDouble ? builder.getDoubleTy() : builder.getFloatTy();
  llvm::Value *address = entry->getArg(1);
  builder.CreateStore(
      builder.CreateCall(module->getOrInsertFunction(function, type, type),
                         {builder.CreateLoad(type, address)}),
      address);
  return module;
}

TEST(Emit, RefusesForeignSymbolsAndLeavesNothingBehind) {
  TestFolder folder;
  TestModel model;
  std::string message = messageOf(
      emitArtefacts(callingModule(model, "expf", false), model.spec,
                    model.weights, target("x86-64-v3"), everything(folder)));
  EXPECT_THAT(message, HasSubstr("'expf'"));
  EXPECT_THAT(folder.entries(), ElementsAre());
}

TEST(Emit, SaysWhichCpuHasHalfPrecision) {
  TestFolder folder;
  TestModel model;
  std::unique_ptr<llvm::Module> module = model.makeModule();
  llvm::Function *entry = module->getFunction("edgec_entry_run");
  llvm::IRBuilder<> builder(entry->back().getTerminator());
  llvm::Value *half = builder.CreateLoad(builder.getHalfTy(), entry->getArg(0));
  builder.CreateStore(builder.CreateFPExt(half, builder.getFloatTy()),
                      entry->getArg(1));
  EXPECT_THAT(
      messageOf(emitArtefacts(std::move(module), model.spec, model.weights,
                              target("x86-64-v2"), everything(folder))),
      testing::AllOf(HasSubstr("'__extendhfsf2'"),
                     HasSubstr("--target=x86-64-v3")));
}

TEST(Emit, AllowsLibmInDoublePrecision) {
  TestFolder folder;
  TestModel model;
  expectSuccess(emitArtefacts(callingModule(model, "exp", true), model.spec,
                              model.weights, target("x86-64-v3"),
                              everything(folder)));
}

TEST(Emit, ReportsWhatLlvmCannotSelect) {
  TestFolder folder;
  TestModel model;
  std::unique_ptr<llvm::Module> module = model.makeModule();
  llvm::Function *entry = module->getFunction("edgec_entry_run");
  llvm::IRBuilder<> builder(entry->back().getTerminator());
  auto *vector = llvm::FixedVectorType::get(builder.getInt32Ty(), 16);
  llvm::Value *address = entry->getArg(2);
  llvm::Value *value = builder.CreateLoad(vector, address);
  builder.CreateStore(
      builder.CreateIntrinsic(llvm::Intrinsic::x86_avx512_vpdpbusd_512, {},
                              {value, value, value}),
      address);
  EXPECT_THAT(
      messageOf(emitArtefacts(std::move(module), model.spec, model.weights,
                              target("x86-64-v3"), everything(folder))),
      HasSubstr("LLVM could not compile"));
  EXPECT_THAT(folder.entries(), ElementsAre());

  // And the process goes on.
  TestModel next;
  expectSuccess(emitTo(folder, next, "x86-64-v3"));
}

TEST(Emit, SaysWhereItCannotWrite) {
  TestFolder folder;
  TestModel model;
  writeFile(folder / "file", "");
  EmitRequest request;
  request.directory = folder / "file/below";
  EXPECT_THAT(
      messageOf(emitArtefacts(model.makeModule(), model.spec, model.weights,
                              target("x86-64-v3"), request)),
      testing::AllOf(HasSubstr("cannot make the folder"), HasSubstr("below")));
  request.directory = folder / "file";
  EXPECT_THAT(
      messageOf(emitArtefacts(model.makeModule(), model.spec, model.weights,
                              target("x86-64-v3"), request)),
      HasSubstr("is not a folder"));

  request.directory = folder.path();
  llvm::sys::fs::create_directory(folder / "tiny.o");
  EXPECT_THAT(
      messageOf(emitArtefacts(model.makeModule(), model.spec, model.weights,
                              target("x86-64-v3"), request)),
      HasSubstr("tiny.o': "));
  EXPECT_THAT(folder.entries(), ElementsAre("file", "tiny.o"));
}

TEST(Emit, ReportsAModuleThatIsNotAsSpecified) {
  TestFolder folder;
  TestModel model;
  model.spec.entryPoints[0].inputs.push_back({"more", ElementType::F32, {1}});
  EXPECT_THAT(messageOf(emitTo(folder, model, "x86-64-v3")),
              HasSubstr("take 5 pointers"));
  model.spec.entryPoints[0].symbol = "edgec_entry_missing";
  EXPECT_THAT(messageOf(emitTo(folder, model, "x86-64-v3")),
              HasSubstr("does not define 'edgec_entry_missing'"));
}

} // namespace
