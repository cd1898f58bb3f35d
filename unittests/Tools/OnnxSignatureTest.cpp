//===- unittests/Tools/OnnxSignatureTest.cpp - The inputs of an ONNX file ===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/OnnxSignature.h"
#include "edgec/Support/AtomicFile.h"
#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

using namespace edgec;

namespace {

class OnnxFile : public testing::Test {
protected:
  OnnxFile() : folder(llvm::cantFail(TemporaryFolder::create())) {
    model.set_ir_version(8);
    addInput("image", {-1, 3, 224, 224});
    addInput("weights", {3, 3});
    onnx::TensorProto *weights = model.mutable_graph()->add_initializer();
    weights->set_name("weights");
    weights->set_raw_data(std::string(36, '\0'));
  }

  void addInput(const std::string &name, const std::vector<int64_t> &shape) {
    onnx::ValueInfoProto *input = model.mutable_graph()->add_input();
    input->set_name(name);
    auto *type = input->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    for (int64_t extent : shape) {
      auto *dim = type->mutable_shape()->add_dim();
      if (extent < 0)
        dim->set_dim_param("N");
      else
        dim->set_dim_value(extent);
    }
  }

  llvm::Expected<std::vector<OnnxInput>> read(llvm::StringRef bytes) {
    std::string path = (folder.path() + "/m.onnx").str();
    llvm::cantFail(writeFileAtomically(path, bytes));
    return readOnnxInputs(path);
  }

  TemporaryFolder folder;
  onnx::ModelProto model;
};

TEST_F(OnnxFile, ListsInputsWithoutInitializers) {
  addInput("scale", {1});
  auto inputs = read(model.SerializeAsString());
  ASSERT_TRUE(static_cast<bool>(inputs)) << toString(inputs.takeError());
  ASSERT_EQ(inputs->size(), 2u);
  EXPECT_EQ((*inputs)[0].name, "image");
  EXPECT_EQ((*inputs)[0].shape, (std::vector<int64_t>{-1, 3, 224, 224}));
  EXPECT_TRUE((*inputs)[0].isSymbolic());
  EXPECT_EQ((*inputs)[1].name, "scale");
  EXPECT_FALSE((*inputs)[1].isSymbolic());
}

TEST_F(OnnxFile, ReportsInputsWithoutAShape) {
  auto *type = model.mutable_graph()->mutable_input(0)->mutable_type();
  type->mutable_tensor_type()->clear_shape();
  auto inputs = read(model.SerializeAsString());
  ASSERT_TRUE(static_cast<bool>(inputs));
  EXPECT_FALSE((*inputs)[0].shape.has_value());
  EXPECT_TRUE((*inputs)[0].isSymbolic());
}

TEST_F(OnnxFile, SurvivesEveryPrefixAndEveryChangedByte) {
  std::string bytes = model.SerializeAsString();
  for (size_t i = 0; i < bytes.size(); ++i) {
    llvm::consumeError(read(llvm::StringRef(bytes).take_front(i)).takeError());
    std::string changed = bytes;
    changed[i] ^= 0x5a;
    llvm::consumeError(read(changed).takeError());
  }
}

TEST_F(OnnxFile, MayNotBeAnything) {
  auto inputs = read("this is a text, not a model");
  EXPECT_FALSE(static_cast<bool>(inputs));
  EXPECT_NE(toString(inputs.takeError()).find("not an ONNX model"),
            std::string::npos);
}

} // namespace
