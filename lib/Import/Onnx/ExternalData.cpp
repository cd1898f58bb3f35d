//===- ExternalData.cpp - Weights beside the model ------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExternalData.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <fmt/format.h>
#include <optional>

using namespace llvm;
namespace path = llvm::sys::path;

namespace {

/// Where a tensor's bytes are, as the model says.
struct Range {
  std::string location;
  uint64_t offset = 0;
  std::optional<uint64_t> length;
};

Expected<Range> parseRange(const onnx::TensorProto &tensor) {
  Range range;
  for (const onnx::StringStringEntryProto &entry : tensor.external_data()) {
    StringRef value = entry.value();
    uint64_t number = 0;
    if (entry.key() == "location") {
      range.location = entry.value();
      continue;
    }
    if (entry.key() != "offset" && entry.key() != "length")
      continue; // A checksum is optional to check.
    if (value.getAsInteger(10, number))
      return createStringError(
          fmt::format("the external data's {} '{}' is not a number",
                      entry.key(), entry.value()));
    if (entry.key() == "offset")
      range.offset = number;
    else
      range.length = number;
  }
  if (range.location.empty())
    return createStringError("the external data has no location");
  return range;
}

/// The file, if it is below `folder` by name and after following links.
Expected<std::string> resolve(StringRef folder, StringRef location) {
  auto refuse = [&](StringRef why) {
    return createStringError(
        fmt::format("external data '{}' is refused: {}; it must be in the "
                    "model's own folder or below",
                    location.str(), why.str()));
  };
  if (location.contains('\0') || path::is_absolute(location))
    return refuse("the path is not relative");
  if (is_contained(make_range(path::begin(location), path::end(location)),
                   StringRef("..")))
    return refuse("the path contains '..'");

  SmallString<256> file(folder.empty() ? StringRef(".") : folder);
  SmallString<256> realFolder, realFile;
  if (std::error_code code = sys::fs::real_path(file, realFolder))
    return createStringError(code, "cannot open the model's folder");
  path::append(file, location);
  if (std::error_code code = sys::fs::real_path(file, realFile))
    return createStringError(fmt::format("cannot open external data '{}': {}",
                                         location.str(), code.message()));
  if (!path::is_separator(realFolder.back()))
    realFolder += path::get_separator();
  if (!StringRef(realFile).starts_with(realFolder))
    return refuse("it is a link to another folder");
  return realFile.str().str();
}

} // namespace

Expected<std::unique_ptr<MemoryBuffer>>
edgec::onnx_import::readExternalData(const onnx::TensorProto &tensor,
                                     StringRef folder, uint64_t byteCount) {
  Expected<Range> range = parseRange(tensor);
  if (!range)
    return range.takeError();
  Expected<std::string> file = resolve(folder, range->location);
  if (!file)
    return file.takeError();
  sys::fs::file_status status;
  if (std::error_code code = sys::fs::status(*file, status))
    return createStringError(fmt::format("cannot open external data '{}': {}",
                                         range->location, code.message()));
  if (status.type() != sys::fs::file_type::regular_file)
    return createStringError(fmt::format(
        "external data '{}' is not a regular file", range->location));
  if (range->length && *range->length != byteCount)
    return createStringError(
        fmt::format("the external data has {} bytes, its shape needs {}",
                    *range->length, byteCount));
  if (range->offset > status.getSize() ||
      byteCount > status.getSize() - range->offset)
    return createStringError(fmt::format(
        "the external data needs bytes {} to {} of '{}', which has {}",
        range->offset, range->offset + byteCount, range->location,
        status.getSize()));
  if (byteCount == 0)
    return MemoryBuffer::getMemBufferCopy("");
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      MemoryBuffer::getFileSlice(*file, byteCount, range->offset);
  if (!buffer)
    return createStringError(fmt::format("cannot read external data '{}': {}",
                                         range->location,
                                         buffer.getError().message()));
  return std::move(*buffer);
}
