//===- make_digits.cpp - Draws the example's data set ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws digits under random affine transforms, pens, blur and noise and writes
// them as NumPy arrays. The same options give the same bytes on every machine.
//
//===----------------------------------------------------------------------===//

#include "draw/Sampler.h"
#include "io/Normalize.h"

#include "edgec/Support/AtomicFile.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

#include <algorithm>

using namespace digits;
namespace cl = llvm::cl;

static cl::OptionCategory category("make_digits options");

static cl::opt<unsigned> count("count", cl::desc("Number of images (500)"),
                               cl::init(500), cl::cat(category));
static cl::opt<uint64_t>
    seed("seed", cl::desc("Which endless data set to take them from (2)"),
         cl::init(2), cl::cat(category));
static cl::opt<std::string>
    imagesPath("images",
               cl::desc("Write the images here: uint8 [count,1,28,28]"),
               cl::value_desc("x.npy"), cl::cat(category));
static cl::opt<std::string>
    labelsPath("labels", cl::desc("Write the labels here: int64 [count]"),
               cl::value_desc("y.npy"), cl::cat(category));
static cl::opt<std::string>
    samplePath("sample",
               cl::desc("Write one image here as the model wants it: float32 "
                        "[1,1,28,28] in 0 to 1"),
               cl::value_desc("digit.npy"), cl::cat(category));
static cl::opt<unsigned>
    sampleIndex("sample-index",
                cl::desc("Which image --sample writes; image i shows the digit "
                         "i mod 10 (7)"),
                cl::init(7), cl::cat(category));
static cl::opt<std::string> sheetPath(
    "sheet", cl::desc("Write all images into one picture to look at, 20 a row"),
    cl::value_desc("sheet.pgm"), cl::cat(category));

/// 784 MB of images; more would be a slip of the finger.
static constexpr unsigned maxCount = 1'000'000;

static llvm::Error writeImages(const std::vector<Image> &images) {
  edgec::Tensor tensor(
      edgec::ElementType::U8,
      {static_cast<int64_t>(images.size()), 1, imageSize, imageSize});
  uint8_t *to = tensor.mutableData<uint8_t>();
  for (const Image &image : images)
    to = std::copy(image.begin(), image.end(), to);
  return edgec::writeTensor(imagesPath, tensor);
}

static llvm::Error writeLabels() {
  edgec::Tensor tensor(edgec::ElementType::I64, {static_cast<int64_t>(count)});
  for (unsigned i = 0; i < count; ++i)
    tensor.mutableData<int64_t>()[i] = labelOfSample(i);
  return edgec::writeTensor(labelsPath, tensor);
}

static llvm::Error writeSample() {
  edgec::Tensor tensor(edgec::ElementType::F32, {1, 1, imageSize, imageSize});
  Image image = drawSample(seed, sampleIndex);
  std::transform(image.begin(), image.end(), tensor.mutableData<float>(),
                 normalizePixel);
  return edgec::writeTensor(samplePath, tensor);
}

/// A binary portable greymap (PGM), which every image viewer shows.
static llvm::Error writeSheet(const std::vector<Image> &images) {
  constexpr size_t columns = 20;
  size_t rows = (images.size() + columns - 1) / columns;
  size_t width = columns * imageSize;
  std::string pixels(width * rows * imageSize, '\0');
  for (size_t i = 0; i < images.size(); ++i) {
    size_t top = i / columns * imageSize, left = i % columns * imageSize;
    for (size_t y = 0; y < imageSize; ++y)
      std::copy_n(images[i].begin() + y * imageSize, imageSize,
                  pixels.begin() + (top + y) * width + left);
  }
  return edgec::writeFileAtomically(
      sheetPath, [&](llvm::raw_ostream &stream) -> llvm::Error {
        stream << "P5\n" << width << " " << rows * imageSize << "\n255\n";
        stream << pixels;
        return llvm::Error::success();
      });
}

static llvm::Error run() {
  if (imagesPath.empty() && labelsPath.empty() && samplePath.empty() &&
      sheetPath.empty())
    return llvm::createStringError(
        "nothing to write: give --images, --labels, --sample or --sheet");
  if (count == 0 || count > maxCount)
    return llvm::createStringError("--count must be 1 to %u", maxCount);

  if (!imagesPath.empty() || !sheetPath.empty()) {
    std::vector<Image> images(count);
    for (unsigned i = 0; i < count; ++i)
      images[i] = drawSample(seed, i);
    if (!imagesPath.empty())
      if (llvm::Error error = writeImages(images))
        return error;
    if (!sheetPath.empty())
      if (llvm::Error error = writeSheet(images))
        return error;
  }
  if (!labelsPath.empty())
    if (llvm::Error error = writeLabels())
      return error;
  if (!samplePath.empty())
    return writeSample();
  return llvm::Error::success();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(
      argc, argv,
      "draws pictures of digits\n\n"
      "  make_digits --count=12000 --seed=1 --images=x.npy --labels=y.npy\n");
  if (llvm::Error error = run()) {
    llvm::WithColor::error() << llvm::toString(std::move(error)) << "\n";
    return 1;
  }
  return 0;
}
