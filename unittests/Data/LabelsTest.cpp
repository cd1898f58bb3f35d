//===- LabelsTest.cpp - What samples should give --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Labels.h"
#include "TestData.h"
#include <gtest/gtest.h>

using namespace edgec;

namespace {

const TensorSpec input{"x", ElementType::F32, {1, 2}};

class LabelsTest : public testing::Test {
protected:
  LabelsTest()
      : samples(cantFail(Samples::open(
            folder.write("x.npy", Tensor(ElementType::F32, {3, 2})), {},
            input))) {}

  llvm::Expected<Labels> open(const Tensor &tensor) {
    return Labels::open(folder.write("y.npy", tensor), samples);
  }

  TestFolder folder;
  Samples samples;
};

TEST_F(LabelsTest, AreClassesOfAnyType) {
  Labels labels = cantFail(open(tensorOf<float>({3, 1}, {2, 0, 1})));
  EXPECT_EQ(cantFail(labels.classOf(0, 3)), 2);
  EXPECT_EQ(cantFail(labels.classOf(2, 3)), 1);
}

TEST_F(LabelsTest, HaveToBeClassesOfTheModel) {
  Labels labels = cantFail(open(tensorOf<int32_t>({3}, {2, -1, 1})));
  EXPECT_TRUE(contains(messageOf(labels.classOf(0, 2)),
                       "label 2 of sample 0 is no class: the model has 2"));
  EXPECT_TRUE(contains(messageOf(labels.classOf(1, 2)), "label -1"));
}

TEST_F(LabelsTest, HaveToBeWhole) {
  Labels labels = cantFail(open(tensorOf<float>({3}, {0.5, 0, 1})));
  EXPECT_TRUE(contains(messageOf(labels.classOf(0, 2)), "0.5"));
}

TEST_F(LabelsTest, AreOneForEachSample) {
  EXPECT_TRUE(contains(messageOf(open(Tensor(ElementType::I64, {4}))),
                       "4 labels for 3 samples"));
  Labels labels = cantFail(open(Tensor(ElementType::I64, {3, 2})));
  EXPECT_TRUE(contains(messageOf(labels.classOf(0, 2)),
                       "a label has the shape 2, one number"));
}

TEST_F(LabelsTest, MayBeTargets) {
  Labels labels = cantFail(open(tensorOf<float>({3, 2}, {1, 2, 3, 4, 5, 6})));
  EXPECT_EQ(valuesOf(cantFail(labels.target(1, 0, 2))),
            (std::vector<double>{3, 4}));
  EXPECT_TRUE(contains(messageOf(labels.target(1, 0, 5)), "5 numbers"));
}

TEST_F(LabelsTest, MayBeTheOutputsOfOnnxDataSets) {
  folder.write("sets/test_data_set_0/input_0.pb",
               Tensor(ElementType::F32, {1, 2}));
  folder.write("sets/test_data_set_0/output_0.pb",
               tensorOf<float>({1, 2}, {3, 4}));
  Samples sets = cantFail(Samples::open(folder.path("sets"), {}, input));
  Labels labels = cantFail(Labels::open("", sets));
  EXPECT_EQ(valuesOf(cantFail(labels.target(0, 0, 2))),
            (std::vector<double>{3, 4}));
  EXPECT_TRUE(contains(messageOf(labels.target(0, 0, 3)), "3 numbers"));
  EXPECT_TRUE(contains(messageOf(labels.target(0, 1, 2)), "output 1"));
  EXPECT_TRUE(contains(messageOf(labels.classOf(0, 2)), "--labels"));
}

TEST_F(LabelsTest, AreAskedForWhereNothingTellsThem) {
  EXPECT_TRUE(contains(messageOf(Labels::open("", samples)), "--labels"));
}

} // namespace
