//===- unittests/Tools/IsolationTest.cpp - Tasks in processes of their own ===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Isolation.h"
#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>
#include <vector>

using namespace edgec;

namespace {

/// The results of tasks 0 ... count − 1, in the order in which they are told.
std::vector<IsolatedResult>
resultsOf(size_t count, const IsolationOptions &options,
          llvm::function_ref<std::string(size_t)> task) {
  std::vector<IsolatedResult> results;
  auto done = [&](size_t index, IsolatedResult result) {
    EXPECT_EQ(index, results.size());
    results.push_back(std::move(result));
  };
  EXPECT_FALSE(llvm::errorToBool(runIsolated(count, options, task, done)));
  return results;
}

TEST(Isolation, GivesTextsInOrder) {
  auto results = resultsOf(5, {3}, [](size_t index) {
    usleep(1000 * (5 - index)); // The later ones end first.
    return std::to_string(index);
  });
  ASSERT_EQ(results.size(), 5u);
  for (size_t i = 0; i < results.size(); ++i) {
    EXPECT_TRUE(results[i].completed);
    EXPECT_EQ(results[i].text, std::to_string(i));
  }
}

TEST(Isolation, SurvivesACrash) {
  auto results = resultsOf(2, {2}, [](size_t index) {
    if (index == 0)
      kill(getpid(), SIGKILL);
    return std::string("fine");
  });
  ASSERT_EQ(results.size(), 2u);
  EXPECT_FALSE(results[0].completed);
  EXPECT_EQ(results[0].text, "crashed: Killed");
  EXPECT_EQ(results[1].text, "fine");
}

TEST(Isolation, EndsWhatHangs) {
  IsolationOptions options;
  options.timeout = std::chrono::seconds(1);
  auto results = resultsOf(1, options, [](size_t) {
    pause();
    return std::string();
  });
  ASSERT_EQ(results.size(), 1u);
  EXPECT_FALSE(results[0].completed);
  EXPECT_EQ(results[0].text, "took longer than 1 s");
}

TEST(Isolation, PassesTextsThatAreLargerThanAPipe) {
  std::string text(1 << 20, 'x');
  auto results = resultsOf(1, {1}, [&](size_t) { return text; });
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].completed);
  EXPECT_EQ(results[0].text, text);
}

TEST(Isolation, ReportsAnExitCode) {
  auto results = resultsOf(1, {1}, [](size_t) -> std::string { _exit(7); });
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].text, "exited with code 7");
}

} // namespace
