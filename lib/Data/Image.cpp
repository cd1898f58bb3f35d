//===- Image.cpp - Images of 8 bits a channel -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Image.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

constexpr int coefficientBits = 22; // 8 of the pixel and 2 spare in 32.

/// One output pixel of an axis: a weighted sum of the input pixels from `first`
/// on.
struct Tap {
  int64_t first = 0;
  std::vector<int32_t> weights;
};

/// The taps of an axis that goes from `from` to `to` pixels.
std::vector<Tap> makeTaps(int64_t from, int64_t to) {
  double step = static_cast<double>(from) / static_cast<double>(to);
  double radius = std::max(step, 1.0); // of the triangle
  std::vector<Tap> taps;
  for (int64_t i = 0; i < to; ++i) {
    double centre = (static_cast<double>(i) + 0.5) * step;
    Tap tap;
    tap.first =
        std::max<int64_t>(static_cast<int64_t>(centre - radius + 0.5), 0);
    int64_t last =
        std::min<int64_t>(static_cast<int64_t>(centre + radius + 0.5), from);
    std::vector<double> weights;
    double sum = 0;
    for (int64_t x = tap.first; x < last; ++x) {
      double distance = (static_cast<double>(x) + 0.5 - centre) / radius;
      weights.push_back(std::max(1.0 - std::abs(distance), 0.0));
      sum += weights.back();
    }
    for (double weight : weights)
      tap.weights.push_back(static_cast<int32_t>(
          0.5 + weight / sum * (int64_t(1) << coefficientBits)));
    taps.push_back(std::move(tap));
  }
  return taps;
}

/// The weighted sum of pixels that lie `stride` apart.
uint8_t sumOf(const Tap &tap, const uint8_t *pixels, int64_t stride) {
  int64_t sum = int64_t(1) << (coefficientBits - 1);
  pixels += tap.first * stride;
  for (int32_t weight : tap.weights) {
    sum += int64_t(weight) * *pixels;
    pixels += stride;
  }
  return static_cast<uint8_t>(
      std::clamp<int64_t>(sum >> coefficientBits, 0, 255));
}

Image makeImage(ImageSize size, int64_t channels) {
  Image image{size, channels, {}};
  image.pixels.resize(size.height * size.width * channels);
  return image;
}

Image resizeRows(const Image &image, int64_t width) {
  std::vector<Tap> taps = makeTaps(image.size.width, width);
  Image result = makeImage({image.size.height, width}, image.channels);
  const uint8_t *row = image.pixels.data();
  uint8_t *to = result.pixels.data();
  for (int64_t y = 0; y < image.size.height; ++y) {
    for (const Tap &tap : taps)
      for (int64_t c = 0; c < image.channels; ++c)
        *to++ = sumOf(tap, row + c, image.channels);
    row += image.size.width * image.channels;
  }
  return result;
}

Image resizeColumns(const Image &image, int64_t height) {
  Image result = makeImage({height, image.size.width}, image.channels);
  int64_t rowSize = image.size.width * image.channels;
  uint8_t *to = result.pixels.data();
  for (const Tap &tap : makeTaps(image.size.height, height))
    for (int64_t i = 0; i < rowSize; ++i)
      *to++ = sumOf(tap, image.pixels.data() + i, rowSize);
  return result;
}

} // namespace

bool edgec::isImageFile(StringRef path) {
  std::string extension = sys::path::extension(path).lower();
  return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

Expected<Image> edgec::readImage(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createFileError(path, buffer.getError());
  StringRef bytes = (*buffer)->getBuffer();
  Expected<Image> image = createStringError(
      "this is neither a PNG nor a JPEG file; convert it to one of them");
  if (bytes.starts_with("\x89PNG")) {
    consumeError(image.takeError());
    image = decodePng(bytes);
  } else if (bytes.starts_with("\xff\xd8")) {
    consumeError(image.takeError());
    image = decodeJpeg(bytes);
  }
  if (!image)
    return createFileError(path, image.takeError());
  return image;
}

Image edgec::convertChannels(Image image, int64_t channels) {
  if (image.channels == channels)
    return image;
  Image result = makeImage(image.size, channels);
  const uint8_t *from = image.pixels.data();
  for (int64_t i = 0, count = image.size.height * image.size.width; i < count;
       ++i) {
    if (channels == 3) {
      std::fill_n(&result.pixels[3 * i], 3, from[i]);
      continue;
    }
    // In 16 bits of fraction; the weights sum to 1.
    uint32_t sum = 19595u * from[3 * i] + 38470u * from[3 * i + 1] +
                   7471u * from[3 * i + 2];
    result.pixels[i] = static_cast<uint8_t>((sum + 0x8000u) >> 16);
  }
  return result;
}

Image edgec::resize(const Image &image, ImageSize size) {
  if (image.size == size)
    return image;
  if (image.size.width == size.width)
    return resizeColumns(image, size.height);
  Image rows = resizeRows(image, size.width);
  return rows.size.height == size.height ? rows
                                         : resizeColumns(rows, size.height);
}

ImageSize edgec::scaledToShorter(ImageSize size, int64_t shorter) {
  auto longer = [&](int64_t side, int64_t other) {
    return std::max<int64_t>(shorter * side / other, 1);
  };
  if (size.width <= size.height)
    return {longer(size.height, size.width), shorter};
  return {shorter, longer(size.width, size.height)};
}

Image edgec::cropCentre(const Image &image, ImageSize size) {
  auto start = [](int64_t whole, int64_t part) {
    return static_cast<int64_t>(
        std::nearbyint(static_cast<double>(whole - part) / 2));
  };
  int64_t top = start(image.size.height, size.height);
  int64_t left = start(image.size.width, size.width);
  Image result = makeImage(size, image.channels);
  int64_t rowBytes = size.width * image.channels;
  for (int64_t y = 0; y < size.height; ++y)
    std::memcpy(
        &result.pixels[y * rowBytes],
        &image.pixels[((top + y) * image.size.width + left) * image.channels],
        rowBytes);
  return result;
}

Expected<Image> edgec::applyGeometry(Image image,
                                     const Preprocessing &preprocessing) {
  ImageSize size = preprocessing.resize.value_or(image.size);
  if (preprocessing.resizeShorter != 0)
    size = scaledToShorter(image.size, preprocessing.resizeShorter);
  if (size.height * size.width > maximumPixels)
    return createStringError(
        fmt::format("the image would be resized to {}x{}: too large",
                    size.height, size.width));
  image = resize(image, size);
  if (!preprocessing.crop)
    return image;
  ImageSize crop = *preprocessing.crop;
  if (crop.height > size.height || crop.width > size.width)
    return createStringError(fmt::format(
        "the image is {}x{} (height x width), and --crop keeps {}x{}; resize "
        "it before, for example with --resize={}",
        size.height, size.width, crop.height, crop.width,
        std::max(crop.height, crop.width)));
  return cropCentre(image, crop);
}
