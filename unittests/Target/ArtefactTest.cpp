//===- ArtefactTest.cpp - Loading compiled models -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Artefact.h"
#include "TestModel.h"
#include "llvm/IR/IRBuilder.h"
#include "gmock/gmock.h"
#include <cstring>

using namespace edgec;
using namespace edgec::test;
using testing::HasSubstr;

namespace {

/// Emits libtiny.so and returns its path.
std::string emitLibrary(const TestFolder &folder, TestModel &model,
                        llvm::StringRef targetName = "x86-64-v2") {
  EmitRequest request;
  request.directory = folder.path();
  request.object = request.header = false;
  request.sharedLibrary = true;
  expectSuccess(emitArtefacts(model.makeModule(), model.spec, model.weights,
                              target(targetName), request));
  return folder / "libtiny.so";
}

std::string openError(llvm::StringRef path) {
  auto artefact = Artefact::open(path);
  return artefact ? "" : llvm::toString(artefact.takeError());
}

Tensor image(std::vector<float> values) {
  Tensor tensor(ElementType::F32, {1, static_cast<int64_t>(values.size())});
  std::memcpy(tensor.mutableBytes(), values.data(), tensor.byteCount());
  return tensor;
}

class ArtefactTest : public testing::Test {
protected:
  void SetUp() override {
    if (!target("host").isX86())
      GTEST_SKIP() << "not an x86 machine";
  }
  TestFolder folder;
  TestModel model;
};

TEST_F(ArtefactTest, RunsOnTensors) {
  auto artefact = Artefact::open(emitLibrary(folder, model));
  ASSERT_TRUE(static_cast<bool>(artefact))
      << llvm::toString(artefact.takeError());
  EXPECT_EQ(artefact->spec().entryPoints[0].inputs[0].name, "image:0");
  const LayerSpec &layer = artefact->spec().entryPoints[0].layers[0];
  EXPECT_EQ(layer.name, "conv1");
  EXPECT_EQ(layer.arithmetic, "f32");
  EXPECT_EQ(layer.macs, 16u);
  EXPECT_EQ(layer.bytes, 48u);
  EXPECT_EQ(layer.kernel, 3u);
  EXPECT_NE(artefact->spec().entryPoints[0].arenaLowerBound, 0u);
  EXPECT_EQ(artefact->spec().entryPoints[0].arenaLowerBound,
            model.spec.entryPoints[0].arenaLowerBound);
  EXPECT_EQ(artefact->weightsSize(), 16u);
  for (int repeat = 0; repeat < 2; ++repeat) {
    auto outputs = artefact->run(0, {image({1, 10, 100, 1000})});
    ASSERT_TRUE(static_cast<bool>(outputs));
    const float *values = outputs->front().data<float>();
    EXPECT_THAT(std::vector<float>(values, values + 4),
                testing::ElementsAre(2, 30, 500, 7000));
  }
}

TEST_F(ArtefactTest, TellsWhichOutputHasTheShapeOfAnother) {
  auto fixed = Artefact::open(emitLibrary(folder, model));
  ASSERT_TRUE(static_cast<bool>(fixed));
  EXPECT_EQ(fixed->info().entry_points[0]->shape_outputs, nullptr);
  EXPECT_FALSE(fixed->spec().entryPoints[0].outputs[0].shapeOutput);

  TestFolder otherFolder;
  TestModel other;
  other.spec.entryPoints[0].outputs[0].shapeOutput = 0;
  auto decided = Artefact::open(emitLibrary(otherFolder, other));
  ASSERT_TRUE(static_cast<bool>(decided));
  EXPECT_EQ(decided->spec().entryPoints[0].outputs[0].shapeOutput, 0u);
}

TEST_F(ArtefactTest, SeveralModelsAtOnce) {
  auto first = Artefact::open(emitLibrary(folder, model));
  TestFolder otherFolder;
  TestModel other;
  other.factors = {1, 1, 1, 1};
  auto second = Artefact::open(emitLibrary(otherFolder, other));
  ASSERT_TRUE(first && second);
  auto firstOutputs = first->run(0, {image({1, 1, 1, 1})});
  auto secondOutputs = second->run(0, {image({1, 1, 1, 1})});
  ASSERT_TRUE(firstOutputs && secondOutputs);
  EXPECT_EQ(firstOutputs->front().data<float>()[0], 2);
  EXPECT_EQ(secondOutputs->front().data<float>()[0], 1);
}

TEST_F(ArtefactTest, ChecksInputs) {
  auto artefact = Artefact::open(emitLibrary(folder, model));
  ASSERT_TRUE(static_cast<bool>(artefact));
  auto errorOf = [&](std::vector<Tensor> inputs) {
    return llvm::toString(artefact->run(0, inputs).takeError());
  };
  EXPECT_THAT(errorOf({}), HasSubstr("takes 1 inputs"));
  EXPECT_THAT(errorOf({image({1, 2})}),
              testing::AllOf(HasSubstr("'image:0'"), HasSubstr("1x4")));
  EXPECT_THAT(errorOf({Tensor(ElementType::I8, {1, 4})}), HasSubstr("int8"));
  EXPECT_THAT(llvm::toString(artefact->findEntryPoint("go").takeError()),
              HasSubstr("no entry point 'go', only run"));
}

TEST_F(ArtefactTest, NeedsNoArenaOfNoBytes) {
  model.spec.entryPoints[0].arenaSize = 0;
  std::unique_ptr<llvm::Module> module = model.makeModule();
  llvm::Function *entry = module->getFunction("edgec_entry_run");
  entry->deleteBody();
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(model.context, "", entry));
  builder.CreateStore(llvm::ConstantFP::get(builder.getFloatTy(), 42),
                      entry->getArg(1));
  builder.CreateRetVoid();
  EmitRequest request;
  request.directory = folder.path();
  request.sharedLibrary = true;
  expectSuccess(emitArtefacts(std::move(module), model.spec, model.weights,
                              target("x86-64-v2"), request));
  auto artefact = Artefact::open(folder / "libtiny.so");
  ASSERT_TRUE(static_cast<bool>(artefact));
  Tensor input = image({1, 1, 1, 1});
  Tensor output(ElementType::F32, {1, 4});
  void *buffers[] = {input.mutableBytes(), output.mutableBytes()};
  const edgec_entry_point *info = artefact->info().entry_points[0];
  EXPECT_EQ(info->call(buffers, nullptr, nullptr), EDGEC_OK);
  EXPECT_EQ(output.data<float>()[0], 42);
  buffers[1] = nullptr;
  EXPECT_EQ(info->call(buffers, nullptr, nullptr), EDGEC_ERROR_NULL);
}

