//===- LayerProfileTest.cpp - Where a run's time goes ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/LayerProfile.h"
#include <gtest/gtest.h>

using namespace edgec;

namespace {

const std::vector<LayerSpec> layers = {
    {"conv", "contract", "f32", 1000000, 4000, 0},
    {"copy", "copy", "", 0, 8000, 1},
    {"qconv", "contract", "int8", 3000000, 2000, 2},
    {"wide", "contract", "", 500000, 1000, 3},
};
// A thousand million multiply-accumulates a second: a million in 1 ms.
const PeakRates peaks = {{Arithmetic::F32, 1e9}, {Arithmetic::Int8, 4e9}};
const std::vector<LayerTimes> times = {
    {{2.5, 2, 3}, 1}, {{1, 1, 1}, 1}, {{1, 1.5, 2}, 1}, {{5, 5, 5}, 1}};

TEST(LayerProfile, ComparesEachLayerWithThePeakOfItsArithmetic) {
  std::vector<LayerProfile> profiles = profileLayers(layers, times, peaks);
  ASSERT_EQ(profiles.size(), 4u);
  EXPECT_EQ(profiles[0].minimum, 2);
  EXPECT_EQ(profiles[0].median, 2.5);
  EXPECT_DOUBLE_EQ(profiles[0].percentOfPeak().value(), 50);
  EXPECT_DOUBLE_EQ(profiles[0].gops(), 1);
  EXPECT_DOUBLE_EQ(profiles[1].bandwidth(), 0.008);
  EXPECT_FALSE(profiles[1].percentOfPeak());
  EXPECT_DOUBLE_EQ(profiles[2].percentOfPeak().value(), 75);
  EXPECT_FALSE(profiles[3].percentOfPeak());
}

TEST(LayerProfile, SumsUpWhatCanBeCompared) {
  std::vector<LayerProfile> kinds =
      summariseKinds(profileLayers(layers, times, peaks));
  ASSERT_EQ(kinds.size(), 2u);
  EXPECT_EQ(kinds[0].kind, "contract");
  EXPECT_EQ(kinds[0].layers, 3u);
  EXPECT_EQ(kinds[0].minimum, 8);
  EXPECT_EQ(kinds[0].macs, 4500000u);
  // 1.75 ms at the peaks, of the 3 ms of the two layers that have one.
  EXPECT_DOUBLE_EQ(kinds[0].percentOfPeak().value(), 100 * 1.75 / 3);
  EXPECT_EQ(kinds[1].kind, "copy");
  EXPECT_FALSE(kinds[1].percentOfPeak());
}

TEST(LayerProfile, SumsUpEverything) {
  LayerProfile all = summariseAll(profileLayers(layers, times, peaks));
  EXPECT_EQ(all.layers, 4u);
  EXPECT_EQ(all.minimum, 9);
  EXPECT_EQ(all.bytes, 15000u);
  EXPECT_DOUBLE_EQ(all.percentOfPeak().value(), 100 * 1.75 / 3);
}

TEST(LayerProfile, TakesLayersThatTookNoTime) {
  std::vector<LayerProfile> profiles =
      profileLayers({layers[0]}, {{{0, 0}, 1}}, peaks);
  EXPECT_EQ(profiles[0].gops(), 0);
  EXPECT_FALSE(profiles[0].percentOfPeak());
}

TEST(LayerProfile, CountsTheRoundsOfLoops) {
  std::vector<LayerProfile> profiles =
      profileLayers({layers[0], layers[2]}, {{{20}, 10}, {{0}, 0}}, peaks);
  EXPECT_EQ(profiles[0].rounds, 10u);
  EXPECT_EQ(profiles[0].macs, 10000000u);
  EXPECT_EQ(profiles[0].bytes, 40000u);
  EXPECT_DOUBLE_EQ(profiles[0].percentOfPeak().value(), 50);
  // In a branch that was not taken.
  EXPECT_EQ(profiles[1].macs, 0u);
  EXPECT_FALSE(profiles[1].percentOfPeak());
}

} // namespace
