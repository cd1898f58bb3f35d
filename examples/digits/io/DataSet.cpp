//===- DataSet.cpp - Labelled images from NumPy files ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "io/DataSet.h"
#include "draw/Canvas.h"
#include "io/Normalize.h"
#include "nn/Networks.h"

#include "edgec/Support/TensorFile.h"

#include <algorithm>

using namespace digits;

Batch<float> DataSet::batch(const int *indices, int count) const {
  Batch<float> result(count, {imageSize, imageSize, 1});
  for (int n = 0; n < count; ++n) {
    auto image =
        images.begin() + static_cast<ptrdiff_t>(indices[n]) * imagePixels;
    std::transform(image, image + imagePixels, result.image(n), normalizePixel);
  }
  return result;
}

static llvm::Expected<edgec::Tensor>
readChecked(llvm::StringRef path, edgec::ElementType type,
            std::vector<int64_t> imageShape) {
  llvm::Expected<edgec::Tensor> tensor = edgec::readTensor(path);
  if (!tensor)
    return tensor.takeError();
  std::vector<int64_t> shape = tensor->shape();
  bool fits =
      tensor->type() == type && shape.size() == imageShape.size() + 1 &&
      shape[0] > 0 &&
      std::equal(imageShape.begin(), imageShape.end(), shape.begin() + 1);
  if (!fits)
    return llvm::createFileError(
        path, llvm::createStringError(
                  "%s of shape %s; make_digits writes images as uint8 "
                  "Nx1x28x28 and labels as int64 N",
                  std::string(edgec::name(tensor->type())).c_str(),
                  edgec::formatShape(shape).c_str()));
  return tensor;
}

llvm::Expected<DataSet> digits::readDataSet(llvm::StringRef imagesPath,
                                            llvm::StringRef labelsPath) {
  auto images = readChecked(imagesPath, edgec::ElementType::U8,
                            {1, imageSize, imageSize});
  if (!images)
    return images.takeError();
  auto labels = readChecked(labelsPath, edgec::ElementType::I64, {});
  if (!labels)
    return labels.takeError();
  if (images->dim(0) != labels->dim(0))
    return llvm::createFileError(
        labelsPath, llvm::createStringError("%lld labels for %lld images",
                                            (long long)labels->dim(0),
                                            (long long)images->dim(0)));

  DataSet set;
  const uint8_t *pixels = images->data<uint8_t>();
  set.images.assign(pixels, pixels + images->size());
  const int64_t *label = labels->data<int64_t>();
  set.labels.assign(label, label + labels->size());
  for (int64_t value : set.labels)
    if (value < 0 || value >= classCount)
      return llvm::createFileError(
          labelsPath, llvm::createStringError("label %lld is not a digit",
                                              (long long)value));
  return set;
}
