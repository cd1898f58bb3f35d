//===- TestModel.h - A small model in LLVM IR for the tests -----*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_TARGET_TESTMODEL_H
#define EDGEC_UNITTESTS_TARGET_TESTMODEL_H

#include "edgec/Target/Emit.h"
#include "gtest/gtest.h"
#include <string>
#include <vector>

namespace edgec::test {

/// logits[i] = image[i] * factors[i], with the factors `strideBytes` apart in
/// the weights section, between two calls of edgec_trace; copies within the
/// arena. What a code generator would hand over.
struct TestModel {
  static constexpr int64_t length = 4;
  static constexpr uint64_t arenaSize = 4096;

  explicit TestModel(uint64_t strideBytes = sizeof(float));

  std::unique_ptr<llvm::Module> makeModule();

  llvm::LLVMContext context;
  ModelSpec spec;
  WeightsSection weights;
  uint64_t strideBytes;
  std::vector<float> factors = {2, 3, 5, 7};
};

/// A folder that goes when the test ends.
class TestFolder {
public:
  TestFolder();
  ~TestFolder();
  std::string operator/(llvm::StringRef name) const;
  const std::string &path() const { return folder; }
  std::vector<std::string> entries() const;

private:
  std::string folder;
};

std::string readFile(llvm::StringRef path);
void writeFile(llvm::StringRef path, llvm::StringRef text);

/// Runs a program found on the PATH; its exit code, and its output in `output`.
int runProgram(std::vector<std::string> command, std::string *output = nullptr);
bool hasProgram(llvm::StringRef name);

TargetDescription target(llvm::StringRef name);

/// Fails the test with the error's message.
void expectSuccess(llvm::Error error);
/// The message of an expected error, "" if there is none.
std::string messageOf(llvm::Error error);

} // namespace edgec::test

#endif // EDGEC_UNITTESTS_TARGET_TESTMODEL_H
