//===- Signature.h - Inputs and outputs of the model ------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_LIB_IMPORT_ONNX_SIGNATURE_H
#define EDGEC_LIB_IMPORT_ONNX_SIGNATURE_H

#include "edgec/Import/Onnx.h"
#include <onnx/onnx_pb.h>

namespace edgec::onnx_import {

struct Input {
  std::string name;
  mlir::RankedTensorType type;
  const Tensor *value = nullptr; ///< Of an input that the options fix.
  bool isBatch = false; ///< A run may have fewer samples than extent 0 says.
};

/// The graph's inputs that are no initializers, with the shapes that the model
/// and the options give. Fails after diagnostics at `file`: one for every
/// dimension that stays symbolic, with the option to write.
mlir::FailureOr<std::vector<Input>> readInputs(const onnx::GraphProto &graph,
                                               const OnnxImportOptions &options,
                                               mlir::Location file);

/// Compares what an output turned out to be with what the model declares:
/// another element type is an error, another shape a warning, for it is the
/// computed one that counts. Extents that the run decides are dynamic.
mlir::LogicalResult checkOutput(const onnx::ValueInfoProto &declared,
                                mlir::RankedTensorType computed,
                                mlir::Location file);

} // namespace edgec::onnx_import

#endif // EDGEC_LIB_IMPORT_ONNX_SIGNATURE_H
