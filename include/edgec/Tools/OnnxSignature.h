//===- OnnxSignature.h - The inputs of an ONNX file -------------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_ONNXSIGNATURE_H
#define EDGEC_TOOLS_ONNXSIGNATURE_H

#include "edgec/Support/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace edgec {

/// An input that a caller of the model gives: not an initializer.
struct OnnxInput {
  std::string name;
  /// Extents; −1 where symbolic. Nothing where the model states no shape.
  std::optional<std::vector<int64_t>> shape;

  bool isSymbolic() const;
};

/// The inputs of the model at `path`, in order, without reading its weights:
/// what is needed to take symbolic dimensions from input files before the model
/// is imported.
llvm::Expected<std::vector<OnnxInput>> readOnnxInputs(llvm::StringRef path);

} // namespace edgec

#endif // EDGEC_TOOLS_ONNXSIGNATURE_H
