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
    EXPECT_LE(layout.size, layout.lowerBound * 115 / 100);
  }
}

/// Buffers that are known to fit: an arena of `height` bytes is cut, over time
/// and over space, into rectangles.
void cutArena(std::mt19937 &random, int64_t firstStep, int64_t lastStep,
              uint64_t height, std::vector<BufferLifetime> &buffers) {
  bool isSmall = lastStep - firstStep < 16 || height < 4096;
  if (isSmall || random() % 8 == 0) {
    buffers.push_back({height, firstStep, lastStep});
  } else if (random() % 2 == 0) {
    int64_t cut = firstStep + random() % (lastStep - firstStep);
    cutArena(random, firstStep, cut, height, buffers);
    cutArena(random, cut + 1, lastStep, height, buffers);
  } else {
    uint64_t cut = 64 * (1 + random() % (height / 64 - 1));
    cutArena(random, firstStep, lastStep, cut, buffers);
    cutArena(random, firstStep, lastStep, height - cut, buffers);
  }
}

TEST(ArenaLayout, PuzzlesWithoutGapsStayNearTheBound) {
  std::mt19937 random(11);
  for (int round = 0; round < 30; ++round) {
    std::vector<BufferLifetime> buffers;
    cutArena(random, 0, 99, 1 << 16, buffers);
    ArenaLayout layout = planOffsets(buffers, 64);
    expectValid(buffers, layout, 64);
    EXPECT_EQ(layout.lowerBound, 1u << 16);
    EXPECT_LE(layout.size, layout.lowerBound * 4 / 3)
        << buffers.size() << " buffers in round " << round;
  }
}

// No greedy order finds the bound: by size the first two buffers both start at
// the bottom, and the last, which meets both, finds no gap below 704 bytes.
TEST(ArenaLayout, SearchBeatsTheGreedyOrders) {
  std::vector<BufferLifetime> buffers = {
      {256, 6, 9}, {320, 2, 4}, {128, 5, 6}, {256, 4, 5}};
  ArenaLayout layout = planOffsets(buffers, 64);
  expectValid(buffers, layout, 64);
  EXPECT_EQ(layout.size, layout.lowerBound);
}

TEST(ArenaLayout, SameInputGivesTheSameLayout) {
  std::mt19937 random(3);
  std::vector<BufferLifetime> buffers;
  for (int i = 0; i < 100; ++i) {
    int64_t first = random() % 50;
    buffers.push_back(
        {random() % 5000, first, first + static_cast<int64_t>(random() % 9)});
  }
  EXPECT_EQ(planOffsets(buffers, 64).offsets, planOffsets(buffers, 64).offsets);
}

} // namespace
