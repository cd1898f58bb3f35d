//===- TestImages.h - Image files for tests ---------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_UNITTESTS_DATA_TESTIMAGES_H
#define EDGEC_UNITTESTS_DATA_TESTIMAGES_H

#include <cstdint>
#include <string>
#include <vector>

namespace edgec {

/// How the pixels of a PNG file are stored; the values are libpng's.
enum class PngColour { Grey = 0, Rgb = 2, Palette = 3, Rgba = 6 };

/// A PNG file whose rows are `rows`, as they lie in the file before they are
/// compressed. A palette is 0: black, 1: (10, 20, 30), 2: (40, 50, 60).
std::string encodePng(int64_t height, int64_t width, PngColour colour,
                      int bitDepth, const std::vector<uint8_t> &rows);

/// A JPEG file of the best quality, with 1 (grey), 3 (RGB) or 4 (CMYK)
/// channels.
std::string encodeJpeg(int64_t height, int64_t width, int channels,
                       const std::vector<uint8_t> &pixels);

} // namespace edgec

#endif // EDGEC_UNITTESTS_DATA_TESTIMAGES_H
