//===- LayerCostTest.cpp - Which layers are divided among threads --------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/LayerCost.h"
#include "edgec/Target/CPU/TargetOptions.h"
#include "gtest/gtest.h"

using namespace edgec;

namespace {

TEST(LayerCost, BytesTakeLessThanFloats) {
  LayerCost floats{/*macs=*/1 << 20}, bytes{/*macs=*/1 << 20, /*macBits=*/8};
  EXPECT_DOUBLE_EQ(modelledNanoseconds(floats), 4 * modelledNanoseconds(bytes));
}

TEST(LayerCost, MemoryBoundsGemv) {
  // 1024 x 1024 floats are read for as many products.
  LayerCost gemv{1 << 20, 32, 0, 4 << 20};
  LayerCost inCache = gemv;
  inCache.bytes = 0;
  EXPECT_GT(modelledNanoseconds(gemv), modelledNanoseconds(inCache));
}

TEST(LayerCost, SmallLayersStayWhole) {
  LayerCost scores{/*macs=*/64 * 10, 32, 0, 64 * 10 * 4};
  EXPECT_EQ(chooseMaxParts(scores, defaultThreadGrain), 1);
  EXPECT_EQ(chooseMaxParts({}, defaultThreadGrain), 1);
}

TEST(LayerCost, PartsGrowWithTheLayer) {
  LayerCost cost{/*macs=*/1 << 20};
  int64_t parts = chooseMaxParts(cost, defaultThreadGrain);
  EXPECT_GT(parts, 2);
  cost.macs *= 2;
  EXPECT_GE(chooseMaxParts(cost, defaultThreadGrain), 2 * parts);
  EXPECT_GE(parts, chooseMaxParts(cost, 4 * defaultThreadGrain));
  cost.macs = int64_t(1) << 60; // Nothing overflows.
  EXPECT_GE(chooseMaxParts(cost, 1), parts);
}

TEST(LayerCost, NoGrainDividesEverything) {
  EXPECT_GT(chooseMaxParts({}, 0), 1000);
}

/// The longest of `parts` parts of the shared loops over the mean.
double imbalance(llvm::ArrayRef<int64_t> trips, int64_t parts) {
  int64_t total = 1, largest = 0;
  for (int64_t count : trips.take_front(chooseSharedLoops(trips)))
    total *= count;
  for (int64_t part = 0; part < parts; ++part)
    largest =
        std::max(largest, total * (part + 1) / parts - total * part / parts);
  return static_cast<double>(largest * parts) / static_cast<double>(total);
}

TEST(SharedLoops, OneEvenLoopIsEnough) {
  EXPECT_EQ(chooseSharedLoops({840, 7, 9}), 1u);
  EXPECT_EQ(chooseSharedLoops({1000, 7}), 1u);
}

TEST(SharedLoops, ShortLoopsAreWalkedAsOne) {
  // Seven tiles on two threads alone would be 4 and 3.
  EXPECT_EQ(chooseSharedLoops({7, 56, 4}), 2u);
  EXPECT_EQ(chooseSharedLoops({3, 5, 2}), 3u);
  EXPECT_EQ(chooseSharedLoops({1, 1, 512}), 3u);
  EXPECT_EQ(chooseSharedLoops({}), 0u);
}

TEST(SharedLoops, PartsAreEven) {
  for (int64_t outer : {1, 3, 7, 16})
    for (int64_t middle : {1, 5, 14, 56})
      for (int64_t parts = 2; parts <= 8; ++parts)
        EXPECT_LE(imbalance({outer, middle, 320}, parts), 1.03)
            << outer << " x " << middle << " on " << parts;
}

} // namespace
