//===- HeaderTest.cpp - Generated headers and their names -----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Target/Header.h"
#include "TestModel.h"
#include "edgec/Target/Identifiers.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::test;
using testing::HasSubstr;

namespace {

TensorSpec named(std::string name) {
  return {std::move(name), ElementType::F32, {1}};
}

TEST(Identifiers, Sanitises) {
  EXPECT_EQ(cIdentifier("Input3"), "Input3");
  EXPECT_EQ(cIdentifier("gpu_0/data:0"), "gpu_0_data_0");
  EXPECT_EQ(cIdentifier("__x//y__"), "x_y");
  EXPECT_EQ(cIdentifier("int"), "int_tensor");
  EXPECT_EQ(cIdentifier("arena"), "arena_tensor");
  EXPECT_EQ(cIdentifier("uint8_t"), "uint8_t_tensor");
  EXPECT_EQ(cIdentifier("3d", "input"), "input_3d");
  EXPECT_EQ(cIdentifier("\xe5\x9b\xbe", "input"), "input");
  EXPECT_EQ(cIdentifier("", "output"), "output");
}

TEST(Identifiers, AreUniqueOverInputsAndOutputs) {
  TestModel model;
  model.spec.entryPoints[0].inputs = {named("a/b"), named("a_b"), named("a.b")};
  model.spec.entryPoints[0].outputs = {named("a b")};
  auto names = nameEntryPoints(model.spec);
  ASSERT_TRUE(static_cast<bool>(names));
  EXPECT_THAT((*names)[0].inputs,
              testing::ElementsAre("a_b", "a_b_2", "a_b_3"));
  EXPECT_THAT((*names)[0].outputs, testing::ElementsAre("a_b_4"));
}

TEST(Identifiers, RefusesNamesThatClash) {
  TestModel model;
  model.spec.name = "my-model";
  EXPECT_THAT(llvm::toString(nameEntryPoints(model.spec).takeError()),
              HasSubstr("--name"));
  model.spec.name = "tiny";
  model.spec.entryPoints[0].name = "info";
  EXPECT_THAT(llvm::toString(nameEntryPoints(model.spec).takeError()),
              HasSubstr("other than 'info'"));
}

TEST(Header, StatesTheInterface) {
  TestModel model;
  auto text = generateHeader(model.spec, target("x86-64-v3"));
  ASSERT_TRUE(static_cast<bool>(text));
  EXPECT_THAT(*text, HasSubstr("#define TINY_ARENA_SIZE 4096\n"));
  EXPECT_THAT(*text, HasSubstr("#define TINY_ARENA_ALIGN 64\n"));
  EXPECT_THAT(*text, HasSubstr("image_0: input, float32 [1,4], 'image:0'"));
  EXPECT_THAT(*text, HasSubstr("int tiny_run(const float *image_0,"));
  EXPECT_THAT(*text, HasSubstr("const edgec_model_info *tiny_info(void);"));
}

TEST(Header, SaysWhichShapesTheRunDecides) {
  TestModel model;
  auto fixed = generateHeader(model.spec, target("x86-64-v3"));
  ASSERT_TRUE(static_cast<bool>(fixed));
  EXPECT_THAT(*fixed, testing::Not(HasSubstr("true shape")));
  model.spec.entryPoints[0].outputs = {{"found", ElementType::I64, {2, 8}, 1},
                                       {"found_shape", ElementType::I64, {2}}};
  auto text = generateHeader(model.spec, target("x86-64-v3"));
  ASSERT_TRUE(static_cast<bool>(text));
  EXPECT_THAT(*text, HasSubstr("found: output, int64 [2,8] at most, "
                               "found_shape is its true shape\n"));
  EXPECT_THAT(*text, HasSubstr("int64_t *found_shape,"));
}

TEST(Header, NamesFurtherEntryPoints) {
  TestModel model;
  model.spec.entryPoints[0].name = "head";
  auto text = generateHeader(model.spec, target("x86-64-v3"));
  ASSERT_TRUE(static_cast<bool>(text));
  EXPECT_THAT(*text, HasSubstr("#define TINY_HEAD_ARENA_SIZE 4096\n"));
  EXPECT_THAT(*text, HasSubstr("int tiny_head(const float *"));
}

/// Names that do their best to break a C file.
TEST(Header, CompilesAsCAndCpp) {
  TestModel model;
  ModelSpec &spec = model.spec;
  spec.source = "*/ int x; /* \\ ?"
                "?/";
  spec.entryPoints[0].inputs = {
      {"*/ int y; /*", ElementType::F32, {}},
      {"int", ElementType::I64, {2, 0}},
      {"class", ElementType::Bool, {1}},
      {"//\\\n", ElementType::F16, {1}},
      {"TINY_ARENA_SIZE", ElementType::U8, {1}},
      {"size_t", ElementType::F64, {1}},
      {"edgec_context", ElementType::I8, {1}},
      {"/*/", ElementType::BF16, {1}},
  };
  EntryPointSpec second = spec.entryPoints[0];
  second.name = "tail";
  spec.entryPoints.push_back(second);
  auto text = generateHeader(spec, target("aarch64"));
  ASSERT_TRUE(static_cast<bool>(text));

  TestFolder folder;
  writeFile(folder / "tiny.h", *text);
  std::string source = "#include \"tiny.h\"\n#include \"tiny.h\"\n"
                       "int use(void);\n"
                       "int use(void) { return TINY_TAIL_ARENA_SIZE + "
                       "(int)tiny_info()->num_entry_points; }\n";
  writeFile(folder / "use.c", source);
  writeFile(folder / "use.cpp", source);
  std::vector<std::string> flags = {
      "-Wall",         "-Wextra", "-Werror",        "-pedantic",
      "-fsyntax-only", "-I",      EDGEC_RUNTIME_DIR};
  auto compile = [&](std::string compiler, std::string standard,
                     std::string file) {
    std::vector<std::string> command = {compiler, standard};
    command.insert(command.end(), flags.begin(), flags.end());
    command.push_back(file);
    runProgram(command);
  };
  compile("cc", "-std=c99", folder / "use.c");
  compile("cc", "-std=gnu99", folder / "use.c");
  compile("c++", "-std=c++11", folder / "use.cpp");
  compile("clang-19", "-std=c99", folder / "use.c");
  compile("clang++-19", "-std=c++20", folder / "use.cpp");
}

} // namespace
