//===- InterruptsTest.cpp -------------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/Interrupts.h"
#include "edgec/Support/AtomicFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <optional>
#include <unistd.h>

using namespace edgec;

namespace {

/// Paths that a process of its own, which is interrupted, uses.
class Interrupts : public testing::Test {
protected:
  void SetUp() override {
    auto created = TemporaryFolder::create();
    ASSERT_TRUE(bool(created));
    folder.emplace(std::move(*created));
  }

  std::string path(llvm::StringRef name) {
    llvm::SmallString<128> path(folder->path());
    llvm::sys::path::append(path, name);
    return std::string(path);
  }

  bool has(llvm::StringRef name) { return llvm::sys::fs::exists(path(name)); }

  void write(llvm::StringRef name) {
    if (writeFileAtomically(path(name), "text"))
      std::abort();
  }

  std::optional<TemporaryFolder> folder;
};

TEST_F(Interrupts, WaitForTheGuard) {
  auto interrupted = [&] {
    setInterruptAction(nullptr); // The folder is the parent's.
    InterruptGuard guard;
    write("unfinished");
    std::raise(SIGTERM);
    write("after");
    llvm::sys::RemoveFileOnSignal(path("unfinished"));
  };
  EXPECT_EXIT(
      {
        interrupted();
        std::exit(0);
      },
      testing::KilledBySignal(SIGTERM), "");
  EXPECT_TRUE(has("after"));
  EXPECT_FALSE(has("unfinished"));
}

TEST_F(Interrupts, AreNotCutShortByTheNext) {
  auto interrupted = [&] {
    {
      InterruptGuard guard;
    }
    setInterruptAction([] { kill(getpid(), SIGHUP); });
    write("unfinished");
    llvm::sys::RemoveFileOnSignal(path("unfinished"));
    std::raise(SIGHUP);
  };
  EXPECT_EXIT(interrupted(), testing::KilledBySignal(SIGHUP), "");
  EXPECT_FALSE(has("unfinished"));
}

TEST_F(Interrupts, RemoveFolders) {
  std::string name = folder->path().str();
  EXPECT_EXIT(std::raise(SIGINT), testing::KilledBySignal(SIGINT), "");
  EXPECT_FALSE(llvm::sys::fs::exists(name));
}

} // namespace