TEST_F(ArtefactTest, CallsTheTraceHook) {
  auto artefact = Artefact::open(emitLibrary(folder, model));
  ASSERT_TRUE(static_cast<bool>(artefact));
  std::vector<std::pair<size_t, int>> calls;
  edgec_context context = {};
  context.struct_size = sizeof context;
  context.trace_data = &calls;
  context.trace = [](void *data, size_t layer, int enter) {
    static_cast<decltype(calls) *>(data)->push_back({layer, enter});
  };
  auto outputs = artefact->run(0, {image({1, 1, 1, 1})}, &context);
  ASSERT_TRUE(static_cast<bool>(outputs));
  EXPECT_THAT(calls, testing::ElementsAre(std::pair(size_t(0), 1),
                                          std::pair(size_t(0), 0)));
}

TEST_F(ArtefactTest, RefusesOtherFiles) {
  EXPECT_THAT(openError(folder / "missing.so"), HasSubstr("cannot read"));
  writeFile(folder / "text.so", "not a library at all");
  EXPECT_THAT(openError(folder / "text.so"),
              HasSubstr("is not a shared library"));
  std::string library = emitLibrary(folder, model);
  std::string bytes = readFile(library);
  writeFile(folder / "cut.so", llvm::StringRef(bytes).take_front(100));
  EXPECT_NE(openError(folder / "cut.so"), "");
  writeFile(folder / "other.c", "int other_info(void) { return 1; }");
  runProgram({"cc", "-shared", "-fPIC", folder / "other.c", "-o",
              folder / "other.so"});
  EXPECT_THAT(openError(folder / "other.so"),
              HasSubstr("not a model compiled by edgec"));
}

TEST_F(ArtefactTest, RefusesAnotherAbiVersion) {
  std::string bytes = readFile(emitLibrary(folder, model));
  // The note: sizes and type, "edgec" padded to two words, the version.
  std::string owner("edgec\0\0\0", 8);
  size_t note = bytes.find(owner);
  ASSERT_NE(note, std::string::npos);
  bytes[note + owner.size()] = 99;
  writeFile(folder / "newer.so", bytes);
  EXPECT_THAT(openError(folder / "newer.so"), HasSubstr("ABI version 99"));
}

TEST_F(ArtefactTest, RefusesAnotherMachine) {
  EXPECT_THAT(openError(emitLibrary(folder, model, "aarch64")),
              testing::AllOf(HasSubstr("built for aarch64"),
                             HasSubstr("--target=host")));
}

/// edgec-runner on `library`, the way a user on a device would.
void checkRunner(const TestFolder &folder, const std::string &library,
                 std::vector<std::string> runner) {
  float values[] = {1, 10, 100, 1000}, result[4];
  writeFile(folder / "in.raw",
            llvm::StringRef(reinterpret_cast<char *>(values), sizeof values));
  std::vector<std::string> command = runner;
  command.insert(command.end(), {library, folder / "in.raw", "-o",
                                 folder / "out.raw", "--bench", "3"});
  std::string output;
  EXPECT_EQ(runProgram(command, &output), 0) << output;
  EXPECT_THAT(output, HasSubstr("median"));
  std::string bytes = readFile(folder / "out.raw");
  ASSERT_EQ(bytes.size(), sizeof result);
  std::memcpy(result, bytes.data(), sizeof result);
  EXPECT_THAT(result, testing::ElementsAre(2, 30, 500, 7000));

  runner.push_back(library);
  EXPECT_EQ(runProgram(runner, &output), 0);
  EXPECT_THAT(output, HasSubstr("input image:0: float32 [1,4], 16 bytes"));
  runner.push_back(library); // Any file of another size.
  EXPECT_EQ(runProgram(runner, &output), 1);
  EXPECT_THAT(output, HasSubstr("the file's size is not the input's"));
}

TEST_F(ArtefactTest, RunnerRunsIt) {
  checkRunner(folder, emitLibrary(folder, model),
              {EDGEC_BIN_DIR "/edgec-runner"});
}

TEST_F(ArtefactTest, RunnerRunsItOnAArch64) {
  std::string runner = EDGEC_BIN_DIR "/edgec-runner-aarch64";
  if (!hasProgram("qemu-aarch64") || !hasProgram(runner))
    GTEST_SKIP() << "needs g++-aarch64-linux-gnu and qemu-user";
  checkRunner(
      folder, emitLibrary(folder, model, "aarch64"),
      {"qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", "-cpu", "max", runner});
}

} // namespace
