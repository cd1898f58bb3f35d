//===- ExceptionsTest.cpp - Folders that are known to fail ----------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/Exceptions.h"
#include "gtest/gtest.h"

using namespace edgec;

TEST(Exceptions, NamesAndReasons) {
  llvm::Expected<Exceptions> exceptions =
      Exceptions::parse("# Comment\n"
                        "\n"
                        "test_lstm  LSTM is not supported\r\n"
                        "  # Another one\n"
                        "\ttest_gru\tthe same, of GRU  \n"
                        "a/test_rnn RNN",
                        "x.txt");
  ASSERT_TRUE(bool(exceptions)) << toString(exceptions.takeError());
  EXPECT_EQ(exceptions->reasonOf("test_lstm"), "LSTM is not supported");
  EXPECT_EQ(exceptions->reasonOf("test_gru"), "the same, of GRU");
  EXPECT_EQ(exceptions->reasonOf("a/test_rnn"), "RNN");
  EXPECT_EQ(exceptions->reasonOf("test_ls"), std::nullopt);
  EXPECT_EQ(exceptions->reasonOf("#"), std::nullopt);
}

static std::string errorOf(llvm::Expected<Exceptions> exceptions) {
  return exceptions ? "" : toString(exceptions.takeError());
}

TEST(Exceptions, ReasonsAreNeeded) {
  EXPECT_EQ(errorOf(Exceptions::parse("# Comment\ntest_lstm LSTM\ntest_gru  \n",
                                      "x.txt")),
            "x.txt:3: 'test_gru' has no reason; write it behind the name");
}

TEST(Exceptions, NamesAreUnique) {
  EXPECT_EQ(errorOf(Exceptions::parse("a one\nb two\na three\n", "x.txt")),
            "x.txt:3: 'a' is listed twice");
}

TEST(Exceptions, FilesAreNamed) {
  std::string error = errorOf(Exceptions::read("there/is/none.txt"));
  EXPECT_NE(error.find("there/is/none.txt"), std::string::npos) << error;
}
