//===- MemoryNeedTest.cpp - Whether a model fits a machine ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/MemoryNeed.h"
#include "gtest/gtest.h"

using namespace edgec;

namespace {

EntryPointSpec entryOf(std::vector<int64_t> input, std::vector<int64_t> output,
                       uint64_t arenaSize) {
  EntryPointSpec entry;
  entry.inputs.push_back({"x", ElementType::F32, std::move(input)});
  entry.outputs.push_back({"y", ElementType::U8, std::move(output)});
  entry.arenaSize = arenaSize;
  return entry;
}

bool fits(const EntryPointSpec &entry, uint64_t available) {
  llvm::Error error = requireMemory(entry, available);
  bool result = !error;
  llvm::consumeError(std::move(error));
  return result;
}

TEST(MemoryNeed, CountsInputsOutputsAndArena) {
  EntryPointSpec entry = entryOf({2, 3}, {10}, 64);
  EXPECT_TRUE(fits(entry, 2 * 3 * 4 + 10 + 64));
  EXPECT_FALSE(fits(entry, 2 * 3 * 4 + 10 + 63));
  EXPECT_TRUE(fits(entryOf({}, {0}, 0), 4));
}

TEST(MemoryNeed, SumsDoNotWrap) {
  int64_t large = int64_t{1} << 62;
  EXPECT_FALSE(fits(entryOf({large, 4}, {1}, 0), 1 << 20));
  EXPECT_FALSE(fits(entryOf({large / 2}, {large}, uint64_t{3} << 62), 1 << 20));
}

TEST(MemoryNeed, TheErrorSaysWhatIsTooMuch) {
  int64_t gib = 1 << 30;
  EXPECT_EQ(
      llvm::toString(requireMemory(entryOf({gib / 2}, {gib}, 5 * gib / 2),
                                   4 * uint64_t(gib))),
      "a run takes 5.5 GiB (2.0 for inputs, 1.0 for outputs, 2.5 for the "
      "arena) and this machine has 4.0; give smaller extents with "
      "--shape where the model leaves them open, or run it on a larger one");
}

TEST(MemoryNeed, ThisMachineHasSome) {
  EXPECT_TRUE(fits(entryOf({1 << 10}, {1}, 0), machineMemory()));
}

} // namespace
