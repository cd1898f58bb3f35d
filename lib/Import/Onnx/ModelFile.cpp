//===- ModelFile.cpp - The bytes of an ONNX model -------------------------===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelFile.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/text_format.h>
#include <limits>

using namespace mlir;
namespace io = google::protobuf::io;

namespace {

/// A protobuf message cannot be longer, whoever reads it.
constexpr uint64_t maximumMessageBytes = std::numeric_limits<int32_t>::max();

/// Messages between the model and its deepest subgraph: graph, node and
/// attribute for each level, and what a tensor or a type in it needs.
constexpr int maximumMessageDepth =
    3 * edgec::onnx_import::maximumGraphDepth + 16;

/// Bytes read at once.
constexpr int blockBytes = 1 << 20;

/// Turns the text parser's complaints into diagnostics; the first one says it
/// all, the others follow from it.
class TextErrors : public io::ErrorCollector {
public:
  explicit TextErrors(Location file) : file(file) {}

  void AddError(int line, io::ColumnNumber column,
                const std::string &message) override {
    if (reported)
      return;
    reported = true;
    Location location = file;
    if (auto fileLocation = dyn_cast<FileLineColLoc>(file))
      location =
          FileLineColLoc::get(fileLocation.getFilename(), line + 1, column + 1);
    emitError(location) << "not an ONNX model in text format: " << message;
  }
  void AddWarning(int, io::ColumnNumber, const std::string &) override {}

private:
  Location file;
  bool reported = false;
};

LogicalResult parseText(io::ZeroCopyInputStream &stream, Location location,
                        onnx::ModelProto &model) {
  TextErrors errors(location);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.SetRecursionLimit(maximumMessageDepth);
  return success(parser.Parse(&stream, &model));
}

LogicalResult parseBinary(io::ZeroCopyInputStream &stream, Location location,
                          onnx::ModelProto &model) {
  io::CodedInputStream coded(&stream);
  coded.SetTotalBytesLimit(std::numeric_limits<int>::max());
  coded.SetRecursionLimit(maximumMessageDepth);
  if (model.ParseFromCodedStream(&coded) && coded.ConsumedEntireMessage())
    return success();
  return emitError(location)
         << "not an ONNX model: the file is no onnx.ModelProto message, or is "
            "cut short, or its subgraphs nest deeper than "
         << edgec::onnx_import::maximumGraphDepth;
}

LogicalResult checkFile(const llvm::sys::fs::file_status &status,
                        Location location) {
  if (status.type() == llvm::sys::fs::file_type::directory_file)
    return emitError(location) << "is a folder, not an ONNX model";
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return emitError(location) << "is not a regular file";
  if (status.getSize() == 0)
    return emitError(location) << "not an ONNX model: the file is empty";
  if (status.getSize() > maximumMessageBytes)
    return emitError(location)
           << "is larger than 2 GiB, the most a protobuf message can hold; "
              "save the weights as external data "
              "(onnx.save(..., save_as_external_data=True))";
  return success();
}

} // namespace

LogicalResult edgec::onnx_import::readModelFile(StringRef path,
                                                Location location,
                                                onnx::ModelProto &model) {
  int descriptor;
  if (std::error_code code = llvm::sys::fs::openFileForRead(path, descriptor))
    return emitError(location) << "cannot open the model: " << code.message();
  io::FileInputStream stream(descriptor, blockBytes);
  stream.SetCloseOnDelete(true);
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(descriptor, status))
    return emitError(location) << "cannot read the model: " << code.message();
  if (failed(checkFile(status, location)))
    return failure();

  bool isText = llvm::sys::path::extension(path) == ".onnxtxt";
  if (failed(isText ? parseText(stream, location, model)
                    : parseBinary(stream, location, model)))
    return failure();
  if (stream.GetErrno() != 0)
    return emitError(location) << "cannot read the model: "
                               << llvm::sys::StrError(stream.GetErrno());
  if (!model.has_graph())
    return emitError(location)
           << "not an ONNX model: the message has no graph in it";
  return success();
}
