//===- ExternalData.h - Weights beside the model ----------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_EXTERNALDATA_H
#define EDGEC_LIB_IMPORT_ONNX_EXTERNALDATA_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <onnx/onnx_pb.h>

namespace edgec::onnx_import {

/// The `byteCount` bytes of `tensor` in a file below `folder`: mapped where
/// they are many. Refuses absolute paths, "..", links that lead out of the
/// folder, and ranges that the file does not have.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readExternalData(const onnx::TensorProto &tensor, llvm::StringRef folder,
                 uint64_t byteCount);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_EXTERNALDATA_H
