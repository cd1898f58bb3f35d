//===- ImageTest.cpp - Decoding and resizing ------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Image.h"
#include "TestImages.h"
#include <gtest/gtest.h>

using namespace edgec;

namespace {

using Pixels = std::vector<uint8_t>;

Image grey(int64_t height, int64_t width, Pixels pixels) {
  return Image{{height, width}, 1, std::move(pixels)};
}

std::string messageOf(llvm::Expected<Image> image) {
  return image ? "success" : llvm::toString(image.takeError());
}

bool contains(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

TEST(Resize, WeighsATriangleOfTwiceTheStepWhereItShrinks) {
  // Weights .75 .75 .25 on pixels 0 to 2, and .25 .75 .75 on 1 to 3, over 1.75:
  // 125 / 1.75 = 71.4 and 205 / 1.75 = 117.1.
  EXPECT_EQ(resize(grey(1, 4, {0, 100, 200, 40}), {1, 2}).pixels,
            (Pixels{71, 117}));
  EXPECT_EQ(resize(grey(4, 1, {0, 100, 200, 40}), {2, 1}).pixels,
            (Pixels{71, 117}));
}

TEST(Resize, InterpolatesLinearlyWhereItGrows) {
  EXPECT_EQ(resize(grey(1, 2, {0, 100}), {1, 4}).pixels,
            (Pixels{0, 25, 75, 100}));
}

TEST(Resize, KeepsChannelsApart) {
  Image image{{1, 2}, 3, {0, 10, 20, 100, 110, 120}};
  EXPECT_EQ(resize(image, {1, 4}).pixels,
            (Pixels{0, 10, 20, 25, 35, 45, 75, 85, 95, 100, 110, 120}));
}

TEST(Resize, LeavesUniformImagesUniform) {
  for (int value : {0, 1, 127, 254, 255})
    for (ImageSize size : {ImageSize{3, 5}, {97, 64}, {1, 200}}) {
      Image image = grey(31, 17, Pixels(31 * 17, value));
      EXPECT_EQ(resize(image, size).pixels,
                Pixels(size.height * size.width, value));
    }
}

TEST(Resize, ScalesToTheShorterSide) {
  EXPECT_EQ(scaledToShorter({480, 640}, 256), (ImageSize{256, 341}));
  EXPECT_EQ(scaledToShorter({640, 480}, 256), (ImageSize{341, 256}));
  EXPECT_EQ(scaledToShorter({1, 1000}, 8), (ImageSize{8, 8000}));
  EXPECT_EQ(scaledToShorter({50, 50}, 224), (ImageSize{224, 224}));
}

TEST(Crop, TakesTheMiddle) {
  // 3 rows of 5: of an odd rest, 3 / 2 and 1 / 2 are rounded to 2 and 0.
  Image image = grey(3, 5, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14});
  EXPECT_EQ(cropCentre(image, {1, 3}).pixels, (Pixels{6, 7, 8}));
  EXPECT_EQ(cropCentre(image, {2, 2}).pixels, (Pixels{2, 3, 7, 8}));
}

TEST(ApplyGeometry, ResizesBeforeItCrops) {
  Preprocessing preprocessing;
  preprocessing.resizeShorter = 4;
  preprocessing.crop = ImageSize{4, 4};
  llvm::Expected<Image> image =
      applyGeometry(grey(2, 4, {9, 9, 9, 9, 9, 9, 9, 9}), preprocessing);
  ASSERT_TRUE(static_cast<bool>(image));
  EXPECT_EQ(image->size, (ImageSize{4, 4}));
}

TEST(ApplyGeometry, RefusesACropThatIsLarger) {
  Preprocessing preprocessing;
  preprocessing.crop = ImageSize{3, 2};
  EXPECT_TRUE(contains(
      messageOf(applyGeometry(grey(2, 2, {1, 2, 3, 4}), preprocessing)),
      "--resize=3"));
}

TEST(ConvertChannels, MakesGreyByBT601) {
  Image image{{1, 4}, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255}};
  EXPECT_EQ(convertChannels(image, 1).pixels, (Pixels{76, 150, 29, 255}));
  EXPECT_EQ(convertChannels(grey(1, 2, {3, 4}), 3).pixels,
            (Pixels{3, 3, 3, 4, 4, 4}));
}

//===----------------------------------------------------------------------===//
// PNG
//===----------------------------------------------------------------------===//

#ifdef EDGEC_HAVE_PNG

Pixels decodedPng(const std::string &bytes) {
  llvm::Expected<Image> image = decodePng(bytes);
  if (!image) {
    ADD_FAILURE() << llvm::toString(image.takeError());
    return {};
  }
  return image->pixels;
}

