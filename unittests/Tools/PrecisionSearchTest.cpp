//===- PrecisionSearchTest.cpp - Bits for each layer within a budget ------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Tools/PrecisionSearch.h"
#include "gtest/gtest.h"

using namespace edgec;

namespace {

TEST(PrecisionSearch, TakesTheGreatestGainForItsCostFirst) {
  // As many weights and products in both; the second is noisier.
  std::vector<LayerSensitivity> layers = {
      {{"a", 100, 100}, {4, 8, 0}, {0.01, 0.001, 0}},
      {{"b", 100, 100}, {4, 8, 0}, {0.1, 0.02, 0}}};
  std::vector<PrecisionStep> expected = {
      {"b", 8}, {"a", 8}, {"b", 0}, {"a", 0}};
  EXPECT_EQ(orderSteps(layers), expected);
}

TEST(PrecisionSearch, WeighsNoiseAgainstBitsAndMultiplications) {
  // The same noise: the smaller layer costs less, whether in weights...
  std::vector<LayerSensitivity> weights = {
      {{"large", 1000, 10}, {8, 0}, {0.01, 0}},
      {{"small", 10, 10}, {8, 0}, {0.01, 0}}};
  EXPECT_EQ(orderSteps(weights).front().layer, "small");
  // ... or in work.
  std::vector<LayerSensitivity> macs = {{{"slow", 10, 1000}, {8, 0}, {0.01, 0}},
                                        {{"fast", 10, 10}, {8, 0}, {0.01, 0}}};
  EXPECT_EQ(orderSteps(macs).front().layer, "fast");
}

TEST(PrecisionSearch, EndsWithEverythingInFloat) {
  std::vector<LayerSensitivity> layers = {
      {{"a", 1, 0}, {2, 4, 8, 0}, {1, 2, 0.5, 0}},
      {{"b", 5, 0}, {2, 4, 8, 0}, {0, 0, 0, 0}}};
  std::vector<PrecisionStep> steps = orderSteps(layers);
  ASSERT_EQ(steps.size(), 6u);
  for (const char *name : {"a", "b"}) {
    std::vector<unsigned> bits;
    for (const PrecisionStep &step : steps)
      if (step.layer == name)
        bits.push_back(step.bits);
    EXPECT_EQ(bits, (std::vector<unsigned>{4, 8, 0}));
  }
  EXPECT_TRUE(orderSteps({}).empty());
}

} // namespace
