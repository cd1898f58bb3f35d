//===- FolderSource.cpp - A file for each sample --------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sources.h"
#include "edgec/Data/Image.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstring>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

struct SampleFile {
  std::string path;
  std::optional<int64_t> label;
};

bool isSampleFile(StringRef path) {
  std::string extension = sys::path::extension(path).lower();
  return isImageFile(path) || isRawTensorFile(path) || extension == ".npy" ||
         extension == ".pb";
}

//===----------------------------------------------------------------------===//
// Reading one
//===----------------------------------------------------------------------===//

/// The places of height, width and channels in a model's input.
struct ImageInput {
  ImageSize size;
  int64_t channels = 1;
  ChannelLayout layout = ChannelLayout::First;
};

/// What kind of image the input takes; nothing where it takes none. `layout`
/// decides where the shape does not.
std::optional<ImageInput> imageInput(ArrayRef<int64_t> shape,
                                     std::optional<ChannelLayout> layout) {
  auto isColour = [](int64_t channels) {
    return channels == 1 || channels == 3;
  };
  if (shape.size() == 2)
    return ImageInput{{shape[0], shape[1]}, 1, ChannelLayout::First};
  if (shape.size() != 3)
    return std::nullopt;
  if (isColour(shape[0]) && layout != ChannelLayout::Last)
    return ImageInput{{shape[1], shape[2]}, shape[0], ChannelLayout::First};
  if (isColour(shape[2]) && layout != ChannelLayout::First)
    return ImageInput{{shape[0], shape[1]}, shape[2], ChannelLayout::Last};
  return std::nullopt;
}

Tensor toTensor(const Image &image, ChannelLayout layout) {
  int64_t pixels = image.size.height * image.size.width;
  Tensor tensor(ElementType::U8,
                {image.size.height, image.size.width, image.channels});
  auto *to = reinterpret_cast<uint8_t *>(tensor.mutableBytes());
  if (layout == ChannelLayout::Last) {
    std::memcpy(to, image.pixels.data(), image.pixels.size());
    return tensor;
  }
  for (int64_t c = 0; c < image.channels; ++c)
    for (int64_t i = 0; i < pixels; ++i)
      *to++ = image.pixels[i * image.channels + c];
  return tensor.reshaped({image.channels, image.size.height, image.size.width});
}

class FolderSource : public SampleSource {
public:
  FolderSource(std::vector<SampleFile> files, Preprocessing preprocessing,
               TensorSpec input)
      : files(std::move(files)), preprocessing(std::move(preprocessing)),
        input(std::move(input)),
        image(imageInput(this->input.shape, this->preprocessing.layout)) {}

  int64_t size() const override { return files.size(); }

  std::optional<int64_t> classOf(int64_t index) const override {
    return files[index].label;
  }

  ChannelLayout layout() const override {
    if (preprocessing.layout)
      return *preprocessing.layout;
    bool isImage = !files.empty() && isImageFile(files.front().path);
    return isImage && image ? image->layout : ChannelLayout::First;
  }

  Expected<std::vector<Tensor>> read(int64_t index) override {
    const std::string &path = files[index].path;
    Expected<Tensor> tensor = isImageFile(path) ? readPixels(path)
                              : isRawTensorFile(path)
                                  ? readRawTensor(path, input.type, input.shape)
                                  : readTensor(path);
    if (!tensor)
      return tensor.takeError();
    if (Error error = checkElements(path, tensor->shape(), input))
      return std::move(error);
    std::vector<Tensor> tensors;
    tensors.push_back(std::move(*tensor));
    return tensors;
  }

private:
  Expected<Tensor> readPixels(StringRef path) {
    if (!image)
      return createFileError(
          path, createStringError(fmt::format(
                    "a sample of the model's input '{}' is {}, which is no "
                    "image: 1 or 3 channels are expected first (--layout=nchw) "
                    "or last (--layout=nhwc)",
                    input.name, formatShape(input.shape))));
    Expected<Image> read = readImage(path);
    if (!read)
      return read.takeError();
    Expected<Image> adapted = applyGeometry(std::move(*read), preprocessing);
    if (!adapted)
      return createFileError(path, adapted.takeError());
    if (!(adapted->size == image->size))
      return createFileError(
          path,
          createStringError(fmt::format(
              "the image is {0}x{1} (height x width), the model's input '{2}' "
              "takes {3}x{4}; add --resize={3},{4}, or --resize={5} "
              "--crop={3},{4} to keep the aspect ratio",
              adapted->size.height, adapted->size.width, input.name,
              image->size.height, image->size.width,
              std::max(image->size.height, image->size.width))));
    return toTensor(convertChannels(std::move(*adapted), image->channels),
                    image->layout);
  }