TEST(Png, IsDecodedExactly) {
  Pixels rgb = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  llvm::Expected<Image> image =
      decodePng(encodePng(2, 2, PngColour::Rgb, 8, rgb));
  ASSERT_TRUE(static_cast<bool>(image));
  EXPECT_EQ(image->size, (ImageSize{2, 2}));
  EXPECT_EQ(image->channels, 3);
  EXPECT_EQ(image->pixels, rgb);
}

TEST(Png, IsWidenedTo8Bits) {
  // Four pixels of 2 bits: 0 1 2 3.
  EXPECT_EQ(decodedPng(encodePng(1, 4, PngColour::Grey, 2, {0x1b})),
            (Pixels{0, 85, 170, 255}));
  EXPECT_EQ(decodedPng(encodePng(1, 2, PngColour::Palette, 8, {2, 1})),
            (Pixels{40, 50, 60, 10, 20, 30}));
}

TEST(Png, Of16BitsIsScaledTo8) {
  // 65535 / 257 = 255, and 0x10ff / 257 = 16.9: more than the high byte.
  EXPECT_EQ(decodedPng(
                encodePng(1, 2, PngColour::Grey, 16, {0xff, 0xff, 0x10, 0xff})),
            (Pixels{255, 17}));
}

TEST(Png, LosesItsTransparency) {
  EXPECT_EQ(decodedPng(encodePng(1, 1, PngColour::Rgba, 8, {1, 2, 3, 0})),
            (Pixels{1, 2, 3}));
}

TEST(Png, IsRefusedWhereItIsCutOff) {
  std::string bytes = encodePng(2, 2, PngColour::Grey, 8, {1, 2, 3, 4});
  for (size_t length = 0; length < bytes.size(); ++length)
    EXPECT_NE(messageOf(decodePng(llvm::StringRef(bytes).take_front(length))),
              "success");
}

TEST(Png, SurvivesEveryChangedByte) {
  std::string bytes = encodePng(2, 2, PngColour::Grey, 8, {1, 2, 3, 4});
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] ^= 0x5a;
    llvm::consumeError(decodePng(changed).takeError());
  }
}

#endif // EDGEC_HAVE_PNG

//===----------------------------------------------------------------------===//
// JPEG
//===----------------------------------------------------------------------===//

#ifdef EDGEC_HAVE_JPEG

TEST(Jpeg, OfOneColourKeepsIt) {
  Pixels pixels;
  for (int i = 0; i < 9 * 5; ++i)
    pixels.insert(pixels.end(), {200, 100, 50});
  llvm::Expected<Image> image = decodeJpeg(encodeJpeg(9, 5, 3, pixels));
  ASSERT_TRUE(static_cast<bool>(image)) << llvm::toString(image.takeError());
  EXPECT_EQ(image->size, (ImageSize{9, 5}));
  EXPECT_EQ(image->channels, 3);
  ASSERT_EQ(image->pixels.size(), pixels.size());
  for (size_t i = 0; i < pixels.size(); ++i) // The conversion to YCbCr rounds.
    EXPECT_NEAR(image->pixels[i], pixels[i], 2);
}

TEST(Jpeg, InGreyHasOneChannel) {
  llvm::Expected<Image> image = decodeJpeg(encodeJpeg(8, 8, 1, Pixels(64, 77)));
  ASSERT_TRUE(static_cast<bool>(image)) << llvm::toString(image.takeError());
  EXPECT_EQ(image->channels, 1);
  EXPECT_EQ(image->pixels, Pixels(64, 77));
}

TEST(Jpeg, ForPrintIsRefused) {
  EXPECT_TRUE(
      contains(messageOf(decodeJpeg(encodeJpeg(8, 8, 4, Pixels(256, 9)))),
               "convert it to RGB"));
}

TEST(Jpeg, IsRefusedWhereItIsCutOff) {
  std::string bytes = encodeJpeg(16, 16, 1, Pixels(256, 77));
  // Without the marker at the end, all pixels are there.
  for (size_t length = 0; length + 3 < bytes.size(); ++length)
    EXPECT_TRUE(contains(
        messageOf(decodeJpeg(llvm::StringRef(bytes).take_front(length))),
        "broken JPEG file"))
        << length;
}

TEST(Jpeg, SurvivesEveryChangedByte) {
  std::string bytes = encodeJpeg(8, 8, 3, Pixels(192, 77));
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] ^= 0x5a;
    llvm::consumeError(decodeJpeg(changed).takeError());
  }
}

#endif // EDGEC_HAVE_JPEG

} // namespace
