//===- QuantizationSites.h - What a quantization changes --------*- C++ -*-===//
//
// Part of edgec, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef EDGEC_TOOLS_QUANTIZATIONSITES_H
#define EDGEC_TOOLS_QUANTIZATIONSITES_H

#include "edgec/Tools/Compiler.h"

namespace edgec {

/// The layers and tensors of a model that a quantization may change.
struct QuantizationSites {
  /// A convolution or matrix product with constant weights.
  struct Layer {
    std::string name;
    int64_t weights = 0; ///< Elements.
    int64_t macs = 0;    ///< In one run.
    /// Of a weight, when all layers are quantized to as few as possible.
    unsigned fewestBits = 2;
  };
  std::vector<Layer> layers; ///< In the order of the program.
  /// What computes the tensor of each observation point: the layers whose sums
  /// it has, or else the operation; "input 'x'" for inputs.
  std::vector<std::string> points;
};

/// Imports the model at `path`, without its quantization.
llvm::Expected<QuantizationSites>
findQuantizationSites(llvm::StringRef path, const LoadOptions &options);

} // namespace edgec

#endif // EDGEC_TOOLS_QUANTIZATIONSITES_H