  std::vector<SampleFile> files;
  Preprocessing preprocessing;
  TensorSpec input;
  std::optional<ImageInput> image;
};

//===----------------------------------------------------------------------===//
// Finding them
//===----------------------------------------------------------------------===//

struct FolderContents {
  std::vector<std::string> files, folders; ///< Sorted by name.
};

/// Samples and folders; hidden files and those of other kinds are passed over.
Expected<FolderContents> list(StringRef folder) {
  FolderContents contents;
  std::error_code code;
  for (sys::fs::directory_iterator it(folder, code), end; it != end && !code;
       it.increment(code)) {
    if (sys::path::filename(it->path()).starts_with("."))
      continue;
    if (sys::fs::is_directory(it->path()))
      contents.folders.push_back(it->path());
    else if (isSampleFile(it->path()))
      contents.files.push_back(it->path());
  }
  if (code)
    return createFileError(folder, code);
  llvm::sort(contents.files);
  llvm::sort(contents.folders);
  return contents;
}

/// The class that each folder stands for: the number that is its name where all
/// have one, or else its place in the order of names.
std::vector<int64_t> classesOf(ArrayRef<std::string> folders) {
  std::vector<int64_t> numbers, places;
  for (const std::string &folder : folders) {
    places.push_back(places.size());
    int64_t number;
    if (!sys::path::filename(folder).getAsInteger(10, number) && number >= 0)
      numbers.push_back(number);
  }
  return numbers.size() == folders.size() ? numbers : places;
}

/// The first file of each class, the second of each, and so on: the first n
/// samples are of all classes.
Expected<std::vector<SampleFile>> listClasses(ArrayRef<std::string> folders) {
  std::vector<std::vector<std::string>> classes;
  size_t most = 0;
  for (const std::string &folder : folders) {
    Expected<FolderContents> contents = list(folder);
    if (!contents)
      return contents.takeError();
    most = std::max(most, contents->files.size());
    classes.push_back(std::move(contents->files));
  }
  std::vector<int64_t> labels = classesOf(folders);
  std::vector<SampleFile> files;
  for (size_t i = 0; i < most; ++i)
    for (auto [paths, label] : zip_equal(classes, labels))
      if (i < paths.size())
        files.push_back({std::move(paths[i]), label});
  return files;
}

Expected<std::vector<SampleFile>> listSamples(StringRef path) {
  if (!sys::fs::is_directory(path))
    return std::vector<SampleFile>{{path.str(), std::nullopt}};
  Expected<FolderContents> contents = list(path);
  if (!contents)
    return contents.takeError();
  if (contents->files.empty())
    return listClasses(contents->folders);
  std::vector<SampleFile> files;
  for (std::string &file : contents->files)
    files.push_back({std::move(file), std::nullopt});
  return files;
}

} // namespace

SourceOrError edgec::openSampleFiles(StringRef path,
                                     const Preprocessing &preprocessing,
                                     const SampleShape &shape) {
  Expected<std::vector<SampleFile>> files = listSamples(path);
  if (!files)
    return files.takeError();
  if (shape.inputs.size() != 1)
    return createFileError(
        path,
        createStringError(fmt::format(
            "the model has {} inputs: give a folder with a file for each, "
            "named like it ('{}.npy', ...), a .npz archive, or folders "
            "of ONNX test data (test_data_set_0, ...)",
            shape.inputs.size(),
            shape.inputs.empty() ? "NAME" : shape.inputs.front().name)));
  if (files->empty())
    return createFileError(
        path, createStringError("there are no samples in this folder: images "
                                "(.png, .jpg), .npy, .pb, .bin or .raw files, "
                                "or folders of them, one a class"));
  return std::make_unique<FolderSource>(std::move(*files), preprocessing,
                                        shape.inputs.front());
}
