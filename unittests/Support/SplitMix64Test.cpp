//===- SplitMix64Test.cpp -------------------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/SplitMix64.h"
#include "gtest/gtest.h"

namespace {

// The numbers that other implementations of the paper's algorithm print.
TEST(SplitMix64, IsTheOneOfThePaper) {
  edgec::SplitMix64 generator(1234567);
  EXPECT_EQ(generator.next(), 6457827717110365317u);
  EXPECT_EQ(generator.next(), 3203168211198807973u);
  EXPECT_EQ(generator.next(), 9817491932198370423u);
}

} // namespace
