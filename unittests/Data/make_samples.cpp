//===- make_samples.cpp - Sample files for the lit tests ------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// make-samples FILE.png|FILE.jpg HEIGHT,WIDTH R,G,B      an image of one colour
// make-samples FILE.png          HEIGHT,WIDTH GREY       a grey one
// make-samples FILE.jpg          HEIGHT,WIDTH C,M,Y,K    one for print
// make-samples FILE.npy          TYPE EXTENTS MODULUS    element i: i % MODULUS
// make-samples FILE.npz          TYPE EXTENTS MODULUS NAME...
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>

using namespace edgec;
using namespace llvm;

static std::vector<int64_t> numbers(StringRef text) {
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  std::vector<int64_t> values;
  for (StringRef part : parts)
    if (part.getAsInteger(10, values.emplace_back()))
      values.back() = 0;
  return values;
}

static std::string encodeImage(StringRef path, const std::vector<int64_t> &size,
                               const std::vector<int64_t> &colour) {
  std::vector<uint8_t> pixels;
  for (int64_t i = 0; i < size[0] * size[1]; ++i)
    for (int64_t value : colour)
      pixels.push_back(static_cast<uint8_t>(value));
  if (path.ends_with(".jpg"))
    return encodeJpeg(size[0], size[1], colour.size(), pixels);
  return encodePng(size[0], size[1],
                   colour.size() == 1 ? PngColour::Grey : PngColour::Rgb, 8,
                   pixels);
}

static Tensor makeTensor(StringRef type, std::vector<int64_t> shape,
                         int64_t modulus) {
  Tensor tensor(*parseElementType(type.str()), std::move(shape));
  size_t step = byteSize(tensor.type());
  for (int64_t i = 0, count = tensor.size(); i < count; ++i) {
    int64_t value = i % modulus;
    float real = static_cast<float>(value);
    const void *bytes = &value; // Little-endian: the low bytes.
    if (tensor.type() == ElementType::F32)
      bytes = &real;
    std::memcpy(tensor.mutableBytes() + i * step, bytes, step);
  }
  return tensor;
}

int main(int argc, char **argv) {
  if (argc < 4)
    return 2;
  StringRef path = argv[1];
  if (path.ends_with(".png") || path.ends_with(".jpg")) {
    std::error_code code;
    raw_fd_ostream stream(path, code);
    stream << encodeImage(path, numbers(argv[2]), numbers(argv[3]));
    return code || stream.has_error() ? 1 : 0;
  }
  if (argc < 5)
    return 2;
  std::vector<NamedTensor> tensors;
  Tensor tensor = makeTensor(argv[2], numbers(argv[3]), numbers(argv[4])[0]);
  for (int i = 5; i < argc; ++i)
    tensors.push_back({argv[i], tensor});
  if (tensors.empty())
    tensors.push_back({"", std::move(tensor)});
  if (Error error = writeTensors(path, tensors)) {
    errs() << toString(std::move(error)) << "\n";
    return 1;
  }
  return 0;
}
