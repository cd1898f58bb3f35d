//===- ModelInputsTest.cpp - Inputs from files or a generator -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/ModelInputs.h"
#include "edgec/Support/AtomicFile.h"
#include "edgec/Support/TensorFile.h"
#include "edgec/Tools/Errors.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace edgec;
using testing::HasSubstr;

namespace {

class Inputs : public testing::Test {
protected:
  Inputs() : folder(llvm::cantFail(TemporaryFolder::create())) {
    image = TensorSpec{"image", ElementType::F32, {2, 2}};
    count = TensorSpec{"count", ElementType::I64, {}};
    write("image.npy", Tensor(ElementType::F32, {2, 2}));
    write("double.npy", Tensor(ElementType::F64, {2, 2}));
    write("wide.npy", Tensor(ElementType::F32, {2, 3}));
    write("image.bin", Tensor(ElementType::F32, {2, 2}));
    llvm::cantFail(writeTensors(path("both.npz"),
                                {{"count", Tensor(ElementType::I64, {})},
                                 {"image", Tensor(ElementType::F32, {2, 2})}}));
  }

  std::string path(llvm::StringRef name) {
    return (folder.path() + "/" + name).str();
  }
  void write(llvm::StringRef name, const Tensor &tensor) {
    llvm::cantFail(writeTensor(path(name), tensor));
  }

  /// The message of what fails, "bound" if nothing does.
  std::string bind(const std::vector<std::string> &arguments,
                   const std::vector<TensorSpec> &inputs) {
    auto files = readInputFiles(arguments, namesOf(inputs));
    if (!files)
      return llvm::toString(files.takeError());
    auto tensors = bindInputs(std::move(*files), inputs);
    return tensors ? "bound" : llvm::toString(tensors.takeError());
  }

  TemporaryFolder folder;
  TensorSpec image, count;
};

TEST_F(Inputs, NeedNoNameWhenThereIsOne) {
  EXPECT_EQ(bind({path("image.npy")}, {image}), "bound");
  EXPECT_EQ(bind({path("image.bin")}, {image}), "bound");
  EXPECT_EQ(bind({"image=" + path("image.bin")}, {image}), "bound");
}

TEST_F(Inputs, GoByTheNamesInAnArchive) {
  EXPECT_EQ(bind({path("both.npz")}, {image, count}), "bound");
  EXPECT_EQ(bind({"image=" + path("both.npz")}, {image}), "bound");
  EXPECT_THAT(bind({path("both.npz")}, {image}),
              HasSubstr("the model has no input 'count'; its inputs are "
                        "'image'"));
}

TEST_F(Inputs, MayHaveNamesAndPathsWithEqualSigns) {
  TensorSpec odd{"a=b", ElementType::F32, {2, 2}};
  EXPECT_EQ(bind({"a=b=" + path("image.npy")}, {odd}), "bound");
  write("x=y.npy", Tensor(ElementType::F32, {2, 2}));
  EXPECT_EQ(bind({path("x=y.npy")}, {image}), "bound");
}

TEST_F(Inputs, SayWhatIsWrong) {
  EXPECT_THAT(bind({"img=" + path("image.npy")}, {image}),
              HasSubstr("no input 'img'; its inputs are 'image'"));
  EXPECT_THAT(bind({path("image.npy")}, {image, count}),
              HasSubstr("for which input?"));
  EXPECT_THAT(bind({"image=" + path("image.npy")}, {image, count}),
              HasSubstr("no value for input 'count' (int64 scalar)"));
  EXPECT_THAT(bind({path("double.npy")}, {image}),
              HasSubstr("takes float32 2x2"));
  EXPECT_THAT(bind({path("wide.npy")}, {image}), HasSubstr("float32 2x3"));
  EXPECT_THAT(bind({path("none.npy")}, {image}), HasSubstr("No such file"));
  EXPECT_THAT(bind({path("none.bin")}, {image}), HasSubstr("No such file"));
  EXPECT_THAT(bind({path("image.npy"), path("image.npy")}, {image}),
              HasSubstr("was given before"));
}

TEST(RandomInputs, AreReproducibleAndInRange) {
  std::vector<TensorSpec> specs = {{"f", ElementType::F32, {1000}},
                                   {"u", ElementType::U8, {1000}},
                                   {"i", ElementType::I64, {1000}}};
  std::vector<Tensor> first = randomInputs(specs, 7);
  std::vector<Tensor> again = randomInputs(specs, 7);
  std::vector<Tensor> other = randomInputs(specs, 8);
  auto bytes = [](const Tensor &tensor) {
    return llvm::StringRef(tensor.bytes(), tensor.byteCount());
  };
  for (size_t i = 0; i < specs.size(); ++i) {
    EXPECT_EQ(bytes(first[i]), bytes(again[i]));
    EXPECT_NE(bytes(first[i]), bytes(other[i]));
  }
  double sum = 0, largestByte = 0;
  for (int64_t i = 0; i < 1000; ++i) {
    EXPECT_GE(first[0].asDouble(i), -1);
    EXPECT_LT(first[0].asDouble(i), 1);
    sum += first[0].asDouble(i);
    largestByte = std::max(largestByte, first[1].asDouble(i));
    EXPECT_EQ(first[2].asInt(i) & ~int64_t(1), 0);
  }
  EXPECT_NEAR(sum / 1000, 0, 0.1);
  EXPECT_GT(largestByte, 200);
}

} // namespace
