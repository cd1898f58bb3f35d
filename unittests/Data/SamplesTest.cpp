//===- SamplesTest.cpp - Data sets of every kind --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Samples.h"
#include "TestData.h"
#include "TestImages.h"
#include <gtest/gtest.h>

using namespace edgec;

namespace {

using Values = std::vector<double>;

const TensorSpec pairs{"x", ElementType::F32, {1, 2}};
const TensorSpec ids{"ids", ElementType::I64, {1}};

TensorSpec imageInput(std::vector<int64_t> shape) {
  return {"image", ElementType::F32, std::move(shape)};
}

Values batchOf(Samples &samples, int64_t first, size_t input = 0) {
  llvm::Expected<std::vector<Tensor>> batch = samples.batch(first);
  if (!batch) {
    ADD_FAILURE() << llvm::toString(batch.takeError());
    return {};
  }
  return valuesOf((*batch)[input]);
}

std::string batchMessage(Samples &samples, int64_t first = 0) {
  return messageOf(samples.batch(first));
}

Tensor threePairs() { return tensorOf<float>({3, 2}, {1, 2, 3, 4, 5, 6}); }

//===----------------------------------------------------------------------===//
// Stacked
//===----------------------------------------------------------------------===//

TEST(StackedSamples, AreReadInAnyOrder) {
  TestFolder folder;
  for (const char *name : {"x.npy", "x.npz", "x.pb", "x.bin"}) {
    Samples samples =
        cantFail(Samples::open(folder.write(name, threePairs()), {}, pairs));
    EXPECT_EQ(samples.size(), 3) << name;
    EXPECT_EQ(samples.batchSize(), 1);
    EXPECT_EQ(batchOf(samples, 2), (Values{5, 6})) << name;
    EXPECT_EQ(batchOf(samples, 0), (Values{1, 2})) << name;
    EXPECT_FALSE(samples.classOf(0).has_value());
  }
}

TEST(StackedSamples, FillTheLastBatchWithZeros) {
  TestFolder folder;
  TensorSpec input{"x", ElementType::F32, {2, 2}};
  Samples samples =
      cantFail(Samples::open(folder.write("x.npy", threePairs()), {}, input));
  EXPECT_EQ(samples.batchSize(), 2);
  EXPECT_EQ(batchOf(samples, 0), (Values{1, 2, 3, 4}));
  EXPECT_EQ(batchOf(samples, 2), (Values{5, 6, 0, 0}));
}

TEST(StackedSamples, MayHaveAnotherShapeOfAsManyElements) {
  TestFolder folder;
  auto accepts = [&](std::vector<int64_t> data, std::vector<int64_t> shape) {
    std::string path =
        folder.write("x.npy", Tensor(ElementType::U8, std::move(data)));
    TensorSpec input{"x", ElementType::F32, std::move(shape)};
    return messageOf(Samples::open(path, {}, input)) == "success";
  };
  EXPECT_TRUE(accepts({5, 1, 4, 4}, {1, 16}));
  EXPECT_TRUE(accepts({5, 1, 4, 4}, {3, 1, 4, 4}));
  EXPECT_FALSE(accepts({5, 1, 4, 4}, {1, 1, 4, 5}));
  EXPECT_FALSE(accepts({0, 1, 4, 4}, {1, 1, 4, 4}));
  EXPECT_FALSE(accepts({}, {1}));
}

TEST(StackedSamples, OfSeveralInputsGoByName) {
  TestFolder folder;
  TensorSpec inputs[] = {pairs, ids};
  Tensor numbers = tensorOf<int64_t>({3}, {7, 8, 9});
  cantFail(writeTensors(folder.path("both.npz"),
                        {{"more", Tensor(ElementType::F32, {1})},
                         {"ids", numbers},
                         {"x", threePairs()}}));
  folder.write("both/x.npy", threePairs());
  folder.write("both/ids.bin", numbers);
  for (const char *name : {"both.npz", "both"}) {
    Preprocessing doubled;
    doubled.scale = 2; // Of floating-point inputs only.
    Samples samples =
        cantFail(Samples::open(folder.path(name), doubled, inputs));
    EXPECT_EQ(batchOf(samples, 1, 0), (Values{6, 8}));
    EXPECT_EQ(batchOf(samples, 1, 1), (Values{8}));
  }
}

TEST(StackedSamples, OfInputsWithoutACommonBatchAreWhole) {
  TestFolder folder;
  TensorSpec inputs[] = {pairs, {"state", ElementType::F32, {2, 1, 1}}};
  cantFail(
      writeTensors(folder.path("x.npz"),
                   {{"x", tensorOf<float>({2, 1, 2}, {1, 2, 3, 4})},
                    {"state", tensorOf<float>({2, 2, 1, 1}, {5, 6, 7, 8})}}));
  Preprocessing shifted;
  shifted.mean = {1};
  Samples samples =
      cantFail(Samples::open(folder.path("x.npz"), shifted, inputs));
  EXPECT_EQ(samples.size(), 2);
  EXPECT_EQ(samples.batchSize(), 1);
  EXPECT_EQ(batchOf(samples, 1, 0), (Values{2, 3}));
  EXPECT_EQ(batchOf(samples, 1, 1), (Values{6, 7}));
}

TEST(StackedSamples, OfSeveralInputsAreAsMany) {
  TestFolder folder;
  TensorSpec inputs[] = {pairs, ids};
  folder.write("both/x.npy", threePairs());
  folder.write("both/ids.npy", Tensor(ElementType::I64, {4}));
  EXPECT_TRUE(
      contains(messageOf(Samples::open(folder.path("both"), {}, inputs)),
               "3 samples for input 'x' and 4 for input 'ids'"));
}

TEST(StackedSamples, OfOneInputAreRefusedForTwo) {
  TestFolder folder;
  TensorSpec inputs[] = {pairs, ids};
  EXPECT_TRUE(contains(
      messageOf(Samples::open(folder.write("x.npy", threePairs()), {}, inputs)),
      "a folder with a file for each ('x.npy', ...)"));
  cantFail(writeTensors(folder.path("x.npz"),
                        {{"x", threePairs()}, {"y", threePairs()}}));
  EXPECT_TRUE(
      contains(messageOf(Samples::open(folder.path("x.npz"), {}, inputs)),
               "no array is called 'ids'; the archive has 'x', 'y'"));
}

TEST(StackedSamples, OfRawElementsAreWhole) {
  TestFolder folder;
  EXPECT_TRUE(contains(
      messageOf(Samples::open(folder.write("x.raw", "123456789"), {}, pairs)),
      "9 bytes, which is no multiple of the 8 of a sample of input 'x'"));
}

TEST(StackedSamples, NameTheFileThatIsCutOff) {
  TestFolder folder;
  std::string path = folder.write("x.npy", "\x93NUMPY");
  std::string message = messageOf(Samples::open(path, {}, pairs));
  EXPECT_TRUE(contains(message, path));
  EXPECT_TRUE(contains(message, "cut off"));
}

//===----------------------------------------------------------------------===//
// ONNX's test data
//===----------------------------------------------------------------------===//

TEST(OnnxDataSets, AreWholeRunsInTheOrderOfTheirNumbers) {
  TestFolder folder;
  for (int i : {0, 2, 10})
    folder.write("test_data_set_" + std::to_string(i) + "/input_0.pb",
                 tensorOf<float>({2, 2}, {float(i), 1, 2, 3}));
  TensorSpec input{"x", ElementType::F32, {2, 2}};
  Samples samples = cantFail(Samples::open(folder.path(), {}, input));
  EXPECT_EQ(samples.size(), 3);
  EXPECT_EQ(samples.batchSize(), 1);
  EXPECT_EQ(batchOf(samples, 1), (Values{2, 1, 2, 3}));
  EXPECT_EQ(batchOf(samples, 2), (Values{10, 1, 2, 3}));
}

TEST(OnnxDataSets, NameTheInputThatIsMissing) {
  TestFolder folder;
  folder.write("test_data_set_0/input_0.pb", Tensor(ElementType::F32, {1, 2}));
  TensorSpec inputs[] = {pairs, ids};
  Samples samples = cantFail(Samples::open(folder.path(), {}, inputs));
  EXPECT_TRUE(contains(batchMessage(samples), "input_1.pb"));
}

//===----------------------------------------------------------------------===//
// A file for each sample
//===----------------------------------------------------------------------===//

TEST(SampleFiles, AreReadInTheOrderOfTheirNames) {
  TestFolder folder;
  folder.write("b.npy", tensorOf<float>({2}, {3, 4}));
  folder.write("a.bin", tensorOf<float>({1, 2}, {1, 2}));
  folder.write("notes.txt", "not a sample");
  Samples samples = cantFail(Samples::open(folder.path(), {}, pairs));
  EXPECT_EQ(samples.size(), 2);
  EXPECT_EQ(batchOf(samples, 0), (Values{1, 2}));
  EXPECT_EQ(batchOf(samples, 1), (Values{3, 4}));
}

TEST(SampleFiles, TakeTurnsAmongClasses) {
  TestFolder folder;
  auto write = [&](const char *name, float value) {
    folder.write(name, tensorOf<float>({2}, {value, value}));
  };
  write("cat/1.npy", 1), write("cat/2.npy", 2), write("cat/3.npy", 3);
  write("dog/1.npy", 4);
  Samples samples = cantFail(Samples::open(folder.path(), {}, pairs));
  ASSERT_EQ(samples.size(), 4);
  EXPECT_EQ(batchOf(samples, 1), (Values{4, 4}));
  EXPECT_EQ(samples.classOf(1), 1);
  EXPECT_EQ(batchOf(samples, 3), (Values{3, 3}));
  EXPECT_EQ(samples.classOf(3), 0);
}

TEST(SampleFiles, HaveTheClassThatTheirFolderIsCalled) {
  TestFolder folder;
  folder.write("10/x.npy", Tensor(ElementType::F32, {2}));
  folder.write("9/x.npy", Tensor(ElementType::F32, {2}));
  Samples samples = cantFail(Samples::open(folder.path(), {}, pairs));
  EXPECT_EQ(samples.classOf(0), 10);
  EXPECT_EQ(samples.classOf(1), 9);
}

TEST(SampleFiles, AreNeeded) {
  TestFolder folder;
  EXPECT_TRUE(contains(messageOf(Samples::open(folder.path(), {}, pairs)),
                       "there are no samples in this folder"));
}

TEST(SampleFiles, HaveToFit) {
  TestFolder folder;
  std::string path = folder.write("d/a.npy", Tensor(ElementType::F32, {3}));
  Samples samples = cantFail(Samples::open(folder.path("d"), {}, pairs));
  std::string message = batchMessage(samples);
  EXPECT_TRUE(contains(message, path));
  EXPECT_TRUE(
      contains(message, "a sample is 3, the model's input 'x' takes 2"));
}

#ifdef EDGEC_HAVE_PNG

/// Two pixels beside each other: (10, 20, 30) and (40, 50, 60).
std::string twoPixels() {
  return encodePng(1, 2, PngColour::Rgb, 8, {10, 20, 30, 40, 50, 60});
}

TEST(Images, AreLaidOutAsTheInputIs) {
  TestFolder folder;
  std::string path = folder.write("a.png", twoPixels());
  Preprocessing preprocessing;
  preprocessing.mean = {0, 1, 2};
  Samples first =
      cantFail(Samples::open(path, preprocessing, imageInput({1, 3, 1, 2})));
  EXPECT_EQ(batchOf(first, 0), (Values{10, 40, 19, 49, 28, 58}));
  Samples last =
      cantFail(Samples::open(path, preprocessing, imageInput({1, 1, 2, 3})));
  // The first extent is 1 as well: grey, of 2 x 3 pixels.
  EXPECT_TRUE(contains(batchMessage(last), "takes 2x3"));
  preprocessing.layout = ChannelLayout::Last;
  last = cantFail(Samples::open(path, preprocessing, imageInput({1, 1, 2, 3})));
  EXPECT_EQ(batchOf(last, 0), (Values{10, 19, 28, 40, 49, 58}));
}

TEST(Images, MayBeTakenAsGrey) {
  TestFolder folder;
  std::string path = folder.write("a.png", twoPixels());
  Samples samples = cantFail(Samples::open(path, {}, imageInput({1, 1, 1, 2})));
  // 0.299 · 10 + 0.587 · 20 + 0.114 · 30 = 18.15, and 30 more.
  EXPECT_EQ(batchOf(samples, 0), (Values{18, 48}));
}

TEST(Images, HaveToHaveTheSizeOfTheInput) {
  TestFolder folder;
  std::string path = folder.write("a.png", twoPixels());
  Samples samples = cantFail(Samples::open(path, {}, imageInput({1, 3, 4, 4})));
  std::string message = batchMessage(samples);
  EXPECT_TRUE(contains(message, path));
  EXPECT_TRUE(contains(message, "the image is 1x2"));
  EXPECT_TRUE(contains(message, "--resize=4,4"));
}

TEST(Images, NeedAnInputForImages) {
  TestFolder folder;
  std::string path = folder.write("a.png", twoPixels());
  Samples samples = cantFail(Samples::open(path, {}, imageInput({1, 5, 4, 7})));
  EXPECT_TRUE(contains(batchMessage(samples), "which is no image"));
}

TEST(Images, AreToldApartByTheirBytes) {
  TestFolder folder;
  std::string path = folder.write("a.jpg", twoPixels());
  Samples samples = cantFail(Samples::open(path, {}, imageInput({1, 3, 1, 2})));
  EXPECT_EQ(batchOf(samples, 0).front(), 10);
  folder.write("a.jpg", "GIF89a");
  EXPECT_TRUE(contains(batchMessage(samples), "neither a PNG nor a JPEG"));
}

#endif // EDGEC_HAVE_PNG

} // namespace
