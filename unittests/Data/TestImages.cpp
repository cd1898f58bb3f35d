//===- TestImages.cpp - Image files for tests -----------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"
#include <cstdio>
#include <cstdlib>

// Without the libraries there is nothing to make, and tests are skipped.
#ifdef EDGEC_HAVE_PNG
#include <png.h>

static void append(png_structp png, png_bytep bytes, png_size_t count) {
  static_cast<std::string *>(png_get_io_ptr(png))
      ->append(reinterpret_cast<char *>(bytes), count);
}

std::string edgec::encodePng(int64_t height, int64_t width, PngColour colour,
                             int bitDepth, const std::vector<uint8_t> &rows) {
  std::string bytes;
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &bytes, append, /*flush=*/nullptr);
  png_set_IHDR(png, info, width, height, bitDepth, static_cast<int>(colour),
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  const png_color palette[] = {{0, 0, 0}, {10, 20, 30}, {40, 50, 60}};
  if (colour == PngColour::Palette)
    png_set_PLTE(png, info, palette, 3);
  png_write_info(png, info);
  size_t rowBytes = rows.size() / height;
  for (int64_t y = 0; y < height; ++y)
    png_write_row(png, &rows[y * rowBytes]);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}
#else
std::string edgec::encodePng(int64_t, int64_t, PngColour, int,
                             const std::vector<uint8_t> &) {
  return "";
}
#endif

#ifdef EDGEC_HAVE_JPEG
// After <cstdio>, whose types it uses.
#include <jpeglib.h>

std::string edgec::encodeJpeg(int64_t height, int64_t width, int channels,
                              const std::vector<uint8_t> &pixels) {
  jpeg_compress_struct jpeg = {};
  jpeg_error_mgr errors = {};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char *buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &buffer, &size);
  jpeg.image_height = height;
  jpeg.image_width = width;
  jpeg.input_components = channels;
  jpeg.in_color_space = channels == 1   ? JCS_GRAYSCALE
                        : channels == 3 ? JCS_RGB
                                        : JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 100, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  while (jpeg.next_scanline < jpeg.image_height) {
    auto *row =
        const_cast<JSAMPROW>(&pixels[jpeg.next_scanline * width * channels]);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::string bytes(reinterpret_cast<char *>(buffer), size);
  std::free(buffer);
  return bytes;
}
#else
std::string edgec::encodeJpeg(int64_t, int64_t, int,
                              const std::vector<uint8_t> &) {
  return "";
}
#endif
