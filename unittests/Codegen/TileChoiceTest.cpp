//===- TileChoiceTest.cpp - Tiles for each instruction set ---------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Codegen/TileChoice.h"
#include "TestTarget.h"

#include "gtest/gtest.h"

using namespace edgec;

namespace {

TEST(TileChoice, LargeConvolutionsUseTheWholeRegisterFile) {
  ContractTile avx512 =
      chooseContractTile(describe(VectorIsa::Avx512), 32, {28, 28, 128});
  EXPECT_EQ(avx512.rows(), 14);
  EXPECT_EQ(avx512.vectors, 2);
  ContractTile avx2 =
      chooseContractTile(describe(VectorIsa::Avx2), 32, {1, 3072, 256});
  EXPECT_GE(avx2.rows() * avx2.vectors, 12);
}

TEST(TileChoice, TilesFitTheRegisters) {
  for (VectorIsa isa : allIsas)
    for (int64_t rows : {1, 3, 7, 10, 13, 28, 56})
      for (int64_t columns : {1, 10, 17, 64, 1000}) {
        TargetDescription target = describe(isa);
        ContractTile tile =
            chooseContractTile(target, 32, {rows, rows, columns});
        EXPECT_LE(tile.rows() * tile.vectors + tile.vectors + 1,
                  target.registerCount)
            << rows << " rows, " << columns << " columns";
        EXPECT_LE(tile.innerRows, rows);
        EXPECT_LE(tile.outerRows, rows);
      }
}

TEST(TileChoice, SmallImagesAreTiledOverSeveralLines) {
  ContractTile tile =
      chooseContractTile(describe(VectorIsa::Avx512), 32, {7, 7, 512});
  EXPECT_EQ(tile.innerRows, 7);
  EXPECT_GE(tile.outerRows, 2);
}

TEST(TileChoice, OneRowUsesEnoughVectorsToHideTheLatency) {
  for (VectorIsa isa : allIsas)
    EXPECT_GE(chooseContractTile(describe(isa), 32, {1, 1, 1024}).vectors, 7);
}

TEST(TileChoice, PanelsAreNotFilledWithManyZeros) {
  int64_t narrower = 0;
  for (VectorIsa isa : allIsas)
    for (int64_t columns : {40, 72, 136, 272, 600, 1000}) {
      TargetDescription target = describe(isa);
      ContractExtents extents{1, 1, columns};
      int64_t panel =
          choosePanelVectors(target, 32, extents) * target.lanes(32);
      int64_t fastest =
          chooseContractTile(target, 32, extents).vectors * target.lanes(32);
      int64_t packed = llvm::alignTo(columns, panel);
      int64_t padded = llvm::alignTo(columns, fastest);
      EXPECT_LE(packed, padded);
      narrower += packed < padded;
      EXPECT_LE(
          modelledStepCycles(target, 32, extents, {}, panel / target.lanes(32)),
          1.02 * modelledStepCycles(target, 32, extents));
    }
  EXPECT_GT(narrower, 0);
  // 1024 columns for 1000 are not many zeros.
  EXPECT_EQ(choosePanelVectors(describe(VectorIsa::Avx512), 32, {1, 1, 1000}),
            chooseContractTile(describe(VectorIsa::Avx512), 32, {1, 1, 1000})
                .vectors);
}

TEST(TileChoice, PanelsAreNoWiderThanTheColumns) {
  EXPECT_EQ(
      chooseContractTile(describe(VectorIsa::Avx512), 32, {1, 1, 10}).vectors,
      1);
  EXPECT_EQ(
      chooseContractTile(describe(VectorIsa::Neon), 32, {1, 1, 10}).vectors, 3);
}

TEST(TileChoice, RowTileKeepsTheGivenVectors) {
  ContractTile tile =
      chooseRowTile(describe(VectorIsa::Avx512), 32, {1, 49, 512}, 4);
  EXPECT_EQ(tile.vectors, 4);
  EXPECT_LE(tile.rows() * 4 + 5, 32);
}

/// A 3x3 window at stride 1 on an image of `width` pixels, one element each.
WindowExtents window3x3(int64_t width) { return {3, 3, width, 1, width, 1}; }

TEST(TileChoice, WindowTilesDivideLinesEvenly) {
  ContractTile tile = chooseWindowTile(describe(VectorIsa::Avx512),
                                       {14, 14, 64}, window3x3(16));
  EXPECT_EQ(14 % tile.innerRows, 0);
  EXPECT_GE(tile.rows(), 14);
  EXPECT_EQ(tile.vectors, 1);
}

TEST(TileChoice, TheSmallerOperandIsWalkedInside) {
  // Early layers: large images, few weights. Late ones: the other way round.
  EXPECT_EQ(chooseLoopOrder(56 * 56 * 64, 64 * 64), LoopOrder::ColumnsInside);
  EXPECT_EQ(chooseLoopOrder(7 * 7 * 512, 512 * 2048), LoopOrder::RowsInside);
}

TEST(TileChoice, WindowTilesLeaveRegistersForTaps) {
  for (VectorIsa isa : {VectorIsa::Avx2, VectorIsa::Avx512, VectorIsa::Neon}) {
    TargetDescription target = describe(isa);
    ContractTile tile = chooseWindowTile(target, {56, 56, 64}, window3x3(58));
    int64_t taps = tile.outerRows > 1 ? 9 : 3;
    EXPECT_LE(tile.rows() + taps + 2, int64_t(target.registerCount));
    EXPECT_GT(tile.rows(), 4);
  }
}

TEST(TileChoice, WindowTilesKeepGivenRows) {
  ContractTile tile = chooseWindowTile(describe(VectorIsa::Avx512), {7, 7, 64},
                                       {1, 3, 0, 1, 1, 1}, /*outerRows=*/2);
  EXPECT_EQ(tile.outerRows, 2);
  EXPECT_EQ(tile.innerRows, 7);
}

TEST(TileChoice, TilesOfRowsShareFetchingTheNextPanel) {
  EXPECT_EQ(choosePrefetchTiles(4), 4);
  // One tile reads all weights once: there is nothing to fetch early.
  EXPECT_EQ(choosePrefetchTiles(1), 0);
  // A share stays an element at a step or more.
  EXPECT_EQ(choosePrefetchTiles(1000), 16);
}

/// As fmla takes its operands: by lane, four steps a register.
StepShape laneStep() {
  StepShape step;
  step.broadcastsA = false;
  step.stepsOfA = 4;
  return step;
}

/// As smmla does: blocks of two rows.
StepShape blockStep() {
  StepShape step;
  step.broadcastsA = false;
  step.blockRows = 2;
  step.workOnA = 1;
  return step;
}

TEST(TileChoice, StepsByLaneKeepARegisterForEachRow) {
  for (int64_t rows : {1, 3, 7, 10, 13, 28, 56})
    for (int64_t columns : {1, 10, 17, 64, 1000}) {
      ContractTile tile = chooseContractTile(describe(VectorIsa::Neon), 32,
                                             {rows, rows, columns}, laneStep());
      EXPECT_LE(tile.rows() * tile.vectors + tile.rows() + 2 * tile.vectors, 32)
          << rows << " rows, " << columns << " columns";
    }
}

TEST(TileChoice, StepsByLaneFillTheRegisters) {
  ContractTile tile = chooseContractTile(describe(VectorIsa::Neon), 32,
                                         {56, 56, 64}, laneStep());
  EXPECT_GE(tile.rows() * tile.vectors, 16);
}

TEST(TileChoice, StepsByLaneLoadLittle) {
  // A load for every two multiplications or fewer keeps three starts a cycle
  // from being the limit, whether or not a takes work.
  StepShape flipping = laneStep();
  flipping.workOnA = flipping.extraRegisters = 1;
  for (const StepShape &step : {laneStep(), flipping})
    for (ContractExtents extents :
         {ContractExtents{1, 3136, 256}, ContractExtents{28, 28, 128},
          ContractExtents{14, 14, 512}, ContractExtents{7, 7, 512}}) {
      ContractTile tile =
          chooseContractTile(describe(VectorIsa::Neon), 32, extents, step);
      EXPECT_LE(2 * tile.vectors, tile.rows() * tile.vectors / 2)
          << extents.innerRows << " rows in a line";
    }
}

TEST(TileChoice, WorkOnAMakesTilesWider) {
  StepShape flipping = laneStep();
  flipping.workOnA = 1;
  ContractExtents extents{1, 8, 16};
  TargetDescription target = describe(VectorIsa::Neon);
  EXPECT_GT(chooseContractTile(target, 32, extents, flipping).vectors,
            chooseContractTile(target, 32, extents, laneStep()).vectors);
}

TEST(TileChoice, BlocksAreWideEnoughForTheWorkOnPairs) {
  ContractTile tile = chooseContractTile(describe(VectorIsa::Neon), 32,
                                         {1, 3136, 96}, blockStep());
  EXPECT_EQ(tile.rows() % 2, 0);
  // One vector instruction for a pair of rows, at most a tenth of all.
  EXPECT_GE(tile.vectors, 5);
}

TEST(TileChoice, RowsAreLimitedWhereOperandsAre) {
  StepShape step = laneStep();
  step.maxRows = 8;
  EXPECT_LE(chooseContractTile(describe(VectorIsa::Neon), 32, {1, 64, 4}, step)
                .rows(),
            8);
}

TEST(TileChoice, WorkOnBMakesTilesTaller) {
  TargetDescription avx2 = describe(VectorIsa::Avx2);
  ContractExtents extents{1, 3136, 64};
  ContractTile whole = chooseContractTile(avx2, 32, extents);
  StepShape unpacked;
  unpacked.stepsOfB = 2;
  unpacked.workOnB = 3;
  ContractTile tile = chooseContractTile(avx2, 32, extents, unpacked);
  EXPECT_GT(tile.rows(), whole.rows());
  EXPECT_LT(tile.vectors, whole.vectors);
}

TEST(TileChoice, CodeThatIsWorthTimeHasFewTileSizes) {
  TargetDescription target = describe(VectorIsa::Avx512);
  ContractExtents image{13, 13, 256}, classes{1, 169, 1000};
  StepShape unpacked;
  unpacked.stepsOfB = 2;
  unpacked.workOnB = unpacked.extraRegisters = 1;
  unpacked.worthOfCode = 0.1;
  for (const ContractExtents &extents : {image, classes}) {
    ContractTile tile = chooseContractTile(target, 32, extents, unpacked);
    EXPECT_EQ(extents.outerRows % tile.outerRows, 0);
    EXPECT_EQ(extents.innerRows % tile.innerRows, 0);
    // A tile may take longer than the fastest one, but not much.
    for (int64_t vectors = 1; vectors <= 4; ++vectors)
      EXPECT_LE(modelledStepCycles(target, 32, extents, unpacked),
                1.1 *
                    modelledStepCycles(target, 32, extents, unpacked, vectors));
  }
}

TEST(TileChoice, UnpackedElementsHaveRegisters) {
  StepShape unpacked;
  unpacked.stepsOfB = 2;
  for (VectorIsa isa : allIsas) {
    TargetDescription target = describe(isa);
    ContractTile tile = chooseContractTile(target, 32, {1, 3136, 64}, unpacked);
    EXPECT_LE(tile.rows() * tile.vectors + 2 * tile.vectors + 1,
              target.registerCount);
  }
}

} // namespace
