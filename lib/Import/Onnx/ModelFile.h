//===- ModelFile.h - The bytes of an ONNX model -----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_MODELFILE_H
#define EDGEC_LIB_IMPORT_ONNX_MODELFILE_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/Support/LogicalResult.h"
#include "llvm/ADT/StringRef.h"
#include <onnx/onnx_pb.h>

namespace edgec::onnx_import {

/// How deep subgraphs (branches, loop bodies) may nest. Exporters stay below
/// five; the limit keeps a hostile file from overflowing the stack.
inline constexpr int maximumGraphDepth = 16;

/// Reads a binary ONNX model, or protobuf's text format where the name ends in
/// ".onnxtxt", in pieces: the file is never in memory beside its messages.
/// Fails with a diagnostic at `location` (the file) if it is no such model.
mlir::LogicalResult readModelFile(llvm::StringRef path, mlir::Location location,
                                  onnx::ModelProto &model);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_MODELFILE_H
