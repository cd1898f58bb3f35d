//===- TensorFile.cpp - Tensors in files ----------------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "edgec/Support/TensorFile.h"
#include "edgec/Support/AtomicFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace edgec;
using namespace llvm;

namespace {

enum class Format { Npy, Npz, TensorProto, Raw, Wave, Unknown };

Format formatOf(StringRef path) {
  std::string extension = sys::path::extension(path).lower();
  if (extension == ".npy")
    return Format::Npy;
  if (extension == ".npz")
    return Format::Npz;
  if (extension == ".pb")
    return Format::TensorProto;
  if (extension == ".bin" || extension == ".raw")
    return Format::Raw;
  if (extension == ".wav")
    return Format::Wave;
  return Format::Unknown;
}

Expected<std::unique_ptr<MemoryBuffer>> open(StringRef path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createFileError(path, buffer.getError());
  return std::move(*buffer);
}

Expected<NamedTensor> unnamed(Expected<Tensor> tensor) {
  if (!tensor)
    return tensor.takeError();
  return NamedTensor{"", std::move(*tensor)};
}

Expected<std::vector<NamedTensor>> single(Expected<NamedTensor> tensor) {
  if (!tensor)
    return tensor.takeError();
  std::vector<NamedTensor> result;
  result.push_back(std::move(*tensor));
  return result;
}

Expected<std::vector<NamedTensor>> parse(StringRef path, StringRef bytes) {
  switch (formatOf(path)) {
  case Format::Npy:
    return single(unnamed(parseNpy(bytes)));
  case Format::Npz:
    return parseNpz(bytes);
  case Format::TensorProto:
    return single(parseTensorProto(bytes));
  case Format::Raw:
    return createStringError("raw elements have no type and shape; they can "
                             "only be read as a model's input");
  case Format::Wave:
    return single(unnamed(parseWave(bytes)));
  case Format::Unknown:
    break;
  }
  return createStringError("unknown kind of tensor file; use .npy, .npz, "
                           ".pb (ONNX tensor), .bin (raw elements) or .wav");
}

/// Element `index` as an integer; nothing where it is a fraction or too large.
std::optional<int64_t> exactInteger(const Tensor &tensor, int64_t index) {
  if (tensor.type() == ElementType::U64 &&
      tensor.data<uint64_t>()[index] >
          uint64_t(std::numeric_limits<int64_t>::max()))
    return std::nullopt;
  if (!isFloatType(tensor.type()))
    return tensor.asInt(index);
  constexpr double limit = 9223372036854775808.0; // 2^63
  double value = tensor.asDouble(index);
  if (!(value >= -limit && value < limit) || value != std::floor(value))
    return std::nullopt;
  return static_cast<int64_t>(value);
}

} // namespace

void edgec::normaliseBooleans(Tensor &tensor) {
  if (tensor.type() != ElementType::Bool)
    return;
  char *bytes = tensor.mutableBytes();
  for (int64_t i = 0, count = tensor.size(); i < count; ++i)
    bytes[i] = bytes[i] != 0;
}

Expected<std::vector<NamedTensor>> edgec::readTensors(StringRef path) {
  Expected<std::unique_ptr<MemoryBuffer>> buffer = open(path);
  if (!buffer)
    return buffer.takeError();
  Expected<std::vector<NamedTensor>> tensors =
      parse(path, (*buffer)->getBuffer());
  if (!tensors)
    return createFileError(path, tensors.takeError());
  return tensors;
}

Expected<Tensor> edgec::readTensor(StringRef path) {
  Expected<std::vector<NamedTensor>> tensors = readTensors(path);
  if (!tensors)
    return tensors.takeError();
  if (tensors->size() != 1)
    return createFileError(
        path,
        createStringError(fmt::format(
            "one tensor is expected, the file holds {}", tensors->size())));
  return std::move(tensors->front().tensor);
}

bool edgec::isRawTensorFile(StringRef path) {
  return formatOf(path) == Format::Raw;
}

Expected<Tensor> edgec::readRawTensor(StringRef path, ElementType type,
                                      std::vector<int64_t> shape) {
  Expected<std::unique_ptr<MemoryBuffer>> buffer = open(path);
  if (!buffer)
    return buffer.takeError();
  StringRef bytes = (*buffer)->getBuffer();
  Expected<int64_t> count = checkedElementCount(type, shape, bytes.size());
  if (!count)
    return createFileError(path, count.takeError());
  Tensor tensor(type, std::move(shape));
  if (tensor.byteCount() != bytes.size())
    return createFileError(
        path, createStringError(fmt::format(
                  "the file has {} bytes, {} elements of shape {} are {}",
                  bytes.size(), name(type), formatShape(tensor.shape()),
                  tensor.byteCount())));
  if (!bytes.empty())
    std::memcpy(tensor.mutableBytes(), bytes.data(), bytes.size());
  normaliseBooleans(tensor);
  return tensor;
}

Error edgec::checkTensorDestination(StringRef path) {
  if (formatOf(path) == Format::Unknown || formatOf(path) == Format::Wave)
    return createFileError(
        path, createStringError("unknown kind of tensor file; use .npy, .npz, "
                                ".pb (ONNX tensor) or .bin (raw elements)"));
  StringRef folder = sys::path::parent_path(path);
  if (!folder.empty() && !sys::fs::is_directory(folder))
    return createFileError(
        path, createStringError("there is no folder '" + folder + "'"));
  return Error::success();
}

Error edgec::writeTensors(StringRef path, ArrayRef<NamedTensor> tensors) {
  if (Error error = checkTensorDestination(path))
    return error;
  Format format = formatOf(path);
  if (format != Format::Npz && tensors.size() != 1)
    return createFileError(
        path, createStringError("only a .npz file holds several tensors"));
  return writeFileAtomically(path, [&](raw_ostream &stream) -> Error {
    switch (format) {
    case Format::Npy:
      writeNpy(tensors.front().tensor, stream);
      return Error::success();
    case Format::Npz:
      return writeNpz(tensors, stream);
    case Format::TensorProto:
      return writeTensorProto(tensors.front(), stream);
    default:
      stream.write(tensors.front().tensor.bytes(),
                   tensors.front().tensor.byteCount());
      return Error::success();
    }
  });
}

Error edgec::writeTensor(StringRef path, const Tensor &tensor) {
  return writeTensors(path, NamedTensor{"", tensor});
}

Expected<Tensor> edgec::convertTensor(const Tensor &tensor, ElementType type) {
  if (tensor.type() == type)
    return tensor;
  Tensor result(type, tensor.shape());
  int64_t count = tensor.size();
  if (isFloatType(type)) {
    for (int64_t i = 0; i < count; ++i)
      result.setDouble(i, tensor.asDouble(i));
    return result;
  }
  auto [smallest, largest] = integerRange(type);
  for (int64_t i = 0; i < count; ++i) {
    std::optional<int64_t> value = exactInteger(tensor, i);
    if (!value || *value < smallest || *value > largest)
      return createStringError(
          fmt::format("the value {} cannot be converted to {}",
                      tensor.asDouble(i), name(type)));
    result.setInt(i, *value);
  }
  return result;
}
