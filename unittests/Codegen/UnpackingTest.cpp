//===- UnpackingTest.cpp - How weights of few bits become floats ---------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/Unpacking.h"
#include "TestTarget.h"

#include "gtest/gtest.h"
#include <algorithm>

using namespace edgec;

namespace {

TEST(Unpacking, FewRowsAreUnpackedBesideTheProducts) {
  for (VectorIsa isa : allIsas)
    for (int64_t rows : {1, 2, 4}) {
      StepShape step =
          chooseUnpacking(describe(isa), {}, {4, false}, {1, rows, 512});
      EXPECT_EQ(step.workOnPanels, 0) << rows;
      EXPECT_EQ(step.stepsOfB, 2) << rows;
    }
}

TEST(Unpacking, ManyRowsAreUnpackedForBefore) {
  for (VectorIsa isa : allIsas)
    for (bool haveScales : {false, true}) {
      StepShape step =
          chooseUnpacking(describe(isa), {}, {2, haveScales}, {14, 14, 512});
      EXPECT_GT(step.workOnPanels, 0);
      EXPECT_EQ(step.stepsOfB, 1);
    }
}

TEST(Unpacking, TilesForManyRowsAreThoseOfFloats) {
  TargetDescription target = describe(VectorIsa::Avx512);
  ContractExtents extents{28, 28, 128};
  StepShape step = chooseUnpacking(target, {}, {4, false}, extents);
  ContractTile tile = chooseContractTile(target, 32, extents, step);
  EXPECT_EQ(tile.rows(), 14);
  EXPECT_EQ(tile.vectors, 2);
}

TEST(Unpacking, TilesBesideUnpackingAreNotTall) {
  TargetDescription target = describe(VectorIsa::Avx512);
  for (int64_t rows : {27, 28, 49}) {
    ContractTile tile = chooseContractTile(
        target, 32, {1, rows, 512}, unpackBeside(target, {}, {4, false}));
    EXPECT_LE(tile.rows(), 12) << rows;
    EXPECT_GE(tile.vectors, 2) << rows;
  }
}

TEST(Unpacking, TheGivenPanelDecides) {
  // A panel of as many registers as one row wants is not for many rows.
  TargetDescription target = describe(VectorIsa::Avx512);
  StepShape step = chooseUnpacking(target, {}, {4, false}, {14, 14, 512}, 8);
  StepShape before = unpackBefore(target, {}, {4, false});
  StepShape beside = unpackBeside(target, {}, {4, false});
  ContractExtents extents{14, 14, 512};
  double least = std::min(modelledStepCycles(target, 32, extents, before, 8),
                          modelledStepCycles(target, 32, extents, beside, 8));
  EXPECT_EQ(modelledStepCycles(target, 32, extents, step, 8), least);
}

TEST(Unpacking, APanelThatFitsIsOneBlock) {
  std::optional<NestBlock> block = choosePanelBlock({3, 3, 32}, 2, 512);
  ASSERT_TRUE(block);
  EXPECT_TRUE(block->isWhole({3, 3, 32}));
}

TEST(Unpacking, ALongDimensionIsCutEvenly) {
  std::optional<NestBlock> block = choosePanelBlock({1, 1, 1152}, 2, 512);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->level, 2u);
  EXPECT_EQ(block->size, 384);
  EXPECT_FALSE(block->isWhole({1, 1, 1152}));
}

TEST(Unpacking, StepsOfAByteAndOfAGroupStayTogether) {
  for (int64_t unit : {2, 4, 32, 128})
    for (int64_t extent : {513, 700, 1001, 4096}) {
      std::optional<NestBlock> block = choosePanelBlock({extent}, unit, 512);
      ASSERT_TRUE(block);
      EXPECT_EQ(block->size % unit, 0) << extent << " by " << unit;
      EXPECT_LE(block->size, 512) << extent << " by " << unit;
    }
}

TEST(Unpacking, AGroupThatIsTooLongHasNoBlock) {
  EXPECT_FALSE(choosePanelBlock({2048}, 1024, 512));
}

TEST(Unpacking, TapsAreCutWithoutARest) {
  std::optional<NestBlock> block = choosePanelBlock({3, 3, 64}, 2, 512);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->level, 0u);
  EXPECT_EQ(block->size, 1);
  block = choosePanelBlock({5, 9, 64}, 2, 256);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->level, 1u);
  EXPECT_EQ(block->size, 3);
}

TEST(Unpacking, TilesAreCutEvenly) {
  NestBlock block = chooseTileBlock({14}, 9);
  EXPECT_EQ(block.level, 0u);
  EXPECT_EQ(block.size, 7);
  block = chooseTileBlock({28, 2}, 9);
  EXPECT_EQ(block.level, 0u);
  EXPECT_EQ(block.size, 4);
  block = chooseTileBlock({5, 20}, 9);
  EXPECT_EQ(block.level, 1u);
  EXPECT_EQ(block.size, 7);
}

TEST(Unpacking, FewTilesAreOneBlock) {
  EXPECT_TRUE(chooseTileBlock({2, 3}, 9).isWhole({2, 3}));
  EXPECT_EQ(chooseTileBlock({4}, 0).size, 1);
}

} // namespace
