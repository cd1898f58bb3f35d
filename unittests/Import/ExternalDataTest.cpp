//===- ExternalDataTest.cpp - Weights beside the model ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestModels.h"
#include "gmock/gmock.h"

using namespace edgec;
using namespace edgec::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

class ExternalDataTest : public ImportTest {
protected:
  /// Imports x + w, where w is two floats in a file.
  bool importWith(const std::string &location, const std::string &more = "") {
    module = importGraph(
        floatValue("input", "x", {2}) + floatValue("output", "y", {2}) +
        "node { op_type: 'Add' input: 'x' input: 'w' output: 'y' }"
        "initializer { name: 'w' data_type: 1 dims: 2 data_location: EXTERNAL "
        "external_data { key: 'location' value: '" +
        location + "' }" + more + " }");
    return static_cast<bool>(module);
  }
  static std::string entry(const std::string &key, const std::string &value) {
    return "external_data { key: '" + key + "' value: '" + value + "' }";
  }
  static std::string floats(std::vector<float> values) {
    return {reinterpret_cast<const char *>(values.data()),
            values.size() * sizeof(float)};
  }

  mlir::OwningOpRef<mlir::ModuleOp> module;
};

TEST_F(ExternalDataTest, ReadsARangeOfAFile) {
  folder.write("w.bin", "\1" + floats({1, 10, 20, 4}));
  // An offset that no float is aligned to.
  ASSERT_TRUE(importWith("w.bin", entry("offset", "5") + entry("length", "8")))
      << messages;
  std::vector<Tensor> y = run(*module, {makeTensor<float>({2}, {1, 2})});
  EXPECT_THAT(valuesOf<float>(y.at(0)), ElementsAre(11, 22));
}

TEST_F(ExternalDataTest, ReadsBelowTheModelsFolder) {
  ASSERT_FALSE(llvm::sys::fs::create_directory(folder.path("weights")));
  folder.write("weights/w.bin", floats({1, 2}));
  EXPECT_TRUE(importWith("weights/w.bin")) << messages;
  EXPECT_TRUE(importWith("./weights/w.bin")) << messages;
}

TEST_F(ExternalDataTest, RefusesOtherFolders) {
  TemporaryFolder other;
  std::string file = other.write("w.bin", floats({1, 2}));
  EXPECT_FALSE(importWith(file));
  EXPECT_THAT(messages, HasSubstr("the path is not relative"));
  EXPECT_FALSE(importWith("../w.bin"));
  EXPECT_THAT(messages, HasSubstr("the path contains '..'"));
  ASSERT_FALSE(llvm::sys::fs::create_link(file, folder.path("link.bin")));
  EXPECT_FALSE(importWith("link.bin"));
  EXPECT_THAT(messages, HasSubstr("a link to another folder"));
}

TEST_F(ExternalDataTest, RefusesRangesThatTheFileDoesNotHave) {
  folder.write("w.bin", floats({1, 2}));
  EXPECT_FALSE(importWith("w.bin", entry("offset", "4")));
  EXPECT_THAT(messages,
              HasSubstr("needs bytes 4 to 12 of 'w.bin', which has 8"));
  EXPECT_FALSE(importWith("w.bin", entry("offset", "18446744073709551615")));
  EXPECT_FALSE(importWith("w.bin", entry("offset", "-1")));
  EXPECT_THAT(messages, HasSubstr("offset '-1' is not a number"));
  EXPECT_FALSE(importWith("w.bin", entry("length", "4")));
  EXPECT_THAT(messages, HasSubstr("has 4 bytes, its shape needs 8"));
}

TEST_F(ExternalDataTest, NamesAFileThatIsNotThere) {
  EXPECT_FALSE(importWith("gone.bin"));
  EXPECT_THAT(messages, HasSubstr("cannot open external data 'gone.bin'"));
  EXPECT_FALSE(importWith("."));
  EXPECT_FALSE(importWith(""));
}

} // namespace
