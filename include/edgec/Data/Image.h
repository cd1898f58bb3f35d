//===- Image.h - Images of 8 bits a channel ---------------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_DATA_IMAGE_H
#define EDGEC_DATA_IMAGE_H

#include "edgec/Data/Preprocessing.h"
#include "llvm/ADT/StringRef.h"
#include <vector>

namespace edgec {

/// Rows from the top, pixels from the left, channels together: grey (1) or red,
/// green, blue (3).
struct Image {
  ImageSize size;
  int64_t channels = 0;
  std::vector<uint8_t> pixels;
};

/// Whether `path` ends in .png, .jpg or .jpeg.
bool isImageFile(llvm::StringRef path);

/// Decodes a PNG or JPEG file, told apart by its first bytes. Palettes and
/// fewer bits are widened to 8, 16 bits are scaled to 8, transparency, colour
/// profiles and the orientation in EXIF data are ignored. CMYK, truncated and
/// damaged files are errors. Errors name the file.
llvm::Expected<Image> readImage(llvm::StringRef path);

/// The same, of bytes in memory.
llvm::Expected<Image> decodePng(llvm::StringRef bytes);
llvm::Expected<Image> decodeJpeg(llvm::StringRef bytes);

/// Grey from colours by ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, rounded to
/// the nearest; colours from grey by repetition.
Image convertChannels(Image image, int64_t channels);

/// Bilinear with antialiasing: where an axis shrinks, the triangle is widened
/// by that factor. First rows, then columns, rounded to 8 bits after each, in
/// fixed point of 22 bits, as Pillow computes it: the same bits everywhere.
Image resize(const Image &image, ImageSize size);

/// The size with `shorter` pixels on the shorter side and the same aspect
/// ratio, the longer side rounded down.
ImageSize scaledToShorter(ImageSize size, int64_t shorter);

/// The part of that size from the middle; an odd rest is rounded half to even,
/// as torchvision does. `size` must fit into the image.
Image cropCentre(const Image &image, ImageSize size);

/// The image after the resizing and cropping that was asked for; an error where
/// it is smaller than the crop.
llvm::Expected<Image> applyGeometry(Image image,
                                    const Preprocessing &preprocessing);

/// Height and width of an image may multiply to this at most: more is taken for
/// a malformed file.
constexpr int64_t maximumPixels = 1 << 26;

} // namespace edgec

#endif // EDGEC_DATA_IMAGE_H
