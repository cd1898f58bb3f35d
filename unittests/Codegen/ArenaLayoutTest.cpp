//===- ArenaLayoutTest.cpp - Offsets of buffers in one arena -------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/ArenaLayout.h"

#include "gtest/gtest.h"

#include <random>

using namespace edgec;

namespace {

void expectValid(const std::vector<BufferLifetime> &buffers,
                 const ArenaLayout &layout, uint64_t alignment) {
  ASSERT_EQ(layout.offsets.size(), buffers.size());
  EXPECT_GE(layout.size, layout.lowerBound);
  for (size_t i = 0; i < buffers.size(); ++i) {
    EXPECT_EQ(layout.offsets[i] % alignment, 0u);
    EXPECT_LE(layout.offsets[i] + buffers[i].size, layout.size);
    for (size_t j = 0; j < i; ++j) {
      bool sameTime = buffers[i].first <= buffers[j].last &&
                      buffers[j].first <= buffers[i].last;
      bool apart = layout.offsets[i] + buffers[i].size <= layout.offsets[j] ||
                   layout.offsets[j] + buffers[j].size <= layout.offsets[i];
      EXPECT_TRUE(!sameTime || apart) << "buffers " << i << " and " << j;
    }
  }
}

TEST(ArenaLayout, NothingNeedsNoArena) {
  EXPECT_EQ(planOffsets({}, 64).size, 0u);
}

TEST(ArenaLayout, ChainOfLayersAlternates) {
  std::vector<BufferLifetime> chain;
  for (int64_t step = 0; step < 10; ++step)
    chain.push_back({1000, step, step + 1});
  ArenaLayout layout = planOffsets(chain, 64);
  expectValid(chain, layout, 64);
  EXPECT_EQ(layout.size, 2048u);
  EXPECT_EQ(layout.lowerBound, 2048u);
}

TEST(ArenaLayout, SmallestSufficientGapIsTaken) {
  // Two gaps of 256 and 128 bytes between buffers that live all the time.
  std::vector<BufferLifetime> buffers = {
      {1024, 0, 9}, {512, 0, 1}, {960, 0, 9},
      {448, 0, 1},  {832, 0, 9}, {448, 5, 6},
  };
  ArenaLayout layout = planOffsets(buffers, 64);
  expectValid(buffers, layout, 64);
  EXPECT_EQ(layout.size, layout.lowerBound);
}

TEST(ArenaLayout, EndOfOneAndStartOfTheNextOverlap) {
  std::vector<BufferLifetime> buffers = {{64, 0, 3}, {64, 3, 5}};
  ArenaLayout layout = planOffsets(buffers, 64);
  EXPECT_NE(layout.offsets[0], layout.offsets[1]);
}

TEST(ArenaLayout, RandomLifetimesNeverCollide) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<BufferLifetime> buffers;
    for (int i = 0; i < 60; ++i) {
      int64_t first = random() % 40;
      buffers.push_back(
          {random() % 5000, first, first + static_cast<int64_t>(random() % 8)});
    }
    ArenaLayout layout = planOffsets(buffers, 64);
    expectValid(buffers, layout, 64);
    EXPECT_LE(layout.size, layout.lowerBound * 3 / 2);
  }
}

} // namespace
