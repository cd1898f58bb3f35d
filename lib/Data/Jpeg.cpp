//===- Jpeg.cpp - JPEG files by libjpeg -----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Data/Image.h"
#include <cstdio>
#include <cstring>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

#ifndef EDGEC_HAVE_JPEG

Expected<Image> edgec::decodeJpeg(StringRef bytes) {
  return createStringError("this edgec was built without libjpeg: convert the "
                           "image to PNG, or build edgec where libjpeg-dev is "
                           "installed");
}

#else

#include <csetjmp>
// After the standard headers, whose types they use.
#include <jpeglib.h>
// After jpeglib.h.
#include <jerror.h>

namespace {

/// libjpeg reports errors by longjmp, which must not pass over objects with
/// destructors. So the functions below that call setjmp have none: whatever
/// needs memory is made by their callers and kept here.
struct Decoder {
  jpeg_decompress_struct jpeg = {};
  jpeg_error_mgr errors = {};
  jmp_buf recovery;
  char message[JMSG_LENGTH_MAX] = "";
};

[[noreturn]] void fail(j_common_ptr jpeg) {
  auto *decoder = static_cast<Decoder *>(jpeg->client_data);
  jpeg->err->format_message(jpeg, decoder->message);
  std::longjmp(decoder->recovery, 1);
}

/// libjpeg goes on after damage with grey pixels; that would be a wrong sample.
/// Bytes between segments and after the end do no harm.
void handleMessage(j_common_ptr jpeg, int level) {
  if (level < 0 && jpeg->err->msg_code != JWRN_EXTRANEOUS_DATA)
    fail(jpeg);
}

bool readHeader(Decoder &decoder, StringRef bytes) {
  if (setjmp(decoder.recovery))
    return false;
  jpeg_create_decompress(&decoder.jpeg);
  jpeg_mem_src(&decoder.jpeg,
               reinterpret_cast<const unsigned char *>(bytes.data()),
               bytes.size());
  jpeg_read_header(&decoder.jpeg, TRUE);
  return true;
}

bool readRows(Decoder &decoder, uint8_t *pixels, int64_t rowBytes) {
  if (setjmp(decoder.recovery))
    return false;
  jpeg_start_decompress(&decoder.jpeg);
  while (decoder.jpeg.output_scanline < decoder.jpeg.output_height) {
    JSAMPROW row = pixels + decoder.jpeg.output_scanline * rowBytes;
    jpeg_read_scanlines(&decoder.jpeg, &row, 1);
  }
  jpeg_finish_decompress(&decoder.jpeg);
  return true;
}

Expected<Image> decode(Decoder &decoder, StringRef bytes) {
  auto broken = [&] {
    return createStringError(Twine("broken JPEG file: ") + decoder.message);
  };
  if (!readHeader(decoder, bytes))
    return broken();
  jpeg_decompress_struct &jpeg = decoder.jpeg;
  if (jpeg.num_components != 1 && jpeg.num_components != 3)
    return createStringError("the JPEG file has the colours of print (CMYK); "
                             "convert it to RGB");
  Image image;
  image.size = {jpeg.image_height, jpeg.image_width};
  image.channels = jpeg.num_components;
  int64_t pixels = image.size.height * image.size.width;
  if (pixels > maximumPixels)
    return createStringError(
        fmt::format("the image claims {}x{} pixels, which is too much",
                    image.size.height, image.size.width));
  jpeg.out_color_space = image.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  image.pixels.resize(pixels * image.channels);
  if (!readRows(decoder, image.pixels.data(),
                image.size.width * image.channels))
    return broken();
  return image;
}

} // namespace

Expected<Image> edgec::decodeJpeg(StringRef bytes) {
  Decoder decoder;
  decoder.jpeg.err = jpeg_std_error(&decoder.errors);
  decoder.jpeg.client_data = &decoder;
  decoder.errors.error_exit = fail;
  decoder.errors.emit_message = handleMessage;
  Expected<Image> image = decode(decoder, bytes);
  jpeg_destroy_decompress(&decoder.jpeg);
  return image;
}

#endif // EDGEC_HAVE_JPEG
