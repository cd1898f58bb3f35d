//===- TestModel.cpp - A small model in LLVM IR for the tests -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModel.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace edgec;
using namespace edgec::test;
using namespace llvm;

TestModel::TestModel(uint64_t strideBytes) : strideBytes(strideBytes) {
  EntryPointSpec entry;
  entry.inputs = {{"image:0", ElementType::F32, {1, length}}};
  entry.outputs = {{"logits", ElementType::F32, {1, length}}};
  entry.arenaSize = arenaSize;
  entry.arenaLowerBound = arenaSize / 2;
  entry.layers = {{"conv1", "contract", "f32", 16, 48, 3}};
  spec.name = "tiny";
  spec.source = "tiny.onnx";
  spec.sha256 = "00ff";
  spec.entryPoints = {entry};
  weights.size = strideBytes * (length - 1) + sizeof(float);
  for (int64_t i = 0; i < length; ++i)
    weights.segments.push_back(
        {i * strideBytes,
         ArrayRef(reinterpret_cast<char *>(&factors[i]), sizeof(float))});
}

std::unique_ptr<Module> TestModel::makeModule() {
  auto module = std::make_unique<Module>("/some/where/tiny.mlir", context);
  IRBuilder<> builder(context);
  Type *pointer = builder.getPtrTy(), *f32 = builder.getFloatTy();
  auto *weightsGlobal =
      new GlobalVariable(*module, builder.getInt8Ty(), /*isConstant=*/true,
                         GlobalValue::ExternalLinkage, nullptr, weightsSymbol);
  FunctionCallee trace =
      module->getOrInsertFunction(traceSymbol, builder.getVoidTy(), pointer,
                                  builder.getInt64Ty(), builder.getInt32Ty());
  Function *entry = Function::Create(
      FunctionType::get(builder.getVoidTy(),
                        {pointer, pointer, pointer, pointer}, false),
      GlobalValue::ExternalLinkage, "edgec_entry_run", *module);
  builder.SetInsertPoint(BasicBlock::Create(context, "", entry));
  Value *image = entry->getArg(0), *logits = entry->getArg(1),
        *arena = entry->getArg(2), *runContext = entry->getArg(3);
  builder.CreateCall(trace,
                     {runContext, builder.getInt64(0), builder.getInt32(1)});
  // Too long to be expanded: stays a call of memcpy.
  builder.CreateMemCpy(arena, MaybeAlign(),
                       builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(),
                                                          arena, arenaSize / 2),
                       MaybeAlign(), arenaSize / 2);
  for (int64_t i = 0; i < length; ++i) {
    auto element = [&](Value *base) {
      return builder.CreateConstInBoundsGEP1_64(f32, base, i);
    };
    Value *weight = builder.CreateLoad(
        f32, builder.CreateConstInBoundsGEP1_64(
                 builder.getInt8Ty(), weightsGlobal, i * strideBytes));
    Value *product =
        builder.CreateFMul(builder.CreateLoad(f32, element(image)), weight);
    builder.CreateStore(product, element(logits));
  }
  builder.CreateCall(trace,
                     {runContext, builder.getInt64(0), builder.getInt32(0)});
  builder.CreateRetVoid();
  return module;
}

TestFolder::TestFolder() {
  SmallString<128> path;
  if (sys::fs::createUniqueDirectory("edgec-target-test", path))
    ADD_FAILURE() << "no temporary folder";
  folder = std::string(path);
}

TestFolder::~TestFolder() { sys::fs::remove_directories(folder); }

std::string TestFolder::operator/(StringRef name) const {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return std::string(path);
}

std::vector<std::string> TestFolder::entries() const {
  std::vector<std::string> names;
  std::error_code code;
  for (sys::fs::directory_iterator it(folder, code), end; it != end && !code;
       it.increment(code))
    names.push_back(sys::path::filename(it->path()).str());
  std::sort(names.begin(), names.end());
  return names;
}

std::string edgec::test::readFile(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer) {
    ADD_FAILURE() << path.str() << ": " << buffer.getError().message();
    return "";
  }
  return (*buffer)->getBuffer().str();
}

void edgec::test::writeFile(StringRef path, StringRef text) {
  std::error_code code;
  raw_fd_ostream os(path, code);
  ASSERT_FALSE(code) << code.message();
  os << text;
}

int edgec::test::runProgram(std::vector<std::string> command,
                            std::string *output) {
  auto program = sys::findProgramByName(command.front());
  if (!program) {
    ADD_FAILURE() << "no program " << command.front();
    return -1;
  }
  SmallString<128> log;
  EXPECT_FALSE(sys::fs::createTemporaryFile("edgec-target-test", "log", log));
  SmallVector<StringRef> arguments(command.begin(), command.end());
  std::string message;
  StringRef logName = log;
  int code =
      sys::ExecuteAndWait(*program, arguments, std::nullopt,
                          {StringRef(""), logName, logName}, 0, 0, &message);
  std::string text = readFile(log);
  sys::fs::remove(log);
  if (output)
    *output = text;
  else
    EXPECT_EQ(code, 0) << join(command, " ") << "\n" << message << text;
  return code;
}

bool edgec::test::hasProgram(StringRef name) {
  return static_cast<bool>(sys::findProgramByName(name));
}

TargetDescription edgec::test::target(StringRef name) {
  auto resolved = resolveTarget({name.str(), "", ""});
  if (resolved)
    return *resolved;
  ADD_FAILURE() << toString(resolved.takeError());
  return {};
}

void edgec::test::expectSuccess(Error error) {
  std::string message = messageOf(std::move(error));
  EXPECT_EQ(message, "");
}

std::string edgec::test::messageOf(Error error) {
  return error ? toString(std::move(error)) : "";
}
