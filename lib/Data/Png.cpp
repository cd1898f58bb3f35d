//===- Png.cpp - PNG files by libpng --------------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Image.h"
#include <algorithm>
#include <cstring>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

#ifndef EDGEC_HAVE_PNG

Expected<Image> edgec::decodePng(StringRef bytes) {
  return createStringError("this edgec was built without libpng: convert the "
                           "image to JPEG, or build edgec where libpng-dev is "
                           "installed");
}

#else

#include <csetjmp>
#include <png.h>

namespace {

/// libpng reports errors by longjmp, which must not pass over objects with
/// destructors. So the functions below that call setjmp have none: whatever
/// needs memory is made by their callers and kept here.
struct Decoder {
  png_structp png = nullptr;
  png_infop info = nullptr;
  const char *bytes = nullptr;
  size_t rest = 0;
  char message[128] = "";
};

void readBytes(png_structp png, png_bytep to, png_size_t count) {
  auto *decoder = static_cast<Decoder *>(png_get_io_ptr(png));
  if (count > decoder->rest)
    png_error(png, "the file is cut off");
  std::memcpy(to, decoder->bytes, count);
  decoder->bytes += count;
  decoder->rest -= count;
}

[[noreturn]] void fail(png_structp png, png_const_charp message) {
  auto *decoder = static_cast<Decoder *>(png_get_error_ptr(png));
  std::strncpy(decoder->message, message, sizeof(decoder->message) - 1);
  png_longjmp(png, 1);
}

void ignoreWarning(png_structp, png_const_charp) {}

/// Reads the header, and asks for 8 bits of grey or of colour.
bool readHeader(Decoder &decoder) {
  if (setjmp(png_jmpbuf(decoder.png)))
    return false;
  png_set_read_fn(decoder.png, &decoder, readBytes);
  png_read_info(decoder.png, decoder.info);
  png_set_expand(decoder.png);
  png_set_scale_16(decoder.png);
  png_set_strip_alpha(decoder.png);
  png_set_interlace_handling(decoder.png);
  png_read_update_info(decoder.png, decoder.info);
  return true;
}

bool readRows(Decoder &decoder, png_bytep *rows) {
  if (setjmp(png_jmpbuf(decoder.png)))
    return false;
  png_read_image(decoder.png, rows);
  png_read_end(decoder.png, nullptr);
  return true;
}

Expected<Image> decode(Decoder &decoder, size_t fileSize) {
  auto broken = [&] {
    return createStringError(Twine("broken PNG file: ") + decoder.message);
  };
  if (!readHeader(decoder))
    return broken();
  Image image;
  image.size.height = png_get_image_height(decoder.png, decoder.info);
  image.size.width = png_get_image_width(decoder.png, decoder.info);
  image.channels = png_get_channels(decoder.png, decoder.info);
  // Deflate packs by 1032 at most, and a pixel may have 1 bit.
  uint64_t pixels = image.size.height * image.size.width;
  if (pixels > maximumPixels || pixels / 8 / 1032 > fileSize)
    return createStringError(
        fmt::format("the image claims {}x{} pixels, which is too much",
                    image.size.height, image.size.width));
  image.pixels.resize(pixels * image.channels);
  std::vector<png_bytep> rows;
  for (int64_t y = 0; y < image.size.height; ++y)
    rows.push_back(&image.pixels[y * image.size.width * image.channels]);
  if (!readRows(decoder, rows.data()))
    return broken();
  return image;
}

} // namespace

Expected<Image> edgec::decodePng(StringRef bytes) {
  Decoder decoder;
  decoder.bytes = bytes.data();
  decoder.rest = bytes.size();
  decoder.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder, fail,
                                       ignoreWarning);
  if (decoder.png)
    decoder.info = png_create_info_struct(decoder.png);
  Expected<Image> image =
      decoder.info
          ? decode(decoder, bytes.size())
          : Expected<Image>(createStringError("libpng cannot be initialised"));
  png_destroy_read_struct(&decoder.png, &decoder.info, nullptr);
  return image;
}

#endif // EDGEC_HAVE_PNG
