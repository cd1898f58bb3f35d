//===- OnnxDataSets.cpp - Folders of ONNX's test data ---------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Sources.h"
#include "edgec/Support/TensorFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <fmt/format.h>

using namespace edgec;
using namespace llvm;

namespace {

constexpr StringLiteral dataSetPrefix("test_data_set_");

/// Each folder has the inputs of one run, of the model's own shapes.
class OnnxDataSets : public SampleSource {
public:
  OnnxDataSets(std::vector<std::string> folders, const SampleShape &shape,
               ChannelLayout channels)
      : folders(std::move(folders)), inputs(shape.inputs), channels(channels) {
    // The batch is a part of these samples.
    if (shape.isBatched)
      for (TensorSpec &input : inputs)
        input.shape.insert(input.shape.begin(), shape.batch);
  }

  int64_t size() const override { return folders.size(); }
  bool isWholeRun() const override { return true; }
  ChannelLayout layout() const override { return channels; }

  Expected<std::vector<Tensor>> read(int64_t index) override {
    std::vector<Tensor> tensors;
    for (auto [i, input] : enumerate(inputs)) {
      std::string path = file(index, "input", i);
      Expected<Tensor> tensor = readTensor(path);
      if (!tensor)
        return tensor.takeError();
      if (Error error = checkElements(path, tensor->shape(), input))
        return std::move(error);
      tensors.push_back(std::move(*tensor));
    }
    return tensors;
  }

  Expected<std::optional<Tensor>> target(int64_t index,
                                         size_t output) const override {
    std::string path = file(index, "output", output);
    if (!sys::fs::exists(path))
      return std::nullopt;
    Expected<Tensor> tensor = readTensor(path);
    if (!tensor)
      return tensor.takeError();
    return std::optional<Tensor>(std::move(*tensor));
  }

private:
  std::string file(int64_t index, StringRef kind, size_t number) const {
    SmallString<128> path(folders[index]);
    sys::path::append(path, fmt::format("{}_{}.pb", kind.str(), number));
    return std::string(path);
  }

  std::vector<std::string> folders;
  std::vector<TensorSpec> inputs;
  ChannelLayout channels;
};

} // namespace

Expected<std::vector<std::string>> edgec::findOnnxDataSets(StringRef folder) {
  std::vector<std::pair<unsigned, std::string>> found;
  std::error_code code;
  for (sys::fs::directory_iterator it(folder, code), end; it != end && !code;
       it.increment(code)) {
    StringRef name = sys::path::filename(it->path());
    unsigned number;
    if (name.consume_front(dataSetPrefix) && !name.getAsInteger(10, number))
      found.push_back({number, it->path()});
  }
  if (code)
    return createFileError(folder, code);
  llvm::sort(found);
  std::vector<std::string> folders;
  for (auto &[number, path] : found)
    folders.push_back(std::move(path));
  return folders;
}

SourceOrError edgec::openOnnxDataSets(std::vector<std::string> folders,
                                      const Preprocessing &preprocessing,
                                      const SampleShape &shape) {
  return std::make_unique<OnnxDataSets>(
      std::move(folders), shape,
      preprocessing.layout.value_or(ChannelLayout::First));
}
