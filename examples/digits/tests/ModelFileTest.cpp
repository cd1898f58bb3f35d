//===- ModelFileTest.cpp - Networks to ONNX files and back ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "io/ModelFile.h"
#include "nn/Networks.h"

#include "edgec/Support/AtomicFile.h"
#include "onnx/onnx_pb.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <gtest/gtest.h>

using namespace digits;

namespace {

class ModelFile : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("digits", "onnx", path));
    ASSERT_EQ(llvm::toString(writeModel(path, *makeCnn<float>(1))), "");
  }
  void TearDown() override { llvm::sys::fs::remove(path); }

  onnx::ModelProto load() {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    onnx::ModelProto model;
    EXPECT_TRUE(buffer && model.ParseFromString((*buffer)->getBuffer().str()));
    return model;
  }
  void store(const onnx::ModelProto &model) {
    EXPECT_EQ(llvm::toString(
                  edgec::writeFileAtomically(path, model.SerializeAsString())),
              "");
  }
  /// What reading the file into the CNN complains about; empty if nothing.
  std::string readError() {
    return llvm::toString(readModel(path, *makeCnn<float>(2)));
  }

  llvm::SmallString<128> path;
};

bool contains(const std::string &text, const char *part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_F(ModelFile, ReadsWhatItWrote) {
  auto original = makeCnn<float>(1), copy = makeCnn<float>(2);
  std::vector<Parameter<float> *> expected, actual;
  original->collectParameters(expected);
  copy->collectParameters(actual);
  ASSERT_EQ(expected.size(), actual.size());
  EXPECT_NE(actual.front()->values, expected.front()->values);
  ASSERT_EQ(llvm::toString(readModel(path, *copy)), "");
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(actual[i]->values, expected[i]->values) << expected[i]->name;
}

TEST_F(ModelFile, NamesAMissingInitializer) {
  onnx::ModelProto model = load();
  model.mutable_graph()->mutable_initializer()->DeleteSubrange(0, 1);
  store(model);
  EXPECT_TRUE(contains(readError(), "no initializer 'stem.conv.weight'"))
      << readError();
}

TEST_F(ModelFile, NamesAnInitializerOfAnotherShape) {
  onnx::ModelProto model = load();
  model.mutable_graph()->mutable_initializer(0)->set_dims(0, 15);
  store(model);
  EXPECT_TRUE(contains(readError(), "'stem.conv.weight' has another type"))
      << readError();
}

TEST_F(ModelFile, RejectsAnotherGraph) {
  onnx::ModelProto model = load();
  model.mutable_graph()->mutable_node(2)->set_op_type("Sigmoid");
  store(model);
  EXPECT_TRUE(contains(readError(), "not the graph")) << readError();
}

TEST_F(ModelFile, RejectsOtherFiles) {
  EXPECT_EQ(llvm::toString(edgec::writeFileAtomically(path, "no model")), "");
  EXPECT_TRUE(contains(readError(), "not an ONNX model")) << readError();
}
